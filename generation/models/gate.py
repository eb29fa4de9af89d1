"""When a feature may be built: the team's policy, and the passes that were given."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models.features import Feature

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


class GatePolicy(models.Model):
    """What a justification must show before a feature is built; one row for the team.

    A feature passes when one of its pain points meets n, lower bound and rank in one tier, and the
    payers among those who raised it, and the other demands, are there.
    """

    n_head = models.PositiveSmallIntegerField(_("asked in the head tier, at least"), default=5)
    n_mid = models.PositiveSmallIntegerField(_("asked in the mid tier, at least"), default=5)
    n_entry = models.PositiveSmallIntegerField(_("asked in the entry tier, at least"), default=5)
    low = models.DecimalField(
        _("lower bound of the share, at least"),
        max_digits=4,
        decimal_places=3,
        default="0.2",
        validators=SHARE,
    )
    rank = models.PositiveSmallIntegerField(
        _("rank in that tier, at most"), default=3, validators=[MinValueValidator(1)]
    )
    payers = models.PositiveSmallIntegerField(
        _("payers among those who raised it, at least"), default=1
    )
    criteria = models.PositiveSmallIntegerField(_("criteria with a date, at least"), default=1)
    against_read = models.BooleanField(_("counter-evidence has been read"), default=True)

    class Meta:
        verbose_name = _("policy of the gate")
        verbose_name_plural = _("policy of the gate")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="gate_policy_is_one")]

    def __str__(self) -> str:
        return str(_("When a feature may be built"))


class GatePass(models.Model):
    """Leave to build a feature: by the policy, with the numbers of that moment, or by a person.

    Rows are only added. `xid` is the database's own number of the transaction, so that a pass
    opens the gate in its own transaction and never again.
    """

    class Kind(models.TextChoices):
        POLICY = "policy", _("Meets the policy")
        OVERRIDE = "override", _("Built in spite of it")

    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="passes", verbose_name=_("feature")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    reason = models.TextField(_("reason"), blank=True)
    numbers = models.JSONField(_("numbers then"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    xid = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("pass of the gate")
        verbose_name_plural = _("passes of the gate")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="override") | (~Q(reason="") & Q(by__isnull=False)),
                name="override_has_name_and_reason",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="counts_once",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="NEW.xid := pg_current_xact_id()::text::bigint; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feature} · {self.get_kind_display()}"

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engines.models.budgets import Budget
from engines.models.tallies import ADDED, CHANGED, REMOVED


class PaidCall(models.Model):
    """One call that may cost money, by the content of what was asked: paid at most once a key.

    reserved → calling → settled / failed / in doubt. `attempt` is the fence: every write of a
    process names the attempt it was given. `lease_until` is when a process that shows no end is
    taken for dead: what it had only reserved is freed, what it may have sent is in doubt.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        CALLING = "calling", _("Asking")
        SETTLED = "settled", _("Settled")
        FAILED = "failed", _("Failed, not billed")
        IN_DOUBT = "in_doubt", _("In doubt")

    OPEN = (State.RESERVED, State.CALLING)

    key = models.CharField(_("content key"), max_length=64, unique=True)
    scope = models.CharField(
        _("belongs to"), max_length=40, blank=True, editable=False, db_default="",
        help_text=_("Whose words the answer holds; empty: nobody's."),
    )  # fmt: skip
    purpose = models.CharField(_("purpose"), max_length=60)
    engine = models.CharField(_("engine"), max_length=60)
    model = models.CharField(_("model"), max_length=120, blank=True)
    budget = models.ForeignKey(
        Budget, models.PROTECT, related_name="calls", verbose_name=_("budget")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RESERVED
    )
    attempt = models.PositiveIntegerField(_("tries"), default=1)
    lease_until = models.DateTimeField(_("taken for dead after"), null=True, blank=True)
    reserved_micro = models.BigIntegerField(_("reserved"), default=0)
    cost_micro = models.BigIntegerField(_("cost"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    input_tokens = models.PositiveIntegerField(_("tokens in"), default=0)
    output_tokens = models.PositiveIntegerField(_("tokens out"), default=0)
    cached_tokens = models.PositiveIntegerField(_("of these cached"), default=0)
    tokens_reported = models.BooleanField(_("tokens told by the engine"), default=True)
    price_list = models.CharField(_("price list"), max_length=60, blank=True)
    price_date = models.DateField(_("price of"), null=True, blank=True)
    request_id = models.CharField(_("the engine's number"), max_length=120, blank=True)
    answer = models.JSONField(_("answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=120, blank=True)
    resolution = models.CharField(_("how it was resolved"), max_length=300, blank=True)
    reserved_at = models.DateTimeField(_("reserved at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("paid call")
        verbose_name_plural = _("paid calls")
        ordering = ["-reserved_at"]
        triggers = [
            pgtrigger.Trigger(
                name="tally_insert",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=ADDED,
            ),
            pgtrigger.Trigger(
                name="tally_update",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
                func=CHANGED,
            ),
            pgtrigger.Trigger(
                name="tally_delete",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                referencing=pgtrigger.Referencing(old="old_rows"),
                func=REMOVED,
            ),
        ]
        permissions = [("resolve_paidcall", _("Can resolve calls that are in doubt"))]
        indexes = [
            models.Index(fields=["-reserved_at", "-id"], name="paid_call_recent"),
            models.Index(fields=["state", "reserved_at"], name="paid_call_state"),
            models.Index(fields=["budget", "state"], name="paid_call_budget"),
            models.Index(fields=["engine", "-reserved_at", "-id"], name="paid_call_engine"),
            models.Index(
                fields=["request_id"], condition=~Q(request_id=""), name="paid_call_request"
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["reserved", "calling"]),
                name="paid_call_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key[:8]}"

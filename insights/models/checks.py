import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models import Creator
from crm.models.changes import noted
from insights.models.evidence import Evidence


class MemberCheck(models.Model):
    """What a creator says of a quote of theirs and its reading; rows are only added, the last counts.

    A withdrawal of the record empties `correction`, the one edit that is allowed.
    """

    class Verdict(models.TextChoices):
        RIGHT = "right", _("Right")
        NOT_MEANT = "not_meant", _("Not what I meant")

    evidence = models.ForeignKey(
        Evidence, models.CASCADE, related_name="checks", verbose_name=_("evidence")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="checks", verbose_name=_("creator")
    )
    verdict = models.CharField(_("word of the creator"), max_length=10, choices=Verdict.choices)
    correction = models.TextField(_("what was meant"), blank=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("word of a creator on a quote")
        verbose_name_plural = _("words of creators on quotes")
        ordering = ["-pk"]
        triggers = [
            pgtrigger.ReadOnly(name="word_is_kept", fields=["evidence", "verdict"]),
            noted("evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.get_verdict_display()}"

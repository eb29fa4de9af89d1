import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models import Creator, Interview
from crm.models.changes import noted
from insights.models.evidence import Evidence, Highlight, QuoteLevel


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


class QuoteLimit(models.Model):
    """How far a creator lets one passage go; rows are only added, the last of a passage counts.

    It only narrows what was agreed to for the interview. The database writes the strictest limit of
    all passages that share a character with it into each of their codings (`Evidence.held`).
    """

    highlight = models.ForeignKey(
        Highlight, models.PROTECT, related_name="limits", verbose_name=_("highlight")
    )
    interview = models.ForeignKey(
        Interview, models.PROTECT, related_name="+", verbose_name=_("interview")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="quote_limits", verbose_name=_("creator")
    )
    level = models.PositiveSmallIntegerField(_("may be quoted"), choices=QuoteLevel.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("limit of a quote")
        verbose_name_plural = _("limits of quotes")
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="reaches_codings",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                # Each coding's own trigger reads the limits again.
                func="""
                    UPDATE insights_evidence SET stance = stance
                     WHERE highlight_id IN (
                           SELECT other.id FROM insights_highlight said
                             JOIN insights_highlight other
                               ON other.transcript_id = said.transcript_id
                              AND other.start < said."end" AND other."end" > said.start
                            WHERE said.id = NEW.highlight_id);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.get_level_display()}"

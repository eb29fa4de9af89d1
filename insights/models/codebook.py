import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from insights.models.pains import PainPoint


class PainChange(models.Model):
    """A merge, a split or a move in the codebook, with what it takes to put everything back.

    `moved` holds the keys of all rows that went over; of a move, whose `source` and `target` are the
    same, where it was `before` and came to `after`, each {"parent": key, "step": key}. Undoing puts
    exactly these back and leaves alone what came in since, so `moved` is never changed; a change
    that was undone keeps its row.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merge")
        SPLIT = "split", _("Split")
        MOVE = "move", _("Move")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    source = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="changes_from", verbose_name=_("from")
    )
    target = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="changes_to", verbose_name=_("to")
    )
    moved = models.JSONField(_("moved rows"), default=dict)
    why = models.CharField(_("why"), max_length=240, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of the codebook")
        verbose_name_plural = _("changes of the codebook")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.ReadOnly(
                name="facts_are_fixed", fields=["kind", "source", "target", "moved", "by", "at"]
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.MOVE:
            return f"{self.get_kind_display()}: {self.source}"
        return f"{self.get_kind_display()}: {self.source} → {self.target}"

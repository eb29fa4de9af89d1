from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.encryption import EncryptedTextField
from crm.models.creators import Creator


class CreatorMerge(models.Model):
    """Two records of one person made one: the row of `source_id` is gone, its facts are the target's.

    `kept` (JSON, encrypted: it holds a person's fields) is what taking it back needs: the source's
    row, which rows moved, which were doubled and went, what the target was given.
    """

    target = models.ForeignKey(
        Creator, models.CASCADE, related_name="merges", verbose_name=_("kept creator")
    )
    source_id = models.BigIntegerField(_("number of the merged one"))
    source_name = models.CharField(_("merged creator"), max_length=80)
    why = models.CharField(_("why"), max_length=240, blank=True)
    moved_count = models.PositiveIntegerField(_("rows moved"), default=0)
    kept = EncryptedTextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of creators")
        verbose_name_plural = _("merges of creators")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.source_name} → {self.target}"


class CreatorsDiffer(models.Model):
    """That two records that resemble each other are two people; they are not suggested again."""

    first = models.ForeignKey(Creator, models.CASCADE, related_name="+", verbose_name=_("creator"))
    second = models.ForeignKey(Creator, models.CASCADE, related_name="+", verbose_name=_("creator"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("two who differ")
        verbose_name_plural = _("pairs who differ")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="creators_differ_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="creators_differ_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"

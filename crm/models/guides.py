import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models.interviews import Study


class GuideVersion(models.Model):
    """A study's guide as it was when it was first used: fixed, so that answers keep their question.

    `questions`: [{"zh", "en"}] in their order. `GuideQuestion` is what is edited; a use after an edit
    makes the next version.
    """

    study = models.ForeignKey(
        Study, models.PROTECT, related_name="guide_versions", verbose_name=_("study")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    questions = models.JSONField(_("questions"), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("first used"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of the guide")
        verbose_name_plural = _("versions of the guide")
        ordering = ["study", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="guide_version_once")
        ]
        triggers = [
            pgtrigger.ReadOnly(name="guide_is_fixed", fields=["study", "number", "questions"])
        ]

    def __str__(self) -> str:
        return f"{self.study} v{self.number}"

    @property
    def texts(self) -> list[str]:
        """The questions in the reader's language."""
        return [in_language(item["zh"], item["en"]) for item in self.questions]

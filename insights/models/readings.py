import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.changes import noted
from insights.models.evidence import Evidence


class CounterReading(models.Model):
    """That somebody read a piece of counter-evidence, and what they concluded. Rows are only added.

    A claim on a pain point goes out only when each of its evidence rows against has such a row.
    """

    class Conclusion(models.TextChoices):
        HOLDS = "holds", _("The claim holds")
        NARROWS = "narrows", _("The claim holds for fewer")
        REFUTES = "refutes", _("The claim is refuted")

    evidence = models.ForeignKey(
        Evidence, models.CASCADE, related_name="readings", verbose_name=_("evidence")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    conclusion = models.CharField(_("conclusion"), max_length=8, choices=Conclusion.choices)
    note = models.CharField(_("because"), max_length=400)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("reading of counter-evidence")
        verbose_name_plural = _("readings of counter-evidence")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="not_rewritten", operation=pgtrigger.Update),
            noted("reading"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} · {self.get_conclusion_display()}"

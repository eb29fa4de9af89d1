from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.runs import Run


class ChapterMap(models.Model):
    """A chapter of a run on its way through the map step, by whichever worker takes it.

    Free while it has no draft and no lease that lasts; taken by a conditional update, whose number
    of tries is the fence. `fingerprint` is of all that decides the draft, so that one of another
    text, density or engine is never used.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="maps")
    index = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("mapped chapter")
        verbose_name_plural = _("mapped chapters")
        ordering = ["run", "index"]
        constraints = [models.UniqueConstraint(fields=["run", "index"], name="chapter_map_once")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.index}"

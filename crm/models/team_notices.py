from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.jobs import Job


class TeamNotice(Job):
    """Word to one member of the team, owed in the transaction of what it tells of, sent once.

    `topic` says what about ("refused:stripe", "withdrawal:7"), so that nobody is told twice.
    """

    topic = models.CharField(_("about"), max_length=60, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("recipient"))
    address = models.EmailField(_("address"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("word to the team")
        verbose_name_plural = _("words to the team")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.address} · {self.subject}"

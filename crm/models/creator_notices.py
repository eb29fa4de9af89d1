"""What a creator is told, by which ways, and which of them they have turned off."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.encryption import EncryptedTextField
from crm.models.creators import Creator
from crm.models.jobs import Job
from crm.querysets import CreatorNoticeQuerySet


class CreatorNotice(models.Model):
    """One thing that a creator was told, once (`key`); its words are made when it is read.

    `facts` are what the words need (a title, a number); `about` names what it is about
    ("novel:7"), so that it goes when that goes. `in_page` is False where they turned that way off.
    """

    class Kind(models.TextChoices):
        RUN_DONE = "run_done", _("A storyboard is finished")
        RUN_FAILED = "run_failed", _("Work has stopped with a fault")
        FILM_READY = "film_ready", _("A film is ready")
        FRAMES_REVIEW = "frames_review", _("Pictures wait for your look")
        QUOTA = "quota", _("The month's quota is near or at its end")
        RECEIPT = "receipt", _("A payment has arrived, with its receipt")
        ANSWER = "answer", _("An answer to what you told us")
        QUOTE = "quote", _("Quotes of yours to check")
        SLOT = "slot", _("An interview is offered, agreed, moved or called off")
        REMINDER = "reminder", _("Reminders before an interview")
        INCENTIVE = "incentive", _("Thanks for taking part is on its way")
        EXPORT = "export", _("A copy of your data is ready")
        PREVIEW = "preview", _("A preview link is about to expire")
        TEST = "test", _("A test of your webhook")

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="notices", verbose_name=_("creator")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True, editable=False)
    about = models.CharField(max_length=60, blank=True, editable=False)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    path = models.CharField(_("leads to"), max_length=200, blank=True)
    in_page = models.BooleanField(_("shown in the portal"), default=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    seen_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = CreatorNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to a creator")
        verbose_name_plural = _("notices to creators")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["creator", "-at"], name="creator_notice_newest"),
            models.Index(
                fields=["creator"],
                condition=models.Q(seen_at__isnull=True, in_page=True),
                name="creator_notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.get_kind_display()}"


class NoticeDelivery(Job):
    """A notice on its way out of the house, once by each way."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    notice = models.ForeignKey(
        CreatorNotice, models.CASCADE, related_name="deliveries", verbose_name=_("notice")
    )
    channel = models.CharField(_("way"), max_length=8, choices=Channel.choices)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("delivery to a creator")
        verbose_name_plural = _("deliveries to creators")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notice_delivery_once")
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="notice_delivery_due")]

    def __str__(self) -> str:
        return f"{self.notice} · {self.get_channel_display()}"


class NoticeChoice(models.Model):
    """That a creator does, or does not, want one kind of notice by one way; without it the default."""

    class Channel(models.TextChoices):
        PAGE = "page", _("In the portal")
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="notice_choices", verbose_name=_("creator")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=CreatorNotice.Kind.choices)
    channel = models.CharField(_("way"), max_length=8, choices=Channel.choices)
    wanted = models.BooleanField(_("wanted"))

    class Meta:
        verbose_name = _("choice about notices")
        verbose_name_plural = _("choices about notices")
        ordering = ["creator", "kind", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "kind", "channel"], name="notice_choice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_channel_display()}"


class NoticeHook(models.Model):
    """The address of a creator's own program, and the secret that its messages are signed with."""

    creator = models.OneToOneField(
        Creator, models.CASCADE, related_name="notice_hook", verbose_name=_("creator")
    )
    url = models.URLField(_("address"), max_length=500)
    secret = EncryptedTextField(_("secret"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("webhook of a creator")
        verbose_name_plural = _("webhooks of creators")
        ordering = ["creator"]

    def __str__(self) -> str:
        return self.url

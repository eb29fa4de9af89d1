"""How an interview comes about: who is invited, which times are offered, what is agreed, what is told."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator, Tier
from crm.models.interviews import Interview, Study
from crm.models.jobs import Job
from crm.querysets import AppointmentQuerySet, StudyInvitationQuerySet


class StudyInvitation(models.Model):
    """One creator asked to take part in one study; the link in it is theirs alone.

    The link is signed, dies with `expires_at` and by `revoked_at`; a new invitation has a new link.
    """

    study = models.ForeignKey(
        Study, models.PROTECT, related_name="invitations", verbose_name=_("study")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="invitations", verbose_name=_("creator")
    )
    tier = models.CharField(_("tier then"), max_length=8, choices=Tier.choices)
    expires_at = models.DateTimeField(_("link lives until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("invited"), auto_now_add=True)

    objects = StudyInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a study")
        verbose_name_plural = _("invitations to studies")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "creator"],
                condition=Q(revoked_at__isnull=True),
                name="study_invitation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.study} · {self.creator}"


class Slot(models.Model):
    """A time that a researcher offers for one interview of a study."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="slots", verbose_name=_("study"))
    researcher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="slots",
        verbose_name=_("researcher"),
        limit_choices_to={"is_staff": True},
    )
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"),
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(480)],
    )
    place = models.CharField(
        _("where"), max_length=300, blank=True, help_text=_("Link of the meeting, or a room.")
    )
    withdrawn_at = models.DateTimeField(_("no longer offered"), null=True, blank=True)
    at = models.DateTimeField(_("offered"), auto_now_add=True)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["researcher", "starts_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="slot_once_a_moment",
            )
        ]
        indexes = [models.Index(fields=["study", "starts_at"], name="slot_study_time")]

    def __str__(self) -> str:
        return f"{self.study} · {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


class Appointment(models.Model):
    """A slot taken by a creator. Moved, it ends and a new one begins that names it (`previous`).

    The database takes each slot once, and a creator once a study, whoever asks at the same time.
    """

    class State(models.TextChoices):
        BOOKED = "booked", _("Time agreed")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", _("Held")
        MISSED = "missed", _("Nobody came")

    slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="appointments", verbose_name=_("slot")
    )
    study = models.ForeignKey(
        Study, models.PROTECT, related_name="appointments", verbose_name=_("study")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="appointments", verbose_name=_("creator")
    )
    invitation = models.ForeignKey(
        StudyInvitation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("invitation to a study"),
    )
    tier = models.CharField(_("tier then"), max_length=8, choices=Tier.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.BOOKED)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="following",
        verbose_name=_("moved from"),
    )  # fmt: skip
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    why = models.CharField(_("why"), max_length=240, blank=True)
    interview = models.OneToOneField(
        Interview,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointment",
        verbose_name=_("interview"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(state__in=["booked", "held", "missed"]),
                name="slot_taken_once",
            ),
            models.UniqueConstraint(
                fields=["study", "creator"],
                condition=Q(state="booked"),
                name="appointment_once_a_study",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {timezone.localtime(self.slot.starts_at):%Y-%m-%d %H:%M}"


class StudyMail(Job):
    """One message about an invitation or an appointment, to one side; sent once, when it is due."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        BOOKED = "booked", _("Time agreed")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        DAY_BEFORE = "day_before", _("Reminder, a day before")
        HOUR_BEFORE = "hour_before", _("Reminder, an hour before")
        CALLED_OFF = "called_off", _("Study called off")

    class To(models.TextChoices):
        CREATOR = "creator", _("the creator")
        RESEARCHER = "researcher", _("the researcher")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    to = models.CharField(_("recipient"), max_length=10, choices=To.choices)
    invitation = models.ForeignKey(
        StudyInvitation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("invitation to a study"),
    )
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("appointment"),
    )

    class Meta:
        verbose_name = _("message of a study")
        verbose_name_plural = _("messages of studies")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "to", "invitation", "appointment"],
                name="study_mail_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(invitation__isnull=False, appointment__isnull=True)
                | Q(invitation__isnull=True, appointment__isnull=False),
                name="study_mail_about_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="study_mail_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.invitation or self.appointment}"


class Incentive(models.Model):
    """What a creator gets for taking part: fixed when it is promised; its states are only added."""

    study = models.ForeignKey(
        Study, models.PROTECT, related_name="incentives", verbose_name=_("study")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="incentives", verbose_name=_("creator")
    )
    minor = models.BigIntegerField(_("amount in minor units"), validators=[MinValueValidator(1)])
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    form = models.CharField(_("as"), max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("promised"), auto_now_add=True)

    class Meta:
        verbose_name = _("incentive")
        verbose_name_plural = _("incentives")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="incentive_is_something"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="incentive_currency_iso"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="promise_is_fixed", fields=["study", "creator", "minor", "currency", "form"]
            ),
            pgtrigger.Protect(name="promise_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.study}"


class IncentiveStep(models.Model):
    """That an incentive reached a state; the last one counts."""

    class State(models.TextChoices):
        PROMISED = "promised", _("Promised")
        SENT = "sent", _("Sent")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    incentive = models.ForeignKey(
        Incentive, models.PROTECT, related_name="steps", verbose_name=_("incentive")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    note = models.CharField(_("note"), max_length=240, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("state of an incentive")
        verbose_name_plural = _("states of incentives")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incentive", "state"], name="incentive_state_once")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.incentive} · {self.get_state_display()}"

"""Visibility and vocabulary of crm's rows, spelled once a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from crm.models import (  # noqa: F401
        Appointment,
        Creator,
        CreatorNotice,
        Interview,
        Payment,
        Recording,
        Redaction,
        StudyInvitation,
    )


def may_use(interview: str = "") -> Q:
    """Words that may be read and counted; `interview` is the path to it from the row filtered."""
    return Q(**{_at(interview, "usable"): True})


def may_quote(interview: str = "") -> Q:
    """Words that may be quoted within the team."""
    return may_use(interview) & ~Q(**{_at(interview, "quoting"): "withdrawn"})


def may_share(interview: str = "") -> Q:
    """Words that may be quoted outside the team, by name or anonymously."""
    return may_use(interview) & Q(**{_at(interview, "quoting__in"): ("named", "anonymous")})


def _at(path: str, field: str) -> str:
    return f"{path}__{field}" if path else field


class CreatorQuerySet(models.QuerySet["Creator"]):
    def visible_to(self, creator: Creator) -> CreatorQuerySet:
        return self.filter(pk=creator.pk)


class InterviewQuerySet(models.QuerySet["Interview"]):
    def visible_to(self, creator: Creator) -> InterviewQuerySet:
        return self.filter(creator=creator)

    def usable(self) -> InterviewQuerySet:
        """Whose words may be read and counted: consent to record was not withdrawn."""
        return self.filter(may_use())

    def quotable(self) -> InterviewQuerySet:
        """Whose words may be quoted within the team."""
        return self.filter(may_quote())

    def shareable(self) -> InterviewQuerySet:
        """Whose words may leave the team, by name or without (`quoting` says which)."""
        return self.filter(may_share())


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, creator: Creator) -> PaymentQuerySet:
        return self.filter(creator=creator)

    def charges(self) -> PaymentQuerySet:
        return self.filter(kind="charge")

    def in_force(self) -> PaymentQuerySet:
        """Without corrections and what they took out of force."""
        return self.filter(reverses=False, correction__isnull=True)

    def unmatched(self) -> PaymentQuerySet:
        """Whose creator nobody has said yet; what was taken out of force needs none.

        The corrections are asked for by their index: joined as in `in_force` the database reads the
        whole ledger for them.
        """
        corrections = self.model._default_manager.filter(corrects__isnull=False)
        return self.filter(
            ~models.Exists(corrections.filter(corrects=models.OuterRef("pk"))),
            reverses=False,
            creator__isnull=True,
        )


class RedactionQuerySet(models.QuerySet["Redaction"]):
    def visible_to(self, creator: Creator) -> RedactionQuerySet:
        return self.filter(creator=creator)


class RecordingQuerySet(models.QuerySet["Recording"]):
    def kept(self) -> RecordingQuerySet:
        """Whose file is here and may be heard: consent to record was not withdrawn."""
        return self.filter(may_use("interview"), removed_at__isnull=True, kept_at__isnull=False)

    def visible_to(self, creator: Creator) -> RecordingQuerySet:
        return self.kept().filter(interview__creator=creator)


class StudyInvitationQuerySet(models.QuerySet["StudyInvitation"]):
    def visible_to(self, creator: Creator) -> StudyInvitationQuerySet:
        return self.filter(creator=creator)

    def live(self) -> StudyInvitationQuerySet:
        """Whose link works: neither revoked nor out of time."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, creator: Creator) -> AppointmentQuerySet:
        return self.filter(creator=creator)


class CreatorNoticeQuerySet(models.QuerySet["CreatorNotice"]):
    def visible_to(self, creator: Creator) -> CreatorNoticeQuerySet:
        """What the creator reads in the portal; other ways have no page."""
        return self.filter(creator=creator, in_page=True)

"""A study called off, whole and at once, and taken up again."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import (
    Appointment,
    CreatorNotice,
    Interview,
    Study,
    StudyInvitation,
    StudyMail,
    User,
)
from crm.services.appointments import appointment_cancel
from crm.services.creator_notices import creator_tell
from crm.study_reads import TAKEN, slots_free


@dataclass(frozen=True)
class Ending:
    """What calling a study off ends: times agreed, times still free, links that work; `waiting` are
    those of the links whose creators have no time and are told that none will come."""

    agreed: int
    free: int
    links: int
    waiting: int


def ending_of(study: Study) -> Ending:
    """What calling it off would end; four counts."""
    agreed, free, links = _ahead(study), slots_free(study), _links(study)
    return Ending(agreed.count(), free.count(), links.count(), _waiting(study).count())


@transaction.atomic
def study_call_off(*, study: Study, why: str, actor: User) -> Ending:
    """End a study: what is agreed is called off and told to both sides, no time is offered any more,
    the links answer that it is over. Interviews that were held stay as they are.

    The study's row is locked, as by whoever books or offers a time, so nothing is agreed meanwhile.
    Raises `DomainError` where it is called off already.
    """
    row = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if row.called_off_at is not None:
        raise DomainError(_("This study is called off already."), "called_off")
    row.called_off_at = timezone.now()
    row.called_off_why = " ".join(why.split())[:240]
    row.save(update_fields=["called_off_at", "called_off_why"])
    free, agreed = slots_free(row).count(), 0
    waiting = list(_waiting(row).select_related("creator"))
    for appointment in _ahead(row).order_by("pk"):
        try:
            appointment_cancel(appointment=appointment, why=row.called_off_why, actor=actor)
        except DomainError as error:
            if error.code != "over":  # its creator was quicker
                raise
        else:
            agreed += 1
    links = _links(row).count()
    unsent = StudyMail.objects.filter(invitation__study=row, state="queued")
    never_asked = set(unsent.values_list("invitation_id", flat=True))
    unsent.update(state="cancelled", ended_at=row.called_off_at)
    _tell_waiting(row, waiting, mailed=[one for one in waiting if one.pk not in never_asked])
    slots_free(row).update(withdrawn_at=row.called_off_at)
    done = Ending(agreed, free, links, len(waiting))
    audit.record(
        "study.called_off", row, actor=actor,
        data={"agreed": done.agreed, "slots": done.free, "links": done.links,
              "waiting": done.waiting},
    )  # fmt: skip
    return done


def _tell_waiting(
    study: Study, waiting: list[StudyInvitation], *, mailed: list[StudyInvitation]
) -> None:
    """Tell those without a time, once however often it is called off; by e-mail only whom the
    invitation's own has reached."""
    for one in waiting:
        creator_tell(
            creator=one.creator,
            kind=CreatorNotice.Kind.SLOT,
            key=f"study_off:{one.pk}",
            path=reverse("portal:invitation", args=[one.pk]),
            facts={"what": "study_off", "study": [study.title_zh, study.title_en]},
            mailed=True,
        )
    StudyMail.objects.bulk_create(
        [
            StudyMail(kind=StudyMail.Kind.CALLED_OFF, to=StudyMail.To.CREATOR, invitation=one)
            for one in mailed
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def study_reopen(*, study: Study, actor: User) -> int:
    """Take a study up again: links that have not run out work as before, invitations that never left
    are sent, word that it is over that has not left is not. Times are offered anew. Returns the links
    that work; raises `DomainError` where it is under way."""
    row = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if row.called_off_at is None:
        raise DomainError(_("This study is under way."), "under_way")
    mails = StudyMail.objects.filter(invitation__in=_links(row))
    mails.filter(kind=StudyMail.Kind.CALLED_OFF, state="queued").delete()
    mails.filter(state="cancelled", ended_at=row.called_off_at).update(
        state="queued", queued_at=timezone.now(), ended_at=None
    )
    row.called_off_at, row.called_off_why = None, ""
    row.save(update_fields=["called_off_at", "called_off_why"])
    links = _links(row).count()
    audit.record("study.reopened", row, actor=actor, data={"links": links})
    return links


def _ahead(study: Study) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        study=study, state=Appointment.State.BOOKED, slot__starts_at__gt=timezone.now()
    )


def _waiting(study: Study) -> QuerySet[StudyInvitation]:
    """Working links of creators who have no time and no interview in this study."""
    timed = Appointment.objects.filter(study=study, state__in=TAKEN)
    held = Interview.objects.filter(study=study).exclude(status=Interview.Status.PLANNED)
    return _links(study).exclude(
        Q(creator__in=timed.values("creator")) | Q(creator__in=held.values("creator"))
    )


def _links(study: Study) -> QuerySet[StudyInvitation]:
    return StudyInvitation.objects.live().filter(study=study, declined_at=None)

"""A study called off, whole and at once, and taken up again."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Appointment, Study, StudyInvitation, StudyMail, User
from crm.services.appointments import appointment_cancel
from crm.study_reads import slots_free


@dataclass(frozen=True)
class Ending:
    """What calling a study off ends: times agreed, times still free, links that work."""

    agreed: int
    free: int
    links: int


def ending_of(study: Study) -> Ending:
    """What calling it off would end; three counts."""
    agreed, free, links = _ahead(study), slots_free(study), _links(study)
    return Ending(agreed.count(), free.count(), links.count())


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
    for appointment in _ahead(row).order_by("pk"):
        try:
            appointment_cancel(appointment=appointment, why=row.called_off_why, actor=actor)
        except DomainError as error:
            if error.code != "over":  # its creator was quicker
                raise
        else:
            agreed += 1
    links = _links(row).count()
    StudyMail.objects.filter(invitation__study=row, state="queued").update(
        state="cancelled", ended_at=row.called_off_at
    )
    slots_free(row).update(withdrawn_at=row.called_off_at)
    done = Ending(agreed, free, links)
    audit.record(
        "study.called_off", row, actor=actor,
        data={"agreed": done.agreed, "slots": done.free, "links": done.links},
    )  # fmt: skip
    return done


@transaction.atomic
def study_reopen(*, study: Study, actor: User) -> int:
    """Take a study up again: links that have not run out work as before, invitations that never left
    are sent. Times are offered anew. Returns the links that work; raises `DomainError` where it is
    under way."""
    row = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if row.called_off_at is None:
        raise DomainError(_("This study is under way."), "under_way")
    StudyMail.objects.filter(
        invitation__in=_links(row), state="cancelled", ended_at=row.called_off_at
    ).update(state="queued", queued_at=timezone.now(), ended_at=None)
    row.called_off_at, row.called_off_why = None, ""
    row.save(update_fields=["called_off_at", "called_off_why"])
    links = _links(row).count()
    audit.record("study.reopened", row, actor=actor, data={"links": links})
    return links


def _ahead(study: Study) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        study=study, state=Appointment.State.BOOKED, slot__starts_at__gt=timezone.now()
    )


def _links(study: Study) -> QuerySet[StudyInvitation]:
    return StudyInvitation.objects.live().filter(study=study, declined_at=None)

"""Slots taken, moved, given up, kept: one creator a slot, one appointment a study, both sides told."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import (
    Appointment,
    Creator,
    CreatorNotice,
    Interview,
    Slot,
    Study,
    StudyInvitation,
    StudyMail,
    User,
)
from crm.selectors import was_paying
from crm.services.creator_notices import creator_tell
from crm.services.guides import guide_freeze
from crm.services.tiers import tier_at
from crm.study_reads import TAKEN

REMINDERS = (("day_before", timedelta(days=1)), ("hour_before", timedelta(hours=1)))


@transaction.atomic
def slot_book(
    *,
    slot: Slot,
    creator: Creator,
    invitation: StudyInvitation | None = None,
    actor: User | None = None,
) -> Appointment:
    """Take a slot for a creator. Raises `DomainError` where it is taken, past, or not for them.

    The creator's row and then the slot's are locked, so of many who ask at once one gets it.
    """
    study_lock(slot.study_id)
    owner = Creator.objects.select_for_update(of=("self",)).get(pk=creator.pk)
    if invitation is not None and (
        invitation.creator_id != owner.pk or invitation.study_id != slot.study_id
    ):
        raise DomainError(_("This invitation is for somebody else."), "not_invited")
    if owner.appointments.filter(study=slot.study_id, state="booked").exists():
        raise DomainError(
            _("You have an appointment for this study already; move it instead."), "booked_already"
        )
    free = _free(slot, owner)
    made = Appointment.objects.create(
        slot=free,
        study_id=free.study_id,
        creator=owner,
        invitation=invitation,
        tier=owner.tier,
        by=actor,
    )
    if invitation is not None:
        StudyInvitation.objects.filter(pk=invitation.pk).update(declined_at=None)
    _tell(made, "booked")
    _remind(made)
    audit.record("appointment.booked", made, actor=actor, data={"slot": free.pk})
    return made


@transaction.atomic
def appointment_move(
    *, appointment: Appointment, slot: Slot, actor: User | None = None
) -> Appointment:
    """Take another slot instead; the old one is free again. Raises `DomainError`."""
    study_lock(appointment.study_id)
    owner = Creator.objects.select_for_update(of=("self",)).get(pk=appointment.creator_id)
    old = _still_booked(appointment)
    if slot.study_id != old.study_id:
        raise DomainError(_("That time is offered for another study."), "other_study")
    if slot.pk == old.slot_id:
        raise DomainError(_("That is the time you have."), "same_slot")
    free = _free(slot, owner, besides=old)
    _end(old, Appointment.State.MOVED)
    made = Appointment.objects.create(
        slot=free,
        study_id=old.study_id,
        creator=owner,
        invitation_id=old.invitation_id,
        tier=owner.tier,
        previous=old,
        uid=old.uid,
        sequence=old.sequence + 1,
        by=actor,
    )
    _tell(made, "moved")
    _remind(made)
    audit.record("appointment.moved", made, actor=actor, data={"from": old.slot_id, "to": free.pk})
    return made


@transaction.atomic
def appointment_cancel(
    *, appointment: Appointment, why: str = "", actor: User | None = None
) -> Appointment:
    """Give an appointment up; the slot is free again and both sides are told."""
    old = _still_booked(appointment)
    old.why = " ".join(why.split())[:240]
    old.sequence += 1
    old.save(update_fields=["why", "sequence"])
    _end(old, Appointment.State.CANCELLED)
    _tell(old, "cancelled")
    audit.record("appointment.cancelled", old, actor=actor, data={"slot": old.slot_id})
    return old


@transaction.atomic
def appointment_keep(*, appointment: Appointment, held: bool, actor: User) -> Appointment:
    """Say what came of it: the interview was held (it is made, to receive its transcript), or not."""
    row = _still_booked(appointment)
    if row.slot.starts_at > timezone.now():
        raise DomainError(_("It has not begun yet."), "not_yet")
    if held:
        moment = row.slot.starts_at
        row.interview = Interview.objects.create(
            creator_id=row.creator_id,
            study_id=row.study_id,
            guide=guide_freeze(study=row.study, actor=actor),
            at=moment,
            tier_then=tier_at(row.creator, moment),
            paying_then=was_paying(row.creator, moment),
            language=row.creator.language,
            minutes=row.slot.minutes,
        )
        row.save(update_fields=["interview"])
    _end(row, Appointment.State.HELD if held else Appointment.State.MISSED)
    action = "appointment.held" if held else "appointment.missed"
    audit.record(action, row, actor=actor, data={"interview": row.interview_id})
    return row


def study_lock(study: int) -> Study:
    """The study, held until the transaction ends, so that nobody calls it off meanwhile. Raises
    `DomainError` where it is called off."""
    row = Study.objects.select_for_update(no_key=True).get(pk=study)
    if row.called_off_at is not None:
        raise DomainError(_("This study is called off."), "called_off")
    return row


def _still_booked(appointment: Appointment) -> Appointment:
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("slot", "study", "creator")
        .get(pk=appointment.pk)
    )
    if row.state != Appointment.State.BOOKED:
        raise DomainError(_("This appointment is over already."), "over")
    return row


def _free(slot: Slot, owner: Creator, besides: Appointment | None = None) -> Slot:
    """The slot, locked, where it can still be taken by this creator."""
    free = Slot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
    if free.withdrawn_at is not None or free.starts_at <= timezone.now():
        raise DomainError(_("This time is no longer offered; choose another."), "gone")
    if free.appointments.filter(state__in=TAKEN).exists():
        raise DomainError(_("Somebody has just taken this time; choose another."), "taken")
    end = free.starts_at + timedelta(minutes=free.minutes)
    others = owner.appointments.filter(state="booked", slot__starts_at__lt=end)
    for other in others.exclude(pk=besides.pk if besides else 0).select_related("slot"):
        if other.slot.starts_at + timedelta(minutes=other.slot.minutes) > free.starts_at:
            raise DomainError(
                _("At that time you have another appointment; choose another time."), "overlaps"
            )
    return free


def _end(row: Appointment, state: str) -> None:
    row.state, row.ended_at = state, timezone.now()
    row.save(update_fields=["state", "ended_at"])
    # What has not gone out yet would be about a time that is over.
    row.mails.filter(state="queued").update(state="cancelled", ended_at=timezone.now())


def _tell(row: Appointment, kind: str) -> None:
    StudyMail.objects.bulk_create(
        [StudyMail(kind=kind, to=to, appointment=row) for to in StudyMail.To.values]
    )
    slot_tell(row, kind, CreatorNotice.Kind.SLOT)


def slot_tell(row: Appointment, what: str, kind: str) -> None:
    """In the portal and by webhook; the e-mail, with its calendar file, is the `StudyMail`."""
    creator_tell(
        creator=row.creator,
        kind=kind,
        key=f"slot:{row.pk}:{what}",
        path=reverse("portal:appointments"),
        facts={
            "what": what,
            "study": [row.study.title_zh, row.study.title_en],
            "starts_at": row.slot.starts_at.isoformat(),
            "minutes": row.slot.minutes,
            "study_over": row.study.called_off_at is not None,
        },
        mailed=True,
    )


def _remind(row: Appointment) -> None:
    """Rows that become due by themselves; a reminder whose time has passed is none."""
    now = timezone.now()
    StudyMail.objects.bulk_create(
        [
            StudyMail(kind=kind, to=to, appointment=row, queued_at=row.slot.starts_at - before)
            for kind, before in REMINDERS
            for to in StudyMail.To.values
            if row.slot.starts_at - before > now
        ]
    )

"""Messages about invitations and appointments: each sent once, in the reader's language and zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.calendars import appointment_ics
from crm.models import Appointment, Creator, CreatorNotice, Job, StudyInvitation, StudyMail
from crm.notice_reads import Channel, wants
from crm.services.appointments import slot_tell
from crm.services.invitations import invitation_token, may_contact
from crm.services.notice_deliveries import unsubscribe_headers, unsubscribe_words
from crm.services.notices import notice_claim, notice_end, notice_send, notices_due
from crm.zones import zone_of

Kind = CreatorNotice.Kind


def study_mails_due() -> list[int]:
    """The ids of the messages that wait and are due."""
    return notices_due(StudyMail)


def study_mail_deliver(mail_id: int) -> str:
    """Send one message, if it waits and still is true; returns the state it left it in."""
    mail = notice_claim(StudyMail, mail_id)
    if mail is None:
        return "not waiting"
    letter = _letter(mail)
    if isinstance(letter, str):
        notice_end(mail, Job.State.DONE, code=letter)
    else:
        _send(mail, letter)
    mail.refresh_from_db()
    return mail.state


@dataclass(frozen=True)
class Letter:
    """What goes out; `calendar` is an iCalendar file, empty for none."""

    address: str
    subject: str
    body: str
    calendar: bytes = b""
    method: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def address_of(creator: Creator) -> str:
    """Where a creator gets e-mail: their login's address, else a contact that is one; may be empty."""
    if creator.user is not None and creator.user.is_active and creator.user.email:
        return creator.user.email
    contact = creator.contact.strip()
    try:
        validate_email(contact)
    except ValidationError:
        return ""
    return contact


def _letter(mail: StudyMail) -> Letter | str:
    """The letter, or why none is written."""
    if mail.invitation_id is not None:
        invitation = StudyInvitation.objects.select_related("study", "creator__user").get(
            pk=mail.invitation_id
        )
        write = _called_off if mail.kind == StudyMail.Kind.CALLED_OFF else _invitation
        return _choosable(write(invitation), invitation.creator, Kind.SLOT)
    row = Appointment.objects.select_related(
        "study", "creator__user", "slot__researcher", "invitation"
    ).get(mails=mail)
    reminder = mail.kind in (StudyMail.Kind.DAY_BEFORE, StudyMail.Kind.HOUR_BEFORE)
    if reminder and (row.state != Appointment.State.BOOKED or row.slot.starts_at <= timezone.now()):
        return "over"
    if mail.to == StudyMail.To.RESEARCHER:
        return _to_researcher(mail, row)
    if reminder:
        slot_tell(row, mail.kind, Kind.REMINDER)
    return _choosable(_to_creator(mail, row), row.creator, Kind.REMINDER if reminder else Kind.SLOT)


def _choosable(letter: Letter | str, creator: Creator, kind: str) -> Letter | str:
    """To whoever has a login, with the way to turn it off; not at all where that was done."""
    if isinstance(letter, str) or creator.user_id is None:
        return letter
    if not wants(creator, kind, Channel.EMAIL):
        return "turned_off"
    with translation.override(creator.language):
        body = f"{letter.body}\n\n{unsubscribe_words(creator, kind)}"
    return replace(letter, body=body, headers=unsubscribe_headers(creator, kind))


def _invitation(invitation: StudyInvitation) -> Letter | str:
    creator = invitation.creator
    address = address_of(creator)
    over = invitation.revoked_at or invitation.study.called_off_at
    if over or invitation.expires_at <= timezone.now():
        return "over"
    if not address or not may_contact(creator):
        return "portal_only"
    with translation.override(creator.language):
        until = date_format(timezone.localtime(invitation.expires_at, zone_of(creator)), "Y-m-d")
        body = "\n\n".join(
            (
                _("Hello %(name)s,") % {"name": creator.name},
                _("we would like to talk with you: %(study)s") % {"study": invitation.study.title},
                _("Choose a time here. The link is yours alone and works until %(day)s:")
                % {"day": until},
                settings.SITE_URL + reverse("invited", args=[invitation_token(invitation)]),
                _("There you can also say that you would rather not."),
            )
        )
        return Letter(
            address, _("An interview with you? %(study)s") % {"study": invitation.study.title}, body
        )


def _called_off(invitation: StudyInvitation) -> Letter | str:
    """To whoever was asked and has not chosen a time."""
    creator, study = invitation.creator, invitation.study
    address = address_of(creator)
    if invitation.revoked_at or invitation.declined_at or study.called_off_at is None:
        return "over"
    if not address or not may_contact(creator):
        return "portal_only"
    with translation.override(creator.language):
        body = "\n\n".join(
            part
            for part in (
                _("Hello %(name)s,") % {"name": creator.name},
                _("we had asked you for an interview: %(study)s") % {"study": study.title},
                _(
                    "We will not hold these interviews for now; there is nothing for you to do. Thank you."
                ),
                _("Why: %(why)s") % {"why": study.called_off_why} if study.called_off_why else "",
            )
            if part
        )
        return Letter(
            address, _("The study is called off: %(study)s") % {"study": study.title}, body
        )


def _to_creator(mail: StudyMail, row: Appointment) -> Letter | str:
    address = address_of(row.creator)
    if not address:
        return "portal_only"
    with translation.override(row.creator.language):
        zone = zone_of(row.creator)
        place = _("Where: %(place)s") % {"place": row.slot.place} if row.slot.place else ""
        body = "\n\n".join(
            part
            for part in (
                _("Hello %(name)s,") % {"name": row.creator.name},
                _opening(mail.kind),
                f"{row.study.title}\n{_when(row, str(zone), zone)}",
                place if mail.kind != StudyMail.Kind.CANCELLED else _why(row),
                _what_next(mail.kind, row),
            )
            if part
        )
        return Letter(address, _subject(mail.kind, row, zone), body, *_attached(mail, row))


def _to_researcher(mail: StudyMail, row: Appointment) -> Letter | str:
    researcher = row.slot.researcher
    if not researcher.email:
        return "no_address"
    with translation.override(settings.LANGUAGE_CODE):
        zone = timezone.get_default_timezone()
        page = settings.SITE_URL + reverse("admin:crm_study_people", args=[row.study_id])
        body = "\n\n".join(
            (
                f"{row.creator.name} · {row.get_tier_display()}",
                _opening(mail.kind),
                f"{row.study.title}\n{_when(row, settings.TIME_ZONE, zone)}",
                *([_why(row)] if mail.kind == StudyMail.Kind.CANCELLED and row.why else []),
                page,
            )
        )
        return Letter(researcher.email, _subject(mail.kind, row, zone), body, *_attached(mail, row))


def _opening(kind: str) -> str:
    return {
        StudyMail.Kind.BOOKED.value: _("The interview is agreed."),
        StudyMail.Kind.MOVED.value: _("The interview has moved; this is the new time."),
        StudyMail.Kind.CANCELLED.value: _("The interview is called off."),
        StudyMail.Kind.DAY_BEFORE.value: _("A reminder: the interview is tomorrow."),
        StudyMail.Kind.HOUR_BEFORE.value: _("A reminder: the interview begins in an hour."),
    }[kind]


def _subject(kind: str, row: Appointment, zone: object) -> str:
    when = date_format(timezone.localtime(row.slot.starts_at, zone), "m-d H:i")  # type: ignore[arg-type]
    return f"{_opening(kind)} {when} · {row.study.title}"


def _what_next(kind: str, row: Appointment) -> str:
    if kind != StudyMail.Kind.CANCELLED:
        return _("Move it or call it off: %(link)s") % {"link": _link(row)}
    if row.study.called_off_at is not None:
        return _("The whole study is called off; there is nothing for you to do. Thank you.")
    return _("Choose another time: %(link)s") % {"link": _link(row)}


def _why(row: Appointment) -> str:
    return _("Why: %(why)s") % {"why": row.why} if row.why else ""


def _when(row: Appointment, name: str, zone: object) -> str:
    local = timezone.localtime(row.slot.starts_at, zone)  # type: ignore[arg-type]
    return _("%(time)s (%(zone)s), %(minutes)s min") % {
        "time": date_format(local, "Y-m-d H:i"),
        "zone": name,
        "minutes": row.slot.minutes,
    }


def _link(row: Appointment) -> str:
    if row.invitation is not None and row.creator.user_id is None:
        return settings.SITE_URL + reverse("invited", args=[invitation_token(row.invitation)])
    return settings.SITE_URL + reverse("portal:appointments")


def _attached(mail: StudyMail, row: Appointment) -> tuple[bytes, str]:
    if mail.kind in (StudyMail.Kind.DAY_BEFORE, StudyMail.Kind.HOUR_BEFORE):
        return b"", ""
    return appointment_ics(row), "CANCEL" if row.state == Appointment.State.CANCELLED else "REQUEST"


def _send(mail: StudyMail, letter: Letter) -> None:
    message = EmailMessage(
        letter.subject, letter.body, None, [letter.address], headers=dict(letter.headers)
    )
    if letter.calendar:
        kind = f"text/calendar; method={letter.method}; charset=utf-8"
        message.attach("interview.ics", letter.calendar.decode("utf-8"), kind)
    notice_send(mail, message)

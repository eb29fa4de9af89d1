"""Appointments as iCalendar files (RFC 5545): the same event when it moves or is called off."""

from datetime import UTC, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from crm.models import Appointment


def appointment_ics(appointment: Appointment) -> bytes:
    """The event of an appointment (with slot and study), in the active language.

    A moved appointment keeps its UID with a higher SEQUENCE, so calendars move what they have; one
    that was cancelled is a CANCEL.
    """
    slot = appointment.slot
    over = appointment.state == Appointment.State.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Pingju//Interviews//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if over else "REQUEST")
    event = Event()
    event.add("uid", f"{appointment.uid}@{settings.SITE_URL.partition('//')[2].partition(':')[0]}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", slot.starts_at.astimezone(UTC))
    event.add("dtend", (slot.starts_at + timedelta(minutes=slot.minutes)).astimezone(UTC))
    event.add("summary", _("Interview: %(study)s") % {"study": appointment.study.title})
    event.add("status", "CANCELLED" if over else "CONFIRMED")
    if slot.place:
        event.add("location", slot.place)
    organizer = vCalAddress(f"mailto:{slot.researcher.email or 'noreply@localhost'}")
    organizer.params["cn"] = vText(slot.researcher.first_name or slot.researcher.username)
    event["organizer"] = organizer
    if not over:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event["summary"])
        alarm.add("trigger", timedelta(minutes=-30))
        event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())

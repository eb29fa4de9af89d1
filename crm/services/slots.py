"""Times that researchers offer for the interviews of a study."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Slot, Study, User
from crm.services.appointments import study_lock
from crm.zones import moment_at, zone_named

MOST = 40  # slots offered at once


@transaction.atomic
def slots_offer(
    *,
    study: Study,
    researcher: User,
    day: date,
    first: time,
    last: time,
    minutes: int,
    pause: int = 0,
    zone: str = "",
    place: str = "",
) -> list[Slot]:
    """Offer one slot after the other on a day, from `first` until the last one ends by `last`.

    `day` and times are clocks of `zone`; `pause` is minutes between slots. Raises `DomainError`
    where nothing fits, lies in the past, does not exist or is offered already.
    """
    if not 10 <= minutes <= 480 or not 0 <= pause <= 240:
        raise DomainError(_("An interview takes between 10 and 480 minutes."), "bad_minutes")
    starts = _starts(day, first, last, minutes, pause, zone)
    study_lock(study.pk)
    User.objects.select_for_update().get(pk=researcher.pk)  # one plan of a researcher at a time
    length = timedelta(minutes=minutes)
    for start in starts:
        clash = _clash(researcher, start, start + length)
        if clash is not None:
            raise DomainError(
                _("At %(time)s there is a slot of yours already, for “%(study)s”.")
                % {
                    "time": f"{timezone.localtime(clash.starts_at):%Y-%m-%d %H:%M}",
                    "study": clash.study,
                },
                "clash",
            )
    made = Slot.objects.bulk_create(
        [
            Slot(study=study, researcher=researcher, starts_at=start, minutes=minutes,
                 place=place.strip()[:300])
            for start in starts
        ]
    )  # fmt: skip
    audit.record("study.slots_offered", study, actor=researcher, data={"slots": len(made)})
    return made


def _starts(
    day: date, first: time, last: time, minutes: int, pause: int, zone: str
) -> list[datetime]:
    place = zone_named(zone)
    begin, end = datetime.combine(day, first), datetime.combine(day, last)
    starts: list[datetime] = []
    while begin + timedelta(minutes=minutes) <= end and len(starts) <= MOST:
        moment = moment_at(begin.date(), begin.time(), place)
        if moment is None:
            raise DomainError(
                _("%(time)s does not exist on that day: clocks go forward. Choose another time.")
                % {"time": f"{begin:%H:%M}"},
                "no_such_time",
            )
        starts.append(moment)
        begin += timedelta(minutes=minutes + pause)
    if not starts:
        raise DomainError(_("Between these times no interview of that length fits."), "no_room")
    if len(starts) > MOST:
        raise DomainError(_("More than %(n)s slots at once.") % {"n": MOST}, "too_many")
    if starts[0] <= timezone.now():
        raise DomainError(_("These times have passed already."), "past")
    return starts


def _clash(researcher: User, begin: datetime, end: datetime) -> Slot | None:
    around = Slot.objects.filter(
        researcher=researcher,
        withdrawn_at=None,
        starts_at__lt=end,
        starts_at__gt=begin - timedelta(minutes=480),
    )
    for slot in around.select_related("study"):
        if slot.starts_at + timedelta(minutes=slot.minutes) > begin:
            return slot
    return None


@transaction.atomic
def slot_withdraw(*, slot: Slot, actor: User) -> None:
    """Offer a time no longer. Raises `DomainError` where somebody has taken it."""
    locked = Slot.objects.select_for_update().get(pk=slot.pk)
    if locked.appointments.filter(state__in=("booked", "held", "missed")).exists():
        raise DomainError(_("Somebody has this time; cancel the appointment first."), "taken")
    if locked.withdrawn_at is None:
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
        audit.record("study.slot_withdrawn", locked, actor=actor)

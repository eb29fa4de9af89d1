"""Time zones: which there are, whose is which, and wall clocks that do not exist."""

from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone

from crm.models import Creator

_REGIONS = (
    "Africa/",
    "America/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Names of places, without the aliases and abbreviations of the database."""
    return tuple(sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


def zone_named(name: str) -> tzinfo:
    """The zone of this name; the house's own for one that does not exist."""
    return ZoneInfo(name) if name in zone_names() else timezone.get_default_timezone()


def zone_of(creator: Creator) -> tzinfo:
    return zone_named(creator.time_zone)


def moment_at(day: date, clock: time, zone: tzinfo) -> datetime | None:
    """The moment when clocks in the zone show this; None where the change to summer time skips it.

    Of an hour that comes twice in autumn the first counts.
    """
    local = datetime.combine(day, clock, tzinfo=zone)
    back = local.astimezone(UTC).astimezone(zone)
    return local if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def zone_name_of(creator: Creator) -> str:
    """The name of a creator's zone, the house's where they chose none."""
    return creator.time_zone or settings.TIME_ZONE


def local_time(moment: datetime, zone: tzinfo) -> datetime:
    """What clocks in the zone show, without a zone, because templates would turn it into the house's."""
    return timezone.localtime(moment, zone).replace(tzinfo=None)

"""Times of bill rows: wall clock of the provider's zone unless the text carries its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PARTS = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# Excel's day 0, with its phantom 29 February 1900 already counted in.
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)


def moment(text: str, zone: tzinfo) -> datetime | None:
    """An aware datetime, or None where the text is no date. A bare date is midnight in `zone`."""
    text = text.strip()
    if _SERIAL.fullmatch(text):
        wall = _EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86_400))
        return wall.replace(tzinfo=zone)
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        return datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=_zone(offset, zone),
        )
    except ValueError:
        return None


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    if offset.upper() in {"Z", "UTC"}:
        return UTC
    sign = "" if ":" in offset else ":"
    spelled = f"2000-01-01T00:00:00{offset[:3]}{sign}{offset[3:]}"
    return datetime.fromisoformat(spelled).tzinfo or zone

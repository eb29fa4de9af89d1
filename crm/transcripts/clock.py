"""Times as transcripts write them: positions in the recording (to ms) and calendar dates."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_MS = 2**31 - 1  # nearly 25 days, and what a column of the database holds
_YEARS = range(1970, 2101)  # what looks like a date beyond them is a number of something else

# 3 | 12:05 | 1:02:03 | 00:00:01.234, with comma or point before the fraction.
POSITION = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
# Between the ends of a range: 00:01-00:09, 00:01 --> 00:09.
TO = r"[ \t\u3000]*(?:-->|[-–—~～至])[ \t\u3000]*"
_POSITION = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?")

_DATE = re.compile(
    r"(?P<year>\d{4})\s*[年/.-]\s*(?P<month>\d{1,2})\s*[月/.-]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T\s,，]*(?:[(（]?(?:星期|周)[一二三四五六日天][)）]?)?\s*(?P<half>上午|下午|晚上|AM|PM)?"
    r"\s*(?P<hour>\d{1,2})[:：时](?P<minute>\d{1,2})(?:[:：分](?P<second>\d{1,2}))?)?",
    re.IGNORECASE,
)


def milliseconds(text: str) -> int | None:
    """Position in ms, or None where the text is no time (also for minutes or seconds over 59, and
    beyond LONGEST_MS).

    The fraction is decimal, as WebVTT defines it: `.2` is 200 ms. Without hours the minutes may
    exceed 59, because several recorders never write hours.
    """
    match = _POSITION.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    position = whole * 1000 + int((fraction or "0").ljust(3, "0"))
    return position if position <= LONGEST_MS else None


def date_in(text: str) -> datetime | None:
    """The first calendar date written in `text`, read as Shanghai time, or None."""
    match = _DATE.search(text)
    if match is None or int(match["year"]) not in _YEARS:
        return None
    hour = int(match["hour"] or 0)
    half = (match["half"] or "").lower()
    if half in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    elif half in {"上午", "am"} and hour == 12:
        hour = 0
    try:
        return datetime(
            int(match["year"]),
            int(match["month"]),
            int(match["day"]),
            hour,
            int(match["minute"] or 0),
            int(match["second"] or 0),
            tzinfo=SHANGHAI,
        )
    except ValueError:
        return None

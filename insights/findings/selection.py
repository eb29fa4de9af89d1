"""Which interviews a page is about: of a study, of a segment of creators, from a day to a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import Creator, Segment
from crm.segments import people_in


@dataclass(frozen=True)
class Selection:
    """`study` is a study's key, empty for all; `since` and `until` are days, both inclusive.

    `segment` is a saved segment's key, 0 for everybody; it means who is in it today.
    """

    study: str = ""
    since: date | None = None
    until: date | None = None
    segment: int = 0

    @property
    def params(self) -> dict[str, str]:
        """As a URL and a shared link keep it."""
        found = {
            "study": self.study,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "segment": str(self.segment) if self.segment else "",
        }
        return {name: value for name, value in found.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.params)

    def within(self, at: str, study: str = "", creator: str = "creator") -> Q:
        """A condition on rows: the paths to their time, study and creator."""
        found = Q()
        if self.segment:
            segment = Segment.objects.filter(pk=self.segment).first()
            people = people_in(segment) if segment else Creator.objects.none()
            found &= Q(**{f"{creator}__in": people.values("pk")})
        if self.study and study:
            found &= Q(**{f"{study}__key": self.study})
        if self.since:
            found &= Q(**{f"{at}__gte": _midnight(self.since)})
        if self.until:
            found &= Q(**{f"{at}__lt": _midnight(self.until + timedelta(days=1))})
        return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def selection_of(params: Mapping[str, str]) -> Selection:
    """From a page's address. Raises `DomainError` naming a date that is none."""
    since, until = (_day(params.get(name, "")) for name in ("since", "until"))
    if since and until and since > until:
        raise DomainError(_("“From” lies after “to”: swap the two days."), "bad_days")
    return Selection(
        params.get("study", "")[:50], since, until, _segment(params.get("segment", ""))
    )


def _segment(text: str) -> int:
    if not text:
        return 0
    known = text.isdecimal() and len(text) < 19 and Segment.objects.filter(pk=int(text)).exists()
    if not known:
        raise DomainError(_("That segment is no longer there; choose another."), "no_segment")
    return int(text)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError(
            _("“%(text)s” is no day: write it as 2026-11-30.") % {"text": text[:20]}, "bad_day"
        ) from None

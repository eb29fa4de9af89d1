"""Which plan somebody has and until when: a pure function of what the ledger knows.

Every charge buys one period of its plan. A period begins where what was bought before ends, or
when it is paid if that is later; an order of a dearer plan begins when it is paid and ends what
ran until then. What was wholly taken back bought nothing, as if it had never been. Facts may come
in any order: the answer is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Bought:
    """A charge for a plan: `left` is what was not taken back, in minor units.

    `plan` is the plan's key, `months` its period; `now` means that it ends what ran before. `turn`
    orders what was paid in the same second.
    """

    charge: str
    plan: int
    months: int
    paid_at: datetime
    left: int
    now: bool = False
    turn: int = 0


@dataclass(frozen=True)
class Term:
    """A stretch of one plan, half-open; `minor` was paid for all of it."""

    charge: str
    plan: int
    start: datetime
    end: datetime
    whole_end: datetime
    minor: int

    def unused(self, at: datetime) -> int:
        """The part of what was paid for the time after `at`, rounded down."""
        whole = (self.whole_end - self.start) / timedelta(seconds=1)
        left = (self.end - max(at, self.start)) / timedelta(seconds=1)
        return int(self.minor * max(0.0, left) / whole) if whole > 0 else 0


def terms(bought: Iterable[Bought]) -> tuple[Term, ...]:
    """The stretches in order of time; none overlap."""
    found: list[Term] = []
    for item in sorted(bought, key=lambda item: (item.paid_at, item.turn, item.charge)):
        if item.left <= 0:
            continue
        if item.now:
            found = [
                replace(term, end=min(term.end, item.paid_at))
                for term in found
                if term.start < item.paid_at
            ]
        last = found[-1].end if found else item.paid_at
        start = max(item.paid_at, last)
        end = months_later(start, item.months)
        found.append(Term(item.charge, item.plan, start, end, end, item.left))
    return tuple(found)


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time of a later month of the house's calendar; the 31st becomes the last day."""
    local = timezone.localtime(moment)
    index = local.month - 1 + months
    year, month = local.year + index // 12, index % 12 + 1
    first_after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=local.tzinfo)
    last_day = (first_after - timedelta(days=1)).day
    return local.replace(year=year, month=month, day=min(local.day, last_day))


@dataclass(frozen=True)
class Standing:
    """`term` runs at the moment, `after` is what begins later, `until` the end of all of it.

    `cancelled`: they said that they will not go on, and have bought nothing since.
    """

    term: Term | None
    after: tuple[Term, ...]
    until: datetime | None
    cancelled: bool


def standing(
    bought: Sequence[Bought], words: Sequence[tuple[datetime, bool]], at: datetime
) -> Standing:
    """`words`: when they said that they would not go on (True) or would after all (False)."""
    all_terms = terms(bought)
    now = next((term for term in all_terms if term.start <= at < term.end), None)
    after = tuple(term for term in all_terms if term.start > at)
    until = all_terms[-1].end if all_terms and all_terms[-1].end > at else None
    last_paid = max((item.paid_at for item in bought if item.left > 0), default=None)
    said = [(moment, stops) for moment, stops in words if last_paid is None or moment > last_paid]
    cancelled = bool(said) and max(said)[1]
    return Standing(now, after, until, cancelled and until is not None)


def credit(all_terms: Iterable[Term], at: datetime) -> int:
    """What unused time after `at` is worth, in minor units."""
    return sum(term.unused(at) for term in all_terms if term.end > at)

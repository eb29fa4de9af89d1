"""A page of hits in one call of the database, made by migrations.

Here stands what the calls need to know: the query as patterns and grams, the filters, and from how
common the grams are which way to begin, and how far to go before trying the other one. Nearly every
search is answered by one of two short ways: `pingju_search_few` for words that few said,
`pingju_search_newest` for words that many said; the rest by `pingju_search`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from insights.search.grams import Commonness, commonness, grams_of
from insights.search.wording import Filters, has_case, letter_forms, odd_signs, pattern, spellings

RANK_CAP = 500
COUNT_CAP = RANK_CAP
AHEAD = 100  # hits at least, and four pages from here, to which the count of a common word goes
COMMON = 0.003  # share of utterances from which a word is looked for in the newest interviews first
COUNTED_DOWN = 0.02  # share from which the newest interviews are also the shortest way to the count
SLACK = 4  # times as many interviews as a page should need: words come in clusters
ENTRY = 1  # utterances read downwards at the cost of one entry of the index
FETCH = 2  # and at the cost of an entry with its utterance
RAREST = 3  # grams that the index is asked for: the lists of common ones take long to read
ALL = 1_000_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CASTS = {
    **dict.fromkeys(("patterns", "forms", "letters", "odd"), "::text[]"),
    **dict.fromkeys(("grams", "withheld"), "::bigint[]"),
}


class Hit(NamedTuple):
    """An utterance that contains the query; `tier` is the creator's at the time, `start_ms` its
    place in the recording in milliseconds, `utterance` its index in the transcript."""

    id: int
    interview: int
    utterance: int
    speaker: str
    text: str
    start_ms: int | None
    tier: str
    creator_id: int
    creator: str
    at: datetime
    transcript_id: int


@dataclass(frozen=True)
class Found:
    """`count` is exact unless `capped`: then there are more. `ranked`: evidence first."""

    query: str
    count: int
    capped: bool
    hits: tuple[Hit, ...]
    ranked: bool = True
    spellings: tuple[str, ...] = field(default=())


def search(
    query: str,
    *,
    tier: str = "",
    study: str = "",
    limit: int = 20,
    offset: int = 0,
    filters: Filters | None = None,
    newest: bool = False,
    variants: bool = False,
    count_cap: int | None = COUNT_CAP,
    counted: bool = True,
    withheld: Collection[int] = (),
) -> Found:
    """Utterances of the newest transcripts that contain `query`, letter case aside.

    `newest` lists them newest first whatever their number. Counting ends at `count_cap` (None: it
    does not end); with `counted=False` the count only says what the page shows. Whether a passage
    of one of the `withheld` interviews has evidence is not told: it has none for this search.
    """
    query = query.strip().replace("\x00", "")
    if not query:
        return Found(query, 0, capped=False, hits=())
    filters = filters or Filters()
    if tier or study:
        filters = replace(filters, tier=tier or filters.tier, study=study or filters.study)
    forms = spellings(query, variants=variants)
    asked = _Asked(forms, filters, limit, offset, newest, count_cap if counted else 0, withheld)
    count, ranked, ahead, hits = asked.answer()
    if not counted:
        return Found(query, offset + len(hits), len(hits) == limit, hits, ranked, tuple(forms))
    if count_cap is not None and count > count_cap:
        return Found(query, count_cap, True, hits, ranked, tuple(forms))
    capped = ahead is not None and count == ahead + 1 and not ranked
    return Found(query, count - capped, capped, hits, ranked, tuple(forms))


Answer = tuple[int, bool, int | None, tuple[Hit, ...]]
"""The count, whether evidence comes first, where counting ended if it had to, the hits."""


@dataclass(frozen=True)
class _Asked:
    """A search as it is asked of the database."""

    forms: Sequence[str]
    filters: Filters
    limit: int
    offset: int
    newest: bool
    cap: int | None
    withheld: Collection[int]

    def answer(self) -> Answer:
        known = commonness()
        grams = [grams_of(form) for form in self.forms]
        going = _going(known, grams, self.limit + self.offset, self.ahead)
        asked = [_listed(known.rarest(some, RAREST)) for some in grams]
        short = len(asked) == 1 and not self.offset and not self.filters.of_codings
        if short and grams[0] and self.cap is not None:
            found = self._of_many(asked[0], going) if going.first else self._of_few(asked[0])
            if found is not None:
                return found
            going = replace(going, first=0)
        # No grams where the index does not know one of the forms.
        return self._at_length(asked if all(grams) else [], going)

    @property
    def ahead(self) -> int | None:
        """How far a common word is counted."""
        if not self.cap:
            return self.cap
        return min(self.cap, max(AHEAD, self.offset + 5 * self.limit))

    def _of_few(self, grams: str) -> Answer | None:
        values = {**self._words, "grams": grams, "most": RANK_CAP, "page": self.limit}
        rows = self._called("pingju_search_few", values | self._order)
        if not rows:
            return 0, not self.newest, None, ()
        if rows[0][0] > RANK_CAP:
            return None
        return int(rows[0][0]), bool(rows[0][1]), None, tuple(map(_hit, rows))

    def _of_many(self, grams: str, going: "_Going") -> Answer | None:
        ahead = self.ahead or 0
        values = {
            **self._words,
            "grams": grams if ahead and not going.counted_down else None,
            "page": self.limit,
            "wanted": max(self.limit, ahead + 1),
            "interviews": going.first,
        }
        rows = self._called("pingju_search_newest", values)
        if not rows or rows[-1][2] is not None:
            return None  # it gave up before it could say how many there are
        return int(rows[-1][0]), False, ahead, tuple(map(_hit, rows[:-1]))

    def _at_length(self, grams: list[str], going: "_Going") -> Answer:
        values = {
            "patterns": [pattern(form) for form in self.forms],
            "grams": grams,
            **_case(self.forms),
            "rank_cap": RANK_CAP,
            "count_cap": self.ahead,
            "page": self.limit,
            "skipped": self.offset,
            "wanted": going.wanted,
            "first_interviews": going.first,
            "later_interviews": going.later,
            **self._order,
            **_of_codings(self.filters),
        }
        rows = self._called("pingju_search", values, grams="::text[]")
        hits = tuple(_hit(row) for row in rows if row[2] is not None)
        return int(rows[0][0]), bool(rows[0][1]), self.ahead, hits

    @property
    def _words(self) -> dict[str, Any]:
        (form,) = self.forms
        return {"words": pattern(form), **(_case(self.forms) if has_case(form) else {})}

    @property
    def _order(self) -> dict[str, Any]:
        return {
            **({"by_date": True} if self.newest else {}),
            **({"withheld": list(self.withheld)} if self.withheld else {}),
        }

    def _called(self, function: str, values: dict[str, Any], **cast: str) -> list[tuple[Any, ...]]:
        """Numbers stand in the statement: an argument that is bound takes ten microseconds."""
        values |= _narrowing(self.filters)
        casts = _CASTS | cast
        named = ", ".join(
            f"{name} => {value:d}"
            if type(value) is int
            else f"{name} => %({name})s{casts.get(name, '')}"
            for name, value in values.items()
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {function}({named})", values)  # noqa: S608  names of ours
            return list(cursor.fetchall())


def _listed(grams: list[int]) -> str:
    return f"{{{','.join(map(str, grams))}}}"


def _hit(row: Sequence[Any]) -> Hit:
    """From a row of the calls, in which the time is microseconds: quicker to read than a date."""
    return Hit._make((*row[2:11], _EPOCH + timedelta(microseconds=row[11]), row[12]))


def _case(forms: Sequence[str]) -> dict[str, Any]:
    """What has to be known of letters where some of them have two cases.

    A text is turned to lower case only where it has one of `letters`, and then as ASCII unless it
    has one of the `odd` signs: for all letters there are, that is dear.
    """
    return {
        "letters": sorted({pattern(sign) for form in forms for sign in letter_forms(form)}),
        "odd": [pattern(sign) for sign in odd_signs(forms)],
        "cased": any(has_case(form) for form in forms),
    }


def _narrowing(filters: Filters) -> dict[str, Any]:
    values = {
        "of_tier": filters.tier,
        "study_key": filters.study,
        "since": filters.since,
        "until": filters.until,
        "speaker_like": filters.speaker and pattern(filters.speaker),
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def _of_codings(filters: Filters) -> dict[str, Any]:
    if not filters.of_codings:
        return {}
    return {"coded": True, **({"of_pain": filters.pain} if filters.pain is not None else {})}


@dataclass(frozen=True)
class _Going:
    """How many hits the way down the newest interviews ends at (None: at none), after how many
    interviews it gives up at first and after the index, and whether it is the way to the count."""

    wanted: int | None
    first: int
    later: int
    counted_down: bool


def _going(known: Commonness, grams: list[list[int]], hits: int, cap: int | None) -> _Going:
    share = max(map(known.share, grams))
    many = share >= COMMON and share * known.utterances > 5 * RANK_CAP
    down = share >= COUNTED_DOWN
    if cap is None:
        wanted, first = None, ALL if down else 0
    else:
        wanted = max(hits, cap + 1) if down else hits
        first = _interviews_for(wanted or hits, share, known) if many else 0
    entries = max(share, known.least) * known.utterances
    later = min(ALL, int(FETCH * entries / known.an_interview) + 1)
    return _Going(wanted, first, later, down)


def _interviews_for(hits: int, share: float, known: Commonness) -> int:
    """How many interviews should hold so many hits, if what is known of the grams is right; and
    not fewer than can be read in the time that the index would take."""
    utterances = max(SLACK * hits / share, ENTRY * share * known.utterances)
    return min(ALL, max(2, int(utterances / known.an_interview) + 1))

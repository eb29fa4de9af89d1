"""One call of the database for a page of hits: `pingju_search`, made by a migration.

Here stands what the call needs to know: the query as patterns and grams, the filters, and from how
common the grams are which way to begin, and how far to go before trying the other one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from insights.search.grams import Commonness, commonness, grams_of
from insights.search.wording import Filters, has_case, letter_forms, odd_signs, pattern, spellings

RANK_CAP = 500
COUNT_CAP = RANK_CAP
COMMON = 0.003  # share of utterances from which a word is looked for in the newest interviews first
COUNTED_DOWN = 0.04  # share from which the newest interviews are also the shortest way to the count
SLACK = 4  # times as many interviews as a page should need: words come in clusters
ENTRY = 1  # utterances read downwards at the cost of one entry of the index
FETCH = 2  # and at the cost of an entry with its utterance
RAREST = 3  # grams that the index is asked for: the lists of common ones take long to read
ALL = 1_000_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The call's arguments; those that are left out narrow nothing.
_ARGUMENTS = {
    name: f"{name} => %({name})s{cast}"
    for name, cast in (
        ("patterns", "::text[]"), ("grams", "::text[]"), ("letters", "::text[]"),
        ("odd", "::text[]"), ("cased", ""), ("rank_cap", ""), ("count_cap", ""), ("page", ""),
        ("skipped", ""), ("wanted", ""), ("first_interviews", ""), ("later_interviews", ""),
        ("by_date", ""), ("of_tier", ""), ("study_key", ""), ("since", ""), ("until", ""),
        ("speaker_like", ""), ("coded", ""), ("of_pain", ""), ("withheld", "::bigint[]"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Hit:
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
    filters = replace(filters, tier=tier or filters.tier, study=study or filters.study)
    forms = spellings(query, variants=variants)
    cap = count_cap if counted else 0
    values = {
        **_wording(forms),
        **_narrowing(filters),
        **_going(forms, limit + offset, cap),
        "rank_cap": RANK_CAP,
        "count_cap": cap,
        "page": limit,
        "skipped": offset,
        **({"by_date": True} if newest else {}),
        **({"withheld": list(withheld)} if withheld else {}),
    }
    asked = ", ".join(_ARGUMENTS[name] for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM pingju_search({asked})", values)  # noqa: S608  names of ours
        rows = cursor.fetchall()
    count, ranked = int(rows[0][0]), bool(rows[0][1])
    hits = tuple(_hit(row[2:]) for row in rows if row[2] is not None)
    if not counted:
        return Found(query, offset + len(hits), len(hits) == limit, hits, ranked, tuple(forms))
    capped = count_cap is not None and count > count_cap
    shown = count_cap if capped and count_cap is not None else count
    return Found(query, shown, capped, hits, ranked, tuple(forms))


def _hit(row: Sequence[Any]) -> Hit:
    """From a row of the call, in which the time is microseconds: quicker to read than a date."""
    at = _EPOCH + timedelta(microseconds=row[9])
    return Hit(*(*row[:9], at, row[10]))


def _wording(forms: Sequence[str]) -> dict[str, Any]:
    """The forms as patterns and grams; no grams where the index does not know one of them.

    A text is turned to lower case only where it has one of `letters`, and then as ASCII unless it
    has one of the `odd` signs: for all letters there are, that is dear.
    """
    grams = [commonness().rarest(grams_of(form), RAREST) for form in forms]
    return {
        "patterns": [pattern(form) for form in forms],
        "grams": [f"{{{','.join(map(str, some))}}}" for some in grams] if all(grams) else [],
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
        "coded": filters.coded or filters.pain is not None or None,
        "of_pain": filters.pain,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def _going(forms: Sequence[str], hits: int, cap: int | None) -> dict[str, int | None]:
    """How many hits the way down the newest interviews ends at, and after how many interviews."""
    known = commonness()
    share = max(known.share(grams_of(form)) for form in forms)
    many = share >= COMMON and share * known.utterances > 5 * RANK_CAP
    wanted: int | None = hits
    if cap is None:
        wanted = None
        first = ALL if share >= COUNTED_DOWN else 0
    else:
        if share >= COUNTED_DOWN:
            wanted = max(hits, cap + 1)
        first = _interviews_for(wanted or hits, share, known) if many else 0
    entries = max(share, known.least) * known.utterances
    return {
        "wanted": wanted,
        "first_interviews": first,
        "later_interviews": min(ALL, int(FETCH * entries / known.an_interview) + 1),
    }


def _interviews_for(hits: int, share: float, known: Commonness) -> int:
    """How many interviews should hold so many hits, if what is known of the grams is right; and
    not fewer than can be read in the time that the index would take."""
    utterances = max(SLACK * hits / share, ENTRY * share * known.utterances)
    return min(ALL, max(2, int(utterances / known.an_interview) + 1))

"""The two ways to the hits: through the index, or down the newest interviews for common words."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from insights.search.grams import commonness, grams_of
from insights.search.wording import Filters, has_case, letter_forms, pattern, spellings

RANK_CAP = 500
COUNT_CAP = RANK_CAP
COMMON = 0.003  # share of utterances from which a word is looked for in the newest interviews first
FROM_TEXT = 0.05  # share from which counting reads the texts instead of the index
SLACK = 4  # times as many interviews as a page should need: words come in clusters

_CODED = """
EXISTS (SELECT FROM insights_highlight h
         WHERE h.transcript_id = {u}.transcript_id AND h.start < {u}."end" AND h."end" > {u}.start
           AND EXISTS (SELECT FROM insights_evidence e WHERE e.highlight_id = h.id {pain}))
"""
_COLUMNS = """
u.id, t.interview_id, u.index, u.speaker, u.text, u.start_ms, i.tier_then, i.creator_id, c.name,
i.at, u.transcript_id
"""
_NEWEST = """
NOT EXISTS (SELECT FROM crm_transcriptversion newer
             WHERE newer.interview_id = t.interview_id AND newer.version > t.version)
"""
_BY_INDEX = """
WITH said AS MATERIALIZED (
    SELECT u.* FROM crm_utterance u WHERE {match} LIMIT %(probe)s
), found AS MATERIALIZED (
    SELECT u.*, t.interview_id, i.tier_then, i.creator_id, c.name, i.at, count(*) OVER () AS n
      FROM said u
      JOIN crm_transcriptversion t ON t.id = u.transcript_id
      JOIN crm_interview i ON i.id = t.interview_id
      JOIN crm_creator c ON c.id = i.creator_id
     WHERE {newest} {filters}
)
SELECT (SELECT count(*) FROM said), p.n, p.id, p.interview_id, p.index, p.speaker, p.text,
       p.start_ms, p.tier_then, p.creator_id, p.name, p.at, p.transcript_id
  FROM (SELECT) one
  LEFT JOIN (SELECT f.*, CASE WHEN %(ranked)s AND f.n <= %(cap)s THEN {coded} ELSE false END AS first
               FROM found f
              ORDER BY first DESC, f.at DESC, f.interview_id DESC, f.index
              LIMIT %(limit)s OFFSET %(offset)s) p ON true
 ORDER BY p.first DESC, p.at DESC, p.interview_id DESC, p.index
"""
_DOWNWARDS = """
SELECT {columns}
  FROM (SELECT i.* FROM crm_interview i WHERE true {interviews}
         ORDER BY i.at DESC, i.id DESC LIMIT %(most)s) i
  JOIN LATERAL (SELECT t.id, t.interview_id FROM crm_transcriptversion t
                 WHERE t.interview_id = i.id ORDER BY t.version DESC LIMIT 1) t ON true
  JOIN crm_utterance u ON u.transcript_id = t.id
  JOIN crm_creator c ON c.id = i.creator_id
 WHERE {text} {utterances}
 ORDER BY i.at DESC, i.id DESC, u.index
 LIMIT %(limit)s OFFSET %(offset)s
"""
_COUNT = """
SELECT count(*) FROM (
    SELECT FROM crm_utterance u
      JOIN crm_transcriptversion t ON t.id = u.transcript_id
      JOIN crm_interview i ON i.id = t.interview_id
     WHERE {text} AND {newest} {filters}
     LIMIT %(most)s) found
"""


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
) -> Found:
    """Utterances of the newest transcripts that contain `query`, letter case aside.

    `newest` lists them newest first whatever their number. Counting ends at `count_cap` (None: it
    does not end); with `counted=False` the count only says what the page shows.
    """
    query = query.strip().replace("\x00", "")
    if not query:
        return Found(query, 0, capped=False, hits=())
    filters = filters or Filters()
    filters = replace(filters, tier=tier or filters.tier, study=study or filters.study)
    wanted = _Wanted(spellings(query, variants=variants), filters)
    hits, count, ranked = wanted.page(limit, offset, newest=newest)
    if not counted:
        count = offset + len(hits) if count is None else count
        return Found(query, count, len(hits) == limit, hits, ranked, tuple(wanted.forms))
    if count is None:
        count = wanted.count(count_cap)
    capped = count_cap is not None and count > count_cap
    shown = count_cap if capped and count_cap is not None else count
    return Found(query, shown, capped, hits, ranked, tuple(wanted.forms))


class _Wanted:
    """One search in SQL: its conditions, and the values that are bound to them."""

    def __init__(self, forms: list[str], filters: Filters) -> None:
        self.forms = forms
        self.grams = [grams_of(form) for form in forms]
        self.values: dict[str, Any] = {}
        text, match = [], []
        for number, form in enumerate(forms):
            self.values[f"text{number}"] = pattern(form)
            like = f"u.text {'ILIKE' if has_case(form) else 'LIKE'} %(text{number})s"
            text.append(self._cheaply(number, form, like))
            known = ""
            if self.grams[number]:
                self.values[f"grams{number}"] = self.grams[number]
                known = f"pingju_grams(u.text) @> %(grams{number})s::bigint[] AND "
            match.append(f"({known}{like})")
        self.text = f"({' OR '.join(text)})"
        self.match = f"({' OR '.join(match)})"
        self.interviews, self.utterances = self._conditions(filters)
        self.known = commonness()
        self.share = max(self.known.share(grams) for grams in self.grams)

    def _cheaply(self, number: int, form: str, like: str) -> str:
        """A look for one letter in any case first: ILIKE turns the whole text to lower case."""
        forms = letter_forms(form)
        for at, letter in enumerate(forms):
            self.values[f"letter{number}_{at}"] = letter
        looks = [f"strpos(u.text, %(letter{number}_{at})s) > 0" for at in range(len(forms))]
        return f"CASE WHEN {' OR '.join(looks)} THEN {like} ELSE false END" if looks else like

    def _conditions(self, filters: Filters) -> tuple[str, str]:
        """What is asked of the interview, and what of the utterance."""
        interviews, utterances = ["i.usable"], []  # consent to record was not withdrawn
        if filters.tier:
            interviews.append("i.tier_then = %(tier)s")
        if filters.study:
            interviews.append("i.study_id = (SELECT id FROM crm_study WHERE key = %(study)s)")
        if filters.since:
            interviews.append("i.at >= %(since)s")
        if filters.until:
            interviews.append("i.at < %(until)s")
        if filters.speaker:
            self.values["speaker"] = pattern(filters.speaker)
            utterances.append("u.speaker ILIKE %(speaker)s")
        if filters.pain is not None:
            utterances.append(_CODED.format(u="u", pain="AND e.pain_id = %(pain)s"))
        elif filters.coded:
            utterances.append(_CODED.format(u="u", pain=""))
        for name in ("tier", "study", "since", "until", "pain"):
            self.values[name] = getattr(filters, name)
        return (
            "".join(f" AND {one}" for one in interviews),
            "".join(f" AND {one}" for one in utterances),
        )

    def page(
        self, limit: int, offset: int, *, newest: bool
    ) -> tuple[tuple[Hit, ...], int | None, bool]:
        """The page, how many hits there are where that came out, and whether they are ranked."""
        if self.share >= COMMON and self.share * self.known.utterances > 5 * RANK_CAP:
            hits = self._downwards(limit, offset, self._interviews_for(limit + offset))
            if len(hits) == limit:
                return hits, None, False
        hits, count = self._by_index(limit, offset, ranked=not newest)
        if count is not None:
            return hits, count, not newest and count <= RANK_CAP
        return self._downwards(limit, offset, None), None, False

    def _interviews_for(self, hits: int) -> int:
        """How many interviews should hold so many hits, if what is known of the grams is right."""
        return max(2, int(SLACK * hits / (self.share * self.known.an_interview)) + 1)

    def _downwards(self, limit: int, offset: int, most: int | None) -> tuple[Hit, ...]:
        """Newest first, among the `most` newest interviews or all of them."""
        sql = _DOWNWARDS.format(
            columns=_COLUMNS, text=self.text, interviews=self.interviews, utterances=self.utterances
        )
        rows = self._rows(sql, limit=limit, offset=offset, most=most)
        return tuple(Hit(*row) for row in rows)

    def _by_index(
        self, limit: int, offset: int, *, ranked: bool
    ) -> tuple[tuple[Hit, ...], int | None]:
        """The page and how many hits there are; no number where the index gives too many."""
        sql = _BY_INDEX.format(
            columns=_COLUMNS,
            match=self.match,
            newest=_NEWEST,
            filters=self.interviews + self.utterances,
            coded=_CODED.format(u="f", pain=""),
        )
        rows = self._rows(
            sql, limit=limit, offset=offset, ranked=ranked, cap=RANK_CAP, probe=RANK_CAP + 1
        )
        said, count = rows[0][:2]
        if said > RANK_CAP:
            return (), None
        hits = tuple(Hit(*row[2:]) for row in rows if row[1] is not None)
        return hits, int(count) if hits else self.count(None) if offset else 0

    def count(self, cap: int | None) -> int:
        """How many hits there are, counting up to one more than `cap`."""
        text = self.text if cap is not None and self.share >= FROM_TEXT else self.match
        sql = _COUNT.format(text=text, newest=_NEWEST, filters=self.interviews + self.utterances)
        rows = self._rows(sql, most=None if cap is None else cap + 1)
        return int(rows[0][0])

    def _rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.values, **values})
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

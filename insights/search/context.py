"""What stands around a hit: the utterances before and after, and what it is evidence for."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from insights.models import Evidence, PainPoint
from insights.search.finding import Hit

_NEIGHBOURS = """
SELECT w.id, u.index - w.index, u.speaker, u.text
  FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS w(id, transcript_id, index)
  JOIN crm_utterance u ON u.transcript_id = w.transcript_id AND u.index IN (w.index - 1, w.index + 1)
"""
_CODINGS = """
SELECT DISTINCT u.id, e.pain_id, e.stance
  FROM crm_utterance u
  JOIN insights_highlight h ON h.transcript_id = u.transcript_id
       AND h.start < u."end" AND h."end" > u.start
  JOIN insights_evidence e ON e.highlight_id = h.id
 WHERE u.id = ANY(%s)
"""


@dataclass(frozen=True)
class Turn:
    speaker: str
    text: str


@dataclass(frozen=True)
class Coding:
    """A pain point that the passage is evidence for, or against."""

    pain: PainPoint
    against: bool


@dataclass(frozen=True)
class Passage:
    """A hit with the turn before and after it, and its codings."""

    hit: Hit
    before: Turn | None
    after: Turn | None
    codings: tuple[Coding, ...]


def passages_of(hits: Sequence[Hit], withheld: Collection[int] = ()) -> list[Passage]:
    """The hits with what stands around them, in three queries; without the codings of the
    `withheld` interviews."""
    if not hits:
        return []
    around: dict[tuple[int, int], Turn] = {}
    codings: dict[int, list[Coding]] = defaultdict(list)
    ids = [hit.id for hit in hits]
    told = [hit.id for hit in hits if hit.interview not in withheld]
    with connection.cursor() as cursor:
        cursor.execute(
            _NEIGHBOURS, [ids, [hit.transcript_id for hit in hits], [hit.utterance for hit in hits]]
        )
        for pk, side, speaker, text in cursor.fetchall():
            around[pk, side] = Turn(speaker, text)
        cursor.execute(_CODINGS, [told])
        rows = cursor.fetchall()
    pains = PainPoint.objects.in_bulk({pain for _pk, pain, _stance in rows})
    for pk, pain, stance in sorted(rows):
        codings[pk].append(Coding(pains[pain], stance == Evidence.Stance.AGAINST))
    return [
        Passage(hit, around.get((hit.id, -1)), around.get((hit.id, 1)), tuple(codings[hit.id]))
        for hit in hits
    ]

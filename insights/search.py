"""Search over everything that was said: substring-exact from one character, Chinese and English.

An expression index holds the pairs of neighbouring characters of each utterance
(`pingju_bigrams`, made by a migration); it finds candidates, and ILIKE on the text decides, so
recall and precision are those of LIKE. A single character has no pair and walks the newest rows.
"""

from dataclasses import dataclass

from django.db import connection

COUNT_CAP = 10_000
_SELECT = """
SELECT u.id, t.interview_id, u.index, u.speaker, u.text, u.start_ms, i.tier_then,
       i.creator_id, c.name
  FROM crm_utterance u
  JOIN crm_transcriptversion t ON t.id = u.transcript_id
  JOIN crm_interview i ON i.id = t.interview_id
  JOIN crm_creator c ON c.id = i.creator_id
  LEFT JOIN crm_study s ON s.id = i.study_id
 WHERE i.usable
   AND {where}
   AND NOT EXISTS (SELECT 1 FROM crm_transcriptversion newer
                    WHERE newer.interview_id = t.interview_id AND newer.version > t.version)
"""


@dataclass(frozen=True)
class Hit:
    id: int
    interview: int
    utterance: int
    speaker: str
    text: str
    start_ms: int | None
    tier: str
    creator_id: int
    creator: str


@dataclass(frozen=True)
class Found:
    """`count` is exact up to `COUNT_CAP`; `capped` says that there are more."""

    query: str
    count: int
    capped: bool
    hits: tuple[Hit, ...]


def search(
    query: str, *, tier: str = "", study: str = "", limit: int = 20, offset: int = 0
) -> Found:
    """Utterances that contain `query`, letter case aside, newest first."""
    query = query.strip()
    if not query:
        return Found(query, 0, capped=False, hits=())
    where, values = _where(query, tier=tier, study=study)
    sql = _SELECT.format(where=where)
    with connection.cursor() as cursor:
        page = f"{sql} ORDER BY u.id DESC LIMIT %s OFFSET %s"
        cursor.execute(page, [*values, limit, offset])
        hits = tuple(Hit(*row) for row in cursor.fetchall())
        counted = f"SELECT count(*) FROM ({sql} LIMIT %s) found"  # noqa: S608  values are bound
        cursor.execute(counted, [*values, COUNT_CAP + 1])
        count = int(cursor.fetchone()[0])
    return Found(query, min(count, COUNT_CAP), capped=count > COUNT_CAP, hits=hits)


def _where(query: str, *, tier: str, study: str) -> tuple[str, list[str | int]]:
    escaped = query.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    clauses, values = ["u.text ILIKE %s"], [f"%{escaped}%"]
    pairs = any(not (a.isspace() or b.isspace()) for a, b in zip(query, query[1:], strict=False))
    if pairs:
        clauses.insert(0, "pingju_bigrams(u.text) @> pingju_bigrams(%s)")
        values.insert(0, query)
    if tier:
        clauses.append("i.tier_then = %s")
        values.append(tier)
    if study:
        clauses.append("s.key = %s")
        values.append(study)
    return " AND ".join(clauses), [*values]

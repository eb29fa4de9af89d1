"""Which creators a payer may be: a few for each, found by indexes, however many creators there are.

The database proposes (migration 0010 has the indexes), `crm.matching` scores.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from crm.models import Creator, PayerName

NEAREST = 12  # of each way of being alike
LONGEST = 40  # characters of a payer that are compared
LAST = "\U0010ffff"
MASK = re.compile(r"\*+")
_NOISE = re.compile(r"[\W_]+")  # blanks and brackets, full-width ones too

# "table", "column", "owner" are ours; what the bills say comes as parameters only.
_WORDS = [
    ("crm_creator", "name", "id"),
    ("crm_creator", "handle", "id"),
    ("crm_payername", "name", "creator_id"),
]
_WAYS = """
(SELECT {owner} FROM {table} WHERE crm_plain({column}) = ANY(asked.parts)
 ORDER BY length({column}) DESC, {owner} LIMIT {n})
UNION ALL
(SELECT {owner} FROM {table} WHERE asked.front <> ''
 AND crm_plain({column}) ~>=~ asked.front AND crm_plain({column}) ~<~ asked.front_end
 ORDER BY CASE WHEN asked.masked THEN 0 ELSE length({column}) END, {owner} LIMIT {n})
UNION ALL
(SELECT {owner} FROM {table} WHERE asked.back <> ''
 AND reverse(crm_plain({column})) ~>=~ asked.back
 AND reverse(crm_plain({column})) ~<~ asked.back_end
 ORDER BY CASE WHEN asked.masked THEN 0 ELSE length({column}) END, {owner} LIMIT {n})
UNION ALL
(SELECT {owner} FROM {table} WHERE asked.inside <> '' AND crm_plain({column}) LIKE asked.inside
 ORDER BY length({column}), {owner} LIMIT {n})
UNION ALL
(SELECT {owner} FROM {table} WHERE asked.whole <> '' AND crm_plain({column}) %% asked.whole
 ORDER BY similarity(crm_plain({column}), asked.whole) DESC, {owner} LIMIT {n})
"""
_ALIKE = """
SELECT DISTINCT asked.at, near.creator
FROM jsonb_to_recordset(%s::jsonb) AS asked(
    at int, masked boolean, parts text[], front text, front_end text, back text, back_end text,
    inside text, whole text
)
CROSS JOIN LATERAL ({ways}) AS near(creator)
""".format(ways="UNION ALL".join(
    _WAYS.format(table=table, column=column, owner=owner, n=NEAREST)
    for table, column, owner in _WORDS
))  # fmt: skip
_MAILS = """
SELECT asked.at, near.id
FROM jsonb_to_recordset(%s::jsonb) AS asked(at int, mail text)
CROSS JOIN LATERAL (
    SELECT crm_creator.id FROM crm_user JOIN crm_creator ON crm_creator.user_id = crm_user.id
    WHERE lower(crm_user.email) LIKE asked.mail ORDER BY crm_creator.id LIMIT 12
) AS near
"""


def plain(text: str) -> str:
    """Without blanks and marks, in small letters: the same as crm_plain() in the database."""
    return _NOISE.sub("", text).lower()


def candidates(payers: Sequence[tuple[str, str]]) -> list[set[int]]:
    """For each (name, account) the creators worth comparing; two queries for all of them."""
    found: list[set[int]] = [set() for _payer in payers]
    names = [_name_asked(at, name) for at, (name, _) in enumerate(payers) if plain(name)]
    mails = [
        {"at": at, "mail": _mail_pattern(account)}
        for at, (_, account) in enumerate(payers)
        if "@" in account
    ]
    with connection.cursor() as cursor:
        for sql, asked in ((_ALIKE, names), (_MAILS, mails)):
            if asked:
                cursor.execute(sql, [json.dumps(asked)])
                for at, creator in cursor.fetchall():
                    found[at].add(creator)
    return found


def known_words(creators: set[int]) -> dict[int, tuple[str, str, tuple[str, ...], str]]:
    """Creator → pen name, tier, every name plain, and the login's e-mail; two queries."""
    names: dict[int, list[str]] = defaultdict(list)
    for creator, name in PayerName.objects.filter(creator__in=creators).values_list(
        "creator_id", "name"
    ):
        names[creator].append(name)
    rows = Creator.objects.filter(pk__in=creators).values_list(
        "pk", "name", "tier", "handle", "user__email"
    )
    return {
        pk: (
            name,
            tier,
            tuple(plain(word) for word in (name, handle, *names[pk]) if word),
            (email or "").lower(),
        )
        for pk, name, tier, handle, email in rows
    }


def _name_asked(at: int, name: str) -> dict[str, object]:
    """What to look for: a masked name by the end that it shows, a whole one in every way."""
    word = plain(name)[:LONGEST]
    masked, ends = "*" in name, name.strip().startswith("*")
    front = "" if masked and ends else word
    back = word[::-1] if ends or not masked else ""
    return {
        "at": at,
        "masked": masked,
        "parts": [] if masked else _parts(word),
        "front": front,
        "front_end": front + LAST,
        "back": back,
        "back_end": back + LAST,
        "inside": f"%{word}%" if len(word) > 2 and not masked else "",
        "whole": "" if masked else word,
    }


def _parts(word: str) -> list[str]:
    """The word itself and every piece of it of two characters and more."""
    pieces = {
        word[start:end] for start in range(len(word)) for end in range(start + 2, len(word) + 1)
    }
    return sorted(pieces | {word})


def _mail_pattern(account: str) -> str:
    """`bei***@example.com` as a LIKE pattern."""
    shown = MASK.split(account.strip().lower())
    return "%".join(re.sub(r"([\\%_])", r"\\\1", piece) for piece in shown)

"""The parts of a query that the index knows, and how common the server has seen them to be.

The numbers are those of `pingju_grams` (the migration has it in SQL): a character is its code
point, a pair both in 21 bits each, three in a row without Han in 13 bits each under a mark.
"""

import time
from dataclasses import dataclass, field

from django.db import connection

INDEX = "crm_utterance_grams"
ALPHABETIC = 8192  # code points below it may stand in a gram of three
_THREE = 1 << 60
KEPT = 600  # seconds that frequencies are kept for; they only choose a way, never a result


def grams_of(text: str) -> list[int]:
    """Grams that every utterance with `text` in it has, the longest that cover it.

    A letter beyond ASCII that has two cases is left out: lower case in Python and in the database
    may differ there, and a gram less only means more candidates.
    """
    signs: list[int | None] = []
    for sign in text:
        if sign.isascii():
            signs.append(ord(sign.lower()))
        else:
            plain = sign.lower() == sign == sign.upper() == sign.casefold()
            signs.append(ord(sign) if plain else None)
    grams: list[int] = []
    covered: set[int] = set()
    for width in (3, 2, 1):
        for at in range(len(signs) - width + 1):
            part = signs[at : at + width]
            places = range(at, at + width)
            if None in part or (width < 3 and covered.issuperset(places)):
                continue
            codes = [code for code in part if code is not None]
            if width == 3:
                if max(codes) >= ALPHABETIC:
                    continue
                grams.append(_THREE | codes[0] << 26 | codes[1] << 13 | codes[2])
            elif width == 2:
                grams.append(codes[0] << 21 | codes[1])
            else:
                grams.append(codes[0])
            covered.update(places)
    return list(dict.fromkeys(grams))


@dataclass
class Commonness:
    """Share of utterances that have a gram, for the most common ones, and how many there are.

    `least` is the smallest share that is known: other grams have less (a guess where
    the server has not counted yet).
    """

    shares: dict[int, float] = field(default_factory=dict)
    utterances: float = 0
    read_at: float = float("-inf")
    interviews: float = 0
    least: float = 0.01

    @property
    def an_interview(self) -> float:
        """Utterances of one interview, on average."""
        return max(1.0, self.utterances / max(1.0, self.interviews))

    def share(self, grams: list[int]) -> float:
        """An upper bound, as far as known, of the share of utterances with all of them."""
        return min((self.shares.get(gram, 0.0) for gram in grams), default=1.0)

    def rarest(self, grams: list[int], most: int) -> list[int]:
        return sorted(grams, key=lambda gram: self.shares.get(gram, 0.0))[:most]


_known: dict[str, Commonness] = {}


def commonness() -> Commonness:
    """What ANALYZE last saw, read once in `KEPT` seconds a process and database."""
    name = str(connection.settings_dict["NAME"])
    known = _known.get(name)
    now = time.monotonic()
    if known is None or now - known.read_at > KEPT:
        known = _known[name] = _read(now)
    return known


def _read(now: float) -> Commonness:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::bigint[], most_common_elem_freqs FROM pg_stats "
            "WHERE schemaname = current_schema() AND tablename = %s",
            [INDEX],
        )
        row = cursor.fetchone()
        cursor.execute(
            "SELECT (SELECT reltuples FROM pg_class WHERE oid = 'crm_utterance'::regclass), "
            "(SELECT reltuples FROM pg_class WHERE oid = 'crm_interview'::regclass)"
        )
        utterances, interviews = (float(one) for one in cursor.fetchone())
    if row is None or row[0] is None:
        return Commonness({}, utterances, now, interviews)
    # Behind the frequencies stand their minimum, their maximum and that of null.
    shares = dict(zip(row[0], row[1], strict=False))
    return Commonness(shares, utterances, now, interviews, row[1][len(row[0])])

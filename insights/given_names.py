"""The part of a full name that friends call somebody by: 小雨 of 王小雨.

The lists stand in `given_names.txt`: surnames of one sign (by their frequency in China's yearly reports
on names), surnames of two, and ordinary words that stand behind a surname only in pen names.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from insights.search.wording import spellings

_LISTS = Path(__file__).with_name("given_names.txt")
_GIVEN = 2  # signs; a name of one sign stands in every other word


class _Lists(NamedTuple):
    single: frozenset[str]
    double: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    single, double, words = _LISTS.read_text(encoding="utf-8").splitlines()
    return _Lists(frozenset(single), frozenset(double.split()), frozenset(words.split()))


def given_name(name: str) -> str:
    """The given name of a Chinese full name where it has two signs, else nothing.

    In either script. Where what follows the surname is an ordinary word, it is a pen name whose
    part would make that word black in everything that is said.
    """
    for plain in spellings(name, variants=True):
        if found := _given(plain):
            return name[-_GIVEN:] if len(plain) == len(name) else found
    return ""


def _given(name: str) -> str:
    lists = _lists()
    known = name[:2] in lists.double if len(name) == 2 + _GIVEN else (
        len(name) == 1 + _GIVEN and name[0] in lists.single and name[:2] not in lists.double
    )  # fmt: skip
    given = name[-_GIVEN:]
    return given if known and given not in lists.words else ""

"""A query as it is matched: its spellings, its pattern, and where it stands in a text."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import opencc
from django.utils import timezone

_TO_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True)
class Filters:
    """What narrows a search; empty values narrow nothing.

    `tier` is the creator's tier at the time of the interview, `study` a study's key, `pain` the id
    of a pain point for which the passage is evidence, `speaker` a part of the speaker's name,
    `since` and `until` bound the interview's time (half-open), `coded` asks for passages with
    evidence only.
    """

    tier: str = ""
    study: str = ""
    pain: int | None = None
    speaker: str = ""
    since: datetime | None = None
    until: datetime | None = None
    coded: bool = False

    @property
    def of_codings(self) -> bool:
        return self.coded or self.pain is not None


def start_of(day: date | None, *, days: int = 0) -> datetime | None:
    """The first moment of a day, `days` later, in the house's time zone."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))


@lru_cache(maxsize=2)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def spellings(query: str, *, variants: bool) -> list[str]:
    """The query and, if wanted, its simplified, traditional, half-width and full-width forms."""
    if not variants:
        return [query]
    half = unicodedata.normalize("NFKC", query)
    forms = [query, half, half.translate(_TO_FULL)]
    forms += [_converter(name).convert(form) for form in forms[:2] for name in ("t2s", "s2t")]
    return list(dict.fromkeys(form for form in forms if form.strip()))


def has_case(text: str) -> bool:
    """Whether another letter case could be meant: Han, digits and signs have none."""
    return any(sign.lower() != sign or sign.upper() != sign for sign in text) or (
        text.casefold() != text
    )


# Rare letters of English first.
_RARE_FIRST = "zqxjvkbpgwyfmculdhrsinoate"
# Signs beyond ASCII whose lower case in the database is an ASCII letter.
_ALSO = {"k": "\N{KELVIN SIGN}", "i": "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"}


def letter_forms(text: str) -> list[str]:
    """One ASCII letter of `text`, the rarest, in every form that counts as the same.

    Without one it is the empty sign, which every text has.
    """
    letters = set(text.lower())
    for letter in _RARE_FIRST:
        if letter in letters:
            return [letter, letter.upper(), *_ALSO.get(letter, "")]
    return [""]


def odd_signs(forms: Iterable[str]) -> list[str]:
    """Signs that make lower case more than that of ASCII where a text has them.

    The empty sign, which every text has, where a form itself has letters beyond ASCII.
    """
    cased = [form for form in forms if has_case(form)]
    if not all(form.isascii() for form in cased):
        return [""]
    return [sign for letter, sign in _ALSO.items() if any(letter in form.lower() for form in cased)]


def pattern(text: str) -> str:
    """A LIKE pattern for texts that contain `text` letter by letter."""
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def marked(
    text: str, wanted: Sequence[str], *, around: int | None = None
) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is a hit; with `around`, cut that far from the first."""
    found = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE)
    pieces: list[tuple[str, bool]] = []
    first = found.search(text)
    begin, end = 0, len(text)
    if around is not None and first is not None:
        begin, end = max(0, first.start() - around), min(end, first.end() + around)
    at = begin
    if begin:
        pieces.append(("…", False))
    for match in found.finditer(text, begin, end):
        if match.start() > at:
            pieces.append((text[at : match.start()], False))
        pieces.append((match.group(), True))
        at = match.end()
    if at < end:
        pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append(("…", False))
    return pieces

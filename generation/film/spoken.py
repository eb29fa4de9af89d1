"""From what is written to what is said: the user's lexicon, then numbers as Chinese reads them.

Speech engines guess at numbers and at characters with several readings (多音字). The lexicon says
how a word is to be said, by other characters of the same sound: 单于=蝉于. It is applied before
anything else, and the places in the text are kept, so captions show what is written.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from generation.film.errors import FilmError

MOST_ENTRIES = 500
LONGEST = 60
_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
# 2 is 两 before these, and 二 elsewhere.
_MEASURES = "个只条次年天位把张名件句声步层座间辆匹头口双杯碗棵朵封颗块本家米斤里点万千百亿"
_NUMBER = re.compile(
    r"(?P<clock>(?<!\d)\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d))"
    r"|(?P<year>(?<!\d)[12]\d{3}(?=年))"
    r"|(?P<percent>\d+(?:\.\d+)?[%％])"
    r"|(?P<range>(?<!\d)\d{1,6}[-~～—](?=\d{1,6}(?!\d)))"
    r"|(?P<money>[¥￥]\d[\d,]*(?:\.\d+)?)"
    r"|(?P<plain>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?)"
)


@dataclass(frozen=True)
class Reading:
    """`text` is what is said; `written(place)` tells which written character a place in it is of."""

    text: str
    pieces: tuple[tuple[str, int, int], ...]  # what is said for the written characters [start, end)

    def written(self, place: int) -> int:
        """Offset in the written text for an offset in `text`, the end for the end."""
        starts = list(accumulate((len(said) for said, _a, _b in self.pieces), initial=0))
        if place >= starts[-1]:
            return self.pieces[-1][2] if self.pieces else 0
        index = bisect_right(starts, place) - 1
        said, start, end = self.pieces[index]
        inside = place - starts[index]
        return start + inside if end - start == len(said) else start


def parse_lexicon(text: str) -> dict[str, str]:
    """A lexicon from its lines `written = said`; empty lines and lines with # in front are skipped.

    Raises FilmError("lexicon") naming the line.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        bare = unicodedata.normalize("NFC", line.strip())
        if not bare or bare.startswith("#"):
            continue
        written, sign, said = (part.strip() for part in bare.replace("＝", "=").partition("="))
        if not sign or not written or not said:
            raise _bad(number, f"line {number} is not written = said: {bare[:40]}")
        if max(len(written), len(said)) > LONGEST:
            raise _bad(number, f"line {number} is longer than {LONGEST} characters a side")
        found[written] = said
    if len(found) > MOST_ENTRIES:
        raise _bad(0, f"the lexicon has {len(found)} entries; {MOST_ENTRIES} are the most")
    return found


def _bad(number: int, message: str) -> FilmError:
    return FilmError("lexicon", f"{message}; mend the lexicon", line=number)


def read_aloud(text: str, lexicon: Mapping[str, str], language: str = "zh-Hans") -> Reading:
    """What an engine is given for `text`."""
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for start, end, said in _changes(text, lexicon, language):
        if start > at:
            pieces.append((text[at:start], at, start))
        pieces.append((said, start, end))
        at = end
    if at < len(text):
        pieces.append((text[at:], at, len(text)))
    return Reading("".join(said for said, _a, _b in pieces), tuple(pieces))


def _changes(text: str, lexicon: Mapping[str, str], language: str) -> list[tuple[int, int, str]]:
    taken: list[tuple[int, int, str]] = []
    if lexicon:
        words = sorted(lexicon, key=len, reverse=True)
        pattern = re.compile("|".join(re.escape(word) for word in words))
        taken = [
            (found.start(), found.end(), lexicon[found[0]]) for found in pattern.finditer(text)
        ]
    if not language.lower().startswith("zh"):
        return taken
    # The full-width digits are as long as the others, so places stay.
    plain = text.translate(
        {ord(wide): str(value) for value, wide in enumerate("０１２３４５６７８９")}
    )
    for found in _NUMBER.finditer(plain):
        if not any(start < found.end() and found.start() < end for start, end, _s in taken):
            following = plain[found.end() : found.end() + 1]
            taken.append((found.start(), found.end(), _number(found, following)))
    return sorted(taken)


def _number(found: re.Match[str], following: str) -> str:
    kind, told = str(found.lastgroup), found[0]
    readers: dict[str, Callable[[str], str]] = {
        "clock": _clock,
        "year": digits,
        "percent": lambda text: "百分之" + _decimal(text[:-1]),
        "range": lambda text: cardinal(int(text[:-1])) + "到",
        "money": lambda text: _decimal(text[1:].replace(",", "")) + "元",
    }
    if kind in readers:
        return readers[kind](told)
    bare = told.replace(",", "")
    if "." not in bare and (len(bare) > 12 or (len(bare) > 1 and bare[0] == "0")):
        return digits(bare)
    if len(told) >= 7 and "," not in told and "." not in told and following not in set(_MEASURES):
        return digits(bare)
    if bare == "2" and following in set(_MEASURES):
        return "两"
    return _decimal(bare)


def _clock(text: str) -> str:
    hour, minute, *second = (int(part) for part in re.split("[:：]", text))
    said = cardinal(hour) + "点"
    if minute or second:
        said += ("零" if 0 < minute < 10 else "") + cardinal(minute) + "分"
    return said + (cardinal(second[0]) + "秒" if second else "")


def digits(text: str) -> str:
    """One by one: 1998 → 一九九八"""
    return "".join(_DIGITS[int(character)] for character in text)


def _decimal(text: str) -> str:
    whole, point, part = text.partition(".")
    return cardinal(int(whole)) + ("点" + digits(part) if point else "")


def cardinal(value: int) -> str:
    """A number below 10^16 in words: 10 → 十, 20305 → 二万零三百零五"""
    if value == 0:
        return "零"
    groups = []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    said = ""
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            continue
        gap = said and (group < 1000 or not groups[index + 1])
        said += ("零" if gap else "") + _thousands(group) + _GROUPS[index]
    return said[1:] if said.startswith("一十") else said


def _thousands(value: int) -> str:
    said, empty = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            said += ("零" if empty and said else "") + _DIGITS[digit] + _UNITS[place]
        empty = not digit
    return said

"""Break caption text by sense and by width.

Lines follow the Chinese rule of 避头尾 (禁则, JIS X 4051, W3C clreq 3.1.3): closing punctuation
does not begin a line, opening punctuation does not end one; words, names and grapheme clusters
stay whole. Among the breaks that are left, the cheapest set is found by dynamic programming over
the whole text (Knuth & Plass 1981), with sentence ends free, clause ends cheap and ends of other
words dear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise

import rjieba

# 避头: what may not begin a line.
CLOSING = frozenset(
    "，。、；：？！）」』】》〉〕〗”’…—～·％‰℃．!),.:;?]}%'\"-〜‐／/々ー゛゜"
    "］｝〙〛｠｣›»〞〟＞﹚﹜﹞︶﹂﹄﹐﹑﹒﹔﹕﹖﹗⁇⁈⁉‼‥⋯―‧・･｡､°′″〻ヽヾゝゞ"
)
# 避尾: what may not end a line.
OPENING = frozenset("（「『【《〈〔〖“‘([{¥￥$£€＄［｛〘〚｟｢‹«〝＜﹙﹛﹝︵﹁﹃")
_SENTENCE_END = frozenset("。！？!?；;")
_CLAUSE_END = frozenset("，,、：:—…）)")
# Ambiguous ASCII quotes count as closing only directly after text; see _is_closing_at.
_ASCII_QUOTES = frozenset("'\"")
_WRAPPING_CLOSERS = frozenset("”’」』）)]】》〉'\"")

# What a number counts or measures stays with it: 12.5公里, 1,280元, 300张.
_MEASURES = frozenset("个只条次年天位把张名件句声步层座间辆匹头口双杯碗棵朵封颗块本家米斤里点分秒时月日号岁人"
                      "元角万千百亿度倍层楼周章回页卷集部首支架台艘节遍吨升亩寸尺丈克")  # fmt: skip
_UNITS = frozenset(
    ("公里", "公斤", "千克", "毫克", "厘米", "毫米", "千米", "小时", "分钟", "毫升", "平方米", "公顷",
     "英里", "美元", "欧元", "日元", "英镑", "块钱", "年代", "万元", "亿元", "周岁")
)  # fmt: skip
# The title of a book is read at once.
_TITLE = re.compile(r"《[^《》\s]{1,10}》")
# Where an address that is longer than a line may be divided with least harm.
_JOINTS = frozenset("/?&=-_.#")

# English words that belong to what follows them: a line that ends with one is read twice.
_LEANS = (
    "a an the of to in on at for from with by into onto over under and or but nor that which who whose as than if "
    "when while because is was are were be been am has had have do did does not no his her its my your our their this "
    "these those mr mrs ms dr"
)
_LEANS_ON = frozenset(_LEANS.split())
_LINE_COST = 1.0
_RAGGED_COST = 0.5
_CLAUSE_COST = 0.12
_WORD_COST = 1.6
_SHORT_TAIL_COST = 0.8
_CLUMSY_COST = 0.9


@dataclass(frozen=True)
class Line:
    """One line of a caption; `ends` says what kind of break follows it."""

    text: str
    ends: str  # "sentence" | "clause" | "word"


def clusters(text: str) -> list[str]:
    """Grapheme clusters of `text`: combining marks, ZWJ sequences, skin tones, variation
    selectors and flag pairs stay together (UAX #29, the rules that captions meet)."""
    found: list[str] = []
    for character in text:
        if found and _joins(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _joins(before: str, character: str) -> bool:
    code = ord(character)
    if before[-1] == "\u200d" or character == "\u200d":
        return True
    if unicodedata.category(character) in ("Mn", "Mc", "Me"):
        return True
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return True
    return _is_flag_half(character) and len(before) == 1 and _is_flag_half(before)


def _is_flag_half(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _is_latin(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x2E80


def units(text: str, names: Iterable[str] = ()) -> list[str]:
    """Pieces that no line may divide; joined they give `text` again.

    A piece is a word (rjieba), or a name of `names`, with the closing punctuation after it, the
    opening punctuation before it and the white space behind it.
    """
    pieces: list[str] = []
    glue = False
    for token in _tokens(text, names):
        if not pieces:
            pieces.append(token)
        elif (
            glue
            or token[0].isspace()
            or _is_closing_at(pieces[-1], token)
            or _joins(clusters(pieces[-1])[-1], token[0])
            or _runs_on(pieces[-1], token)
            or _counts(pieces[-1], token)
        ):
            pieces[-1] += token
        else:
            pieces.append(token)
        # An ASCII quote that stands first in its piece opens; after text it closes.
        glue = token[-1] in OPENING or (token in _ASCII_QUOTES and pieces[-1] == token)
    return pieces


def _is_closing_at(before: str, token: str) -> bool:
    if token[0] in _ASCII_QUOTES:
        return not before[-1].isspace()
    return token[0] in CLOSING


def _runs_on(before: str, token: str) -> bool:
    """Whether a Latin word, number or address goes on in `token` without white space."""
    if before[-1].isspace():
        return False
    latin_before = _is_latin(before[-1]) or before[-1] in "'’-./:@_&#"
    return latin_before and _is_latin(token[0]) and any(map(_is_latin, before))


def _counts(before: str, token: str) -> bool:
    """Whether `token` goes on a number (after its comma) or says what the number is of."""
    if before[-1] in ",.，" and token[0].isdigit():
        return before[-2:-1].isdigit()
    return before[-1].isdigit() and (token[0] in _MEASURES or token in _UNITS)


def _tokens(text: str, names: Iterable[str]) -> list[str]:
    tokens = rjieba.cut(text)
    kept = {name for name in names if len(name) > 1} | set(_TITLE.findall(text))
    wanted = sorted(kept, key=len, reverse=True)
    if not wanted:
        return tokens
    cuts = {0, *accumulate(map(len, tokens))}
    taken = [False] * len(text)
    for name in wanted:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if not any(taken[at:end]):
                taken[at:end] = [True] * len(name)
                cuts -= set(range(at + 1, end))
                cuts |= {at, end}
            at = text.find(name, end)
    places = sorted(cuts)
    return [text[a:b] for a, b in pairwise(places)]


def break_lines(
    text: str,
    max_width: float,
    width: Callable[[str], float],
    names: Iterable[str] = (),
) -> list[Line]:
    """Lines of `text`, each at most `max_width` wide by `width` (any unit, such as pixels).

    Line ends lose the white space at them and nothing else. Only a single piece wider than the
    line (an address of 60 letters) is divided inside, between grapheme clusters; a run of
    punctuation that alone is wider than a line may be left too wide or begin a line.
    """
    lines: list[Line] = []
    kept = tuple(names)
    for paragraph in text.splitlines():
        if paragraph.strip():
            lines += _break_paragraph(paragraph.strip(), max_width, width, kept)
    return lines


def _break_paragraph(
    text: str, max_width: float, width: Callable[[str], float], names: tuple[str, ...]
) -> list[Line]:
    pieces: list[str] = []
    for piece in units(text, names):
        pieces += _divide(piece, max_width, width)
    widths = [width(piece) for piece in pieces]
    trimmed = [width(piece.rstrip()) for piece in pieces]
    count = len(pieces)
    best = [0.0] + [float("inf")] * count
    previous = [0] * (count + 1)
    for start in range(count):
        total = 0.0
        for end in range(start + 1, count + 1):
            line = total + trimmed[end - 1]
            if line > max_width and end > start + 1:
                break
            total += widths[end - 1]
            cost = best[start] + _cost(line, max_width, pieces[end - 1], end == count)
            if end < count and _is_clumsy(pieces[end - 1], pieces[end]):
                cost += _CLUMSY_COST
            if cost < best[end]:
                best[end], previous[end] = cost, start
    ends = [count]
    while ends[-1]:
        ends.append(previous[ends[-1]])
    ends.reverse()
    return [
        Line(
            "".join(pieces[a:b]).strip(),
            "sentence" if b == count else ending(pieces[b - 1]),
        )
        for a, b in pairwise(ends)
    ]


def _cost(line: float, max_width: float, last: str, final: bool) -> float:
    empty = max(0.0, 1.0 - line / max_width)
    kind = "sentence" if final else ending(last)
    cost = _LINE_COST + _RAGGED_COST * empty * empty
    if kind == "word":
        cost += _WORD_COST
    elif kind == "clause":
        cost += _CLAUSE_COST
    if final and empty > 0.8:
        cost += _SHORT_TAIL_COST
    return cost


def _is_clumsy(before: str, after: str) -> bool:
    """Whether English words are torn apart that are read together: the | lamp, Gull | Point."""
    last, first = before.rstrip(), after.lstrip("\"'“‘(")
    if not last[-1:].isascii() or not last[-1:].isalpha():
        return False
    word = last.split()[-1].lstrip("\"'“‘(")
    return word.lower() in _LEANS_ON or (word[:1].isupper() and first[:1].isupper())


def ending(piece: str) -> str:
    """ "sentence", "clause" or "word": the kind of break after `piece`."""
    bare = piece.rstrip()
    core = bare.rstrip("".join(_WRAPPING_CLOSERS)) or bare
    if core[-1:] in _SENTENCE_END or (core.endswith(".") and piece != bare):
        return "sentence"
    if bare[-1:] in _CLAUSE_END or core[-1:] in _CLAUSE_END:
        return "clause"
    return "word"


def _joint(part: str) -> int:
    """Where the last joint in the later half of a part ends; 0 where there is none."""
    last = max(part.rfind(mark) for mark in _JOINTS) + 1
    return last if len(part) // 2 < last < len(part) else 0


def _divide(piece: str, max_width: float, width: Callable[[str], float]) -> list[str]:
    if width(piece.rstrip()) <= max_width:
        return [piece]
    parts: list[str] = []
    for cluster in clusters(piece):
        if parts and width(parts[-1] + cluster) <= max_width:
            parts[-1] += cluster
            continue
        joint = _joint(parts[-1]) if parts else 0
        if joint:
            parts[-1:] = [parts[-1][:joint], parts[-1][joint:] + cluster]
        else:
            parts.append(cluster)
    for index in range(1, len(parts)):
        # A closing mark that the width cut off takes the cluster before it along.
        while parts[index][0] in CLOSING:
            before = clusters(parts[index - 1])
            if len(before) < 2 or all(mark[0] in CLOSING for mark in before[:-1]):
                break
            parts[index - 1] = "".join(before[:-1])
            parts[index] = before[-1] + parts[index]
    return parts

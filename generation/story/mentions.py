"""Where people are named: longest match over word boundaries, "林" in "林清" is no mention."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import rjieba

from generation.story.characters import FOLLOWERS
from generation.story.known import Known, given_name
from generation.story.words import tag_of

__all__ = ["Mention", "Mentions", "find_mentions", "givens_of"]

# High enough that an alias beats its parts and the dictionary's run-ons (孔明曰 is a word there),
# low enough that a longer word of the language (旅行者) beats it.
_FREQUENCY = 300_000
_OPENERS = frozenset('，。！？：；、…\n\u3000 “”‘’「」『』"—()（）')
_BEFORE_NAMES = frozenset(
    [
        "那",
        "这",
        "司徒",
        "司空",
        "太傅",
        "太尉",
        "将军",
        "主公",
        "老",
        "闻",
        "见",
        "保",
        "与",
        "只见",
        "却说",
        "时",
        "封",
        "蒙",
        "劳",
        "请",
        "吾",
        "魏主",
        "吴主",
        "蜀将",
        "魏将",
        "吴将",
        "大将",
    ]
)
# Given names that open a clause as particles and verbs far oftener than as a name.
_PARTICLES = frozenset("正当望方可能等进过应先定通同向常全是为")
_LEADS = frozenset(["却说", "且说", "话说", "于是", "只见", "忽见", "是时", "此时", "原来", "当下"])


class Mention(NamedTuple):
    """[start, end) names the person with index `who`."""

    start: int
    end: int
    who: int


class Mentions:
    """Mentions in text order, with quick look-ups by range."""

    def __init__(self, found: Iterable[Mention]) -> None:
        self.all: list[Mention] = sorted(found, key=lambda m: (m.start, -m.end))
        self._starts = [mention.start for mention in self.all]

    def within(self, start: int, end: int) -> list[Mention]:
        """Those that begin in [start, end)."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def before(self, offset: int, reach: int) -> list[Mention]:
        """Those that begin in [offset - reach, offset), the nearest first."""
        low = bisect_left(self._starts, offset - reach)
        return self.all[low : bisect_right(self._starts, offset - 1)][::-1]


def find_mentions(
    folded: str,
    spans: Sequence[tuple[int, int]],
    people: Sequence[Known],
    given_cues: Counter[str],
    quoted: Sequence[tuple[int, int]],
) -> list[Mention]:
    """Mentions of `people` (by their place in the list) in the spans of a simplified text.

    `given_cues` tells which single characters speak as given names (操曰); they count at the start
    of a clause. The narrator's 我 counts outside of `quoted` only.
    """
    owner = {alias: i for i, person in enumerate(people) for alias in sorted(person.aliases)}
    words = rjieba.Jieba()
    for alias in sorted(owner):
        if len(alias) > 1:
            words.add_word(alias, _FREQUENCY, "nr")
    givens = {char: who for char, who in givens_of(people).items() if given_cues[char] >= 2}
    narrator = owner.pop("我", None)
    found: list[Mention] = []
    guesses: list[Mention] = []
    for start, end in spans:
        named, resolved = _scan(folded, start, end, words, owner, givens)
        found += named
        guesses += resolved
    # Whoever is called by one character is called by the whole name too, and not much more rarely.
    whole, short = _named_in(found), _named_in(guesses)
    found += [mention for mention in guesses if short[mention.who] <= 3 * whole[mention.who]]
    if narrator is not None:
        found += _narrator(folded, spans, quoted, narrator)
    return found


def givens_of(people: Sequence[Known]) -> dict[str, list[int]]:
    """Who bears a given name of one character (备 of 刘备), by that character."""
    by_given: dict[str, list[int]] = defaultdict(list)
    for index, person in enumerate(people):
        given = given_name(person.name)
        if not given and len(person.name) == 2:
            given = person.name[1]  # 蝉 of 貂蝉, who has no surname in the list
        if person.kind in ("name", "known") and len(given) == 1 and given not in _PARTICLES:
            by_given[given].append(index)
        # 关公 is 公 for short, 献帝 is 帝.
        for ending in sorted({a[-1] for a in person.aliases if len(a) <= 3 and a[-1] in "公帝后"}):
            by_given[ending].append(index)
    return dict(by_given)


def _scan(
    folded: str,
    start: int,
    end: int,
    words: rjieba.Jieba,
    owner: dict[str, int],
    givens: dict[str, list[int]],
) -> tuple[list[Mention], list[Mention]]:
    found: list[Mention] = []
    pending: list[tuple[int, str]] = []
    tokens = words.cut(folded[start:end], False)
    places = accumulate(map(len, tokens), initial=start)
    run_on = _run_ons(set(tokens), owner)
    wanted = owner.keys() | givens.keys() | run_on.keys()
    for token, at in [pair for pair in zip(tokens, places, strict=False) if pair[0] in wanted]:
        who = owner.get(token)
        if who is not None:
            found.append(Mention(at, at + len(token), who))
        elif token in run_on:
            offset, length, who = run_on[token]
            found.append(Mention(at + offset, at + offset + length, who))
        elif at == start or folded[at - 1] in _OPENERS or folded[at - 2 : at] in _LEADS:
            pending.append((at, token))
    return found, _resolve_givens(pending, found, givens, _named_in(found))


def _run_ons(tokens: set[str], owner: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """Words of the dictionary that are a name and the verb after it, or a title and a name:
    孔明笑, 司徒王朗. For each (offset of the name in the word, its length, whose it is)."""
    found: dict[str, tuple[int, int, int]] = {}
    for token in tokens:
        if len(token) < 3 or token in owner:
            continue
        # 张昭谏 is in the dictionary as somebody's name; nobody of this book is called so.
        if token[:-1] in owner and (token[-1] in FOLLOWERS or tag_of(token)[:2] == "nr"):
            found[token] = (0, len(token) - 1, owner[token[:-1]])
            continue
        for size in (1, 2):
            if token[:size] in _BEFORE_NAMES and token[size:] in owner:
                found[token] = (size, len(token) - size, owner[token[size:]])
    return found


def _named_in(found: Sequence[Mention]) -> Counter[int]:
    """How often each person is named in one chapter."""
    return Counter(mention.who for mention in found)


def _resolve_givens(
    pending: Sequence[tuple[int, str]],
    found: Sequence[Mention],
    givens: dict[str, list[int]],
    weight: Counter[int],
) -> list[Mention]:
    """操 is whoever of that given name was named last in the chapter, else most in it."""
    resolved: list[Mention] = []
    last: dict[int, int] = {}
    at = 0
    for place, token in pending:
        while at < len(found) and found[at].start < place:
            last[found[at].who] = found[at].start
            at += 1
        options = givens[token]
        named = [who for who in options if who in last]
        if named:
            who = max(named, key=lambda w: (last[w], -w))
        elif len(options) == 1 or any(weight[w] for w in options):
            who = max(options, key=lambda w: (weight[w], -w))
        else:
            continue
        resolved.append(Mention(place, place + 1, who))
    return resolved


def _narrator(
    folded: str,
    spans: Sequence[tuple[int, int]],
    quoted: Sequence[tuple[int, int]],
    who: int,
) -> list[Mention]:
    found: list[Mention] = []
    ends = [end for _, end in quoted]
    for start, end in spans:
        at = folded.find("我", start, end)
        while at >= 0:
            quote = bisect_right(ends, at)
            inside = quote < len(quoted) and quoted[quote][0] <= at
            if not inside and folded[at + 1 : at + 2] not in ("们", "辈", "等", "国"):
                found.append(Mention(at, at + 1, who))
            at = folded.find("我", at + 1, end)
    return found

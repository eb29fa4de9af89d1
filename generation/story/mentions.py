"""Where people are named: longest match over word boundaries, "林" in "林清" is no mention."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import rjieba

from generation.story.people import Known, given_name

__all__ = ["Mention", "Mentions", "find_mentions"]

# High enough that an alias beats its parts, low enough that a longer word (旅行者) beats it.
_FREQUENCY = 12_000
_OPENERS = frozenset("，。！？：；、…\n\u3000 “”‘’「」『』\"—()（）")
_LEADS = frozenset(("却说", "且说", "话说", "于是", "只见", "忽见", "时", "是时", "此时", "原来", "当下", "遂"))


@dataclass(frozen=True, slots=True)
class Mention:
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
    givens = _givens(people, given_cues)
    narrator = owner.pop("我", None)
    found: list[Mention] = []
    for start, end in spans:
        found += _scan(folded, start, end, words, owner, givens)
    if narrator is not None:
        found += _narrator(folded, spans, quoted, narrator)
    return found


def _givens(people: Sequence[Known], cues: Counter[str]) -> dict[str, list[int]]:
    by_given: dict[str, list[int]] = defaultdict(list)
    for index, person in enumerate(people):
        given = given_name(person.name)
        if person.kind in ("name", "known") and len(given) == 1 and cues[given] >= 2:
            by_given[given].append(index)
    return dict(by_given)


def _scan(
    folded: str,
    start: int,
    end: int,
    words: rjieba.Jieba,
    owner: dict[str, int],
    givens: dict[str, list[int]],
) -> list[Mention]:
    found: list[Mention] = []
    pending: list[tuple[int, str]] = []
    at = start
    opens = True
    for token in words.cut(folded[start:end], False):
        who = owner.get(token)
        if who is not None:
            found.append(Mention(at, at + len(token), who))
        elif opens and token in givens:
            pending.append((at, token))
        opens = token[-1] in _OPENERS or (opens and token in _LEADS) or token in _LEADS
        at += len(token)
    return found + _resolve_givens(pending, found, givens, _named_in(found))


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

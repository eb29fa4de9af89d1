"""What a book says of who is who: who answers to a name, who talks to whom, what stands side by side."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generation.story.mentions import Mention, Mentions

__all__ = ["Votes", "hear", "pair_of", "read_names"]

Pair = tuple[int, int]
_CUE = re.compile(r"(?:[：:]|[曰道说问答叫喊][，,]?)\s*$")
_STOPS = "。！？!?\n”」』"
_OBJECT_OF = frozenset("对向谓问叫与和见被把将给告请同跟")
_CALLING = frozenset("，,！!？?：:。啊呀呵、”」』")
_I_AM = re.compile(
    r"(?:(?:吾|我|某|俺|咱|余|洒家|老[一-龥]|小人|在下|贫道|贫僧|奴家|妾身|某家)(?:就是|便是|正是|乃是|乃|是|即|"
    r"(?P<called>的?名字?叫做?|叫做?|名))|(?P<new>自今|从今|从此|今后|此后)?(?:就|便|从此)叫做?)"
    r"(?P<rest>[^，。！？；：、“”「」]{2,14})"
)
_I_END = frozenset(["", "也", "是也", "的便是", "便是", "在此"])
_HERE = ("在此", "来也")
_BESIDE = frozenset(["与", "和", "同", "及", "并", "跟", "、", "对", "谓", "见"])
_IS = re.compile(
    r"[，（]?(?:乃|即|就是|便是|正是|又名|又叫|一名|别号|法号|道号|绰号|人称|诨名|混名|名唤|名叫|名字叫|"
    r"叫做|唤做|唤作|字|号)[“‘「『]?"
)
# Code points: from a quote to the answer, and before a quote to its cue.
_ANSWER_REACH, _CUE_REACH = 120, 60
_LONGEST_GAP = 6
# Speakers within so many quotes and code points are near each other; what tells two names of one
# person: how often they are near, how seldom one follows the other, how alike their partners are.
_NEAR_QUOTES, _NEAR = 8, 1_500


@dataclass(slots=True)
class Votes:
    """Counts by pairs of people: who is called so and who answers; said to be one; side by side;
    talking to or listed beside each other; who speaks right after whom, and who not long after."""

    called: Counter[Pair] = field(default_factory=Counter)
    same: Counter[Pair] = field(default_factory=Counter)
    side: Counter[Pair] = field(default_factory=Counter)
    apart: Counter[Pair] = field(default_factory=Counter)
    next: Counter[Pair] = field(default_factory=Counter)
    near: Counter[Pair] = field(default_factory=Counter)

    def against(self, one: int, other: int) -> int:
        return self.apart[pair_of(one, other)]


def hear(folded: str, mentions: Mentions, quoted: Sequence[tuple[int, int]], votes: Votes) -> None:
    """Who answers whom, who calls whom, and who says who he is."""
    spoke: tuple[int, int, int] | None = None  # who, whom he called, where the quote ends
    last_end = 0
    recent: deque[tuple[int, int]] = deque(maxlen=_NEAR_QUOTES)
    for start, end in quoted:
        speaker = _speaker(folded, mentions, max(last_end, start - _CUE_REACH), start)
        called = _called(folded, mentions, start, end)
        if spoke and speaker >= 0 and start - spoke[2] <= _ANSWER_REACH and speaker != spoke[0]:
            if spoke[0] >= 0:
                votes.apart[pair_of(spoke[0], speaker)] += 1
            if spoke[1] >= 0:
                votes.called[spoke[1], speaker] += 1
        if speaker >= 0:
            _count_near(recent, speaker, start, votes)
            if called >= 0 and called != speaker:
                votes.apart[pair_of(speaker, called)] += 1
            for other in _introduced(folded, mentions, start, end):
                if other != speaker:
                    votes.same[pair_of(speaker, other)] += 1
        spoke = (speaker, called, end)
        last_end = end


def _count_near(recent: deque[tuple[int, int]], speaker: int, start: int, votes: Votes) -> None:
    for nth, (other, where) in enumerate(reversed(recent)):
        if start - where > _NEAR:
            break
        if other != speaker:
            votes.near[pair_of(other, speaker)] += 1
            if nth == 0:
                votes.next[pair_of(other, speaker)] += 1
    recent.append((speaker, start))


def _speaker(folded: str, mentions: Mentions, low: int, high: int) -> int:
    """Whom the words [low, high) before a quote name as its speaker, -1 for nobody."""
    words = folded[low:high]
    if not _CUE.search(words):
        return -1
    sentence = low + max(words.rfind(stop) for stop in _STOPS) + 1
    for mention in mentions.within(sentence, high):
        if folded[mention.start - 1 : mention.start] not in _OBJECT_OF:
            return mention.who
    return -1


def _called(folded: str, mentions: Mentions, start: int, end: int) -> int:
    """Whom the quote [start, end) calls first of all, -1 for nobody."""
    for mention in mentions.within(start, min(end, start + 3)):
        if mention.end - mention.start > 1 and folded[mention.end : mention.end + 1] in _CALLING:
            return mention.who
    return -1


def _introduced(folded: str, mentions: Mentions, start: int, end: int) -> Iterator[int]:
    """Who the speaker of [start, end) says he is: 吾乃燕人张翼德也, 张翼德在此."""
    for match in _I_AM.finditer(folded, start, end):
        inside = mentions.within(match.start("rest"), match.end())
        if inside and folded[inside[-1].end : match.end()] in _I_END:
            yield inside[-1].who
            if match["called"] or match["new"]:
                yield inside[-1].who  # a name that somebody gives as his own is sure
    for mention in mentions.within(start, min(end, start + 12)):
        if folded.startswith(_HERE, mention.end) and folded[mention.start - 1] not in _OBJECT_OF:
            yield mention.who


def read_names(folded: str, mentions: Mentions, votes: Votes) -> None:
    """Names that stand side by side or beside each other, and what the text calls one name's."""
    before: Mention | None = None
    for mention in mentions.all:
        if before and before.who != mention.who and mention.start - before.end <= _LONGEST_GAP:
            pair = pair_of(before.who, mention.who)
            gap = folded[before.end : mention.start]
            if not gap:
                votes.side[pair] += 1
            elif gap in _BESIDE:
                votes.apart[pair] += 1
            elif _IS.fullmatch(gap) and folded[mention.end : mention.end + 1] in "，。；！”’」』也":
                votes.same[pair] += 1
        before = mention


def pair_of(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)

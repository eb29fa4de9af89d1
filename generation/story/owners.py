"""Whose a described trait is: who follows its modifier, else who is the subject of its clause.

A modifier directly before a name belongs to the name (白发老者陆九). A clause with a subject of its
own keeps its traits to that subject; one without continues the clause before it. A stranger
(一个老者) is whoever is named for the first time shortly afterwards, or nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import NamedTuple

from generation.story.mentions import Mention, Mentions
from generation.story.nouns import CROWD, NOUN, NOUN_AFTER, STRANGER, age_and_gender, noun_before

__all__ = ["Owner", "Owners", "is_denied"]

# Code points: how far a subject carries, also over paragraphs for a pronoun; how soon a stranger
# is named; how long somebody has not been named who may come in as a stranger.
_REACH = 220
_PRONOUN_REACH = 420
_NAMED_WITHIN = 260
_ABSENT_FOR = 400
_MODIFIER_REACH = 16

_PIECE = re.compile(r"[^，。！？；：…\n—,!?;“”‘’「」『』\"]+|[“”‘’「」『』\"]")
_OPEN, _CLOSE = frozenset("“‘「『"), frozenset("”’」』")
_NOT = "，。！？；：与向对把被将给替朝望看见听问叫说道着了过"
_BETWEEN = re.compile(
    rf"(?:[^{_NOT}]{{0,10}}的|之)?(?:[^{_NOT}的]{{0,3}}(?:{NOUN.pattern}))?"
    r"|[^，。！？；：]{0,6}，?(?:正是|便是|就是|却是|乃是?|原来是|名叫|名唤|叫做|唤作)"
    r"(?:[^，。、]{0,3}、)?[^，。、的]{0,2}"
)
_PRONOUN = re.compile(r"(?<!其)[他她](?!们|人|乡|日)|其(?!人|实|中|他|余|时|后|间|次)")
_SPEAKER = re.compile(r"[我你您咱]|吾|汝|某(?!人|个|种|些)")
_IS = re.compile(r"(?:是|乃|原是|本是|乃是|变成|成了|化作|变作)[一个位名条员那这]*[^，。是]{0,6}$")
_NAMING = re.compile(r"(?:名叫|名唤|名为|叫做|叫作|唤作|唤做|[正便就却乃]是|是|叫)$")
_YIELDS = re.compile(  # after these words the next one is the subject: 沈砚身后一人, 沈砚看见一人
    r"[的之]?(?:身后|身旁|身边|身前|背后|旁边|对面|面前|前面|后面|手下|麾下|左右|门外|怀里|后头)"
    r"|[^，]{0,4}(?:看|见|望|遇|瞧|视|碰|瞥|瞅|认出|想起|梦)"
)
# Somebody with a name that the cast has not: 掌门玄真道长, 住持慧明和尚.
_HAS_A_NAME = re.compile(r"[一-龥]{2}(?:道长|真人|和尚|禅师|法师|大师|长老|师太|先生|大人|将军)")
_NAME_BEFORE = re.compile(r"(?:住持|方丈|掌门|师父|师叔|师兄|长老|老仆|管家|书童|丫鬟)[一-龥]{2}$")
_KIN_OF = re.compile(
    r"[的之]?(?:大|小|长|次|三|独|养|义|女)?(?:儿子|女儿|儿|女|妻子?|丈夫|弟弟?|哥哥?|姐姐?|妹妹?|父亲|母亲|师父|徒弟|弟子|"
    r"书童|丫鬟|秘书|助理|同学|朋友)"
)
_SEES = re.compile(r"(?:[看望瞥只忽]?见)$")
_HEADLESS = re.compile(r"[一那这有]个[^，。的]{0,4}$")  # 领了一个戴大帽子的进来
_REVEALED = re.compile(r"(?:正是|果然?是|乃是?|便是|名叫|名唤|原来是)(?:[^，。！？、]{0,3}、)?$")
_THINGS = re.compile(
    r"^(?:墙|桌|案|架|门|床|壁|柜|树|地|台|几|榻|椅|屋|房|庙|殿|画|匣|箱|盘|盒|石|摊)[^，]{0,3}?"
    r"[上下里内中边前后]"
)
_SEEN = re.compile(  # 余九娘看见那头短发: somebody else's
    r"(?:[看望瞧瞥]见|看到|看着|望着|盯着|瞧着|认出|想起|见|看(?=[那这其])|报说|报称|听说)(?![^，]*自己)[^，]{0,8}$"
)
_DENIED = re.compile(
    r"(?:没有?|不是|并非|绝非|未曾?|从不|从未|不曾|不再|无|别|莫|休|不|并不|未及)(?:再|有|是|用)?"
    r"(?:[穿戴佩披拿带留束系着过一个把顶副件根条身长生撑打有的那这]|什么|任何)*$"
)
_LIKE = re.compile(
    r"(?:像|如同|犹如|宛如|宛若|仿佛|好似|恰似|好比|浑似|活似)(?:(?!一样|一般|似的|般).)*$"
)
_LIKE_AFTER = ("似的", "一样", "一般", "般的")


def is_denied(folded: str, start: int, a: int, b: int) -> str:
    """Whether [a, b) is said not to be so ("denied"), or to be so only in a simile ("like")."""
    clause = re.split(r"[，。！？；：\n“”]", folded[max(start, a - 40) : a])[-1]
    if _LIKE.search(clause) or folded.startswith(_LIKE_AFTER, b):
        return "like"
    return "denied" if _DENIED.search(clause) else ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Person `who`; `noun` is the [start, end) of the words that call the person 老者 or 男孩."""

    who: int
    noun: tuple[int, int] | None = None


class _Kind(Enum):
    PERSON = 0
    STRANGER = 1
    PRONOUN = 2
    NOBODY = 3


class _Subject(NamedTuple):
    kind: _Kind
    start: int
    end: int
    who: int = -1


class _Clause(NamedTuple):
    start: int
    end: int
    quote: int  # 0 for narration, else the number of the quote in its paragraph


_START = attrgetter("start")


class Owners:
    """Finds the owner of one described trait after the other, best in text order."""

    def __init__(self, folded: str, mentions: Mentions, genders: Sequence[str] = ()) -> None:
        self._folded = folded
        self._mentions = mentions
        self._genders = genders
        self._first: dict[int, int] = {}
        for mention in mentions.all:
            self._first.setdefault(mention.who, mention.start)
        self._paragraphs: dict[int, list[_Clause]] = {}

    def of(self, start: int, end: int, a: int, b: int) -> Owner | None:
        """Whose [a, b) in the chapter [start, end) is, None where it is nobody's with a name."""
        top, clauses = self._paragraph(start, end, a)
        place = bisect_right(clauses, a, key=_START) - 1
        if place < 0:
            return None
        clause = clauses[place]
        if named := self._modified(b, max(clause.end, b)):
            return Owner(named.who)
        noun = NOUN_AFTER.match(self._folded, b, clause.end)
        relative = self._folded.find("的", b, min(clause.end, b + 5)) >= 0
        if relative and not noun:
            noun = _HEADLESS.search(self._folded, clause.start, a)
        if noun and not _IS.search(self._folded, clause.start, a):
            found = NOUN.search(self._folded, b, noun.end())
            where = (found.start(), noun.end()) if found else (a, max(b, noun.end()))
            return self._named_later(_Subject(_Kind.STRANGER, *where), start, b, end)
        subject = self._subject(clauses, place, a)
        if subject and subject.kind is _Kind.PRONOUN:
            subject = self._antecedent(start, end, top, subject)
        if subject is None or subject.kind is _Kind.NOBODY:
            return None
        if subject.kind is _Kind.STRANGER:
            return self._named_later(subject, start, b, end)
        if _SEEN.search(self._folded, max(clause.start, min(subject.end, a)), a):
            return None
        return Owner(subject.who)

    def _paragraph(self, start: int, end: int, at: int) -> tuple[int, list[_Clause]]:
        top = max(start, self._folded.rfind("\n", start, at) + 1)
        if top not in self._paragraphs:
            bottom = self._folded.find("\n", at, end)
            clauses = self._clauses(top, end if bottom < 0 else bottom)
            self._paragraphs[top] = clauses
        return top, self._paragraphs[top]

    def _clauses(self, start: int, end: int) -> list[_Clause]:
        clauses: list[_Clause] = []
        depth = number = 0
        straight = False
        for match in _PIECE.finditer(self._folded, start, end):
            mark = match[0]
            if mark in _OPEN or (mark == '"' and not straight):
                number += depth == 0
                depth, straight = depth + 1, mark == '"' or straight
            elif mark in _CLOSE or mark == '"':
                depth, straight = max(0, depth - 1), straight and mark != '"'
            else:
                clauses.append(_Clause(match.start(), match.end(), number if depth else 0))
        return clauses

    def _modified(self, b: int, end: int) -> Mention | None:
        """The person whose name the words before `b` modify."""
        stop = min(len(self._folded), b + _MODIFIER_REACH)
        found = self._mentions.within(b, stop)
        for mention, after in zip(found, [*found[1:], None], strict=False):
            if after and after.start == mention.end and self._is_noun(mention):
                continue
            between = self._folded[b : mention.start]
            if _BETWEEN.fullmatch(between) and (mention.start <= end or "，" in between):
                return mention
            if not self._is_noun(mention):
                break
        return None

    def _is_noun(self, mention: Mention) -> bool:
        return bool(NOUN.fullmatch(self._folded, mention.start, mention.end))

    def _subject(self, clauses: Sequence[_Clause], place: int, upto: int) -> _Subject | None:
        """The subject of the clause at `place`, or of the nearest before it that has one."""
        own = clauses[place]
        for clause in reversed(clauses[: place + 1]):
            if upto - clause.end > _REACH:
                break
            if clause.quote != own.quote:
                continue
            here = clause is own
            stop = upto if here else clause.end
            words = self._folded[clause.start : stop]
            subject = self._of_clause(clause.start, stop)
            if subject is None:
                if here and _THINGS.match(words):
                    return None
                continue
            # In speech a name by itself calls somebody: 桑姑娘，…
            if own.quote and not here and subject.end - subject.start == len(words.strip()):
                continue
            return subject
        return None

    def _candidates(self, start: int, stop: int) -> list[_Subject]:
        found = [
            _Subject(_Kind.PERSON, m.start, min(m.end, stop), m.who)
            for m in self._mentions.within(start, stop)
        ]
        for kind, pattern in (
            (_Kind.NOBODY, CROWD),
            (_Kind.STRANGER, STRANGER),
            (_Kind.PRONOUN, _PRONOUN),
            (_Kind.NOBODY, _SPEAKER),
        ):
            for match in pattern.finditer(self._folded, start, stop):
                a, b = match.span()
                if all(b <= other.start or other.end <= a for other in found):
                    found.append(_Subject(kind, a, b))
        return sorted(found, key=lambda item: item.start)

    def _of_clause(self, start: int, stop: int) -> _Subject | None:
        """The subject of the words [start, stop): the first person in them, but 沈砚身后一人."""
        current: _Subject | None = None
        for item in self._candidates(start, stop):
            if current is None or self._passes(current, item, stop):
                current = item
        return current

    def _passes(self, current: _Subject, item: _Subject, stop: int) -> bool:
        """Whether the subject is not `current` but `item` after it."""
        between = self._folded[current.end : item.start]
        after = self._folded[item.end : stop]
        if item.kind is _Kind.PERSON:
            if after and _SEES.search(between):
                return True  # 玄德见孔明身长八尺
            if current.kind is not _Kind.PERSON and not after.startswith(("的", "之")):
                if not between or _NAMING.search(between):
                    return True
            # 望着陆九的白发
            if after in ("", "的", "之") and stop < len(self._folded) and between:
                return after != "" and not _IS.search(between)
        if not between:  # 陆九姑娘, 沈砚他
            return current.kind is not _Kind.PERSON
        if item.kind is _Kind.PERSON and _KIN_OF.fullmatch(between):
            return True  # 宋长河的儿子宋远
        if between in ("的", "之"):
            return item.kind is not _Kind.PRONOUN
        if item.kind in (_Kind.PERSON, _Kind.STRANGER, _Kind.NOBODY):
            located = _YIELDS.match(between)
            return bool(located) and item.kind is _Kind.STRANGER
        return False

    def _antecedent(self, start: int, end: int, top: int, pronoun: _Subject) -> _Subject | None:
        """Who 他 or 她 is: the nearest subject before whose gender fits, else one named beside it."""
        word = self._folded[pronoun.start : pronoun.end]
        wrong = {"他": "female", "她": "male"}.get(word, "")
        while True:
            _, clauses = self._paragraph(start, end, top)
            for clause in reversed(clauses):
                if clause.start >= pronoun.start or clause.quote:
                    continue
                if pronoun.start - clause.end > _PRONOUN_REACH:
                    return None
                stop = min(clause.end, pronoun.start)
                subject = self._of_clause(clause.start, stop)
                if subject is None or subject.kind in (_Kind.PRONOUN, _Kind.NOBODY):
                    continue
                others = [c for c in self._candidates(clause.start, stop) if c.kind is _Kind.PERSON]
                for option in (subject, *others[::-1]):
                    if option.kind is _Kind.STRANGER or self._gender(option.who) != wrong:
                        return option
            if top <= start or word == "其":
                return None
            top = max(start, self._folded.rfind("\n", start, top - 1) + 1)

    def _gender(self, who: int) -> str:
        return (self._genders[who] if who < len(self._genders) else "") or "unknown"

    def _named_later(self, stranger: _Subject, start: int, b: int, end: int) -> Owner | None:
        """Who the stranger turns out to be: somebody new, or who was not there until now."""
        noun = noun_before(self._folded, stranger.start, stranger.end)
        if _HAS_A_NAME.match(self._folded, stranger.end, min(end, stranger.end + 6)):
            return None
        following = self._mentions.within(b, min(end, b + _NAMED_WITHIN))
        for mention in following:
            revealed = _REVEALED.search(self._folded, max(b, mention.start - 8), mention.start)
            if noun and self._is_other_sex(noun, mention.who):
                continue
            if revealed or self._first[mention.who] >= stranger.start:
                return Owner(mention.who, noun)
        if noun and _NAME_BEFORE.search(self._folded, max(start, stranger.start - 6), noun[0]):
            return None
        low = max(start, stranger.start - _ABSENT_FOR)
        present = {
            mention.who
            for mention in self._mentions.within(low, stranger.start)
            if not self._quoted(start, end, mention.start)
        }
        for mention in following:
            head = mention.start == 0 or self._folded[mention.start - 1] in "。！？\n\u3000"
            if head and mention.who not in present:
                return Owner(mention.who, noun)
        return None

    def _is_other_sex(self, noun: tuple[int, int], who: int) -> bool:
        """Whether 一个女子 cannot be the man who is named next."""
        sex = age_and_gender(self._folded[slice(*noun)])[1]
        return {sex, self._gender(who)} == {"male", "female"}

    def _quoted(self, start: int, end: int, at: int) -> bool:
        _, clauses = self._paragraph(start, end, at)
        place = bisect_right(clauses, at, key=_START) - 1
        return place >= 0 and clauses[place].quote > 0

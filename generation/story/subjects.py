"""Who is the subject of a clause: a person named in it, a pronoun's antecedent, a stranger."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import rjieba

from generation.story.grammar import AND_OTHERS, POSSESSIVE, is_noun
from generation.story.grammar import CHINESE as _G
from generation.story.mentions import Mention, Mentions
from generation.story.nouns import NOUN
from generation.story.speech import speech_subject
from generation.story.words import is_role

__all__ = ["Subject", "Subjects"]

# Code points before a pronoun in which its antecedent is looked for, and how near a subject of that
# very gender must be to outdo a nearer one of unknown gender.
_REACH = 800
_SURE = 300
_GIVEN_REACH = 2_500
# What may stand between the start of a clause and its subject.
_OPENING = re.compile(
    r"(?:却说|且说|话说|单说|只见|忽见|但见|原来|于是|当下|此时|这时|那时|当日|次日|早有|忽有|又有|正是|慌得|喜得|"
    r"唬得|急得|吓得|气得|恼得|那|这|好|老|有|则|惟|独|时|又|但|而|正|若|使|被)*(?P<rest>[一-龥]{0,4})"
)
# 他的母亲, 其妻: somebody of somebody's.
_KIN_OF = re.compile(
    r"(?:他|她|其|你|我)(?:的)?(?:母|父|娘|爹|妈|爸|妻|女|子|儿|兄|弟|姐|妹|叔|伯|婆|公|老婆|丈夫|家|师|仆|婢)"
)
_CROWD_FIRST = re.compile(
    r"(?:只见|忽见|那|这|当下|于是)*(?:众|诸|群|都|俱|皆|一齐|[二两三四五六七八九十几]人|大家|人人|他们|她们)"
)
# 忽见增长天王作礼道: who is seen is who speaks.
# So is who stops somebody: 被菩萨拦住道.
_SEES = re.compile(
    r"^(?:忽|只|却|又|但|正|早)*(?:(?:望|看|听)?(?:见|听得|闻得|听|闻)|被)(?:那|这|一个|个)*$"
)
# 那官儿慌得…: somebody whom the cast does not have.
_THAT_ONE = re.compile(
    r"(?:只见|却说|忽见|但见|慌得|唬得)?[那这](?:[一-龥]{0,2}?)"
    r"(?:官|汉|妇|女|男|将|兵|卒|妖|怪|魔|精|鬼|神|仙|僧|道|童|婆|翁|厮|贼|王|爷|娘|客|徒|师|人|儿|者|老|小)"
)
_COMES_IN = re.compile(r"^(?:忽|只|但|早)见(?:那|这|一个|个)*$")
_MANY = re.compile(
    r"(?:众|诸|群|各|多|[两二三四五六七八九十百几]个?|[两二三四五六七八九十百几][位员名])$"
)
_REPORTED = re.compile(
    r"^(?:忽然|忽|早|又|只见|正|却|方)*有?[一-龥]{0,4}(?:人|马|校|作|卒|军|军士|兵|差|吏|侍|星马)"
    r"(?:飞马|飞|急|来|入|回|进)*(?:报|禀|奏)"
)
_SOMEBODY = re.compile(
    r"(?:忽见|只见|忽有|早有|忽|早|只|座[上间]|阶下|帐[上下]|门外|内有|有)*(?:又)?(?:一|有|那|这|某)[一-龥]{0,4}?"
    r"(?:人|者|将|士|僧|和尚|妇|童|翁|少年|女子)|(?:旁边?|傍边?|内中|后面|前面|门外)有[一-龥]{1,6}的|"
    r"[一-龥]{0,4}(?:已|正|却)?有一?个"
)


def _stranger_first(head: str) -> bool:
    """Whether a clause opens with somebody who is not named: 苍头一一答应, 忽见一人入."""
    noun = NOUN.match(head, len(head) - len(head.lstrip("那这一有个老")))
    plain = head.lstrip("那这一有个老")
    role = any(is_role(plain[:size]) == plain[:size] for size in (2, 3) if len(plain) > size)
    return role or any((noun, _SOMEBODY.match(head), _KIN_OF.match(head)))


def _opens(lead: str) -> bool:
    """Whether a subject may follow `lead` at the start of a clause: nothing, 那, 部将, but no verb."""
    opening = _OPENING.fullmatch(lead)
    if opening is None:
        return False
    rest = opening["rest"]
    return not rest or all(tag[:1] not in "vpdc" for _, tag in rjieba.tag(rest))


class Subject(NamedTuple):
    """`who` is None where nobody of the cast is meant; `how` is "" where the clause tells nothing.

    `how` is explicit, pronoun, weak (named, but perhaps no subject) or unknown (a stranger, several
    people). `addressee` is whom the clause speaks to.
    """

    who: int | None = None
    how: str = ""
    addressee: int | None = None


class Subjects:
    """Subjects of the clauses of one chapter that begins at `start`."""

    def __init__(
        self,
        folded: str,
        start: int,
        mentions: Mentions,
        genders: Sequence[str],
        givens: Mapping[str, Sequence[int]],
    ) -> None:
        self.text = folded
        self.start = start
        self.mentions = mentions
        self.genders = genders
        self.givens = givens

    def of(
        self,
        a: int,
        b: int,
        *,
        speaking: bool,
        quoted: Sequence[tuple[int, int]],
        last: int | None,
    ) -> Subject:
        """The subject of the clause [a, b). `speaking`: it has the verb of saying; `quoted` are the
        latest quotes, whose names are no antecedents; `last` is who spoke last."""
        addressee: int | None = None
        named = self.mentions.within(a, b)
        if not named or named[0].start > a + 1:
            given = self._given(a, b)
            if given is not None:
                return Subject(given, "explicit")
        weak: int | None = None
        after_object = -1
        for nth, mention in enumerate(named):
            if self._lists(named, nth, a):
                addressee = mention.who if after_object >= 0 else addressee
                if after_object < 0:
                    return Subject(None, "unknown", addressee)
                after_object = mention.end
                continue
            lead = self.text[max(a, mention.start - 12) : mention.start]
            seen = False
            if _G.object_before.search(lead):
                pattern = _SEES if speaking else _COMES_IN
                seen = bool(pattern.search(lead)) and b - mention.end > 2
                if not seen:
                    addressee, after_object = mention.who, mention.end
                    continue
            if POSSESSIVE.match(self.text, mention.end):
                continue
            if AND_OTHERS.match(self.text, mention.end) or _MANY.search(lead):
                return Subject(None, "unknown", addressee)
            pronoun = self._pronoun(a, mention.start, quoted, last)
            if pronoun.how:
                return pronoun._replace(addressee=addressee)
            if not speaking and not _opens(self.text[a : mention.start].strip()) and not seen:
                weak = mention.who if weak is None else weak
                continue
            return Subject(mention.who, "explicit", addressee)
        pronoun = self._pronoun(a, b, quoted, last)
        if pronoun.how:
            return pronoun._replace(addressee=addressee)
        return self._nobody(self.text[a:b].strip(), addressee, weak, speaking=speaking)

    def _lists(self, named: Sequence[Mention], nth: int, a: int) -> bool:
        """Whether the name at `nth` is one of several side by side: 泠苞、邓贤, 八戒沙僧."""
        here = named[nth]
        for other in (*named[max(0, nth - 1) : nth], *named[nth + 1 : nth + 2]):
            left, right = (other, here) if other.start < here.start else (here, other)
            between = self.text[left.end : right.start]
            if left.who != right.who and between in ("、", "和", "与", "及", ""):
                return True
        return False

    def _nobody(
        self, head: str, addressee: int | None, weak: int | None, *, speaking: bool
    ) -> Subject:
        group = _CROWD_FIRST.match(head) if not speaking else _G.group.search(head)
        if group and _G.object_before.search(head[: group.start()]):
            return Subject(addressee=addressee)
        if group or _REPORTED.match(head):
            return Subject(None, "unknown", addressee)
        if addressee is None and speaking and _G.stranger.search(head[:12]):
            return Subject(None, "unknown")
        if _THAT_ONE.match(head) and addressee is None:
            return Subject(None, "unknown")
        if weak is None and addressee is None and _stranger_first(head):
            return Subject(None, "unknown")
        return Subject(weak, "weak" if weak is not None else "", addressee)

    def stranger(self, clause: str) -> bool:
        """Whether a saying verb at the end of `clause` has a subject that is nobody of the cast."""
        subject = speech_subject(clause)
        if not 0 < len(subject) <= 4 or _G.object_before.search(subject):
            return False
        return is_noun(subject)

    def _given(self, a: int, b: int) -> int | None:
        """邕伏罪曰: the clause opens with the given name of somebody named not long before."""
        start = a + len(self.text[a:b]) - len(self.text[a:b].lstrip())
        options = self.givens.get(self.text[start : start + 1], ()) if start < b else ()
        if not options:
            return None
        for mention in self.mentions.before(start, _GIVEN_REACH):
            if mention.start < self.start:
                break
            if mention.who in options:
                return mention.who
        return None

    def _pronoun(
        self, a: int, b: int, quoted: Sequence[tuple[int, int]], last: int | None
    ) -> Subject:
        head = self.text[a:b].strip()
        for pattern, gender in ((_G.male, "male"), (_G.female, "female")):
            if pattern.search(head):
                return Subject(self._antecedent(a, gender, quoted, last), "pronoun")
        return Subject()

    def _antecedent(
        self, offset: int, gender: str, quoted: Sequence[tuple[int, int]], last: int | None
    ) -> int | None:
        """The person that a pronoun at `offset` means: the nearest subject of that very gender,
        else the nearest subject of unknown gender, else an object, else the last speaker."""
        subject: int | None = None
        other: int | None = None
        newest = max((end for _, end in quoted if end <= offset), default=self.start)
        for mention in self.mentions.before(offset, _REACH):
            if mention.start < self.start:
                break
            who = mention.who
            if gender and self.genders[who] not in (gender, ""):
                continue
            if any(start <= mention.start < end for start, end in quoted):
                continue
            if mention.start < newest and subject is None and self._is_of(last, gender):
                # Nobody came in since the last one spoke: it is still about the speaker.
                return last
            if self._is_object(mention.start):
                other = who if other is None else other
            elif self.genders[who] == gender and (subject is None or offset - mention.end <= _SURE):
                return who
            elif subject is None:
                subject = who
        if subject is None and other is None and self._fits(last, gender):
            return last
        return other if subject is None else subject

    def _fits(self, who: int | None, gender: str) -> bool:
        return who is not None and (not gender or self.genders[who] in (gender, ""))

    def _is_of(self, who: int | None, gender: str) -> bool:
        return who is not None and (not gender or self.genders[who] == gender)

    def _is_object(self, at: int) -> bool:
        """Whether a name at `at` stands behind a verb: after 打了 or to, or in mid clause."""
        lead = self.text[max(self.start, at - 12) : at]
        if _G.object_before.search(lead):
            return True
        clause = _G.clause.split(lead.replace("。", "，").replace("\n", "，"))[-1]
        return not _opens(clause)

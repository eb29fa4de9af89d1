"""Who the subject of an English clause is: a name, a pronoun, a relative (his wife), a stranger."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from generation.story.mentions import Mention, Mentions
from generation.story.quotes import Quote

__all__ = ["Found", "Scene"]

# A stranger is nobody of the cast, but still somebody who takes turns: a number below 0.
Who = int

_LEAD = re.compile(
    r"(?:(?:the|poor|old|little|young|dear|good|honest|our|my|and|but|so|then|here|at last|only|just)\s+)*",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:he|she|I|we|they|it|you)\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"(?P<whose>his|her|my|their|our)\s+(?:(?:own|dear|poor|old|eldest|elder|younger|little|good)\s+){0,2}"
    r"(?P<kin>wife|lady|husband|mother|mamma|mama|father|papa|sister|brother|aunt|uncle|daughter|son|"
    r"friend|companion|master|mistress|cousin|niece|nephew|grandmother|grandfather|guest|host|visitor)\b",
    re.IGNORECASE,
)
_STRANGER = re.compile(
    r"(?:the|a|an|this|that|another|one of the)\s+(?:[a-z][a-z'’-]*\s+){0,3}?"
    r"(?P<noun>man|woman|lady|gentleman|boy|girl|child|fellow|lad|lass|stranger|voice|servant|maid|"
    r"captain|doctor|officer|soldier|sailor|driver|clerk|old man|old woman|old lady|visitor|other|"
    r"priest|policeman|inspector|housekeeper|landlord|landlady|butler|nurse|host|guest|speaker|"
    r"creature|youth|father|mother|master|mistress|merchant|king|queen|prince|princess|[a-z]{3,}er|[a-z]{3,}or)\b",
    re.IGNORECASE,
)
_GENDER = {
    "he": "male", "she": "female", "wife": "female", "lady": "female", "husband": "male", "mother": "female",
    "mamma": "female", "mama": "female", "father": "male", "papa": "male", "sister": "female", "brother": "male",
    "aunt": "female", "uncle": "male", "daughter": "female", "son": "male", "niece": "female", "nephew": "male",
    "grandmother": "female", "grandfather": "male", "master": "male", "mistress": "female", "man": "male",
    "woman": "female", "gentleman": "male", "boy": "male", "girl": "female", "lad": "male", "lass": "female",
    "fellow": "male", "old man": "male", "old woman": "female", "old lady": "female", "maid": "female",
    "nurse": "female", "landlady": "female", "landlord": "male", "priest": "male", "policeman": "male",
    "housekeeper": "female", "butler": "male", "king": "male", "queen": "female", "prince": "male",
    "princess": "female",
}  # fmt: skip
_PARENTS = frozenset(["mother", "mamma", "mama", "father", "papa", "aunt", "uncle"])
_POSSESSIVE = re.compile(r"['’]s?\b(?!\s*(?:said|cried))")
_INDEFINITE = re.compile(r"(?:a|an|another)\s", re.IGNORECASE)
# Joseph was an old man: nobody new.
_COPULA = re.compile(r"\b(?:was|is|were|been|be|seemed|looked|became|as|like|than)\b[^.!?\n]*$")
# Code points in which an antecedent is looked for.
_REACH = 1_500
# How long a stranger is news, and where his first coming (a man) is looked for.
_NEWS, _INTRODUCED = 400, 3_000


@dataclass(frozen=True, slots=True)
class Found:
    """A subject that ends at `end`; `who` is None where it is several people, or cannot be told."""

    who: Who | None
    end: int
    how: str


@dataclass(slots=True)
class Scene:
    """One chapter, and who has spoken in it so far (`spoke`: who, where), the newest last."""

    text: str
    start: int
    mentions: Mentions
    genders: Sequence[str]
    names: Mapping[str, int]
    quoted: Sequence[Quote]
    spoke: list[tuple[Who, int]] = field(default_factory=list)
    strangers: dict[str, Who] = field(default_factory=dict)
    stranger_gender: dict[Who, str] = field(default_factory=dict)
    # Who spoke in the paragraph before, and speaks on only where nobody else is there to.
    last: Who | None = None
    definite: set[str] = field(default_factory=set)
    _starts: list[int] = field(default_factory=list)
    _kin: dict[str, Counter[int]] | None = None

    def __post_init__(self) -> None:
        self._starts = [quote.start for quote in self.quoted]

    @property
    def narrator(self) -> int | None:
        return self.names.get("I")

    def gender(self, who: Who) -> str:
        if who < 0:
            return self.stranger_gender.get(who, "")
        return self.genders[who] if who < len(self.genders) else ""

    def in_quote(self, at: int) -> bool:
        """Whether the place is inside of somebody's words."""
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self.quoted[place].end

    def subject(self, at: int, stop: int, barred: Collection[Who]) -> Found | None:
        """The noun phrase that begins at `at`, None where there is none that speaks or acts."""
        at += len(self.text[at:stop]) - len(self.text[at:stop].lstrip(" \t\n—-,;"))
        lead = _LEAD.match(self.text, at, stop)
        begin = lead.end() if lead else at
        for mention in self.mentions.within(at, min(stop, begin + 2)):
            if at <= mention.start <= begin and not self.in_quote(mention.start):
                if self.text[mention.start : mention.end] == "I":
                    break
                if _POSSESSIVE.match(self.text, mention.end):
                    return None
                return Found(mention.who, mention.end, "explicit")
        for place in (begin, at):
            if found := self._described(place, stop, barred):
                return found
        return None

    def _described(self, at: int, stop: int, barred: Collection[Who]) -> Found | None:
        if match := _PRONOUN.match(self.text, at, stop):
            word = match[0]
            if word == "I":
                return Found(self.narrator, match.end(), "explicit")
            if word.lower() in ("he", "she"):
                return Found(
                    self.antecedent(_GENDER[word.lower()], at, barred), match.end(), "pronoun"
                )
            return Found(None, match.end(), "several") if word.lower() in ("we", "they") else None
        if match := _RELATIVE.match(self.text, at, stop):
            return Found(self._relative(match, barred), match.end(), "relative")
        if match := _STRANGER.match(self.text, at, stop):
            return Found(self._stranger(match, barred), match.end(), "stranger")
        return None

    def antecedent(self, gender: str, at: int, barred: Collection[Who]) -> Who | None:
        """Whom he or she at `at` means: of those who may, one of that very gender comes first."""
        options = [who for who in self._recent(at) if who not in barred and who != self.narrator]
        newcomer = self._newcomer(gender, at)
        if newcomer is not None:
            return newcomer
        fitting = [who for who in options if self.gender(who) == gender]
        for who in fitting:
            if who != self.last:
                return who
        told = self._last_stranger(gender, at, barred)
        if told is not None and told != self.last:
            return told
        if fitting:
            return fitting[0]
        return next((who for who in options if not self.gender(who)), None)

    def _last_stranger(self, gender: str, at: int, barred: Collection[Who]) -> Who | None:
        """The old lady of a sentence before."""
        low = max(self.start, at - _REACH)
        for match in reversed(list(_STRANGER.finditer(self.text, low, at))):
            noun = match["noun"].lower()
            if _GENDER.get(noun) == gender and not self.in_quote(match.start()):
                who = self.strangers.get(noun)
                if who is None and not _INDEFINITE.match(match[0]):
                    self.definite.add(noun)
                who = self._nameless(noun, gender) if who is None else who
                if who not in barred:
                    return who
        return None

    def _newcomer(self, gender: str, at: int) -> Who | None:
        """A man entered: who came in since the last words, where nobody was named after him."""
        low = max(self.start, at - _NEWS)
        for quote in self.quoted[
            max(0, bisect_right(self._starts, at) - 2) : bisect_right(self._starts, at)
        ]:
            low = (
                max(low, quote.end)
                if quote.end <= at and self.text[quote.end : at].strip()
                else low
            )
        found = None
        for match in _STRANGER.finditer(self.text, low, at):
            known = _GENDER.get(match["noun"].lower(), "")
            new = _INDEFINITE.match(match[0]) and not self.in_quote(match.start())
            described = _COPULA.search(self.text, max(low, match.start() - 60), match.start())
            if known == gender and new and not described:
                found = match
        if found is None or any(
            self.gender(m.who) in (gender, "") and not self.in_quote(m.start)
            for m in self.mentions.within(found.end(), at)
        ):
            return None
        return self._nameless(found["noun"].lower(), gender)

    def _recent(self, at: int) -> Iterable[Who]:
        """Who was named in the narration or spoke, the newest first: subjects before objects."""
        line = self.text.rfind("\n\n", self.start, at) + 1
        here = [
            m for m in self.mentions.within(max(self.start, line), at) if not self.in_quote(m.start)
        ]
        yield from (m.who for m in here if self._opens(m))
        before_last = [who for who, where in self.spoke[-2:-1] if at - where < _REACH]
        yield from before_last
        places = [(where, who) for who, where in self.spoke[-8:] if at - where < _REACH]
        for mention in self.mentions.before(at, _REACH):
            if mention.start >= self.start and not self.in_quote(mention.start):
                places.append((mention.start - (0 if self._opens(mention) else 120), mention.who))
        yield from (who for _, who in sorted(places, reverse=True))

    def _opens(self, mention: Mention) -> bool:
        """Whether a name stands at the start of its sentence or clause."""
        before = self.text[max(self.start, mention.start - 24) : mention.start]
        clause = re.split(r"[.!?;:,—”\"\n]|\b(?:and|but|when|while|as|for)\b", before)[-1]
        return not clause.strip() or bool(_LEAD.fullmatch(clause.strip() + " "))

    def _relatives(self) -> dict[str, Counter[int]]:
        """My sister, Mrs. Joe: whom the chapter names beside a word for a relative."""
        if self._kin is not None:
            return self._kin
        found = self._kin = {}
        for match in _RELATIVE.finditer(self.text, self.start, self._end()):
            for mention in self.mentions.within(match.end(), match.end() + 3):
                if not self.text[match.end() : mention.start].strip(" ,"):
                    found.setdefault(match["kin"].lower(), Counter())[mention.who] += 1
        return found

    def _end(self) -> int:
        return max([self.start, *(quote.end for quote in self.quoted[-1:])]) + _REACH

    def _relative(self, match: re.Match[str], barred: Collection[Who]) -> Who | None:
        kin, whose = match["kin"].lower(), match["whose"].lower()
        gender = _GENDER.get(kin, "")
        told = self._relatives().get(kin)
        if told and whose == "my":
            return told.most_common(1)[0][0]
        if kin in ("wife", "lady", "husband"):
            title, other = ("Mr. ", "Mrs. ") if gender == "female" else ("Mrs. ", "Mr. ")
            for mention in self.mentions.before(match.start(), 4 * _REACH):
                name = " ".join(self.text[mention.start : mention.end].split())
                spouse = self.names.get(other + name.removeprefix(title)) if title in name else None
                if spouse is not None:
                    return spouse
        if told:
            return told.most_common(1)[0][0]
        for who in self._recent(match.start()):
            if who in (*barred, self.last, self.narrator) or self.gender(who) != gender or who < 0:
                continue
            if kin not in _PARENTS or self._is_senior(who):
                return who
        return self._nameless(f"{whose} {kin}", gender)

    def _is_senior(self, who: int) -> bool:
        return any(
            owner == who and name.startswith(("Mr", "Mrs", "Aunt", "Uncle", "Lady", "Sir"))
            for name, owner in self.names.items()
        )

    def _stranger(self, match: re.Match[str], barred: Collection[Who]) -> Who:
        noun = match["noun"].lower()
        gender = _GENDER.get(noun, "")
        known = self.strangers.get(noun)
        if known is not None and known < 0:
            return known
        first = rf"\ban? (?:[\w'-]+ ){{0,3}}{noun}\b"
        low = max(self.start, match.start() - _INTRODUCED)
        introduced = re.search(first, self.text[low : match.start()], re.IGNORECASE)
        if gender and not introduced and not _INDEFINITE.match(match[0]) and "other" not in noun:
            self.definite.add(noun)
            options = list(dict.fromkeys(self._recent(match.start())))
            fitting = [
                who for who in options if self.gender(who) == gender and who != self.narrator
            ]
            if len(fitting) == 1 and fitting[0] not in barred and fitting[0] != self.last:
                return fitting[0]
        return self._nameless(noun, gender)

    def revealed(self, end: int) -> dict[Who, Who]:
        """The old lady of the whole chapter is the only lady whom it names."""
        named = {mention.who for mention in self.mentions.within(self.start, end)} - {self.narrator}
        found = {}
        for noun in self.definite & self.strangers.keys():
            who = self.strangers[noun]
            fitting = [person for person in named if self.gender(person) == self.gender(who)]
            if len(fitting) == 1:
                found[who] = fitting[0]
        return found

    def _nameless(self, noun: str, gender: str) -> Who:
        who = self.strangers.setdefault(noun, -1 - len(self.strangers))
        self.stranger_gender[who] = gender
        return who

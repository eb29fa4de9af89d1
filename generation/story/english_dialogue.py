"""Who speaks in an English novel: paragraph by paragraph, for a new speaker begins a new paragraph.

A tag (said X, his wife cried) decides, else what somebody does beside his words, else whose turn it
is; what none of them tells stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generation.story.dialogue import Line
from generation.story.english_subjects import Found, Scene, Who
from generation.story.mentions import Mentions
from generation.story.quotes import Quote, paragraphs

__all__ = ["attribute_english"]

_VERB = (
    r"(?:said|says|asked|replied|answered|cried|exclaimed|shouted|whispered|added|continued|remarked|"
    r"thought|called|began|muttered|repeated|interrupted|inquired|enquired|observed|growled|sighed|"
    r"screamed|roared|returned|pleaded|ventured|murmured|demanded|declared|agreed|protested|suggested|"
    r"explained|insisted|laughed|sobbed|yelled|snapped|persisted|echoed|shrieked|panted|grumbled|"
    r"ordered|spoke|resumed|rejoined|responded|retorted|proceeded|ejaculated|stammered|gasped|faltered|"
    r"urged|begged|implored|commanded|sneered|chuckled|hissed|groaned|moaned|went on|broke in|put in|"
    r"burst out|cried out|called out|assented|acknowledged|admitted|announced|concluded|pursued|quoth|"
    r"tried|told|wondered|mused|bellowed|howled|wailed|warned|chimed in|apologized|apologised)"
)
_INVERTED = re.compile(rf"\s*(?:and\s+)?{_VERB}\s+(?:\w+ly\s+)?", re.IGNORECASE)
_SAYS = re.compile(
    rf"\s*(?:(?:\w+ly|then|only|just|at (?:once|last)|again|also|had|would|did|could)\s+){{0,3}}{_VERB}\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\s*was (?P<whose>my|his|her) (?:[\w-]+,? ){0,4}(?:answer|reply|response|rejoinder|remark|question|comment)\b",
    re.IGNORECASE,
)
_SAID = re.compile(rf"\b{_VERB}\b", re.IGNORECASE)
_TO = re.compile(r"\b(?:to|asked|told)\s+")
_SENTENCE = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.!?]+[”\"’']*\s+|\n\s*\n\s*"
)
_CLAUSE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.;:!?“‘\"]")
_SILENT = re.compile(
    r"\b(?:no (?:answer|reply|response)|not (?:answer|reply|speak)|said nothing|was silent|made no|"
    r"nod(?:ded)?\b|shook (?:his|her|my) head|was the (?:only )?(?:answer|reply)|"
    r"remained silent|deigned not|in silence|never spoke)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(r"[,.!?;:—”’\"']")
_CALLING = re.compile(
    r"(?:^|[,;:.!?—]\s*|\b(?:oh|o|ah|yes|no|well|why|come|now|dear|my|hush|good|master|miss|sir)\s+)$",
    re.IGNORECASE,
)
# Code points of a tag after or before a quote, and between two turns of one dialogue.
_TAG_REACH = 180
_APART = 400
_PARTNERS = 10
# What interrupts no dialogue: (Sounds of more broken glass.)
_ASIDE = re.compile(r"\([^()]{0,80}\)")
# He made no answer: so short is a silence.
_SHORT = 90


@dataclass(slots=True)
class _Turn:
    """The quotes of one paragraph; `who` is below 0 for a stranger, None where nobody is told."""

    start: int
    end: int
    quotes: list[int]
    speakers: list[Who | None] = field(default_factory=list)
    hows: list[str] = field(default_factory=list)
    addressee: Who | None = None

    @property
    def who(self) -> Who | None:
        return self.speakers[-1] if self.speakers else None


def attribute_english(
    text: str,
    start: int,
    end: int,
    spoken: Sequence[Quote],
    mentions: Mentions,
    genders: Sequence[str],
    names: Mapping[str, int],
) -> list[Line]:
    """A Line for each quote of the chapter [start, end). `names` gives each alias's person, and "I"
    the narrator's."""
    scene = Scene(text, start, mentions, genders, names, spoken)
    turns = _Dialogue(scene, end).run()
    revealed = scene.revealed(end)
    lines = []
    for turn in turns:
        for index, who, how in zip(turn.quotes, turn.speakers, turn.hows, strict=True):
            who = revealed.get(who, who) if who is not None else None
            known = who if who is not None and who >= 0 else None
            to = turn.addressee if turn.addressee is not None and turn.addressee >= 0 else None
            lines.append(
                Line(
                    spoken[index].start,
                    spoken[index].end,
                    known,
                    how if known is not None else "unknown",
                    to,
                )
            )
    return lines


class _Dialogue:
    def __init__(self, scene: Scene, end: int) -> None:
        self.scene, self.text, self.quotes = scene, scene.text, scene.quoted
        self.end = end
        self.turns: list[_Turn] = []

    def run(self) -> list[_Turn]:
        for turn in self._paragraphs():
            self._decide(turn)
            self.turns.append(turn)
            if turn.who is not None:
                self.scene.spoke.append((turn.who, turn.start))
        self._fill_backwards()
        return self.turns

    def _paragraphs(self) -> list[_Turn]:
        wrapped = "\n\n" in self.text[self.scene.start : self.end]
        turns: list[_Turn] = []
        at = 0
        for a, b in paragraphs(self.text, self.scene.start, self.end, wrapped):
            inside = []
            while at < len(self.quotes) and self.quotes[at].start < b:
                inside.append(at)
                at += 1
            if inside:
                turns.append(_Turn(a, b, inside))
        if at < len(self.quotes):
            turns.append(_Turn(self.quotes[at].start, self.end, list(range(at, len(self.quotes)))))
        return turns

    # -- one turn ------------------------------------------------------------------------------

    def _decide(self, turn: _Turn) -> None:
        called = self._called(turn)
        turn.addressee = next(iter(called), None)
        previous = self.turns[-1] if self.turns else None
        adjacent = bool(previous) and not self._between(turn).strip()
        barred = set(called)
        bare = not self.text[turn.start : self.quotes[turn.quotes[0]].start].strip()
        goes_on = previous is None or self._goes_on(previous)
        self.scene.last = previous.who if previous and adjacent and bare and not goes_on else None
        tags = [self._tag(turn, nth, barred) for nth in range(len(turn.quotes))]
        first = next((tag for tag in tags if tag), None)
        if first is None:
            first = self._untagged(turn, previous, barred, called, adjacent)
        turn.speakers, turn.hows = [], []
        current, how = first
        for nth, tag in enumerate(tags):
            if tag and (tag[0] is not None or nth == 0):
                current, how = tag
            turn.speakers.append(current)
            turn.hows.append(how if tag or nth == 0 else "split")
        if previous and previous.who == turn.who and turn.addressee is None:
            turn.addressee = previous.addressee

    def _goes_on(self, previous: _Turn) -> bool:
        return self.quotes[previous.quotes[-1]].continued

    def _between(self, turn: _Turn) -> str:
        """The narration between the turn before and this one."""
        if not self.turns:
            return self.text[max(self.scene.start, turn.start - _APART) : turn.start]
        return _ASIDE.sub("", self.text[self.turns[-1].end : turn.start])

    def _tag(self, turn: _Turn, nth: int, barred: set[Who]) -> tuple[Who | None, str] | None:
        """Who is said to speak the quote, None where no verb of saying stands beside it."""
        quote = self.quotes[turn.quotes[nth]]
        following = turn.quotes[nth] + 1
        stop = min(turn.end, quote.end + _TAG_REACH)
        if following < len(self.quotes):
            stop = min(stop, self.quotes[following].start)
        clause = _CLAUSE_END.search(self.text, quote.end, stop)
        clause_end = clause.start() if clause else stop
        if found := self._tag_after(turn, quote.end, clause_end, barred):
            return found
        low = self.quotes[turn.quotes[nth] - 1].end if nth else turn.start
        low = max(low, quote.start - 2 * _TAG_REACH)
        return self._tag_before(turn, low, quote.start, barred)

    def _tag_after(
        self, turn: _Turn, at: int, stop: int, barred: set[Who]
    ) -> tuple[Who | None, str] | None:
        if answer := _ANSWER.match(self.text, at, stop):
            whose = answer["whose"].lower()
            if whose == "my":
                return self.scene.narrator, "explicit"
            return self.scene.antecedent(
                "female" if whose == "her" else "male", at, barred
            ), "pronoun"
        if inverted := _INVERTED.match(self.text, at, stop):
            found = self.scene.subject(inverted.end(), stop, barred)
        else:
            found = self.scene.subject(at, stop, barred)
            if found and not _SAYS.match(self.text, found.end, stop):
                apposition = re.compile(r",[^,.;:!?]{1,60},").match(self.text, found.end, stop)
                if not apposition or not _SAYS.match(self.text, apposition.end(), stop):
                    found = None
        if not found:
            return None
        self._speaks_to(turn, found.end, stop, found.who)
        return found.who, "explicit" if found.how == "explicit" else "pronoun"

    def _tag_before(
        self, turn: _Turn, low: int, high: int, barred: set[Who]
    ) -> tuple[Who | None, str] | None:
        words = self.text[low:high].rstrip()
        if not words:
            words, low = self._line_above(turn, high)
        if words[-1:] not in (",", ":") and not _SAID.search(words[-24:]):
            return None
        stop = low + len(words)
        begin = max(
            [low, *(m.end() for m in _SENTENCE.finditer(self.text, low, stop) if m.end() < stop)]
        )
        if inverted := _INVERTED.match(self.text, begin, stop):
            found = self.scene.subject(inverted.end(), stop, barred)
        else:
            found = self._subject_of(begin, stop, barred)
        if not found:
            return None
        verb = _SAID.search(self.text, found.end, stop)
        if not verb and words[-1] != ":" and len(words) > 160:
            return None
        self._speaks_to(turn, found.end, stop, found.who)
        return found.who, "explicit" if found.how == "explicit" else "pronoun"

    def _line_above(self, turn: _Turn, high: int) -> tuple[str, int]:
        """The paragraph before, where it ends in a colon or a comma and leads up to the quote."""
        above = self.text[max(self.scene.start, turn.start - 500) : turn.start].rstrip()
        if above[-1:] not in (":", ","):
            return "", high
        low = max(self.scene.start, turn.start - 500)
        cut = above.rfind("\n\n") + 1
        floor = self.turns[-1].end - low if self.turns and self.turns[-1].end > low else 0
        return above[max(cut, floor) :], low + max(cut, floor)

    def _subject_of(self, begin: int, stop: int, barred: set[Who]) -> Found | None:
        """The subject of the sentence [begin, stop): of its first clause that has one."""
        at = begin
        for cut in [
            begin,
            *(
                m.end()
                for m in re.finditer(
                    r",\s+|;\s+|—|\b(?:and|but|so|that|for)\s+", self.text[begin:stop]
                )
            ),
        ]:
            at = begin + cut if cut != begin else begin
            if found := self.scene.subject(at, stop, barred):
                return found
        return None

    def _speaks_to(self, turn: _Turn, at: int, stop: int, who: Who | None) -> None:
        if match := _TO.search(self.text, at, stop):
            for mention in self.scene.mentions.within(match.end(), min(stop, match.end() + 8)):
                if mention.who != who:
                    turn.addressee = mention.who
                return

    def _called(self, turn: _Turn) -> list[Who]:
        """Whom the words of the turn call by name."""
        found: list[Who] = []
        for index in turn.quotes:
            quote = self.quotes[index]
            for mention in self.scene.mentions.within(quote.start, quote.end):
                lead = self.text[quote.start + 1 : mention.start][-24:]
                after = self.text[mention.end : mention.end + 1]
                if self.text[mention.start : mention.end] != "I" and _CALLED.match(after):
                    if _CALLING.search(lead) and mention.who not in found:
                        found.append(mention.who)
        return found

    # -- without a tag -------------------------------------------------------------------------

    def _untagged(
        self,
        turn: _Turn,
        previous: _Turn | None,
        barred: set[Who],
        called: list[Who],
        adjacent: bool,
    ) -> tuple[Who | None, str]:
        if previous and self._goes_on(previous) and adjacent:
            return previous.who, "split"
        if (beat := self._beat(turn, barred)) is not None:
            return beat, "beat"
        if previous is None:
            who = self._named_above(turn, barred)
            return (who, "beat") if who is not None else (None, "unknown")
        gap = self._between(turn).strip()
        if gap:
            return self._after_narration(turn, previous, gap, called)
        who = self._partner(previous, called)
        return (who, "turn") if who is not None else (None, "unknown")

    def _beat(self, turn: _Turn, barred: set[Who]) -> Who | None:
        """Who does something beside his words, in their paragraph."""
        spans = []
        at = turn.start
        for index in turn.quotes:
            spans.append((at, self.quotes[index].start))
            at = self.quotes[index].end
        spans.append((at, turn.end))
        for a, b in spans:
            begin = a
            starts = [a, *(m.end() for m in _SENTENCE.finditer(self.text, a, b))]
            for begin in reversed(starts) if (a, b) != spans[-1] else starts:
                if len(self.text[begin:b].split()) >= 2:
                    found = self._subject_of(begin, b, barred)
                    if found and found.who is not None:
                        return found.who
        return None

    def _named_above(self, turn: _Turn, barred: set[Who]) -> Who | None:
        """The subject of the last sentence of narration above."""
        low = max(self.scene.start, turn.start - _APART)
        if self.turns:
            low = max(low, self.turns[-1].end)
        text = self.text[low : turn.start].rstrip()
        starts = [0, *(m.end() for m in _SENTENCE.finditer(text) if m.end() < len(text))]
        for begin in reversed(starts):
            found = self._subject_of(low + begin, low + len(text), barred)
            if found:
                return found.who
        return None

    def _after_narration(
        self, turn: _Turn, previous: _Turn, gap: str, called: list[Who]
    ) -> tuple[Who | None, str]:
        barred = set(called)
        if _SILENT.search(gap) and len(gap) < _SHORT and previous.who not in barred:
            return previous.who, "turn"
        who = self._named_above(turn, barred)
        if who is not None:
            return who, "beat"
        if len(gap) < _APART:
            who = self._partner(previous, called)
        return (who, "turn") if who is not None else (None, "unknown")

    def _partner(self, previous: _Turn, called: list[Who]) -> Who | None:
        """Whose turn it is after `previous`."""
        if previous.who is None:
            before = self.turns[-2] if len(self.turns) > 1 else None
            alone = before and not self.text[before.end : previous.start].strip()
            return before.who if before and alone and before.who not in called else None
        options: list[Who | None] = [turn.who for turn in reversed(self.turns[-_PARTNERS:-1])]
        newest = len(self.turns) > 1 and self.turns[-2].who not in (None, previous.who)
        options.insert(1 if newest else 0, previous.addressee)
        options.append(self.scene.narrator)
        low = previous.start
        options += [
            m.who
            for m in self.scene.mentions.before(low, _APART)
            if not self.scene.in_quote(m.start)
        ]
        for who in options:
            if who is not None and who != previous.who and who not in called:
                return who
        return None

    def _fill_backwards(self) -> None:
        """An unmarked turn before a known one belongs to who speaks after that."""
        for index in range(len(self.turns) - 3, -1, -1):
            turn, following, beyond = self.turns[index : index + 3]
            gap = self.text[turn.end : following.start]
            if turn.who is None and _SILENT.search(gap) and len(gap) < _SHORT:
                turn.speakers = [following.who] * len(turn.quotes)
                continue
            if turn.who is not None or following.who in (None, beyond.who) or beyond.who is None:
                continue
            alone = not self.text[turn.end : following.start].strip()
            alone = alone and not self.text[following.end : beyond.start].strip()
            if alone and all(how == "unknown" or how == "split" for how in turn.hows):
                turn.speakers = [beyond.who] * len(turn.quotes)
                turn.hows = ["turn"] * len(turn.quotes)

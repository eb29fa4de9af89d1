"""Who speaks each quote: explicit cue, action beat, split quote, turn-taking; else nobody."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generation.story.grammar import CHINESE as _G
from generation.story.mentions import Mentions
from generation.story.quotes import Quote
from generation.story.subjects import Subjects

__all__ = ["Line", "attribute"]

_PARTNER_REACH = 300
# What interrupts no dialogue: (Sounds of more broken glass.)
_ASIDE = re.compile(r"\([^()]{0,80}\)|（[^（）]{0,40}）")


@dataclass(frozen=True, slots=True)
class Line:
    """A quote and its speaker's index among the people; None where the text does not tell.

    `how` is explicit, pronoun, beat, split, turn or unknown.
    """

    start: int
    end: int
    who: int | None
    how: str
    addressee: int | None = None


def attribute(
    folded: str,
    start: int,
    end: int,
    spoken: Sequence[Quote],
    mentions: Mentions,
    genders: Sequence[str],
    givens: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> list[Line]:
    """A Line for each quote of the chapter [start, end), in order.

    `genders` and the indices in `givens` are by person: male, female or ""; who has a given name
    of that one character.
    """
    return _Attribution(folded, start, end, spoken, mentions, genders, givens).run()


class _Attribution:
    def __init__(
        self,
        folded: str,
        start: int,
        end: int,
        spoken: Sequence[Quote],
        mentions: Mentions,
        genders: Sequence[str],
        givens: Mapping[str, Sequence[int]],
    ) -> None:
        self.text = folded
        self.start, self.end = start, end
        self.quotes = spoken
        self.mentions = mentions
        self.subjects = Subjects(folded, start, mentions, genders, givens)
        self.lines: list[Line] = []
        self.addressee: int | None = None

    def run(self) -> list[Line]:
        for index in range(len(self.quotes)):
            self.addressee = None
            who, how = self._speaker(index)
            quote = self.quotes[index]
            self.lines.append(Line(quote.start, quote.end, who, how, self.addressee))
        self._fill_backwards()
        return self.lines

    def _speaker(self, index: int) -> tuple[int | None, str]:
        quote = self.quotes[index]
        previous = self.lines[-1] if self.lines else None
        if previous and self.quotes[index - 1].continued:
            return previous.who, "split"
        floor = previous.end if previous else self.start
        before_start, before = self._before(quote, floor)
        if before and _G.cue_before.search(before):
            decided, who, how = self._explicit(before_start, quote.start, previous)
            if decided:
                return who, how
        after_end = self._after(index)
        decided, who, how = self._explicit_after(index, after_end)
        if decided:
            return who, how
        return self._implicit(index, before_start, before, after_end, previous)

    def _before(self, quote: Quote, floor: int) -> tuple[int, str]:
        """The words that lead up to the quote: of its paragraph, or a line that ends in a colon."""
        low = max(floor, quote.start - 260)
        line = self.text.rfind("\n", low, quote.start)
        window = line + 1 if line >= 0 else low
        before = self.text[window : quote.start]
        if not before.strip():
            above = self.text[low : quote.start].rstrip()
            if above[-1:] in ("：", ":"):
                line = self.text.rfind("\n", low, low + len(above))
                window = line + 1 if line >= 0 else low
                return window, above[window - low :]
        return window, before

    def _after(self, index: int) -> int:
        """Where the words after the quote end: its sentence, its paragraph, the next quote."""
        quote = self.quotes[index]
        limit = min(self.end, quote.end + 100)
        if index + 1 < len(self.quotes):
            limit = min(limit, self.quotes[index + 1].start)
        line = self.text.find("\n", quote.end, limit)
        return line if line >= 0 else limit

    def _explicit(self, low: int, high: int, previous: Line | None) -> tuple[bool, int | None, str]:
        """The subject of the saying verb right before the quote."""
        before = self.text[low:high]
        cut = max(before.rstrip().rfind(stop) for stop in _G.stops) + 1
        sentence = low + cut
        weak: int | None = None
        for nth, (a, b) in enumerate(self._clauses(sentence, high)[::-1][:8]):
            who, how = self._subject(a, b, speaking=nth == 0)
            if how == "weak":
                weak = who if weak is None else weak
            elif how:
                return True, who, how
            elif nth == 0 and self.subjects.stranger(self.text[a:high]):
                return True, None, "unknown"
        if weak is not None:
            return True, weak, "beat"
        lead = self.text[low:high].strip()
        if previous and lead == self.text[previous.end : high].strip():
            if _G.answer.search(lead):
                return True, self._other(previous), "turn"
            if _G.question.fullmatch(lead):
                return True, self._asker(previous), "turn"
        if previous and _G.same.match(lead) and high - previous.end <= 24:
            return True, previous.who, "split"
        return self._carried_on(low, sentence, high, previous)

    def _carried_on(
        self, low: int, sentence: int, high: int, previous: Line | None
    ) -> tuple[bool, int | None, str]:
        """The subject of the sentences before; the last speaker where they name nobody at all."""
        decided, who, how = self._subject_of_sentences(low, sentence)
        if decided or how or previous is None:
            return decided, who, how
        if low <= previous.end and "\n" not in self.text[previous.end : high]:
            return previous.who is not None, previous.who, "beat"
        return False, None, ""

    def _clauses(self, a: int, b: int) -> list[tuple[int, int]]:
        ends = [m.start() + a for m in _G.clause.finditer(self.text[a:b])]
        bounds = [a, *[end + 1 for end in ends if end + 1 < b], b]
        return list(itertools.pairwise(bounds))

    def _other(self, previous: Line) -> int | None:
        """Who answers `previous`: the person it was said to, else its last partner, else who was
        named last before it or in it."""
        if previous.addressee is not None and previous.addressee != previous.who:
            return previous.addressee
        partner = next(
            (line for line in reversed(self.lines[-5:-1]) if line.who not in (None, previous.who)),
            None,
        )
        # Whoever came in since the last partner spoke is the newer one: 将贾幹带到。白公问道：…
        since = max(self.start, partner.end if partner else previous.end - _PARTNER_REACH)
        if previous.who is not None:
            for mention in self.mentions.before(previous.end, previous.end - since):
                if mention.who != previous.who and not (partner and mention.who == partner.who):
                    inside = any(a.start <= mention.start < a.end for a in self.lines[-4:])
                    if not inside:
                        return mention.who
        return partner.who if partner else None

    def _asker(self, previous: Line) -> int | None:
        """Who asks on: who had asked before the answer `previous`, unless that is a question."""
        mark = self.text[previous.start : previous.end].rstrip("”」』\"'’")[-1:]
        for line in reversed(self.lines[-5:-1]):
            if line.who is not None and line.who != previous.who and mark not in ("？", "?"):
                return line.who
        return previous.who

    def _subject_of_sentences(self, low: int, high: int) -> tuple[bool, int | None, str]:
        """The subject of the nearest sentence before, where the cue has none of its own."""
        weak: int | None = None
        while high > low:
            before = self.text[low : high - 1]
            start = low + max(before.rfind(stop) for stop in _G.stops) + 1
            for a, b in self._clauses(start, high):
                who, how = self._subject(a, b, speaking=False)
                if how == "weak":
                    weak = who if weak is None else weak
                elif how:
                    return who is not None, who, "beat"
            high = start
        return weak is not None, weak, "beat" if weak is not None else ""

    def _subject(self, a: int, b: int, *, speaking: bool = True) -> tuple[int | None, str]:
        """(who, how) for the clause [a, b); notes whom it speaks to."""
        recent = self.quotes[max(0, len(self.lines) - 4) : len(self.lines) + 1]
        subject = self.subjects.of(
            a,
            b,
            speaking=speaking,
            quoted=[(quote.start, quote.end) for quote in recent],
            last=self.lines[-1].who if self.lines else None,
        )
        if subject.addressee is not None:
            self.addressee = subject.addressee
        return subject.who, subject.how

    def _explicit_after(self, index: int, limit: int) -> tuple[bool, int | None, str]:
        """“…”张三说。 — unless those words lead up to the next quote (”玄德曰：“)."""
        quote = self.quotes[index]
        after = self.text[quote.end : limit]
        cue = _G.cue_after.match(after)
        if not cue:
            return False, None, ""
        next_start = self.quotes[index + 1].start if index + 1 < len(self.quotes) else -1
        leads_on = next_start == limit and after.rstrip()[-1:] in ("：", ":")
        inner = self.text[quote.start + 1 : quote.end - 1].rstrip()
        if leads_on and inner[-1:] not in ("，", ","):
            return False, None, ""
        end = quote.end + cue.end()
        saved = self.addressee
        who, how = self._subject(quote.end, end)
        if how:
            return True, who, how
        self.addressee = saved
        return False, None, ""

    def _implicit(
        self, index: int, low: int, before: str, after_end: int, previous: Line | None
    ) -> tuple[int | None, str]:
        quote = self.quotes[index]
        gap = self.text[previous.end : quote.start] if previous else ""
        same_paragraph = bool(previous) and "\n" not in gap
        cued = bool(before.strip()) and _G.cue_before.search(before) is not None
        near = 16 if cued else 40
        if previous and same_paragraph and (len(gap) <= near or not before.strip()):
            who, how = self._subject(previous.end, quote.start)
            if how == "explicit" and who != previous.who and len(gap.strip()) > 4:
                return who, "beat"
            return previous.who, "split"
        if before.strip():
            decided, who, how = self._subject_of_sentences(low, quote.start)
            if decided:
                return who, how
        after = self.text[quote.end : after_end]
        starts_paragraph = not before.strip()
        if starts_paragraph and after.strip():
            first = re.split(f"[{re.escape(_G.stops)}]", after, maxsplit=1)[0]
            leads_on = after.rstrip()[-1:] in ("：", ":")
            who, how = self._subject(quote.end, quote.end + len(first))
            if how and who is not None and not leads_on:
                return who, "beat"
        return self._turn(index, gap, previous)

    def _turn(self, index: int, gap: str, previous: Line | None) -> tuple[int | None, str]:
        """Two people who take turns, paragraph by paragraph."""
        if not previous or _ASIDE.sub("", gap).strip() or "\n" not in gap:
            return None, "unknown"
        if previous.who is None:
            # Somebody and a stranger take turns.
            first = self.lines[-2] if len(self.lines) > 1 else None
            alone = first and not _ASIDE.sub("", self.text[first.end : previous.start]).strip()
            return (first.who, "turn") if first and alone else (None, "unknown")
        for line in reversed(self.lines[-6:-1]):
            if line.who is not None and line.who != previous.who:
                return line.who, "turn"
        if previous.addressee is not None and previous.addressee != previous.who:
            return previous.addressee, "turn"
        near = [
            m.who
            for m in self.mentions.before(self.lines[max(0, index - 1)].start, 300)
            if m.start >= self.start and m.who != previous.who
        ]
        if near and all(who == near[0] for who in near):
            return near[0], "turn"
        return None, "unknown"

    def _fill_backwards(self) -> None:
        """A bare quote before a known turn belongs to the other of the two."""
        for index in range(len(self.lines) - 3, -1, -1):
            line, following, beyond = self.lines[index : index + 3]
            if line.who is not None or line.how != "unknown":
                continue
            bare = not self.text[line.end : following.start].strip()
            bare_again = not self.text[following.end : beyond.start].strip()
            others = following.who is not None and beyond.who not in (None, following.who)
            if bare and bare_again and others:
                self.lines[index] = Line(line.start, line.end, beyond.who, "turn")

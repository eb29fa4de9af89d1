"""A chapter cut into windows of numbered sentences that a model can be asked about."""

from __future__ import annotations

import itertools
import string
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generation.story.casting import assemble
from generation.story.drafts import ChapterDraft
from generation.story.model import sha256_of
from generation.story.names import Evidence
from generation.story.quotes import Quote
from generation.story.script import fold
from generation.story.sentences import sentence_cuts, split_long
from generation.story.shots import whole_quotes
from generation.story.speakers import speakers
from generation.story.world import World

__all__ = ["Local", "Window", "windows_of"]

LETTERS = (*string.ascii_uppercase, *(f"{a}{b}" for a in "AB" for b in string.ascii_uppercase))
# Places kept for a letter: enough to find the person again in the cast of the whole book.
MOST_PLACES = 8
MOST_FORMS = 4


@dataclass(frozen=True, slots=True)
class Local:
    """Somebody named in a window: the forms that stand in it, and where in the whole text."""

    letter: str
    forms: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences [start, end) in the whole text, numbered from 1.

    `asked` are numbers of sentences whose speaker the rules are not sure of, `quoted` of all with
    speech, `scenes` of those where the rules begin a scene, `shots` how many shots are wanted.
    """

    text: str
    english: bool
    sentences: tuple[tuple[int, int], ...]
    people: tuple[Local, ...]
    asked: frozenset[int]
    quoted: frozenset[int]
    scenes: frozenset[int]
    density: float
    again: int = 0

    @property
    def start(self) -> int:
        return self.sentences[0][0]

    @property
    def end(self) -> int:
        return self.sentences[-1][1]

    @property
    def shots(self) -> int:
        return max(1, round((self.end - self.start) * self.density / 1000))

    def part(self, first: int, last: int, *, again: int = 0) -> Window:
        """Its sentences first to last, counted from 1, numbered anew."""

        def moved(numbers: frozenset[int]) -> frozenset[int]:
            return frozenset(n - first + 1 for n in numbers if first <= n <= last)

        start, end = self.sentences[first - 1][0], self.sentences[last - 1][1]
        there = [one for one in self.people if any(start <= place[0] < end for place in one.places)]
        return replace(
            self,
            sentences=self.sentences[first - 1 : last],
            people=tuple(there),
            asked=moved(self.asked),
            quoted=moved(self.quoted),
            scenes=moved(self.scenes),
            again=again,
        )


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    who: int
    form: str


def windows_of(text: str, draft: ChapterDraft, *, title: str, size: int) -> list[Window]:
    """The chapter's windows of about `size` characters, cut where the rules begin a scene.

    Everything in a window is decided by its chapter alone.
    """
    start, end = draft["start"], draft["end"]
    english = draft["language"] == "en"
    body = text[start:end]
    spoken = [Quote(a - start, b - start, continued=bool(c)) for a, b, c in draft["quotes"]]
    sentences = _sentences(body, spoken, english, draft["density"])
    named, sure = _people(body, draft, spoken, title)
    openings = {scene["start"] - start for scene in draft["scenes"]}
    made = []
    for first, last in _groups(sentences, openings, size):
        part = sentences[first:last]
        made.append(_window(text, start, part, named, spoken, sure, openings, draft))
    return made


def _window(
    text: str,
    base: int,
    part: Sequence[tuple[int, int]],
    named: Sequence[_Named],
    spoken: Sequence[Quote],
    sure: Sequence[bool],
    openings: set[int],
    draft: ChapterDraft,
) -> Window:
    starts = [a for a, _ in part]
    quoted: set[int] = set()
    asked: set[int] = set()
    for quote, known in zip(spoken, sure, strict=True):
        if part[0][0] <= quote.start < part[-1][1]:
            number = bisect_left(starts, quote.start + 1)
            quoted.add(number)
            if not known:
                asked.add(number)
    return Window(
        text=text,
        english=draft["language"] == "en",
        sentences=tuple((a + base, b + base) for a, b in part),
        people=_locals(named, part[0][0], part[-1][1], base),
        asked=frozenset(asked),
        quoted=frozenset(quoted),
        scenes=frozenset(number for number, (a, _) in enumerate(part, 1) if a in openings),
        density=draft["density"],
    )


def _sentences(
    body: str, spoken: Sequence[Quote], english: bool, density: float
) -> list[tuple[int, int]]:
    """Cover the body; a sentence longer than a shot should be is cut, blank ones join a neighbour."""
    target = 1000.0 / density
    cuts = sentence_cuts(body, 0, len(body), english=english, whole=whole_quotes(spoken))
    bounds = [0]
    for a, b in itertools.pairwise([0, *cuts, len(body)]):
        if b - a > 1.8 * target:
            bounds += split_long(body, a, b, max(1, round(target * 1.25)))
        bounds.append(b)
    kept: list[tuple[int, int]] = []
    at = 0
    for bound in sorted(set(bounds))[1:]:
        if body[at:bound].strip():
            kept.append((at, bound))
            at = bound
    if not kept:
        return [(0, len(body))]
    kept[-1] = (kept[-1][0], len(body))
    return kept


def _people(
    body: str, draft: ChapterDraft, spoken: Sequence[Quote], title: str
) -> tuple[list[_Named], list[bool]]:
    """Who is named where, by the rules on this chapter alone; and whose words are sure."""
    folded = fold(body)
    casting = assemble(
        body,
        folded,
        [(0, len(body))],
        Evidence.from_dict(draft["evidence"]),
        [(quote.start, quote.end) for quote in spoken],
        title=title,
        language=draft["language"],
        sha=sha256_of(body),
        world=World("classical", "china"),
    )
    lines = speakers(folded, 0, len(body), spoken, casting, draft["language"])
    told = {line.start for line in lines if line.how == "explicit" and line.who is not None}
    named = [_Named(m.start, m.end, m.who, body[m.start : m.end]) for m in casting.mentions.all]
    return named, [quote.start in told for quote in spoken]


def _groups(
    sentences: Sequence[tuple[int, int]], openings: set[int], size: int
) -> list[tuple[int, int]]:
    """Runs [first, last) of sentences: whole scenes up to `size` characters, a longer one in parts."""
    groups: list[tuple[int, int]] = []
    first = 0
    last_opening = 0
    for at, (a, b) in enumerate(sentences):
        if a in openings and at > first:
            last_opening = at
        if b - sentences[first][0] > size and at > first:
            cut = last_opening if last_opening > first else at
            groups.append((first, cut))
            first = cut
    groups.append((first, len(sentences)))
    return groups


def _locals(named: Sequence[_Named], start: int, end: int, base: int) -> tuple[Local, ...]:
    """In order of appearance, so that what happens elsewhere changes no letter."""
    by_who: dict[int, list[_Named]] = {}
    for item in named:
        if start <= item.start < end:
            by_who.setdefault(item.who, []).append(item)
    return tuple(
        Local(
            letter,
            tuple(dict.fromkeys(" ".join(item.form.split()) for item in items))[:MOST_FORMS],
            tuple((item.start + base, item.end + base) for item in items),
        )
        for letter, items in zip(LETTERS, by_who.values(), strict=False)
    )

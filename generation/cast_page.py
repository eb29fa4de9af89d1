"""What the correcting pages show: the cast with the corrections applied, a chapter's paragraphs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from generation.models import CastCorrection, Character, Run
from generation.services.corrections import told_corrections
from generation.story import KINDS, corrected
from generation.story.people import Known
from generation.story.script import language_of
from generation.story.sentences import sentence_cuts

_PARAGRAPH = re.compile(r"[^\n]+")
SHOWN = 90


@dataclass(frozen=True)
class PersonRow:
    """A person as the next storyboard will have him; `others` are the names that can be split off.

    `nameless`: somebody whom the text calls by a role only (老者), of a few scenes.
    """

    name: str
    others: list[str]
    mentions: int
    sheet: int | None
    nameless: bool = False


def corrected_cast(
    cast: Iterable[Character], corrections: Sequence[CastCorrection]
) -> list[PersonRow]:
    """The cast of the newest run after the corrections made up to now; mentions are that run's."""
    rows = list(cast)
    counts = {name: row.mentions for row in rows for name in [row.name]}
    sheets = {row.name: row.pk for row in rows if row.sheet}
    roles = {row.name for row in rows if row.appearance.get("kind") == "role"}
    known = [Known(row.name, {row.name, *row.aliases}) for row in rows]
    people = corrected(known, told_corrections(corrections))
    return [
        PersonRow(
            name=person.shown or person.name,
            others=sorted(person.aliases - {person.name}, key=lambda name: (len(name), name)),
            mentions=sum(counts.get(name, 0) for name in person.aliases | {person.name}),
            sheet=sheets.get(person.name),
            nameless=person.name in roles and not person.shown,
        )
        for person in people
    ]


def is_behind(
    newest: Run | None, cast: Iterable[Character], corrections: Iterable[CastCorrection]
) -> bool:
    """Whether the newest run was made before a correction. A look that was chosen in that run itself
    is there already."""
    if newest is None:
        return False
    shown = {row.name: row.appearance.get("summary") for row in cast}
    return any(
        row.at > newest.queued_at
        and (row.kind in KINDS or shown.get(row.name, "") not in ("", row.look.get("summary")))
        for row in corrections
    )


@dataclass(frozen=True)
class Paragraph:
    """[at, …) in the novel; `opening` is how it begins. The first of a chapter splits nothing."""

    at: int
    opening: str
    first: bool


def paragraphs(text: str, start: int) -> list[Paragraph]:
    """The paragraphs of a chapter that begins at `start`; one without line breaks by sentence."""
    found = [match.span() for match in _PARAGRAPH.finditer(text) if match[0].strip()]
    if len(found) < 3 and len(text) > 2_000:
        english = language_of(text) == "en"
        cuts = [0, *sentence_cuts(text, 0, len(text), english=english), len(text)]
        found = [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]
    return [
        Paragraph(start + a, _opening(text[a:b].strip()), position == 0)
        for position, (a, b) in enumerate(found)
    ]


def _opening(words: str) -> str:
    return words[:SHOWN] + ("…" if len(words) > SHOWN else "")

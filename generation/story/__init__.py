"""The story room: novel text in, storyboard out. No Django, no model, no network.

`storyboard` does it in one process; `map_chapter` over chapters and `reduce_drafts` over their
drafts give the same board byte for byte on any number of workers.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from generation.story.abridging import density_for
from generation.story.board import Progress, reduce_drafts
from generation.story.casting import assemble
from generation.story.corrections import KINDS, Correction, Look, corrected
from generation.story.drafts import ChapterDraft, map_chapter
from generation.story.headings import chapters
from generation.story.model import (
    Cancelled,
    Chapter,
    Person,
    Storyboard,
    StoryError,
    Text,
    sha256_of,
)
from generation.story.names import Evidence
from generation.story.prompts import TEMPLATES, PromptTemplate
from generation.story.reading import guess_title, read
from generation.story.script import fold, language_of
from generation.story.shots import default_density
from generation.story.validation import validate
from generation.story.world import world_of

__all__ = [
    "KINDS",
    "TEMPLATES",
    "Cancelled",
    "Chapter",
    "ChapterDraft",
    "Correction",
    "Look",
    "Mapper",
    "Person",
    "PromptTemplate",
    "StoryError",
    "Storyboard",
    "Text",
    "cast",
    "chapters",
    "corrected",
    "default_density",
    "density_for",
    "map_chapter",
    "read",
    "reduce_drafts",
    "storyboard",
    "validate",
]


class Mapper(Protocol):
    """Makes the draft of one chapter, looking at nothing else."""

    def __call__(
        self, text: str, chapter: Chapter, *, language: str, density: float
    ) -> ChapterDraft:
        """As `map_chapter`."""


def cast(text: str, chapters: Sequence[Chapter]) -> tuple[Person, ...]:
    """The people of these chapters, the most mentioned first, with offsets and looks."""
    language = language_of(text)
    folded = fold(text)
    evidence = Evidence()
    quoted: list[tuple[int, int]] = []
    for chapter in chapters:
        draft = map_chapter(text, chapter, language=language)
        evidence.add_dict(draft["evidence"])
        quoted += [(row[0], row[1]) for row in draft["quotes"]]
    return assemble(
        text,
        folded,
        [(chapter.start, chapter.end) for chapter in chapters],
        evidence,
        quoted,
        title=guess_title(text),
        language=language,
        sha=sha256_of(text),
        world=world_of(folded, language),
    ).people


def storyboard(
    text: Text | str,
    *,
    title: str = "",
    language: str = "auto",
    chapters: Sequence[Chapter] | None = None,
    select: Collection[int] | None = None,
    density: float | None = None,
    seconds: float | None = None,
    template: str | PromptTemplate = "offline-zh@1",
    corrections: Sequence[Correction] = (),
    looks: Mapping[str, Look] | None = None,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    mapper: Mapper = map_chapter,
) -> Storyboard:
    """The storyboard of a novel.

    `select` holds indices of chapters: the board lists all chapters, scenes and shots only of
    these, and the cast is counted over these. `density` is shots per 1,000 characters (default 20
    for Chinese, 6 for English, half of it above 100,000 selected characters); `seconds` is how long the film shall be at most,
    which decides the density where none is given. `corrections` are the
    reader's words on the cast, `looks` those that the reader chose, by name. `on_progress` gets ("chapters" | "map" | "shots", done, total).
    `mapper` makes the draft of a chapter: the rules, or
    `functools.partial(direct_chapter, complete=…, title=…)` for a model. Raises Cancelled once
    `cancelled()` is true, and StoryError for an empty text, an unknown chapter, template, language
    or an unusable density.
    """
    book = as_text(text, title=title, language=language)
    split = tuple(chapters) if chapters is not None else _split(book.text)
    wanted = _selected(split, select)
    if on_progress:
        on_progress("chapters", len(split), len(split))
    length = sum(chapter.end - chapter.start for chapter in wanted)
    usual = default_density(length, book.language)
    if density is None and seconds is not None:
        density = min(usual, density_for(length, seconds))
    shots_per_thousand = usual if density is None else density
    drafts: list[ChapterDraft] = []
    with _no_cycles():
        for done, chapter in enumerate(wanted):
            if cancelled and cancelled():
                raise Cancelled("map")
            drafts.append(
                mapper(book.text, chapter, language=book.language, density=shots_per_thousand)
            )
            if on_progress:
                on_progress("map", done + 1, len(wanted))
        return reduce_drafts(
            book,
            split,
            drafts,
            title=title,
            template=template,
            corrections=corrections,
            looks=looks,
            seconds=seconds,
            on_progress=on_progress,
            cancelled=cancelled,
        )


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Without the collector of cycles: a growing board has none, and looking for them again and
    again takes a tenth of the time."""
    there = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if there:
            gc.enable()


_split = chapters
_LANGUAGES = ("zh-Hans", "zh-Hant", "en")


def as_text(text: Text | str, *, title: str = "", language: str = "auto") -> Text:
    """A Text for a str (encoding "utf-8", newlines normalised), with the language checked."""
    if language != "auto" and language not in _LANGUAGES:
        raise StoryError(
            "language",
            f"Language {language!r} is not known: choose one of auto, {', '.join(_LANGUAGES)}.",
            language=language,
        )
    body = text if isinstance(text, str) else text.text
    if isinstance(text, str):
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if not body:
        raise StoryError("empty", "The text is empty: choose a file that has a text in it.")
    guessed = language_of(body) if isinstance(text, str) else text.language
    chosen = guessed if language == "auto" else language
    if isinstance(text, Text):
        return Text(body, text.encoding, text.repairs, text.sha256, title or text.title, chosen)
    return Text(body, "utf-8", (), sha256_of(body), title or guess_title(body), chosen)


def _selected(split: Sequence[Chapter], select: Collection[int] | None) -> list[Chapter]:
    if select is None:
        return list(split)
    by_index = {chapter.index: chapter for chapter in split}
    missing = sorted(set(select) - set(by_index))
    if missing or not select:
        raise StoryError(
            "chapters",
            f"There is no chapter {', '.join(map(str, missing)) or 'chosen'}: "
            f"choose among 0 to {len(split) - 1}.",
            missing=missing,
        )
    return [by_index[index] for index in sorted(set(select))]

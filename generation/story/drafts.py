"""The map step: one chapter, by itself, to what the reduce step needs; JSON in and out."""

from __future__ import annotations

import itertools
from typing import Any, NotRequired, TypedDict

from generation.story.direction import Directions
from generation.story.english import collect_english
from generation.story.headings import told_from
from generation.story.model import Chapter, StoryError, sha256_of
from generation.story.names import collect
from generation.story.quotes import quotes
from generation.story.scenes import leaps, scene_cuts, setting_of
from generation.story.script import fold, language_of
from generation.story.sentences import sentence_cuts
from generation.story.shots import check_density, default_density, shot_cuts, whole_quotes

__all__ = ["ChapterDraft", "SceneDraft", "map_chapter"]


class SceneDraft(TypedDict):
    """A scene: [start, end), what it says of its setting, and the starts of all its shots."""

    start: int
    end: int
    setting: dict[str, Any]
    shots: list[int]


class ChapterDraft(TypedDict):
    """What one chapter tells by itself. Offsets are those of the whole text.

    `told` is where its story begins behind its heading, which is in no shot's words.
    `evidence` are counts for names, `quotes` rows of [start, end, goes on in the next paragraph],
    `sha256` is of the chapter's text, so that a stale draft is told from a fresh one. `direction` is
    what somebody who has read the chapter says of its shots; without it the rules decide.
    """

    index: int
    start: int
    end: int
    told: NotRequired[int]
    sha256: str
    language: str
    density: float
    evidence: dict[str, dict[str, int]]
    quotes: list[list[int]]
    scenes: list[SceneDraft]
    direction: NotRequired[Directions]


def map_chapter(
    text: str, chapter: Chapter, *, language: str = "auto", density: float | None = None
) -> ChapterDraft:
    """Quotes, scene and shot cuts and evidence for names in `chapter`; looks at nothing else.

    `text` is the whole novel. Over many chapters give `language` and `density` (shots per 1,000
    characters), so that no chapter decides them for itself.
    """
    body = text[chapter.start : chapter.end]
    if not body:
        raise StoryError(
            "empty_chapter",
            f"Chapter {chapter.index} is empty ([{chapter.start}, {chapter.end})): "
            "its bounds do not belong to this text.",
            index=chapter.index,
        )
    language = language_of(body) if language == "auto" else language
    density = default_density(len(body), language) if density is None else check_density(density)
    english = language == "en"
    folded = fold(body)
    wrapped = english and "\n\n" in body
    spoken = [q for q in quotes(folded, 0, len(body), wrapped=wrapped) if q.spoken]
    gather = collect_english if english else collect
    told = told_from(text, chapter) - chapter.start
    # An English heading has every word in capitals: there is no name to be told from it.
    evidence = gather(folded, told if english else 0, len(body), spoken)
    sentences = sentence_cuts(body, 0, len(body), english=english, whole=whole_quotes(spoken))
    outside = _outside(sentences, [(q.start, q.end) for q in spoken])
    cuts = scene_cuts(body, folded, 0, len(body), outside, english=english)
    bounds = [0, *(cut for cut in cuts if _tells(body[told:cut])), len(body)]
    scenes: list[SceneDraft] = []
    for a, b in itertools.pairwise(bounds):
        starts = [a, *shot_cuts(body, a, b, sentences, density, told)]
        scenes.append(
            {
                "start": a + chapter.start,
                "end": b + chapter.start,
                "setting": setting_of(body, folded, a, b, english=english)
                | {"leaps": leaps(folded, a, english=english)},
                "shots": [start + chapter.start for start in starts],
            }
        )
    return {
        "index": chapter.index,
        "start": chapter.start,
        "end": chapter.end,
        "told": told + chapter.start,
        "sha256": sha256_of(body),
        "language": language,
        "density": density,
        "evidence": evidence.to_dict(),
        "quotes": [
            [q.start + chapter.start, q.end + chapter.start, int(q.continued)] for q in spoken
        ],
        "scenes": scenes,
    }


def _tells(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _outside(cuts: list[int], spans: list[tuple[int, int]]) -> list[int]:
    """Those of `cuts` that fall into none of the spans; both rise."""
    kept: list[int] = []
    at = 0
    for cut in cuts:
        while at < len(spans) and spans[at][1] <= cut:
            at += 1
        if at == len(spans) or cut <= spans[at][0]:
            kept.append(cut)
    return kept

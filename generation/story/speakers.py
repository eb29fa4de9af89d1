"""Who speaks each quote of a chapter, by the rules of the chapter's language."""

from __future__ import annotations

from collections.abc import Sequence

from generation.story.casting import Casting
from generation.story.dialogue import Line, attribute
from generation.story.direction import names_of
from generation.story.english_dialogue import attribute_english
from generation.story.quotes import Quote

__all__ = ["speakers"]


def speakers(
    folded: str, start: int, end: int, spoken: Sequence[Quote], casting: Casting, language: str
) -> list[Line]:
    """A Line for each quote of the chapter [start, end), in order; `folded` as of script.fold."""
    if language == "en":
        return attribute_english(
            folded, start, end, spoken, casting.mentions, casting.genders, names_of(casting)
        )
    return attribute(folded, start, end, spoken, casting.mentions, casting.genders, casting.givens)

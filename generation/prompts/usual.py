"""The words that the house's storyboards have where nobody chose a template, as values of one.

So that they can be evaluated like any other, as the baseline that a better template has to beat: the
templates `usual-zh` and `usual-en` write what the story room writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.story.prompts import (
    TEMPLATES,
    Subject,
    acting_words,
    count_words,
    setting_words,
    style_for,
    subject_words,
)

_NAMES = {False: "offline-zh@1", True: "offline-en@1"}
_POSES = frozenset(
    ("stand", "sit", "walk", "run", "kneel", "bow", "point", "fight", "ride", "lie", "write", "hold",
     "talk")
)  # fmt: skip
_MOODS = frozenset(
    ("neutral", "happy", "angry", "sad", "surprised", "afraid", "determined", "thoughtful")
)


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody in a shot, in the storyboard's own keys; `name`, `look` and `state` in the language of
    the prompt."""

    name: str
    look: str
    gender: str
    slot: str
    pose: str
    expression: str
    state: str


def style_of(setting: Mapping[str, Any], *, english: bool) -> str:
    """The style that suits a story's period and culture."""
    return style_for(TEMPLATES[_NAMES[english]], setting)


def values_of(
    genders: Sequence[str], framing: str, setting: Mapping[str, Any], place: str, *, english: bool
) -> dict[str, str]:
    """The variables that the story room words in its own way."""
    template = TEMPLATES[_NAMES[english]]
    known = dict(setting)
    known["period"] = known["period"] if known["period"] in template.styles else "classical"
    said = setting_words(template, framing=framing, setting=known, place=place or None)
    return {
        "count": count_words([_subject(gender) for gender in genders], english),
        **said._asdict(),
    }


def acted(told: Acting, *, english: bool, several: bool) -> tuple[str, str, str]:
    """Pose, expression, and all that is said of somebody."""
    subject = _subject(told.gender)._replace(
        name=told.name,
        summary=told.look,
        slot=told.slot,
        pose=told.pose if told.pose in _POSES else "stand",
        expression=told.expression if told.expression in _MOODS else "neutral",
        state=told.state,
    )
    said = subject_words(subject, english, several=several)
    return (*acting_words(subject, english), said if told.name else said.lstrip("： :"))


def _subject(gender: str) -> Subject:
    return Subject("", "", gender, "adult", "human", "stand", "neutral", "")

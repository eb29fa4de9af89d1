"""A template of the library: what it makes, for which engines, how it is written, and its worth."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from generation.prompts.errors import PromptError
from generation.prompts.families import FAMILIES

MAKES = ("picture", "storyboard")
LANGUAGES = ("zh", "en")
STYLES = (
    "ink_wash", "gongbi", "blue_green", "mural", "line_art", "cel", "webtoon", "impasto",
    "photoreal", "picture_book", "monochrome", "pixel", "flat", "paper_cut", "fantasy_cg", "noir",
    "watercolour", "print", "draft", "storyboard",
)  # fmt: skip
NAME = re.compile(r"[a-z][a-z0-9-]{1,58}[a-z0-9]\Z")
REFERENCE = re.compile(r"([a-z][a-z0-9-]{1,58}[a-z0-9])(?:@([a-z0-9][a-z0-9-]{0,29}))?\Z")
WORDS = "words"
"""The one setting that is ours and not an engine's: how the variables are worded."""
_TEXTS = ("title", "strengths", "weaknesses", "use_when", "avoid_when")


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Chinese and in English."""

    zh: str
    en: str

    def to_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Template:
    """One version of one template. `body` is written as `syntax` says.

    `makes` "picture": a shot's prompt; "storyboard": what a chat model is told about a chapter.
    `settings` are for the engine and part of the version (the sketch engine's `style`, a sampler's
    steps), never secrets.
    """

    key: str
    version: int
    makes: str
    family: str
    language: str
    style: str
    title: Words
    strengths: Words
    weaknesses: Words
    use_when: Words
    avoid_when: Words
    body: str
    negative: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it stands in storyboards and receipts: key@version."""
        return f"{self.key}@{self.version}"

    @property
    def english(self) -> bool:
        return self.language == "en"

    @property
    def usual(self) -> bool:
        """Whether its variables are worded as in storyboards for which nobody chose a template."""
        return self.settings.get(WORDS) == "usual"

    @property
    def digest(self) -> str:
        """SHA-256 of what decides the prompt; the words about it do not count."""
        return digest_of(self.body, self.negative, self.settings)

    @property
    def parameters(self) -> dict[str, float | int | str]:
        """The settings that an engine takes as they are: numbers and words, no structures."""
        return {
            name: value
            for name, value in self.settings.items()
            if isinstance(value, int | float | str)
            and not isinstance(value, bool)
            and name != WORDS
        }

    def to_dict(self) -> dict[str, Any]:
        """For files; `template_from` reads it back."""
        return {
            "key": self.key,
            "version": self.version,
            "makes": self.makes,
            "family": self.family,
            "language": self.language,
            "style": self.style,
            **{name: getattr(self, name).to_dict() for name in _TEXTS},
            "body": self.body,
            "negative": self.negative,
            "settings": dict(self.settings),
        }


def digest_of(body: str, negative: str, settings: Mapping[str, Any]) -> str:
    facts = json.dumps([body, negative, dict(settings)], ensure_ascii=False, sort_keys=True)
    return sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()


def template_from(told: object, place: str = "template") -> Template:
    """A template out of a file's object. Raises PromptError `file` naming the place and the field."""
    if not isinstance(told, Mapping):
        raise PromptError("file", f"{place}: must be an object.", place=place)
    known = {*Template.__dataclass_fields__}
    strange = sorted(set(told) - known)
    missing = sorted(known - {"negative", "settings"} - set(told))
    if strange or missing:
        wrong = f"has {', '.join(strange)}" if strange else f"lacks {', '.join(missing)}"
        raise PromptError("file", f"{place}: {wrong}.", place=place)
    fields: dict[str, Any] = {name: told[name] for name in known & set(told)}
    fields |= {name: _words(told[name], f"{place}: {name}") for name in _TEXTS}
    made = Template(**fields)
    _judge(made, place)
    return made


def _words(told: object, place: str) -> Words:
    if not isinstance(told, Mapping) or set(told) != {"zh", "en"}:
        raise PromptError("file", f"{place}: give zh and en.", place=place)
    zh, en = told["zh"], told["en"]
    if not (isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip()):
        raise PromptError("file", f"{place}: zh and en must be words.", place=place)
    return Words(zh.strip(), en.strip())


def _judge(made: Template, place: str) -> None:
    choices: tuple[tuple[str, object, tuple[str, ...]], ...] = (
        ("makes", made.makes, MAKES),
        ("family", made.family, tuple(FAMILIES)),
        ("language", made.language, LANGUAGES),
        ("style", made.style, STYLES),
    )
    for name, value, allowed in choices:
        if value not in allowed:
            told = f"{place}: {name} {value!r} is none of {', '.join(allowed)}."
            raise PromptError("file", told, place=place)
    if not isinstance(made.key, str) or not NAME.match(made.key):
        raise PromptError(
            "file", f"{place}: key {made.key!r}: use small letters, digits and -.", place=place
        )
    number = made.version
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 30_000:
        raise PromptError("file", f"{place}: version must be a number from 1.", place=place)
    if not isinstance(made.body, str) or not made.body.strip():
        raise PromptError("file", f"{place}: body is empty.", place=place)
    if not isinstance(made.negative, str) or not isinstance(made.settings, Mapping):
        raise PromptError("file", f"{place}: negative is text, settings an object.", place=place)
    if (made.makes == "storyboard") != (made.family == "chat"):
        raise PromptError(
            "file", f"{place}: a storyboard is made by the family chat, and only that.", place=place
        )

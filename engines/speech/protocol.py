"""The nouns of speech. What differs between vendors ends here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, Protocol

Sex = Literal["female", "male", "neutral"]
Age = Literal["child", "young", "adult", "old"]

SLOWEST, FASTEST = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of an engine. `language` is the BCP 47 tag it was made for; `sex` and `age` are how
    it sounds, for choosing one for a character."""

    id: str
    title: str
    language: str = "zh-Hans"
    sex: Sex = "neutral"
    age: Age = "adult"

    def speaks(self, language: str) -> bool:
        """Whether it was made for the language of this tag; "mul" is made for all."""
        return self.language == "mul" or self.language[:2].lower() == language[:2].lower()


@dataclass(frozen=True, slots=True)
class Word:
    """When a word is heard, in milliseconds from the sound's beginning (half-open)."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What is to be said. `speed` is 1.0 at the voice's own pace; `timeout` is in seconds.

    `purpose` is for the receipt and no part of what is asked.
    """

    text: str
    voice: str
    speed: float = 1.0
    language: str = "zh-Hans"
    timeout: float = 60.0
    purpose: str = "speech"

    def content(self) -> dict[str, Any]:
        """All that decides the sound, as JSON: the same content is the same call."""
        return {
            "text": self.text,
            "voice": self.voice,
            "speed": round(self.speed, 3),
            "language": self.language,
        }

    def content_key(self, *identity: str) -> str:
        """SHA-256 over the canonical content and who is asked (engine, model, version …)."""
        text = json.dumps(
            [list(identity), self.content()],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class SpeechAnswer:
    """`sound` is a whole WAV file, 16-bit mono at `rate` Hz. `words` is empty where the engine
    does not tell when each is heard. `characters` is what the engine counted for its price."""

    sound: bytes
    rate: int
    characters: int
    model: str
    words: tuple[Word, ...] = ()
    request_id: str = ""


class Speech(Protocol):
    """An engine that speaks. Adapters raise `engines.errors.EngineError` and nothing else."""

    @property
    def name(self) -> str:
        """Its name in the settings."""

    @property
    def model(self) -> str:
        """The model that is asked for."""

    @property
    def version(self) -> str:
        """Of the adapter and its settings: part of the content key."""

    @property
    def is_free(self) -> bool:
        """Whether nobody sends a bill for it: it runs here, or the service takes no money."""

    @property
    def most_characters(self) -> int:
        """Longest text that it takes at once."""

    def voices(self) -> tuple[Voice, ...]:
        """What it can sound like, the best narrator first."""

    def say(self, request: SpeechRequest) -> SpeechAnswer:
        """Say it once. Never repeats a call that may have been billed."""

"""The nouns of transcription. What differs between vendors ends here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from engines.chat.protocol import Usage


@dataclass(frozen=True, slots=True)
class Cue:
    """What was said from `start_ms` to `end_ms` of the piece that was sent."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class TranscriptionRequest:
    """A piece of a recording as a WAV file of `seconds` length. `timeout` is in seconds.

    `language` is ISO 639-1, empty: found out. `prompt` names words that are likely to be said.
    `purpose` is for the receipt and no part of what is asked.
    """

    wav: bytes = field(repr=False)
    seconds: float
    language: str = ""
    prompt: str = ""
    timeout: float = 120.0
    purpose: str = "transcription"

    def content_key(self, *identity: str) -> str:
        """SHA-256 over the sound, how it is asked for and who is asked: the same is the same call."""
        facts = [list(identity), sha256(self.wav).hexdigest(), self.language, self.prompt]
        return sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TranscriptionAnswer:
    """Cues in order. `usage`: tokens where the engine told some, else seconds as tokens in."""

    cues: tuple[Cue, ...]
    usage: Usage
    model: str
    language: str = ""
    request_id: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For keeping beside the receipt; `from_dict` reads it back."""
        return {
            "cues": [[cue.start_ms, cue.end_ms, cue.text] for cue in self.cues],
            "input_tokens": self.usage.input_tokens,
            "output_tokens": self.usage.output_tokens,
            "reported": self.usage.reported,
            "model": self.model,
            "language": self.language,
            "request_id": self.request_id,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> TranscriptionAnswer:
        return cls(
            cues=tuple(Cue(*cue) for cue in kept["cues"]),
            usage=Usage(kept["input_tokens"], kept["output_tokens"], reported=kept["reported"]),
            model=kept["model"],
            language=kept["language"],
            request_id=kept["request_id"],
        )


class Transcriber(Protocol):
    """An engine that listens. Adapters raise `engines.errors.EngineError` and nothing else."""

    @property
    def name(self) -> str:
        """Its name in the settings."""

    @property
    def model(self) -> str:
        """The model that is asked for."""

    @property
    def version(self) -> str:
        """Of the adapter and its settings: part of the content key."""

    def transcribe(self, request: TranscriptionRequest) -> TranscriptionAnswer:
        """Ask once. Never repeats a call that may have been billed."""

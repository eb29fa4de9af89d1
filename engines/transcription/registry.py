"""Transcribers by name: those of the setting TRANSCRIPTION_ENGINES, and Whisper where it is installed.

The setting is a JSON object of the environment: name → what `TranscriberSettings` holds. Keys never
stand in it: `key_env` names the variable that has it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from engines.chat.registry import RESERVED
from engines.configured import configured_as, judge_address, read_engines
from engines.transcription import whisper
from engines.transcription.openai_compatible import (
    OpenAICompatibleTranscriber,
    TranscriptionEndpoint,
)
from engines.transcription.protocol import Transcriber
from engines.transcription.rehearsal import RehearsalTranscriber

KINDS = ("openai", "whisper", "rehearsal")
ANSWERS = ("verbose_json", "json")
LARGEST_PIECE = 600.0  # seconds: 19 MB of WAV, below the limit of every endpoint


class UnknownTranscriber(LookupError):
    """No transcriber of this name is configured; the message names those that are."""


class BadTranscriberSettings(ValueError):
    """TRANSCRIPTION_ENGINES cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class TranscriberSettings:
    """One engine. `timeout` and `piece` in seconds: how long an answer may take, how long a piece is.

    `bills`: "seconds" where a price is for seconds (entered for a million of them), "tokens".
    """

    name: str
    kind: str = "openai"
    title: str = ""
    base_url: str = ""
    model: str = ""
    key_env: str = ""
    answers: str = "verbose_json"
    body: Mapping[str, str] = field(default_factory=dict)
    not_billed: tuple[int, ...] = ()
    bills: str = "seconds"
    piece: float = 90.0
    timeout: float = 180.0

    @property
    def shown(self) -> str:
        return self.title or self.name

    @property
    def key(self) -> str:
        return os.environ.get(self.key_env, "") if self.key_env else ""

    @property
    def costs(self) -> bool:
        """Whether a call may cost money, and so has to go through the paid calls."""
        return self.kind == "openai"


def transcriber_settings() -> dict[str, TranscriberSettings]:
    """All engines by name, Whisper on this machine too; raises `BadTranscriberSettings`."""
    found = read_engines(
        "TRANSCRIPTION_ENGINES",
        TranscriberSettings,
        _judge,
        BadTranscriberSettings,
        reserved=RESERVED,
    )
    if whisper.installed():
        own = TranscriberSettings(whisper.MODEL, kind="whisper", title="Whisper base", piece=60.0)
        found.setdefault(whisper.MODEL, own)
    return found


def _judge(engine: TranscriberSettings) -> None:
    place = f"TRANSCRIPTION_ENGINES: {engine.name}"
    if engine.kind not in KINDS:
        raise BadTranscriberSettings(f"{place}: kind must be one of {', '.join(KINDS)}.")
    if engine.answers not in ANSWERS or engine.bills not in ("seconds", "tokens"):
        raise BadTranscriberSettings(
            f"{place}: answers is one of {', '.join(ANSWERS)}, bills is seconds or tokens."
        )
    if not 5 <= engine.piece <= LARGEST_PIECE or engine.timeout <= 0:
        raise BadTranscriberSettings(
            f"{place}: piece must be 5 to {LARGEST_PIECE:g} seconds, timeout above 0."
        )
    if engine.kind != "openai":
        return
    judge_address(place, engine, BadTranscriberSettings)
    if not engine.model:
        raise BadTranscriberSettings(f"{place}: model is missing.")


def settings_of(name: str) -> TranscriberSettings:
    """What is configured under this name; raises `UnknownTranscriber` naming those that are there."""
    return configured_as(
        name, transcriber_settings(), "TRANSCRIPTION_ENGINES", UnknownTranscriber, "transcriber"
    )


def transcriber(name: str) -> Transcriber:
    """The adapter of this name. Raises `UnknownTranscriber` or `BadTranscriberSettings`."""
    told = settings_of(name)
    if told.kind == "rehearsal":
        return RehearsalTranscriber(name, model=told.model or "rehearsal-1")
    if told.kind == "whisper":
        return whisper.WhisperTranscriber(name, Path(settings.HOME) / "models" / whisper.MODEL)
    return OpenAICompatibleTranscriber(
        TranscriptionEndpoint(
            name=name,
            base_url=told.base_url.rstrip("/"),
            model=told.model,
            key=told.key,
            answers=told.answers,
            body=told.body,
            not_billed=frozenset(told.not_billed),
        )
    )

"""Speech engines by name, from the setting SPEECH_ENGINES; the offline voice where it is installed.

The setting is a JSON object of the environment: name → what `SpeechSettings` holds. Keys never
stand in it: `key_env` names the variable that has it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from django.conf import settings

from engines.configured import configured_as, judge_address, judge_numbers, read_engines
from engines.speech import edge, kokoro
from engines.speech.edge import EdgeSpeech
from engines.speech.openai_compatible import FORMATS, VOICES, Endpoint, OpenAICompatibleSpeech
from engines.speech.protocol import Age, Sex, Speech, Voice
from engines.speech.rehearsal import RehearsalSpeech

KINDS = ("openai", "edge", "kokoro", "rehearsal")
RESERVED = ("none",)
OFFLINE = "kokoro"


class UnknownEngine(LookupError):
    """No speech engine of this name is configured; the message names those that are."""


class BadEngineSettings(ValueError):
    """SPEECH_ENGINES cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """One engine. `timeout` in seconds, `most_characters` for one call, `voices` as objects with
    `id` and, where known, `title`, `language`, `sex` and `age`; `free` says that no bill comes."""

    name: str
    kind: str = "openai"
    title: str = ""
    base_url: str = ""
    model: str = ""
    key_env: str = ""
    format: str = "wav"
    voices: tuple[Mapping[str, Any], ...] = ()
    most_characters: int = 4000
    timeout: float = 60.0
    body: Mapping[str, Any] = field(default_factory=dict)
    not_billed: tuple[int, ...] = ()
    free: bool = False
    proxy: str = ""

    @property
    def shown(self) -> str:
        return self.title or self.name

    @property
    def key(self) -> str:
        return os.environ.get(self.key_env, "") if self.key_env else ""


def voices_folder() -> Path:
    """Where `manage.py voices` puts the offline voices."""
    return Path(settings.SPEECH_VOICES)


def speech_settings() -> dict[str, SpeechSettings]:
    """All engines by name, the offline one among them where it can speak; raises
    `BadEngineSettings`."""
    found = read_engines(
        "SPEECH_ENGINES", SpeechSettings, _judge, BadEngineSettings, reserved=RESERVED
    )
    if OFFLINE not in found and not kokoro.missing(voices_folder()):
        found[OFFLINE] = SpeechSettings(OFFLINE, kind="kokoro", title="Kokoro", free=True)
    return found


def _judge(engine: SpeechSettings) -> None:
    place = f"SPEECH_ENGINES: {engine.name}"
    if engine.kind not in KINDS:
        raise BadEngineSettings(f"{place}: kind must be one of {', '.join(KINDS)}.")
    if engine.format not in FORMATS:
        raise BadEngineSettings(f"{place}: format must be one of {', '.join(FORMATS)}.")
    judge_numbers(place, engine, ("most_characters", "timeout"), BadEngineSettings)
    _voices(engine)
    lacking = {
        "edge": edge.missing,
        "kokoro": lambda: kokoro.missing(voices_folder()),
    }.get(engine.kind)
    if lacking and lacking():
        raise BadEngineSettings(f"{place}: is not installed: {lacking()}.")
    if engine.kind != "openai":
        return
    judge_address(place, engine, BadEngineSettings)
    if not engine.model:
        raise BadEngineSettings(f"{place}: model is missing.")


def _voices(engine: SpeechSettings) -> tuple[Voice, ...]:
    if not engine.voices:
        return VOICES
    place = f"SPEECH_ENGINES: {engine.name}"
    found = []
    for told in engine.voices:
        if not isinstance(told, dict) or not told.get("id"):
            raise BadEngineSettings(f"{place}: each of voices must be an object with an id.")
        _among(place, told, "sex", get_args(Sex))
        _among(place, told, "age", get_args(Age))
        known = {key: str(told[key]) for key in ("language", "sex", "age") if key in told}
        facts: dict[str, Any] = {"language": "mul", **known}
        found.append(Voice(str(told["id"]), str(told.get("title") or told["id"]), **facts))
    return tuple(found)


def _among(place: str, told: Mapping[str, Any], name: str, allowed: Sequence[str]) -> None:
    if name in told and told[name] not in allowed:
        raise BadEngineSettings(f"{place}: {name} of a voice must be one of {', '.join(allowed)}.")


def speech_engine(name: str) -> Speech:
    """The adapter of this name. Raises `UnknownEngine` or `BadEngineSettings`."""
    told = settings_of(name)
    if told.kind == "rehearsal":
        return RehearsalSpeech(name, model=told.model or "tones-1", free=told.free)
    if told.kind == "edge":
        return EdgeSpeech(name, proxy=told.proxy)
    if told.kind == "kokoro":
        return kokoro.KokoroSpeech(voices_folder(), name)
    return OpenAICompatibleSpeech(
        Endpoint(
            name=name,
            base_url=told.base_url.rstrip("/"),
            model=told.model,
            key=told.key,
            format=told.format,
            voices=_voices(told),
            most_characters=told.most_characters,
            body=told.body,
            not_billed=frozenset(told.not_billed),
            free=told.free,
        )
    )


def settings_of(name: str) -> SpeechSettings:
    """What is configured under this name; raises `UnknownEngine` naming those that are there."""
    return configured_as(name, speech_settings(), "SPEECH_ENGINES", UnknownEngine, "speech engine")

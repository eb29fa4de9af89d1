"""Chat engines by name, from the setting CHAT_ENGINES. None is configured by default.

The setting is a JSON object of the environment: name → what `ChatSettings` holds. Keys never stand
in it: `key_env` names the variable that has it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.chat.openai_compatible import MODES, Endpoint, OpenAICompatibleChat
from engines.chat.protocol import Chat
from engines.chat.rehearsal import RehearsalChat
from engines.configured import configured_as, judge_address, judge_numbers, read_engines

KINDS = ("openai", "rehearsal")
RESERVED = ("offline", "none", "sketch")


class UnknownEngine(LookupError):
    """No chat engine of this name is configured; the message names those that are."""


class BadEngineSettings(ValueError):
    """CHAT_ENGINES cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """One engine. `context` and `max_output` in tokens, `timeout` in seconds; `prices_of` is the
    provider's id in the public price list, where the team has entered no price of its own; `sees`
    whether it takes pictures with the words."""

    name: str
    kind: str = "openai"
    title: str = ""
    base_url: str = ""
    model: str = ""
    key_env: str = ""
    json: str = "schema"
    sends: tuple[str, ...] = ("temperature", "seed")
    max_tokens_name: str = "max_tokens"
    body: Mapping[str, Any] = field(default_factory=dict)
    not_billed: tuple[int, ...] = ()
    context: int = 32_000
    max_output: int = 4_000
    timeout: float = 120.0
    prices_of: str = ""
    sees: bool = False

    @property
    def shown(self) -> str:
        return self.title or self.name

    @property
    def key(self) -> str:
        return os.environ.get(self.key_env, "") if self.key_env else ""


def chat_settings() -> dict[str, ChatSettings]:
    """All configured engines by name; raises `BadEngineSettings`."""
    return read_engines("CHAT_ENGINES", ChatSettings, _judge, BadEngineSettings, reserved=RESERVED)


def _judge(engine: ChatSettings) -> None:
    place = f"CHAT_ENGINES: {engine.name}"
    if engine.kind not in KINDS:
        raise BadEngineSettings(f"{place}: kind must be one of {', '.join(KINDS)}.")
    if engine.json not in MODES:
        raise BadEngineSettings(f"{place}: json must be one of {', '.join(MODES)}.")
    if not isinstance(engine.sees, bool):
        raise BadEngineSettings(f"{place}: sees must be true or false.")
    judge_numbers(place, engine, ("context", "max_output", "timeout"), BadEngineSettings)
    if engine.kind != "openai":
        return
    judge_address(place, engine, BadEngineSettings)
    if not engine.model:
        raise BadEngineSettings(f"{place}: model is missing.")


def chat_engine(name: str) -> Chat:
    """The adapter of this name. Raises `UnknownEngine` or `BadEngineSettings`."""
    told = settings_of(name)
    if told.kind == "rehearsal":
        return RehearsalChat(name, model=told.model or "rehearsal-1")
    return OpenAICompatibleChat(
        Endpoint(
            name=name,
            base_url=told.base_url.rstrip("/"),
            model=told.model,
            key=told.key,
            json_mode=told.json,  # type: ignore[arg-type]  # one of MODES, judged above
            sends=frozenset(told.sends),
            max_tokens_name=told.max_tokens_name,
            body=told.body,
            not_billed=frozenset(told.not_billed),
        )
    )


def settings_of(name: str) -> ChatSettings:
    """What is configured under this name; raises `UnknownEngine` naming those that are there."""
    return configured_as(name, chat_settings(), "CHAT_ENGINES", UnknownEngine, "chat engine")

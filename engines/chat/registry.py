"""Chat engines by name, from the setting CHAT_ENGINES. None is configured by default.

The setting is a JSON object of the environment: name → what `ChatSettings` holds. Keys never stand
in it: `key_env` names the variable that has it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from engines.chat.openai_compatible import MODES, Endpoint, OpenAICompatibleChat
from engines.chat.protocol import Chat
from engines.chat.rehearsal import RehearsalChat
from engines.configured import judge_address, judge_numbers, told_engines

KINDS = ("openai", "rehearsal")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
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
    return {
        name: _one(name, told)
        for name, told in told_engines("CHAT_ENGINES", BadEngineSettings).items()
    }


def _one(name: str, told: object) -> ChatSettings:
    if not NAME.match(name) or name in RESERVED:
        raise BadEngineSettings(
            f"CHAT_ENGINES: {name!r} cannot be a name; use small letters, digits, - and _, and none "
            f"of {', '.join(RESERVED)}."
        )
    if not isinstance(told, dict):
        raise BadEngineSettings(f"CHAT_ENGINES: {name} must be an object.")
    known = {item.name for item in fields(ChatSettings)} - {"name"}
    strange = sorted(set(told) - known)
    if {"key", "api_key"} & set(strange):
        raise BadEngineSettings(
            f"CHAT_ENGINES: {name} holds a key; put it into a variable of its own and name that "
            "with key_env."
        )
    if strange:
        raise BadEngineSettings(
            f"CHAT_ENGINES: {name} has {', '.join(strange)}, which is not known; there are "
            f"{', '.join(sorted(known))}."
        )
    lists = {key: tuple(told[key]) for key in ("sends", "not_billed") if key in told}
    engine = ChatSettings(name=name, **{**told, **lists})
    _judge(engine)
    return engine


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
    configured = chat_settings()
    if name not in configured:
        there = ", ".join(sorted(configured)) or "none"
        raise UnknownEngine(
            f"no chat engine named {name} is configured (CHAT_ENGINES has: {there})"
        )
    return configured[name]

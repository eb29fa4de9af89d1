"""The nouns of chat. What differs between vendors ends here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal, Protocol

from engines.chat.measuring import (
    picture_tokens,
    picture_tokens_at_most,
    tokens_at_most,
    tokens_of,
)

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "filtered", "other"]
JsonMode = Literal["schema", "object", "none"]


@dataclass(frozen=True, slots=True)
class Message:
    """`pictures` are PNGs that follow the words, in order; only engines that see take them."""

    role: Role
    content: str
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Schema:
    """The JSON object that is asked for; `body` is a JSON schema whose top level is an object."""

    name: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What is asked. `max_tokens` bounds the answer and so the price; `timeout` is in seconds.

    `purpose` is for the receipt and no part of what is asked.
    """

    messages: tuple[Message, ...]
    schema: Schema | None = None
    max_tokens: int = 2048
    temperature: float | None = 0.0
    seed: int | None = None
    timeout: float = 120.0
    purpose: str = "chat"

    def content(self) -> dict[str, Any]:
        """All that decides the answer, as JSON: the same content is the same call."""
        return {
            "messages": [_content_of(message) for message in self.messages],
            "schema": None
            if self.schema is None
            else {"name": self.schema.name, "body": self.schema.body},
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "seed": self.seed,
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

    def input_tokens(self) -> int:
        """About how many tokens go in: for quotes."""
        seen = sum(picture_tokens(png) for message in self.messages for png in message.pictures)
        return sum(tokens_of(message.content) + 4 for message in self._told()) + 3 + seen

    def input_tokens_at_most(self) -> int:
        """No tokenizer makes more of it: for reservations."""
        seen = sum(
            picture_tokens_at_most(png) for message in self.messages for png in message.pictures
        )
        return sum(tokens_at_most(message.content) + 8 for message in self._told()) + 16 + seen

    def _told(self) -> tuple[Message, ...]:
        if self.schema is None:
            return self.messages
        schema = json.dumps(self.schema.body, ensure_ascii=False)
        return (*self.messages, Message("system", schema))


def _content_of(message: Message) -> list[object]:
    told: list[object] = [message.role, message.content]
    if message.pictures:
        told.append([sha256(png).hexdigest() for png in message.pictures])
    return told


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `cached_tokens` are part of `input_tokens`.

    `reported` is False where the engine told none, or none that can be true, and ours are estimates.
    `pictures` are counted where an engine is paid by the picture.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reported: bool = True
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """`text` without the model's thinking; `parsed` is the JSON object in it where one was asked
    for and found, else None. `finish_reason` "length": the answer was cut off."""

    text: str
    finish_reason: FinishReason
    usage: Usage
    model: str
    parsed: dict[str, Any] | None = None
    request_id: str = ""
    json_mode: JsonMode = "none"
    asked_seconds: float = field(default=0.0, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """For keeping beside the receipt; `from_dict` reads it back."""
        return {
            "text": self.text,
            "finish_reason": self.finish_reason,
            "input_tokens": self.usage.input_tokens,
            "output_tokens": self.usage.output_tokens,
            "cached_tokens": self.usage.cached_tokens,
            "reported": self.usage.reported,
            "model": self.model,
            "parsed": self.parsed,
            "request_id": self.request_id,
            "json_mode": self.json_mode,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> ChatAnswer:
        return cls(
            text=kept["text"],
            finish_reason=kept["finish_reason"],
            usage=Usage(
                kept["input_tokens"],
                kept["output_tokens"],
                kept["cached_tokens"],
                kept["reported"],
            ),
            model=kept["model"],
            parsed=kept["parsed"],
            request_id=kept["request_id"],
            json_mode=kept["json_mode"],
        )


class Chat(Protocol):
    """An engine that answers. Adapters raise `engines.errors.EngineError` and nothing else."""

    @property
    def name(self) -> str:
        """Its name in the settings."""

    @property
    def model(self) -> str:
        """The model that is asked for."""

    @property
    def version(self) -> str:
        """Of the adapter and its settings: part of the content key."""

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Ask once. Never repeats a call that may have been billed."""


@dataclass(frozen=True, slots=True)
class PaidAnswer:
    """`kept` is True where nothing was asked: the answer was paid for before, `own` where it was
    paid for from the same budget. Cost in micro-units."""

    answer: ChatAnswer
    cost_micro: int
    currency: str
    kept: bool
    own: bool = False


Complete = Callable[[ChatRequest], PaidAnswer]

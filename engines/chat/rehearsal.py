"""The offline kin of every chat engine: answers by itself, always the same, for nothing.

It obeys the contract that the adapters obey (tests/engines/test_chat_contract.py), so a page, a
quote and a receipt can be walked through where no engine is configured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from engines.chat.answers import json_object, without_thinking
from engines.chat.measuring import tokens_of
from engines.chat.protocol import ChatAnswer, ChatRequest, FinishReason, Usage

Writer = Callable[[ChatRequest], str]


class RehearsalChat:
    """`writer` turns a request into the model's raw words; without one the answer echoes the asked
    schema, filled with its smallest values."""

    def __init__(
        self, name: str = "rehearsal", *, model: str = "rehearsal-1", writer: Writer | None = None
    ) -> None:
        self.name = name
        self.model = model
        self.version = "rehearsal@1"
        self._writer = writer or smallest_answer

    def complete(self, request: ChatRequest) -> ChatAnswer:
        raw = self._writer(request)
        used = tokens_of(raw)
        finish: FinishReason = "stop"
        if used > request.max_tokens:
            raw = raw[: max(1, len(raw) * request.max_tokens // used)]
            used, finish = request.max_tokens, "length"
        text = without_thinking(raw)
        return ChatAnswer(
            text=text,
            finish_reason=finish,
            usage=Usage(request.input_tokens(), used),
            model=self.model,
            parsed=json_object(text) if request.schema is not None else None,
            request_id=request.content_key(self.name, self.model)[:24],
            json_mode="schema" if request.schema is not None else "none",
        )


def smallest_answer(request: ChatRequest) -> str:
    """The smallest object of the asked schema, or a line that names the request by its digest."""
    if request.schema is not None:
        return json.dumps(_smallest(request.schema.body), ensure_ascii=False)
    last = request.messages[-1].content if request.messages else ""
    return f"rehearsal {sha256(last.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _smallest(schema: Mapping[str, Any]) -> Any:
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        fields: Mapping[str, Any] = schema.get("properties", {})
        return {name: _smallest(fields.get(name, {})) for name in schema.get("required", fields)}
    if kind == "array":
        item = schema.get("items", {})
        return [_smallest(item) for _ in range(int(schema.get("minItems", 0)))]
    if kind in ("integer", "number"):
        return max(0, int(schema.get("minimum", 0)))
    return {"string": "", "boolean": False}.get(str(kind))

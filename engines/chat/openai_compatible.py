"""Any endpoint that speaks `POST /chat/completions`: DeepSeek, Qwen, GLM, Kimi, Ollama, vLLM …

The only module that knows the `openai` SDK. Its retries are off; a connection is made for each call,
because a kept one that the server has closed meanwhile fails in a way that cannot be told from an
answer that was lost.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import openai

from engines.chat.answers import json_object, without_thinking
from engines.chat.protocol import ChatAnswer, ChatRequest, FinishReason, JsonMode, Message, Usage
from engines.chat.usage import reported_usage
from engines.deadline import Deadline
from engines.errors import Billed, EngineError
from engines.wire import LONGEST_CONNECT, Reply, connection_error, document_of, refused, whole_body

LARGEST_ANSWER = 8 * 1024 * 1024
MODES: tuple[JsonMode, ...] = ("schema", "object", "none")
_FINISH: dict[str, FinishReason] = {
    "stop": "stop", "eos": "stop", "length": "length", "max_tokens": "length",
    "content_filter": "filtered", "sensitive": "filtered",
}  # fmt: skip
# Thinking costs output tokens and this house asks for ranges and enums; each vendor has its switch,
# and a host that does not know a switch may refuse the whole request.
_THINKING_OFF: dict[str, dict[str, Any]] = {
    "dashscope.aliyuncs.com": {"enable_thinking": False},
    "dashscope-intl.aliyuncs.com": {"enable_thinking": False},
    "api.deepseek.com": {"thinking": {"type": "disabled"}},
    "open.bigmodel.cn": {"thinking": {"type": "disabled"}},
    "api.z.ai": {"thinking": {"type": "disabled"}},
}
# What an endpoint accepted last, for all adapters of this process: (address, model) → mode.
_accepted: dict[tuple[str, str], JsonMode] = {}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to ask. `key` comes from the environment and is never shown."""

    name: str
    base_url: str
    model: str
    key: str = field(default="", repr=False)
    json_mode: JsonMode = "schema"
    sends: frozenset[str] = frozenset({"temperature", "seed"})
    max_tokens_name: str = "max_tokens"
    body: Mapping[str, Any] = field(default_factory=dict)
    not_billed: Collection[int] = ()

    @property
    def extra(self) -> dict[str, Any]:
        host = urlsplit(self.base_url).hostname or ""
        return {**_THINKING_OFF.get(host, {}), **self.body}


class OpenAICompatibleChat:
    """The adapter. Raises `EngineError`, whose `billed` says what is known about money."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        transport: Callable[[], httpx2.BaseTransport | None] = lambda: None,
    ) -> None:
        self.endpoint = endpoint
        self._transport = transport

    @property
    def name(self) -> str:
        return self.endpoint.name

    @property
    def model(self) -> str:
        return self.endpoint.model

    @property
    def version(self) -> str:
        extra = json.dumps(self.endpoint.extra, sort_keys=True, ensure_ascii=False)
        return f"openai-chat@1 {self.endpoint.base_url} {extra}"

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Ask once; a refused response format is asked for again in the next simpler one, for free."""
        began = time.monotonic()
        key = (self.endpoint.base_url, self.endpoint.model)
        modes = self._modes(request, key)
        with Deadline(request.timeout) as deadline:
            for position, mode in enumerate(modes):
                try:
                    answer = self._ask(request, mode, deadline)
                except EngineError as error:
                    refused_format = error.code == "bad_request" and position + 1 < len(modes)
                    if not refused_format:
                        raise
                    continue
                if request.schema is not None:
                    _accepted[key] = mode
                return _timed(answer, time.monotonic() - began)
        raise AssertionError("no response format is left")  # the last one raises or returns

    def _modes(self, request: ChatRequest, key: tuple[str, str]) -> tuple[JsonMode, ...]:
        if request.schema is None:
            return ("none",)
        first = _accepted.get(key, self.endpoint.json_mode)
        return MODES[MODES.index(first) :]

    def _ask(self, request: ChatRequest, mode: JsonMode, deadline: Deadline) -> ChatAnswer:
        try:
            status, headers, body = self._send(request, mode, deadline)
        except openai.APIConnectionError as error:
            raise connection_error(error.__cause__ or error, deadline) from error
        except (httpx2.HTTPError, OSError) as error:
            raise connection_error(error, deadline) from error
        if status != 200:
            raise refused(Reply(status, headers, body), self.endpoint.not_billed)
        return self._read(request, mode, headers, body)

    def _send(
        self, request: ChatRequest, mode: JsonMode, deadline: Deadline
    ) -> tuple[int, Mapping[str, str], bytes]:
        waits = httpx2.Timeout(request.timeout, connect=min(LONGEST_CONNECT, request.timeout))
        http = httpx2.Client(
            transport=self._transport(),
            timeout=waits,
            follow_redirects=False,
            event_hooks={"request": [deadline.hook]},
        )
        client = openai.OpenAI(
            api_key=self.endpoint.key or "none",
            base_url=self.endpoint.base_url,
            max_retries=0,
            timeout=waits,
            http_client=http,
        )
        with http:
            create = cast("Any", client.chat.completions.with_streaming_response.create)
            try:
                with create(**self._payload(request, mode)) as response:
                    return (
                        200,
                        response.headers,
                        whole_body(response.iter_bytes(), LARGEST_ANSWER, deadline),
                    )
            except openai.APIStatusError as error:
                return error.status_code, error.response.headers, error.response.content

    def _payload(self, request: ChatRequest, mode: JsonMode) -> dict[str, Any]:
        messages = [{"role": item.role, "content": _content(item)} for item in _told(request, mode)]
        payload: dict[str, Any] = {"model": self.endpoint.model, "messages": messages}
        extra: dict[str, Any] = dict(self.endpoint.extra)
        if self.endpoint.max_tokens_name == "max_tokens":
            payload["max_tokens"] = request.max_tokens
        else:
            extra[self.endpoint.max_tokens_name] = request.max_tokens
        if request.temperature is not None and "temperature" in self.endpoint.sends:
            payload["temperature"] = request.temperature
        if request.seed is not None and "seed" in self.endpoint.sends:
            payload["seed"] = request.seed
        if request.schema is not None and mode == "schema":
            payload["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": request.schema.name,
                    "strict": True,
                    "schema": dict(request.schema.body),
                },
            }
        elif request.schema is not None and mode == "object":
            payload["response_format"] = {"type": "json_object"}
        if extra:
            payload["extra_body"] = extra
        return payload

    def _read(
        self, request: ChatRequest, mode: JsonMode, headers: Mapping[str, str], body: bytes
    ) -> ChatAnswer:
        document = document_of(body)
        told = document.get("usage")
        choices = document.get("choices")
        message = _message(choices)
        raw = message.get("content") if message else None
        text = raw if isinstance(raw, str) else ""
        usage = reported_usage(told, request, text)
        if message is None:
            raise EngineError(
                "The engine answered without a choice.",
                code="no_choice",
                permanent=False,
                billed=Billed.SURELY if usage.reported else Billed.UNKNOWN,
                usage=usage if usage.reported else None,
            )
        finish = choices[0].get("finish_reason") if isinstance(choices, list) else None
        answer = without_thinking(text)
        identity = document.get("id")
        model = document.get("model")
        return ChatAnswer(
            text=answer,
            finish_reason=_FINISH.get(str(finish), "other"),
            usage=usage,
            model=model if isinstance(model, str) and model else self.endpoint.model,
            parsed=json_object(answer) if request.schema is not None else None,
            request_id=str(headers.get("x-request-id") or identity or "")[:120],
            json_mode=mode,
        )


def _content(message: Message) -> str | list[dict[str, Any]]:
    """Plain words, or words and pictures as parts, in the order that they are given."""
    if not message.pictures:
        return message.content
    shown = [
        {
            "type": "image_url",
            "image_url": {"url": f"data:image/png;base64,{b64encode(png).decode('ascii')}"},
        }
        for png in message.pictures
    ]
    return [{"type": "text", "text": message.content}, *shown]


def _told(request: ChatRequest, mode: JsonMode) -> tuple[Message, ...]:
    """Endpoints in object mode refuse a request that nowhere says json."""
    said = any("json" in message.content.lower() for message in request.messages)
    if request.schema is None or mode == "schema" or said:
        return request.messages
    return (Message("system", "Answer with one JSON object."), *request.messages)


def _message(choices: object) -> dict[str, Any] | None:
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None
    message = choices[0].get("message")
    return message if isinstance(message, dict) else None


def _timed(answer: ChatAnswer, seconds: float) -> ChatAnswer:
    usage: Usage = answer.usage
    return ChatAnswer(
        text=answer.text,
        finish_reason=answer.finish_reason,
        usage=usage,
        model=answer.model,
        parsed=answer.parsed,
        request_id=answer.request_id,
        json_mode=answer.json_mode,
        asked_seconds=seconds,
    )

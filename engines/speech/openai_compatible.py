"""Any endpoint that speaks `POST /audio/speech`: OpenAI, CosyVoice and Kokoro servers, vLLM …

A connection is made for each call and never retried here, as for chat (docs/adr/0017).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from engines.chat import faults
from engines.chat.deadline import Deadline
from engines.errors import Billed, EngineError
from engines.speech.protocol import FASTEST, SLOWEST, SpeechAnswer, SpeechRequest, Voice
from engines.speech.sound import wav_of

FORMATS = ("wav", "mp3", "pcm", "opus", "aac", "flac")
LARGEST_ANSWER = 64 * 1024 * 1024
LONGEST_CONNECT = 10.0
# How OpenAI's own voices sound; another server's are named in its settings.
VOICES = (
    Voice("nova", "Nova", "mul", "female", "young"),
    Voice("onyx", "Onyx", "mul", "male", "adult"),
    Voice("shimmer", "Shimmer", "mul", "female", "adult"),
    Voice("echo", "Echo", "mul", "male", "young"),
    Voice("coral", "Coral", "mul", "female", "young"),
    Voice("ash", "Ash", "mul", "male", "adult"),
    Voice("sage", "Sage", "mul", "female", "old"),
    Voice("fable", "Fable", "mul", "male", "old"),
    Voice("alloy", "Alloy", "mul", "neutral", "adult"),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to ask. `key` comes from the environment and is never shown."""

    name: str
    base_url: str
    model: str
    key: str = field(default="", repr=False)
    format: str = "wav"
    voices: tuple[Voice, ...] = VOICES
    most_characters: int = 4000
    body: Mapping[str, Any] = field(default_factory=dict)
    not_billed: frozenset[int] = frozenset()
    free: bool = False


class OpenAICompatibleSpeech:
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
        extra = json.dumps(dict(self.endpoint.body), sort_keys=True, ensure_ascii=False)
        return f"openai-speech@1 {self.endpoint.base_url} {self.endpoint.format} {extra}"

    @property
    def is_free(self) -> bool:
        return self.endpoint.free

    @property
    def most_characters(self) -> int:
        return self.endpoint.most_characters

    def voices(self) -> tuple[Voice, ...]:
        return self.endpoint.voices

    def say(self, request: SpeechRequest) -> SpeechAnswer:
        if len(request.text) > self.most_characters:
            raise EngineError(
                f"The text has {len(request.text)} characters; {self.name} takes "
                f"{self.most_characters} at once.",
                code="too_large",
                permanent=True,
                billed=Billed.SURELY_NOT,
            )
        with Deadline(request.timeout) as deadline:
            try:
                status, headers, body = self._send(request, deadline)
            except (httpx2.HTTPError, OSError) as error:
                raise _connection_error(error, deadline) from error
        if status != 200:
            exhausted = b"insufficient_quota" in body[:4096]
            raise faults.status_error(
                status, headers, self.endpoint.not_billed, exhausted=exhausted
            )
        sound, rate = wav_of(body, pcm=self.endpoint.format == "pcm")
        return SpeechAnswer(
            sound=sound,
            rate=rate,
            characters=len(request.text),
            model=self.endpoint.model,
            request_id=str(headers.get("x-request-id") or "")[:120],
        )

    def _send(
        self, request: SpeechRequest, deadline: Deadline
    ) -> tuple[int, Mapping[str, str], bytes]:
        waits = httpx2.Timeout(request.timeout, connect=min(LONGEST_CONNECT, request.timeout))
        payload = {
            "model": self.endpoint.model,
            "input": request.text,
            "voice": request.voice,
            "response_format": self.endpoint.format,
            "speed": min(FASTEST, max(SLOWEST, request.speed)),
            **self.endpoint.body,
        }
        with (
            httpx2.Client(
                transport=self._transport(),
                timeout=waits,
                follow_redirects=False,
                event_hooks={"request": [deadline.hook]},
            ) as client,
            client.stream(
                "POST",
                f"{self.endpoint.base_url}/audio/speech",
                json=payload,
                headers={"Authorization": f"Bearer {self.endpoint.key or 'none'}"},
            ) as response,
        ):
            return response.status_code, response.headers, _body(response, deadline)


def _body(response: httpx2.Response, deadline: Deadline) -> bytes:
    whole = bytearray()
    for chunk in response.iter_bytes():
        whole += chunk
        if len(whole) > LARGEST_ANSWER:
            raise faults.lost("the answer is too large", "too_large_an_answer")
    if deadline.passed:
        raise faults.lost("the time is over", "timeout")
    return bytes(whole)


def _connection_error(error: Exception, deadline: Deadline) -> EngineError:
    name = type(error).__name__
    if deadline.sent:
        return faults.lost(name, "timeout" if deadline.passed or "Timeout" in name else "lost")
    return faults.never_sent(name)

"""Any endpoint that speaks `POST /audio/speech`: OpenAI, CosyVoice and Kokoro servers, vLLM …

A connection is made for each call and never retried here, as for chat (docs/adr/0017).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.errors import Billed, EngineError
from engines.speech.protocol import FASTEST, SLOWEST, SpeechAnswer, SpeechRequest, Voice
from engines.speech.sound import wav_of
from engines.wire import Reply, Transport, Wire, refused

FORMATS = ("wav", "mp3", "pcm", "opus", "aac", "flac")
LARGEST_ANSWER = 64 * 1024 * 1024
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
        transport: Transport = lambda: None,
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
        reply = self._ask(request)
        if reply.status != 200:
            raise refused(reply, self.endpoint.not_billed)
        sound, rate = wav_of(reply.body, pcm=self.endpoint.format == "pcm")
        return SpeechAnswer(
            sound=sound,
            rate=rate,
            characters=len(request.text),
            model=self.endpoint.model,
            request_id=str(reply.headers.get("x-request-id") or "")[:120],
        )

    def _ask(self, request: SpeechRequest) -> Reply:
        wire = Wire(self.endpoint.base_url, self.endpoint.key or "none", transport=self._transport)
        payload = {
            "model": self.endpoint.model,
            "input": request.text,
            "voice": request.voice,
            "response_format": self.endpoint.format,
            "speed": min(FASTEST, max(SLOWEST, request.speed)),
            **self.endpoint.body,
        }
        return wire.call(
            "POST", "/audio/speech", seconds=request.timeout, document=payload,
            largest=LARGEST_ANSWER,
        )  # fmt: skip

"""Any endpoint that speaks `POST /audio/transcriptions`: OpenAI, SiliconFlow, Groq, vLLM, speaches …

One multipart request a piece, over a connection of its own; nothing is retried here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from engines import faults
from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.transcription.protocol import Cue, TranscriptionAnswer, TranscriptionRequest
from engines.wire import Reply, Transport, Wire, refused

LARGEST_ANSWER = 4 * 1024 * 1024
# Whisper's own thresholds: a segment that is likely silence and that it doubts was not said.
_SILENCE, _DOUBT = 0.6, -1.0


@dataclass(frozen=True, slots=True)
class TranscriptionEndpoint:
    """Where and how to ask. `key` comes from the environment and is never shown.

    `answers`: "verbose_json" gives times of segments; endpoints that know only "json" give one cue
    a piece.
    """

    name: str
    base_url: str
    model: str
    key: str = field(default="", repr=False)
    answers: str = "verbose_json"
    body: Mapping[str, str] = field(default_factory=dict)
    not_billed: Collection[int] = ()


class OpenAICompatibleTranscriber:
    """The adapter. Raises `EngineError`, whose `billed` says what is known about money."""

    def __init__(
        self,
        endpoint: TranscriptionEndpoint,
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
        body = json.dumps(dict(self.endpoint.body), sort_keys=True)
        return f"openai-transcription@1 {self.endpoint.base_url} {self.endpoint.answers} {body}"

    def transcribe(self, request: TranscriptionRequest) -> TranscriptionAnswer:
        reply = self._ask(request)
        if reply.status != 200:
            raise refused(reply, self.endpoint.not_billed)
        return self._read(request, reply)

    def _ask(self, request: TranscriptionRequest) -> Reply:
        wire = Wire(self.endpoint.base_url, self.endpoint.key or "none", transport=self._transport)
        fields: dict[str, Any] = {
            "model": self.endpoint.model,
            "response_format": self.endpoint.answers,
            "temperature": "0",
            **self.endpoint.body,
        }
        if self.endpoint.answers == "verbose_json":
            fields["timestamp_granularities[]"] = "segment"
        if request.language:
            fields["language"] = request.language
        if request.prompt:
            fields["prompt"] = request.prompt
        return wire.call(
            "POST", "/audio/transcriptions", seconds=request.timeout, form=fields,
            files={"file": ("piece.wav", request.wav, "audio/wav")}, largest=LARGEST_ANSWER,
        )  # fmt: skip

    def _read(self, request: TranscriptionRequest, reply: Reply) -> TranscriptionAnswer:
        try:
            document = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise faults.lost("the answer is not JSON", "rubbish") from error
        if not isinstance(document, dict) or not isinstance(document.get("text"), str):
            raise EngineError(
                "The engine answered without a text.",
                code="no_text",
                permanent=False,
                billed=Billed.UNKNOWN,
            )
        return TranscriptionAnswer(
            cues=_cues(document, request),
            usage=_usage(document, request),
            model=self.endpoint.model,
            language=str(document.get("language") or request.language)[:20],
            request_id=str(reply.headers.get("x-request-id", ""))[:120],
        )


def _cues(document: dict[str, Any], request: TranscriptionRequest) -> tuple[Cue, ...]:
    """The segments within the piece, in order; the whole text as one cue where there are none."""
    longest = round(request.seconds * 1000)
    told = document.get("segments")
    found = []
    for item in told if isinstance(told, list) else []:
        if not isinstance(item, dict) or _was_silent(item):
            continue
        text = str(item.get("text") or "").strip()
        start, end = _ms(item.get("start")), _ms(item.get("end"))
        if text and start is not None and end is not None and start < longest:
            found.append(Cue(start, max(start, min(end, longest)), text))
    if not found and not told and document["text"].strip():
        return (Cue(0, longest, document["text"].strip()),)
    return tuple(sorted(found, key=lambda cue: cue.start_ms))


def _was_silent(item: dict[str, Any]) -> bool:
    silence, doubt = item.get("no_speech_prob"), item.get("avg_logprob")
    return (
        isinstance(silence, int | float)
        and isinstance(doubt, int | float)
        and silence > _SILENCE
        and doubt < _DOUBT
    )


def _ms(seconds: object) -> int | None:
    known = isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds >= 0
    return round(float(seconds) * 1000) if known else None  # type: ignore[arg-type]


def _usage(document: dict[str, Any], request: TranscriptionRequest) -> Usage:
    told = document.get("usage")
    if isinstance(told, dict) and told.get("type") != "duration":
        into, out = told.get("input_tokens"), told.get("output_tokens")
        if isinstance(into, int) and isinstance(out, int) and into >= 0 and out >= 0:
            return Usage(into, out)
    seconds = told.get("seconds") if isinstance(told, dict) else document.get("duration")
    known = isinstance(seconds, int | float) and 0 < seconds <= 2 * request.seconds + 60
    return Usage(ceil(seconds if known else request.seconds), 0, reported=known)  # type: ignore[arg-type]

"""The voices that Microsoft Edge reads pages aloud with, by the optional package edge-tts.

Needs the network and takes no money. It is a service for readers without a contract: it may refuse
or vanish, so it is for trying and for drafts. It tells when each word is heard.
"""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from engines.errors import Billed, EngineError
from engines.speech.protocol import SpeechAnswer, SpeechRequest, Voice, Word
from engines.speech.sound import wav_of

VOICES = (
    Voice("zh-CN-YunxiNeural", "云希", "zh-Hans", "male", "young"),
    Voice("zh-CN-XiaoxiaoNeural", "晓晓", "zh-Hans", "female", "adult"),
    Voice("zh-CN-YunjianNeural", "云健", "zh-Hans", "male", "adult"),
    Voice("zh-CN-XiaoyiNeural", "晓伊", "zh-Hans", "female", "young"),
    Voice("zh-CN-YunyangNeural", "云扬", "zh-Hans", "male", "old"),
    Voice("zh-CN-YunxiaNeural", "云夏", "zh-Hans", "male", "child"),
    Voice("en-US-GuyNeural", "Guy", "en", "male", "adult"),
    Voice("en-US-AriaNeural", "Aria", "en", "female", "adult"),
    Voice("en-GB-RyanNeural", "Ryan", "en", "male", "young"),
    Voice("en-US-AnaNeural", "Ana", "en", "female", "child"),
)
# The service counts time in steps of 100 ns.
_TICKS = 10_000


def missing() -> str:
    """What has to be installed first; empty where all is there."""
    return "" if find_spec("edge_tts") else "pip install edge-tts"


class EdgeSpeech:
    """The adapter. Nothing is ever billed, so every fault may be tried again."""

    is_free = True
    most_characters = 2000
    model = "edge-read-aloud"

    def __init__(self, name: str = "edge", *, proxy: str = "") -> None:
        self.name = name
        self._proxy = proxy

    @property
    def version(self) -> str:
        return f"edge-tts@1 {version('edge-tts')}"

    def voices(self) -> tuple[Voice, ...]:
        return VOICES

    def say(self, request: SpeechRequest) -> SpeechAnswer:
        sound = bytearray()
        words: list[Word] = []
        for part in self._parts(request):
            if part["type"] == "audio":
                sound += part["data"]
            elif part["type"] == "WordBoundary":
                start = int(part["offset"]) // _TICKS
                end = start + int(part["duration"]) // _TICKS
                words.append(Word(part["text"], start, end))
        wav, rate = wav_of(bytes(sound))
        return SpeechAnswer(wav, rate, len(request.text), self.model, tuple(words))

    def _parts(self, request: SpeechRequest) -> list[Any]:
        import aiohttp
        from edge_tts.exceptions import EdgeTTSException

        try:
            return asyncio.run(asyncio.wait_for(self._stream(request), request.timeout))
        except (aiohttp.ClientError, EdgeTTSException, OSError, TimeoutError) as error:
            raise EngineError(
                f"The voices of Edge cannot be had ({type(error).__name__}).",
                code="unreachable",
                permanent=False,
                billed=Billed.SURELY_NOT,
            ) from error

    async def _stream(self, request: SpeechRequest) -> list[Any]:
        from edge_tts import Communicate

        call = Communicate(
            request.text,
            request.voice,
            rate=f"{round((request.speed - 1) * 100):+d}%",
            boundary="WordBoundary",
            proxy=self._proxy or None,
        )
        return [part async for part in call.stream()]

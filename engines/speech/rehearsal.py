"""The kin of every speech engine for tests and walks: tones for words, always the same, for nothing.

It obeys the contract that the adapters obey (tests/engines/test_speech_contract.py). It is used
only where the settings name it, so no film is given tones for a voice by accident.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from engines.speech.protocol import SpeechAnswer, SpeechRequest, Voice, Word
from engines.speech.sound import PCM_RATE, wav

VOICES = (
    Voice("low", "Low", "mul", "male", "adult"),
    Voice("high", "High", "mul", "female", "adult"),
    Voice("boy", "Boy", "mul", "male", "child"),
    Voice("girl", "Girl", "mul", "female", "young"),
)
_HERTZ = {"low": 150, "high": 330, "boy": 260, "girl": 440}
_SYLLABLE_MS = 180
_PAUSE_MS = 240


class RehearsalSpeech:
    """A syllable of 180 ms for each letter or ideograph, a pause for each mark."""

    most_characters = 4000
    version = "rehearsal-speech@1"

    def __init__(
        self, name: str = "rehearsal", *, model: str = "tones-1", free: bool = True
    ) -> None:
        self.name = name
        self.model = model
        self.is_free = free

    def voices(self) -> tuple[Voice, ...]:
        return VOICES

    def say(self, request: SpeechRequest) -> SpeechAnswer:
        words: list[Word] = []
        parts: list[np.ndarray] = []
        at = 0.0
        for character in request.text:
            spoken = character.isalnum()
            length = (_SYLLABLE_MS if spoken else _PAUSE_MS) / request.speed
            if character.isspace():
                continue
            if spoken:
                words.append(Word(character, round(at), round(at + length)))
            parts.append(_tone(_HERTZ.get(request.voice, 220), length, spoken))
            at += length
        samples = np.concatenate(parts) if parts else np.zeros(PCM_RATE // 10)
        return SpeechAnswer(
            sound=wav((samples * 32767).astype(np.int16), PCM_RATE),
            rate=PCM_RATE,
            characters=len(request.text),
            model=self.model,
            words=tuple(words),
            request_id=sha256(request.text.encode("utf-8", "replace")).hexdigest()[:16],
        )


def _tone(hertz: float, length_ms: float, loud: bool) -> np.ndarray:
    count = round(length_ms * PCM_RATE / 1000)
    if not loud:
        return np.zeros(count)
    time = np.arange(count) / PCM_RATE
    swell = np.sin(np.pi * np.arange(count) / count) ** 0.5
    return np.sin(2 * np.pi * hertz * time) * swell * 0.3

"""The offline kin of every transcriber: hears that somebody speaks, not what; costs nothing.

It obeys the contract that the adapters obey, so that upload, job and review can be walked through
where no engine is configured. Its words say that they are none.
"""

from __future__ import annotations

from hashlib import sha256
from math import ceil

from engines.chat.protocol import Usage
from engines.transcription.protocol import Cue, TranscriptionAnswer, TranscriptionRequest

STEP_MS = 10_000


class RehearsalTranscriber:
    def __init__(self, name: str = "rehearsal", *, model: str = "rehearsal-1") -> None:
        self.name = name
        self.model = model
        self.version = "rehearsal@1"

    def transcribe(self, request: TranscriptionRequest) -> TranscriptionAnswer:
        mark = sha256(request.wav).hexdigest()[:6]
        longest = round(request.seconds * 1000)
        return TranscriptionAnswer(
            cues=tuple(
                Cue(
                    start, min(longest, start + STEP_MS), f"rehearsal {mark} {start // STEP_MS + 1}"
                )
                for start in range(0, longest, STEP_MS)
            ),
            usage=Usage(ceil(request.seconds), 0),
            model=self.model,
            language=request.language,
            request_id=mark,
        )

"""Speech in, cues with times out, whatever stands behind it.

`registry.transcriber(name)` gives the configured adapter; what may cost money goes through
`engines.services.transcribing.paid_transcription`. `sound` opens recordings and cuts them at pauses.
"""

from engines.transcription.protocol import (
    Cue,
    Transcriber,
    TranscriptionAnswer,
    TranscriptionRequest,
)

__all__ = ["Cue", "Transcriber", "TranscriptionAnswer", "TranscriptionRequest"]

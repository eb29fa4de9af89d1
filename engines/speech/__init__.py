"""Speech: text in, a spoken WAV out, whatever stands behind it.

`registry.speech_engine(name)` gives the configured adapter; every call goes through
`engines.services.speaking.speech_said`, which pays where it costs and never says the same twice.
"""

from engines.speech.protocol import (
    Age,
    Sex,
    Speech,
    SpeechAnswer,
    SpeechRequest,
    Voice,
    Word,
)

__all__ = ["Age", "Sex", "Speech", "SpeechAnswer", "SpeechRequest", "Voice", "Word"]

"""A sound for the sample interview, made by code: hums where somebody speaks, a pitch a speaker.

Nobody's voice is in it; it is there so that the player, following and marks can be tried.
"""

import numpy as np
from django.core.files.base import ContentFile

from crm.models import Creator, User, Utterance
from crm.services.guide_answers import guide_tick
from crm.services.recordings import recording_add
from engines.transcription.sound import RATE, wav_of

SECONDS = 60
PITCHES = (130.0, 196.0)
NAME = "示例录音（合成，无人声）.wav"


def load_recording(creator: Creator, staff: User) -> None:
    """Give the creator's first interview a recording, and tick what was answered early in it."""
    interview = creator.interviews.order_by("at")[0]
    turns = list(interview.transcripts.get().utterances.order_by("index"))
    recording_add(interview=interview, upload=ContentFile(_hums(turns)), name=NAME, actor=staff)
    questions = interview.study.questions.all()[:3] if interview.study else []
    for number, question in enumerate(questions):
        guide_tick(
            interview=interview, question=question, answered=True, actor=staff,
            utterance=min(len(turns) - 1, 4 * number + 1),
        )  # fmt: skip


def _hums(turns: list[Utterance]) -> bytes:
    samples = np.zeros(SECONDS * RATE, dtype=np.float64)
    speakers: list[str] = []
    for turn in turns:
        if turn.speaker not in speakers:
            speakers.append(turn.speaker)
        start = (turn.start_ms or 0) * RATE // 1000
        if turn.start_ms is None or start >= len(samples):
            continue
        # As long as it takes to say: about five characters a second.
        length = min(len(samples) - start, int(RATE * (0.4 + len(turn.text) / 5)))
        at = np.arange(length) / RATE
        syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4.2 * at)
        pitch = PITCHES[speakers.index(turn.speaker) % len(PITCHES)]
        fade = np.minimum(1.0, np.minimum(at, at[::-1]) / 0.05)
        samples[start : start + length] = 0.12 * fade * syllables * np.sin(2 * np.pi * pitch * at)
    return wav_of((samples * 32767).astype(np.int16))

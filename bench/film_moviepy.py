"""A film of ours beside the same film by MoviePy, in one run.

`python -m bench film_moviepy` makes a film of some shots with movement over stills, a caption each,
a voice and cross-fades, once by this house and once by MoviePy 2 in a process of its own. MoviePy is
no dependency: it is taken from the environment that PINGJU_MOVIEPY names (a Python with moviepy), or
from the one that runs this; the row says so where there is none. `python -m venv mov`,
`mov/bin/pip install moviepy==2.1.2`, then `PINGJU_MOVIEPY=mov/bin/python python -m bench
film_moviepy`.

Both sides make the same: six shots of two seconds at 1080×1920, 30 frames a second, a push-in of 14 %,
a caption with an edge in the same font, a voice a shot, one fade between scenes, H.264 with the same
preset, CRF and threads, AAC. In MoviePy's favour: its start-up is not counted, its movement is
Pillow's own resampling, it draws no AI label and measures no loudness. There are two rows: the film
composed as its documentation shows (`method="compose"`), and the least work that it can do for nearly
the same picture, clips chained without composing, the fade left out.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from bench.film_encode import SIZE, draw_board
from generation.film import FilmSpec, render_film
from generation.film.fonts import font_path

SHOTS = 6
SHOT_MS = 2000
AIM = 5.0
_METHODS = {"compose": "composed", "chain": "chained, without its fade"}

_PROGRAM = r"""
import json, sys, time
import numpy as np
from PIL import Image
from moviepy import (AudioFileClip, CompositeAudioClip, CompositeVideoClip, ImageClip, TextClip,
                     VideoClip, concatenate_videoclips, vfx)

told = json.loads(sys.argv[1])
width, height = told["size"]
seconds, fade = told["seconds"], 0.4

def moving(path):
    picture = Image.open(path).convert("RGB")
    def frame(t):
        zoom = 1 + 0.14 * t / seconds
        w, h = picture.width / zoom, picture.height / zoom
        left, top = (picture.width - w) / 2, (picture.height - h) * 0.42
        view = picture.resize((width, height), Image.Resampling.BILINEAR,
                              box=(left, top, left + w, top + h))
        return np.asarray(view)
    return VideoClip(frame, duration=seconds)

clips = []
for number, path in enumerate(told["frames"]):
    text = TextClip(font=told["font"], text=told["text"], font_size=62, color="white",
                    stroke_color="black", stroke_width=5, size=(int(width * 0.8), None),
                    method="caption", text_align="center").with_duration(seconds)
    clip = CompositeVideoClip([moving(path), text.with_position(("center", int(height * 0.72)))],
                              size=(width, height)).with_duration(seconds)
    voice = AudioFileClip(told["voice"])
    clip = clip.with_audio(voice)
    fades = number and number % 4 == 0 and told["method"] == "compose"
    clips.append(clip.with_effects([vfx.CrossFadeIn(fade)]) if fades else clip)
began = time.perf_counter()
film = concatenate_videoclips(clips, method=told["method"])
film.write_videofile(told["out"], fps=told["fps"], codec="libx264", audio_codec="aac",
                     preset="veryfast", ffmpeg_params=["-crf", "23"], threads=4, logger=None)
print(time.perf_counter() - began)
"""


def rows() -> list[dict[str, Any]]:
    """Seconds of clock for the same film; MoviePy's by its own clock, its start-up not counted."""
    work = (
        f"film of {SHOTS} shots, {SHOTS * SHOT_MS // 1000} s at {SIZE[0]}x{SIZE[1]}, beside MoviePy"
    )
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        board = draw_board(base, SHOTS, SHOT_MS)
        for shot in board["shots"]:
            shot["movement"] = "push_in"
        voice = _voice(base / "voice.wav")
        began = time.perf_counter()
        render_film(
            board, base, base / "ours.mp4", voice=[voice] * SHOTS,
            spec=FilmSpec(size=SIZE, title_card=False, credits=False),
        )  # fmt: skip
        ours = round(time.perf_counter() - began, 2)
        found = {method: _moviepy(board, base, voice, method) for method in _METHODS}
    return [
        _row(f"{work}, {_METHODS[method]}", ours, round(other, 2), round(other / ours, 2))
        if other is not None
        else _row(f"{work}, {_METHODS[method]} ({why})", ours, None, None)
        for method, (other, why) in found.items()
    ]


def _row(work: str, ours: float, other: float | None, ratio: float | None) -> dict[str, Any]:
    met = ratio is not None and ratio >= AIM
    return {"work": work, "ours": ours, "other": other if other is not None else "–",
            "ratio": ratio, "aim": AIM, "met": met}  # fmt: skip


def _voice(path: Path) -> Path:
    rate = 24_000
    sound = np.sin(2 * np.pi * 220 * np.arange(rate * SHOT_MS // 1000) / rate) * 8000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


def _moviepy(
    board: dict[str, Any], base: Path, voice: Path, method: str
) -> tuple[float | None, str]:
    """Its seconds, or None and why there are none."""
    python = os.environ.get("PINGJU_MOVIEPY", "")
    if not python:
        if importlib.util.find_spec("moviepy") is None:
            return None, "not compared: no moviepy here, PINGJU_MOVIEPY names no Python with it"
        python = sys.executable
    told = {
        "size": SIZE,
        "seconds": SHOT_MS / 1000,
        "fps": 30,
        "frames": [str(base / shot["frame"]) for shot in board["shots"]],
        "text": board["shots"][0]["narration"],
        "font": str(font_path()),
        "voice": str(voice),
        "method": method,
        "out": str(base / "moviepy.mp4"),
    }
    done = subprocess.run(
        [python, "-c", _PROGRAM, json.dumps(told)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None, f"not compared: moviepy failed: {done.stderr.strip().splitlines()[-1][:80]}"
    return float(done.stdout.strip().splitlines()[-1]), ""


if __name__ == "__main__":
    print(json.dumps(rows(), ensure_ascii=False, indent=1))

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from generation.film import Cancelled, FilmReport, Spoken, render_film, timeline
from generation.film.narration import ShotVoice
from tests.film.samples import SMALL, make_board, write_tone


def render(board: dict[str, Any], base: Path, **how: Any) -> FilmReport:
    given = {"spec": SMALL, "segments": base / "segments", **how}
    return render_film(board, base, base / "film.mp4", **given)


def test_a_film_of_kept_segments_is_the_same_bytes_and_encodes_nothing(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    first = render(board, tmp_path)
    again = render(board, tmp_path)
    without = render(board, tmp_path, segments=None)
    assert (first.encoded, again.encoded) == (first.frames, 0)
    assert first.sha256 == again.sha256 == without.sha256
    assert len(list((tmp_path / "segments").iterdir())) == len(first.segments)


def test_a_changed_picture_costs_its_shot_and_the_neighbour_that_fades_with_it(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    first = render(board, tmp_path)
    Image.new("RGB", (300, 400), "white").save(tmp_path / "frames/1.png")
    second = render(board, tmp_path)
    changed = [a != b for a, b in zip(first.segments, second.segments, strict=True)]
    # title, chapter, shots 0..3, credits: shot 1 is the last of its scene and fades into shot 2
    assert changed == [False, False, False, True, True, False, False]
    plan = timeline(board, spec=SMALL)
    lengths = [end - start for start, end in map(plan.frames, plan.clips)]
    assert second.encoded == lengths[3] + lengths[4]


def test_a_longer_voice_moves_the_shots_behind_it_without_encoding_them(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    render(board, tmp_path)
    path = write_tone(tmp_path / "v.wav", 1.77)
    voice = [ShotVoice(path, Spoken(1770)), None, None, None]
    longer = render(board, tmp_path, voice=voice)
    # shot 0 and the chapter card that fades into it
    assert longer.encoded == 18 + 16


def test_another_label_or_style_changes_every_segment(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    first = render(board, tmp_path)
    other = render(board, tmp_path, spec=replace(SMALL, ai_label="AI"))
    assert other.encoded == first.frames


def test_decoding_times_rise_and_every_frame_is_shown_once(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    spec = replace(SMALL, fps=30)
    board["shots"][1]["duration_ms"] = 20  # a shot of one frame
    report = render(board, tmp_path, spec=spec)
    with av.open(str(report.path)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.pts is not None]
        unit = (stream.time_base or 0) * 30
    decoded = [packet.dts for packet in packets if packet.dts is not None]
    assert all(a < b for a, b in pairwise(decoded))
    assert all(packet.pts >= packet.dts for packet in packets if packet.pts and packet.dts)
    assert sorted(round(packet.pts * unit) for packet in packets if packet.pts is not None) == list(
        range(report.frames)
    )


def test_a_cancelled_film_goes_on_after_its_last_whole_segment(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    seen: list[int] = []
    with pytest.raises(Cancelled):
        render(
            board, tmp_path, on_progress=lambda done, _: seen.append(done),
            cancelled=lambda: bool(seen) and seen[-1] >= 60,
        )  # fmt: skip
    assert not (tmp_path / "film.mp4").exists()
    kept = {path.name for path in (tmp_path / "segments").iterdir()}
    assert kept
    assert all(name.endswith(".mp4") for name in kept)
    report = render(board, tmp_path)
    assert 0 < report.encoded < report.frames


def test_a_killed_film_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    board = make_board(tmp_path, 4)
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from tests.film.samples import SMALL, make_board
        from tests.film.test_segments import render
        base = Path(sys.argv[1])
        render(make_board(base, 4), base)
    """)
    job = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=Path.cwd())
    folder = tmp_path / "segments"
    until = time.monotonic() + 60
    while time.monotonic() < until and len(list(folder.glob("*.mp4"))) < 2:
        time.sleep(0.01)
    os.kill(job.pid, signal.SIGKILL)
    job.wait()
    report = render(board, tmp_path)
    whole = make_board(tmp_path / "other", 4)
    fresh = render(whole, tmp_path / "other")
    assert report.encoded < report.frames
    assert report.sha256 == fresh.sha256

"""A run of 500 frames on the real broker, its worker killed with -9 twice: each frame is made once."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.celery_house import begun, installed, step
from tests.faults.draw_story import LEAST, NOTES
from tests.local.installation import Installation, eventually

DRAWN = "SELECT count(*) FROM generation_frame"
STATE = "SELECT state FROM generation_run"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path / "home", RUN_STALE_AFTER="5") as made:
        yield made


def worker(installation: Installation, name: str) -> "subprocess.Popen[str]":
    """A worker with the scheduler that sweeps."""
    return begun(
        installation, "tests.faults.draw_story", "work", "-n", f"{name}@here",
        "-Q", "default,text,frames", "-B", "-s", str(installation.home / f"beat-{name}"),
    )  # fmt: skip


def drawn(installation: Installation) -> int:
    return int(str(installation.query(DRAWN)[0][0]))


def test_a_run_of_500_frames_killed_twice_makes_each_frame_once(
    installation: Installation,
) -> None:
    length = step(installation, "draw_story", "prepare")["length"]
    density = min(200.0, LEAST * 1.12 * 1000 / length)  # a run draws at most 600
    first = worker(installation, "first")
    step(installation, "draw_story", "start", str(density))

    killed = []
    current = first
    for number, share in enumerate((LEAST // 3, 2 * LEAST // 3)):
        assert eventually(lambda least=share: drawn(installation) >= least, 900)
        os.killpg(current.pid, signal.SIGKILL)
        current.wait(30)
        killed.append(drawn(installation))
        assert installation.query(STATE) == [("running",)], "killed at work"
        current = worker(installation, f"next{number}")
    assert eventually(lambda: installation.query(STATE) == [("done",)], 900)

    told = step(installation, "draw_story", "told")
    assert killed[0] < killed[1] < told["shots"]
    assert told["shots"] >= LEAST
    assert told["tries"] == 3
    assert (
        told["frames"] == told["shots_with_one"] == told["files"] == told["paths"] == told["shots"]
    )
    assert told["versions"] == [1]
    assert told["leftovers"] == []

    # Begun again was only what a killed worker had in its hands.
    begun = Counter((installation.home / NOTES).read_text().split())
    assert len(begun) == told["shots"]
    assert sum(begun.values()) - told["shots"] <= 2

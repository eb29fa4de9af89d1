"""A run of 500 frames on the real broker, its worker killed with -9 twice: each frame is made once."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.draw_story import LEAST, NOTES
from tests.local.installation import REPOSITORY, Installation, eventually

DRAWN = "SELECT count(*) FROM generation_frame"
STATE = "SELECT state FROM generation_run"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home")
    made.environment.pop("DJANGO_SETTINGS_MODULE", None)  # the tests' broker is in memory
    made.environment |= {
        "SAMPLE_WORKSPACE": "0", "RUN_STALE_AFTER": "5", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    yield made
    for process in made.users:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    made.close()


def step(installation: Installation, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.draw_story", *arguments],
        cwd=REPOSITORY, env=installation.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def worker(installation: Installation, name: str) -> "subprocess.Popen[str]":
    """A worker of its own process group, with the scheduler that sweeps."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "tests.faults.draw_story", "work", "-n", f"{name}@here", "-P", "solo",
            "-Q", "default,text,frames", "-B", "-s", str(installation.home / f"beat-{name}"),
            "--without-gossip", "--without-mingle",
        ],
        cwd=REPOSITORY, env=installation.environment, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    installation.users.append(process)
    return process


def drawn(installation: Installation) -> int:
    return int(str(installation.query(DRAWN)[0][0]))


def test_a_run_of_500_frames_killed_twice_makes_each_frame_once(
    installation: Installation,
) -> None:
    length = step(installation, "prepare")["length"]
    density = min(200.0, LEAST * 1.12 * 1000 / length)  # a run draws at most 600
    first = worker(installation, "first")
    step(installation, "start", str(density))

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

    told = step(installation, "told")
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

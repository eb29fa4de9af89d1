"""The map step on the real broker: two workers share a run; one killed with -9 loses nothing."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines.chat_server import chat_server
from tests.local.installation import REPOSITORY, Installation, eventually
from tests.story.director import direct_words

DONE = "SELECT count(*) FROM generation_chaptermap WHERE draft IS NOT NULL"
RUNNING = "SELECT state FROM generation_run ORDER BY id DESC LIMIT 1"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home")
    made.environment.pop("DJANGO_SETTINGS_MODULE", None)  # the tests' broker is in memory
    made.environment |= {
        "SAMPLE_WORKSPACE": "0", "RUN_STALE_AFTER": "4", "MAP_LEASE": "3", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    yield made
    for process in made.users:  # with the scheduler that a worker may have started
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    made.close()


def step(installation: Installation, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.map_story", *arguments],
        cwd=REPOSITORY, env=installation.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def worker(installation: Installation, name: str, *options: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [
            sys.executable, "-m", "celery", "-A", "config", "worker", "-n", f"{name}@here",
            "-P", "solo", "-Q", "default,text", "--without-gossip", "--without-mingle", *options,
        ],
        cwd=REPOSITORY, env=installation.environment, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    installation.users.append(process)
    return process


def test_two_workers_share_a_run_and_a_killed_one_loses_nothing(
    installation: Installation,
) -> None:
    def told(body: dict[str, Any]) -> str:
        return json.dumps(direct_words(body["messages"][-1]["content"]), ensure_ascii=False)

    with chat_server(told) as server:
        server.latency = 0.5
        installation.environment["CHAT_ENGINES"] = json.dumps(
            {"stub": {"base_url": server.url, "model": "stub-chat", "timeout": 20}}
        )
        chapters = step(installation, "prepare")["chapters"]
        first = worker(installation, "first")
        second = worker(installation, "second", "-B", "-s", str(installation.home / "beat"))

        step(installation, "start", "stub")
        assert eventually(lambda: installation.query(RUNNING) == [("done",)], 120)
        shared = step(installation, "board")["board"]
        assert server.most_at_once >= 2, "both workers asked at the same time"
        assert server.bills == chapters, "and no chapter was asked for twice"
        assert shared["usage"]["shots_by_model"] == len(shared["shots"])

        before = int(str(installation.query(DONE)[0][0]))
        step(installation, "start", "offline")
        assert eventually(lambda: int(str(installation.query(DONE)[0][0])) > before + 1, 60)
        os.killpg(first.pid, signal.SIGKILL)
        assert eventually(lambda: installation.query(RUNNING) == [("done",)], 120)
        assert second.poll() is None

    made = step(installation, "board")
    assert made["board"]["shots"]
    assert made["board"] == step(installation, "alone") | {"usage": made["board"]["usage"]}, (
        "the board of two workers, one of them killed, is the board of one process"
    )

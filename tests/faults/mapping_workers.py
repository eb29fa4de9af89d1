"""The map step on the real broker: two workers share a run; one killed with -9 loses nothing."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines.chat_server import chat_server
from tests.faults.celery_house import begun, installed, step
from tests.local.installation import Installation, eventually
from tests.story.director import direct_words

DONE = "SELECT count(*) FROM generation_chaptermap WHERE draft IS NOT NULL"
RUNNING = "SELECT state FROM generation_run ORDER BY id DESC LIMIT 1"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path / "home", RUN_STALE_AFTER="4", MAP_LEASE="3") as made:
        yield made


def worker(installation: Installation, name: str, *options: str) -> "subprocess.Popen[str]":
    return begun(
        installation, "celery", "-A", "config", "worker", "-n", f"{name}@here",
        "-Q", "default,text", *options,
    )  # fmt: skip


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
        chapters = step(installation, "map_story", "prepare")["chapters"]
        first = worker(installation, "first")
        second = worker(installation, "second", "-B", "-s", str(installation.home / "beat"))

        step(installation, "map_story", "start", "stub")
        assert eventually(lambda: installation.query(RUNNING) == [("done",)], 120)
        shared = step(installation, "map_story", "board")["board"]
        assert server.most_at_once >= 2, "both workers asked at the same time"
        assert server.bills == chapters, "and no chapter was asked for twice"
        assert shared["usage"]["shots_by_model"] == len(shared["shots"])

        before = int(str(installation.query(DONE)[0][0]))
        step(installation, "map_story", "start", "offline")
        assert eventually(lambda: int(str(installation.query(DONE)[0][0])) > before + 1, 60)
        os.killpg(first.pid, signal.SIGKILL)
        assert eventually(lambda: installation.query(RUNNING) == [("done",)], 120)
        assert second.poll() is None

    made = step(installation, "map_story", "board")
    assert made["board"]["shots"]
    assert made["board"] == step(installation, "map_story", "alone") | {
        "usage": made["board"]["usage"]
    }, "the board of two workers, one of them killed, is the board of one process"

"""The whole of ``make run``: started, asked, killed in every way, and started again."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from config.local.paths import REPOSITORY
from config.local.users import keeper_pid
from tests.local.installation import Installation, eventually


class Run:
    """One supervisor of an installation, and what it prints."""

    def __init__(self, installation: Installation, *, port: str = "0") -> None:
        self.installation = installation
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.local.supervisor"],
            cwd=REPOSITORY,
            env=installation.environment | {"PORT": port},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def ready(self) -> str:
        """The address, once it is announced; fails with all it printed where it never is."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if "Ctrl-C" in line:
                break
        else:
            raise AssertionError("".join(self.lines))
        found = re.search(r"http://127\.0\.0\.1:\d+/", "".join(self.lines))
        assert found is not None
        return found.group()

    def finish(self) -> str:
        """All it printed, after it ended."""
        self.lines.append(self.process.communicate(timeout=90)[0])
        return "".join(self.lines)

    def child(self, mark: str) -> int | None:
        """The process number of its child whose command line holds ``mark``."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and (folder / "stat").exists():
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if parent == str(self.process.pid) and mark in (folder / "cmdline").read_text():
                    return int(folder.name)
        return None

    def has_another(self, mark: str, killed: int) -> bool:
        """Whether a child with ``mark`` runs that is not ``killed``."""
        return self.child(mark) not in (None, killed)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}health/ready", timeout=30) as page:  # noqa: S310
            return bool(page.status == 200)
    except OSError:
        return False


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home", throwaway=False)
    made.environment.pop("DJANGO_SETTINGS_MODULE", None)
    yield made
    for pid, command in made.processes().items():
        if "supervisor" in command:
            os.kill(pid, signal.SIGKILL)
    made.close()


def test_it_starts_stops_and_starts_again_without_leaving_a_process(
    installation: Installation,
) -> None:
    first = Run(installation)
    address = first.ready()
    assert answers(address)
    assert any("pingju-sample" in line for line in first.lines)

    second = Run(installation)
    assert f"Already running for {installation.home}: {address}" in second.finish()
    assert second.process.returncode == 2

    port = address.rsplit(":", 1)[1].rstrip("/")
    elsewhere = Installation(installation.home.parent / "elsewhere")
    busy = Run(elsewhere, port=port)
    assert f"Port {port} cannot be used" in busy.finish()
    assert busy.process.returncode == 2
    assert elsewhere.processes() == {}

    first.process.terminate()
    assert "Stopped" in first.finish()
    assert first.process.returncode == 0
    assert installation.processes() == {}

    third = Run(installation)
    assert answers(third.ready())
    third.process.send_signal(signal.SIGINT)
    assert "Stopped" in third.finish()
    assert third.process.returncode == 0
    assert installation.processes() == {}


def test_kill_9_of_any_part_is_survived_and_of_the_supervisor_leaves_nothing(
    installation: Installation,
) -> None:
    run = Run(installation)
    address = run.ready()
    for mark in ("gunicorn", "celery\0-A\0config\0worker", "celery\0-A\0config\0beat"):
        killed = run.child(mark)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert eventually(partial(run.has_another, mark, killed), seconds=60)
    assert eventually(lambda: answers(address), seconds=60)

    for name in ("postgres", "broker"):
        os.kill(keeper_pid(installation.service(name)), signal.SIGKILL)
        assert eventually(lambda: answers(address), seconds=60)
    os.kill(installation.postmaster(), signal.SIGKILL)
    assert eventually(lambda: answers(address), seconds=60)

    run.process.kill()
    run.finish()
    assert eventually(lambda: not installation.processes(), seconds=40), installation.processes()

    again = Run(installation)
    assert answers(again.ready())
    again.process.terminate()
    again.finish()
    assert installation.processes() == {}


def test_it_can_be_stopped_while_it_starts(installation: Installation) -> None:
    for seconds in (0.3, 1.5, 4.0):
        run = Run(installation)
        with pytest.raises(subprocess.TimeoutExpired):
            run.process.wait(seconds)
        run.process.terminate()
        said = run.finish()
        # Before its first word it has no handler yet, and nothing to stop either.
        assert run.process.returncode == (0 if said else -signal.SIGTERM)
        assert installation.processes() == {}

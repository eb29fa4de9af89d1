"""An installation without a sample, for workers that are started and killed one by one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.local.installation import REPOSITORY, Installation


@contextlib.contextmanager
def installed(home: Path, **environment: str) -> Iterator[Installation]:
    """Ends with every worker that was started in it, and the scheduler that one may have started.

    One process uses the services all the time: between a killed worker and the next they stay up.
    """
    made = Installation(home)
    made.environment.pop("DJANGO_SETTINGS_MODULE", None)  # the tests' broker is in memory
    made.environment |= {"SAMPLE_WORKSPACE": "0", "LOG_LEVEL": "WARNING", **environment}
    try:
        made.user()
        yield made
    finally:
        for process in made.users:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        made.close()


def step(installation: Installation, module: str, *arguments: str) -> dict[str, Any]:
    """What a step of the test's own module says, run in a process of the installation."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{module}", *arguments],
        cwd=REPOSITORY, env=installation.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def begun(installation: Installation, *arguments: str) -> subprocess.Popen[str]:
    """A worker of its own process group."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments, "-P", "solo", "--without-gossip", "--without-mingle"],
        cwd=REPOSITORY, env=installation.environment, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    installation.users.append(process)
    return process

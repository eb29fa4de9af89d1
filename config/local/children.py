"""The supervisor's children: web, worker and scheduler, started again when they end."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from config.local.paths import REPOSITORY
from config.local.processes import spawn
from config.local.service import log_path, open_log, tail

STEADY = 60.0  # seconds of life after which earlier crashes are forgotten
LONGEST_PAUSE = 30.0


class Child:
    """One program with its log ``home/logs/NAME.log``.

    ``death_signal`` is what the kernel sends it when the supervisor dies; ``stop_steps`` are the
    signals of an orderly stop with the seconds to wait after each, before its group is killed.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        home: Path,
        *,
        death_signal: signal.Signals,
        stop_steps: Sequence[tuple[signal.Signals, float]],
        keep: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.command = command
        self.home = home
        self.death_signal = death_signal
        self.stop_steps = stop_steps
        self.keep = keep
        self.crashes = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._again_at = 0.0
        self._log_begin = 0
        self._told = 0.0

    @property
    def log(self) -> Path:
        return log_path(self.home, self.name)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        with open_log(self.home, self.name) as output:
            self._log_begin = output.tell()
            self._process = spawn(
                self.command,
                death_signal=self.death_signal,
                output=output,
                folder=REPOSITORY,
                keep=self.keep,
            )
        self._started = time.monotonic()

    def last_words(self) -> str:
        """The end of what it logged since its last start."""
        return tail(self.log, self._log_begin)

    def tend(self) -> str | None:
        """Start it again when it has ended, later after each crash; says so in one line."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._again_at:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            if self.crashes and now - self._started > STEADY:
                self.crashes = 0
            return None
        self._kill_group()
        self._process = None
        self.crashes += 1
        pause = min(2.0 ** (self.crashes - 1), LONGEST_PAUSE)
        self._again_at = now + pause
        return (
            f"{self.name} 意外结束（{code}），{pause:.0f} 秒后重启 · {self.name} ended ({code}), "
            f"starting again in {pause:.0f} s; log: {self.log}"
        )

    def signal_stop(self) -> None:
        """The first of the stop signals, so that several children can stop side by side."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.stop_steps[0][0])
        self._told = time.monotonic()

    def finish_stop(self) -> None:
        """Wait, urge, and at last kill whatever is left of its group.

        The first wait counts from ``signal_stop``, so that children stop in the same seconds.
        """
        if self._process is None:
            return
        for index, (number, seconds) in enumerate(self.stop_steps):
            if index and self._process.poll() is None:
                self._process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                passed = time.monotonic() - self._told if index == 0 else 0.0
                self._process.wait(max(0.0, seconds - passed))
                break
        self._kill_group()
        self._process.wait()
        self._process = None

    def _kill_group(self) -> None:
        """End what a child left behind: it leads its own process group."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

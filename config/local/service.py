"""What the keeper needs to know of a server."""

import abc
import os
import signal
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, ClassVar

from config.local.errors import LocalServiceError
from config.local.paths import make_folder

# What a keeper writes into its lock file behind its process number.
STARTING, SERVING = "starting", "serving"

LOG_BYTES = 10 * 1024 * 1024


def open_log(home: Path, name: str) -> IO[bytes]:
    """``home/logs/NAME.log`` opened for appending; a large one is set aside as ``NAME.log.1``."""
    path = log_path(home, name)
    make_folder(path.parent)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def log_path(home: Path, name: str) -> Path:
    return home / "logs" / f"{name}.log"


def tail(path: Path, start: int = 0, lines: int = 3) -> str:
    """The last lines that were written after byte ``start``, joined to one."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(start if start <= size else 0, size - 8192))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return " | ".join([line.strip() for line in text.splitlines() if line.strip()][-lines:])


class Service(abc.ABC):
    """One server under ``home/NAME``: its files, how to start it, how to see that it serves.

    Files beside its data: ``start.lock`` (one starter at a time), ``users.lock`` (held shared by
    every process that uses it), ``keeper.lock`` (held by its keeper), ``server.lock`` (inherited
    by the server's processes, so it is free exactly when the last of them is gone).
    """

    name: ClassVar[str]
    death_signal: ClassVar[signal.Signals]
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]]

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        self.home = home
        self.throwaway = throwaway
        self.folder = home / self.name

    @property
    def log(self) -> Path:
        return log_path(self.home, self.name)

    def lock_path(self, which: str) -> Path:
        return self.folder / f"{which}.lock"

    def check_mode(self) -> None:
        """Refuse to mix lasting data with a server that may lose it.

        Raises LocalServiceError.
        """
        mark = self.folder / "throwaway"
        if all(path.suffix == ".lock" for path in self.folder.iterdir()) and self.throwaway:
            mark.touch()
        if mark.exists() == self.throwaway:
            return
        if self.throwaway:
            remedy = "PINGJU_THROWAWAY=1 may lose data; set PINGJU_HOME to another folder."
        else:
            remedy = f"It was made with PINGJU_THROWAWAY=1; delete it to begin anew: {self.home}"
        raise LocalServiceError("mode", f"{self.folder} holds data of the other kind. {remedy}")

    @abc.abstractmethod
    def socket(self) -> Path:
        """The server's unix socket; the same for every process of this installation."""

    @abc.abstractmethod
    def prepare(self, keep: Iterable[int]) -> None:
        """Make the data where absent and clear what a killed server left.

        Called while ``server.lock`` is held, so no server of ours uses the data; ``keep`` is its
        descriptor, for programs that work on the data.
        """

    @abc.abstractmethod
    def start(self, output: IO[bytes], keep: Iterable[int]) -> "subprocess.Popen[bytes]":
        """Start the server as a child; ``keep`` are descriptors that it inherits."""

    @abc.abstractmethod
    def serves(self) -> bool:
        """Whether a client would be served now."""

    def finish(self) -> None:  # noqa: B027 most servers have nothing to do here
        """What remains to do once the server listens, before ``serves`` can be true."""

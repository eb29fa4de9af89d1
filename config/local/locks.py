"""File locks (flock): the kernel drops them when their holder dies, so they never go stale."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

LINE_BYTES = 80


class FileLock:
    """One open file with an advisory lock on it.

    A child process that inherits the descriptor holds the lock too, until the last copy is closed;
    so release closes the file and never unlocks it for the others.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False, timeout: float = 0.0) -> bool:
        """Take the lock, trying for ``timeout`` seconds; True where it was had."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        operation = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
        deadline = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(descriptor, operation)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    return False
                time.sleep(0.01)
            else:
                self._descriptor = descriptor
                return True

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    @property
    def descriptor(self) -> int:
        """The open file's number, to hand to a child process."""
        if self._descriptor is None:
            raise RuntimeError(f"the lock {self.path} is not held")
        return self._descriptor

    def write(self, text: str) -> None:
        """Replace the locked file's line (who holds it), at once for those who read it meanwhile.

        Padded to one length, so that no reader meets an empty file or the end of a longer line.
        """
        os.pwrite(self.descriptor, text.ljust(LINE_BYTES - 1).encode() + b"\n", 0)

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def is_owned(path: Path) -> bool:
    """Whether some process holds ``path`` alone (asked by a shared lock: askers do not collide)."""
    if not path.exists():
        return False
    with FileLock(path) as lock:
        return not lock.acquire(shared=True)


def is_shared(path: Path) -> bool:
    """Whether some process holds a lock on ``path``, shared or alone; waits out other askers."""
    if not path.exists():
        return False
    with FileLock(path) as lock:
        return not lock.acquire(timeout=0.3)

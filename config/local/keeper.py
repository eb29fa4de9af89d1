"""The keeper: one small process per server that owns it and ends with its last user.

``python -m config.local.keeper SERVICE DESCRIPTOR`` is started by ``config.local.ensure``. The
server is the keeper's child and gets a stop signal from the kernel when the keeper dies, however
it dies. Every process that uses the server holds ``users.lock``; when nobody has held it for some
seconds the keeper stops the server and ends. So nothing is left behind by a killed command,
supervisor or keeper, and no process number has to be trusted.
"""

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import time

from config.local.errors import LocalServiceError
from config.local.locks import FileLock
from config.local.paths import home, throwaway
from config.local.service import SERVING, STARTING, Service, open_log, tail
from config.local.services import make

LINGER = 3.0  # seconds without a user; PINGJU_LINGER sets another number
TICK = 0.25
SERVER_GONE = 60.0  # seconds for the processes of a killed server to end
READY = 180.0  # seconds for a server to serve; recovery after a crash is part of it
TRIES = 5  # starts in a row that may fail

logger = logging.getLogger("pingju.keeper")


class Keeper:
    def __init__(self, service: Service) -> None:
        self.service = service
        self.longest = float(os.environ.get("PINGJU_LINGER") or LINGER)
        self.linger = self.longest
        self.stopping = False
        self.keeper_lock = FileLock(service.lock_path("keeper"))
        self.server_lock = FileLock(service.lock_path("server"))
        self.start_lock = FileLock(service.lock_path("start"))
        self.child: subprocess.Popen[bytes] | None = None
        self.idle_since: float | None = None
        self.socket_number: int | None = None
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._waker, False)

    def listen(self) -> None:
        """TERM and INT stop the server; USR1 asks to look for users at once; HUP is ignored."""
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGUSR1, self._on_look)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _on_stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _on_look(self, number: int, frame: object) -> None:
        self.linger = 0.0

    def _sleep(self, seconds: float) -> None:
        """Sleep, but wake up for a signal."""
        readable, _, _ = select.select([self._wake], [], [], seconds)
        if readable:
            os.read(self._wake, 4096)

    def take(self) -> None:
        """Become the keeper and wait until the processes of a killed server are gone.

        Raises LocalServiceError.
        """
        if not self.keeper_lock.acquire(timeout=5):
            raise LocalServiceError("keeper", f"{self.service.folder} already has a keeper.")
        self.tell(STARTING)
        if not self.server_lock.acquire(timeout=SERVER_GONE):
            raise LocalServiceError(
                "server-left",
                f"Processes of an earlier {self.service.name} still hold {self.service.folder}. "
                "End them, then try again.",
                self.service.log,
            )

    def tell(self, state: str) -> None:
        self.keeper_lock.write(f"{os.getpid()} {state}")

    def start(self) -> None:
        """Start the server and wait until it serves.

        Raises LocalServiceError where it ends or stays silent.
        """
        self.tell(STARTING)
        self.service.prepare([self.server_lock.descriptor])
        with open_log(self.service.home, self.service.name) as output:
            begin = output.tell()
            self.child = self.service.start(output, keep=[self.server_lock.descriptor])
        deadline = time.monotonic() + READY
        pause = 0.02
        while not self.stopping:
            self.service.finish()
            if self.service.serves():
                self.socket_number = self.service.socket().stat().st_ino
                self.tell(SERVING)
                return
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.stop_server()
                lines = tail(self.service.log, begin)
                full = "No space left" in lines
                raise LocalServiceError(
                    "disk-full" if full else "start",
                    f"{self.service.name} did not start"
                    + (": the disk is full" if full else f": {lines or 'it said nothing'}"),
                    self.service.log,
                )
            self._sleep(pause)
            pause = min(pause * 1.3, 0.5)

    def stop_server(self) -> None:
        if self.child is None:
            return
        for number, seconds in self.service.stop_steps:
            if self.child.poll() is not None:
                break
            self.child.send_signal(number)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                logger.warning("%s did not end on %s", self.service.name, number.name)
        self.child = None

    def healthy(self) -> bool:
        """Whether the server runs and its socket is still where clients look for it."""
        if self.child is None or self.child.poll() is not None:
            return False
        try:
            return self.service.socket().stat().st_ino == self.socket_number
        except FileNotFoundError:
            return False

    def revive(self) -> None:
        """Start a server that ended by itself again, waiting longer each time.

        Raises LocalServiceError after several failures in a row.
        """
        for attempt in range(1, TRIES + 1):
            logger.warning("%s ended; start %d", self.service.name, attempt)
            self.tell(STARTING)
            self.stop_server()
            if self.stopping:
                return
            # Backends of a killed postmaster hold the lock until they have seen its death; ours
            # is a descriptor that they share, so it is opened anew to wait for them.
            self.server_lock.release()
            if self.server_lock.acquire(timeout=SERVER_GONE):
                try:
                    self.start()
                except LocalServiceError as error:
                    logger.warning("%s", error)
                    if attempt == TRIES:
                        raise
                else:
                    return
            self._sleep(min(2.0**attempt, 10))

    def unused(self) -> bool:
        """Whether nobody has used the server for long enough.

        Where true, ``start.lock`` is held from here on, so that a new user waits for our end.
        """
        if not self.start_lock.acquire():
            self.idle_since = None
            return False
        with FileLock(self.service.lock_path("users")) as users:
            alone = users.acquire()
        now = time.monotonic()
        if alone and self.idle_since is None:
            self.idle_since = now
        elif not alone:
            self.idle_since = None
            self.linger = self.longest
        if self.idle_since is not None and now - self.idle_since >= self.linger:
            return True
        self.start_lock.release()
        return False

    def keep(self) -> None:
        """Watch the server and its users until it is not needed any more."""
        while not self.stopping and not self.unused():
            if not self.healthy():
                self.revive()
            self._sleep(TICK)
        self.stop_server()
        # Empty by now; a short one stands outside the home folder and would stay for ever.
        with contextlib.suppress(OSError):
            self.service.socket().parent.rmdir()


def _detach() -> None:
    """Leave the starter: it waits for our first process only and never sees a zombie."""
    if os.fork():
        os._exit(0)


def main(arguments: list[str]) -> int:
    name, descriptor = arguments[0], int(arguments[1])
    _detach()
    service = make(name, home(), throwaway=throwaway())
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    with os.fdopen(descriptor, "w", encoding="utf-8") as report:
        keeper = Keeper(service)
        keeper.listen()
        try:
            service.check_mode()
            keeper.take()
            keeper.start()
        except LocalServiceError as error:
            logger.error("%s", error)
            json.dump({"code": error.code, "error": str(error)}, report)
            return 1
        json.dump({"code": "ok"}, report)
    try:
        keeper.keep()
    except LocalServiceError as error:
        logger.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

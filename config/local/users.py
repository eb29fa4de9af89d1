"""Using a local service: starting its keeper where none runs, and saying that we use it."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from config.local.errors import LocalServiceError
from config.local.locks import FileLock, is_owned, is_shared
from config.local.paths import REPOSITORY, make_folder
from config.local.service import SERVING, Service, open_log

STARTER = 240.0  # seconds to wait for another process that is starting or stopping the service
KEEPER = 260.0  # seconds for our own keeper to report

_held: dict[Path, FileLock] = {}
_guard = threading.Lock()


def keeper_pid(service: Service) -> int:
    """The process number of the service's keeper; only meaningful while it holds its lock.

    Raises ValueError or FileNotFoundError where none has written it.
    """
    return int(service.lock_path("keeper").read_text().partition(" ")[0])


def keeper_says(service: Service) -> str:
    """What the living keeper says of its server: ``SERVING``, ``STARTING``; empty without one."""
    path = service.lock_path("keeper")
    words = path.read_text().split() if is_owned(path) else []
    return words[1] if len(words) > 1 else ""


def attach(service: Service) -> None:
    """Have ``service`` run for as long as this process lives.

    Safe to call often and from many processes at once.

    Raises LocalServiceError where the service cannot be had.
    """
    with _guard:
        if service.folder in _held and keeper_says(service) == SERVING:
            return
        make_folder(service.home)
        make_folder(service.folder)
        with FileLock(service.lock_path("start")) as starting:
            _acquire(starting, service)
            users = _held.get(service.folder)
            if users is None:
                users = FileLock(service.lock_path("users"))
                users.acquire(shared=True, timeout=5)
            try:
                _have_keeper(service)
            except BaseException:
                _held.pop(service.folder, None)
                users.release()
                raise
            _held[service.folder] = users


def _acquire(starting: FileLock, service: Service) -> None:
    try:
        had = starting.acquire(timeout=STARTER)
    except PermissionError as error:
        raise LocalServiceError(
            "home",
            f"{service.folder} belongs to another account. Run as its owner, or set PINGJU_HOME to "
            "another folder.",
        ) from error
    if not had:
        raise LocalServiceError(
            "busy", f"Another process has been starting {service.name} for minutes.", service.log
        )


def _have_keeper(service: Service) -> None:
    """Wait for the running keeper's server, or start a keeper."""
    deadline = time.monotonic() + STARTER
    while is_owned(service.lock_path("keeper")):
        if service.serves():
            return
        if time.monotonic() > deadline:
            raise LocalServiceError(
                "silent", f"{service.name} runs but does not answer.", service.log
            )
        time.sleep(0.05)  # the keeper revives its server, or gives up and goes
    _start_keeper(service)


def _start_keeper(service: Service) -> None:
    reading, writing = os.pipe()
    environment = dict(os.environ) | {
        "PINGJU_HOME": str(service.home),
        "PINGJU_THROWAWAY": "1" if service.throwaway else "",
    }
    with open_log(service.home, "keeper") as log:
        first = subprocess.Popen(
            [sys.executable, "-m", "config.local.keeper", service.name, str(writing)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=REPOSITORY,
            env=environment,
            pass_fds=(writing,),
            start_new_session=True,
        )
    os.close(writing)
    first.wait()
    report = _read(reading, time.monotonic() + KEEPER)
    if report.get("code") != "ok":
        raise LocalServiceError(
            report.get("code", "keeper"),
            report.get("error", f"The keeper of {service.name} ended without a word."),
            None if "error" in report else service.home / "logs" / "keeper.log",
        )


def _read(descriptor: int, deadline: float) -> dict[str, str]:
    """The keeper's report: one JSON document, ended by the pipe's end."""
    chunks = []
    with os.fdopen(descriptor, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            chunk = pipe.read(4096)
            if not chunk:
                break
            chunks.append(chunk)
    try:
        report: dict[str, str] = json.loads(b"".join(chunks))
    except ValueError:
        return {}
    return report


def detach(service: Service, *, wait: float = 0.0) -> bool:
    """Stop using ``service``; with ``wait``, have it stop at once where nobody else uses it.

    Returns whether others still use it.
    """
    with _guard:
        users = _held.pop(service.folder, None)
        if users is not None:
            users.release()
    deadline = time.monotonic() + wait
    while is_owned(service.lock_path("keeper")):
        if is_shared(service.lock_path("users")):
            return True
        if time.monotonic() >= deadline:
            return False
        with contextlib.suppress(ValueError, ProcessLookupError, FileNotFoundError):
            os.kill(keeper_pid(service), signal.SIGUSR1)
        time.sleep(0.05)
    return False

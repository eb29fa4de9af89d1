"""A throw-away installation for the tests of the local services: a home folder and its processes."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from config.local.locks import is_owned
from config.local.paths import REPOSITORY
from config.local.postgres import Postgres
from config.local.service import Service
from config.local.services import make
from config.local.users import keeper_pid

USE = "from config import local; local.ensure(); print('ready', flush=True); input()"


def eventually(question: Callable[[], object], seconds: float = 30) -> bool:
    """Whether ``question`` comes true within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Installation:
    """``home`` with servers of its own; every process of it names that folder."""

    def __init__(self, home: Path, *, throwaway: bool = True) -> None:
        self.home = home
        self.users: list[subprocess.Popen[str]] = []
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if key not in ("DATABASE_URL", "BROKER_URL", "PG_BIN")
        } | {
            "PINGJU_HOME": str(home),
            "PINGJU_THROWAWAY": "1" if throwaway else "",
            "PINGJU_LINGER": "0.5",
        }

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.home)

    def service(self, name: str) -> Service:
        return make(name, self.home)

    def python(self, code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run ``code`` to its end in this installation."""
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start_user(self) -> "subprocess.Popen[str]":
        """A process that asks for the services and holds them until its input ends."""
        user = subprocess.Popen(
            [sys.executable, "-c", USE],
            cwd=REPOSITORY,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.users.append(user)
        return user

    def user(self) -> "subprocess.Popen[str]":
        """A process that uses the services, once it has them."""
        user = self.start_user()
        assert user.stdout is not None
        assert user.stderr is not None
        if user.stdout.readline() != "ready\n":
            raise AssertionError(user.stderr.read())
        return user

    def keeper(self, name: str = "postgres") -> int:
        return keeper_pid(self.service(name))

    def postmaster(self) -> int:
        return int((self.postgres.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """What PostgreSQL answers, on a connection of its own; commits."""
        with psycopg.connect(
            host=str(self.postgres.socket_folder), user="pingju", dbname="pingju"
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def processes(self) -> dict[int, str]:
        """Living processes whose command line or environment names this home."""
        found = {}
        marks = (os.fsencode(self.home), os.fsencode(self.postgres.socket_folder))
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit() or int(folder.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes()
                known = command + (folder / "environ").read_bytes()
                if command and any(mark in known for mark in marks):
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode()
        return found

    def gone(self) -> bool:
        """Whether no process is left, after the seconds that it may take."""
        return eventually(lambda: not self.processes())

    def served(self) -> bool:
        return self.postgres.serves() and is_owned(self.home / "postgres" / "keeper.lock")

    def serves_anew(self, killed: int) -> bool:
        """Whether another postmaster than ``killed`` serves."""
        return self.served() and self.postmaster() != killed

    def close(self) -> None:
        """End this installation's processes."""
        for user in self.users:
            user.kill()
            user.communicate()
        for name in ("postgres", "broker"):
            if is_owned(self.home / name / "keeper.lock"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.keeper(name), signal.SIGTERM)
        if not self.gone():
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"left behind: {self.processes()}")

"""PostgreSQL of the embedded default: one cluster under ``home/postgres``, on a unix socket only.

Only the programs of the wheel are used. Its own Python layer creates system accounts, opens
parent folders to everybody and trusts re-used process numbers.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, ClassVar

from config.local import probe
from config.local.binaries import postgres_folder
from config.local.errors import LocalServiceError
from config.local.paths import make_folder, private_folder, socket_folder
from config.local.processes import (
    Identity,
    account_identity,
    can,
    other_identities,
    own_identity,
    spawn,
)
from config.local.service import Service, open_log, tail

ROLE = "pingju"
DATABASE = "pingju"
PORT = "5432"  # only a part of the socket's name: the server listens on no network address
FREE_BYTES = 300 * 1024 * 1024

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "lc_messages": "C",
}
# Helpers that read ahead wait to be woken up for each page, which on one machine is dearer than the
# page: a rare word's search took 1.1 ms for one page of the file cache.
SINCE_18 = {"io_method": "sync"}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "5min",
}


def _buffers() -> int:
    """Megabytes for pages kept by the server: an eighth of the memory, at least 128, at most 512.

    Taken only as it is used; half a gigabyte holds what a search over a million utterances reads.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(128, min(512, memory // 8 // 2**20))


def _environment() -> dict[str, str]:
    """Our environment without what would lead PostgreSQL's programs elsewhere (PGDATA, PGHOST…)."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def _running_by_hand(pid_file: Path, data: Path) -> int | None:
    """The process that ``postmaster.pid`` names, where it truly is a postgres on this data.

    The number alone proves nothing: after a crash, and always in containers, it may belong to any
    other process by now.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        answer = subprocess.run(
            ["ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False
        )
        command = answer.stdout
    return pid if b"postgres" in command and os.fsencode(data) in command else None


class Postgres(Service):
    name: ClassVar[str] = "postgres"
    death_signal: ClassVar[signal.Signals] = signal.SIGINT  # fast shutdown
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]] = (
        (signal.SIGINT, 20),
        (signal.SIGQUIT, 5),
        (signal.SIGKILL, 5),
    )

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        super().__init__(home, throwaway=throwaway)
        self.cluster = self.folder / "cluster"
        self.data = self.cluster / "data"
        self._identity: Identity | None = None
        self._programs: Path | None = None

    @property
    def socket_folder(self) -> Path:
        """The value of HOST for clients."""
        return socket_folder(self.cluster / "run", f".s.PGSQL.{PORT}")

    def socket(self) -> Path:
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def programs(self) -> Path:
        if self._programs is None:
            self._programs = postgres_folder(self.data)
        return self._programs

    def prepare(self, keep: Iterable[int]) -> None:
        make_folder(self.folder)
        identity = self._choose_identity()
        owner = self._owner()
        private_folder(self.cluster, identity.uid, identity.gid)
        if owner is not None and owner != identity.uid:
            for path in self.cluster.rglob("*"):
                os.chown(path, identity.uid, identity.gid, follow_symlinks=False)
        private_folder(self.socket_folder, identity.uid, identity.gid)
        pid_file = self.data / "postmaster.pid"
        running = _running_by_hand(pid_file, self.data)
        if running is not None:
            raise LocalServiceError(
                "postgres-running",
                f"Process {running} already runs PostgreSQL on {self.data}, started by hand. "
                "Stop it, or set DATABASE_URL to it.",
            )
        if not (self.data / "PG_VERSION").exists():
            self._create(identity, keep)
        pid_file.unlink(missing_ok=True)
        Path(f"{self.socket()}.lock").unlink(missing_ok=True)
        self.socket().unlink(missing_ok=True)
        self._write_access(identity)

    def _owner(self) -> int | None:
        return self.cluster.stat().st_uid if self.cluster.exists() else None

    def _candidates(self) -> Iterable[Identity]:
        """Who might run the server, the best first.

        Raises LocalServiceError where the data is somebody else's.
        """
        own, owner = own_identity(), self._owner()
        if os.geteuid() != 0:
            if owner not in (None, os.geteuid()):
                raise LocalServiceError(
                    "owner",
                    f"{self.cluster} belongs to uid {owner}, not to this account. Run as its "
                    "owner, or set PINGJU_HOME to another folder.",
                )
            return [own] if own is not None else other_identities()
        account = os.environ.get("PINGJU_SERVER_ACCOUNT", "")
        if account:
            return [account_identity(account)]
        return other_identities() if not owner else [account_identity(owner)]

    def _choose_identity(self) -> Identity:
        """The first candidate that can run the server on this folder.

        Raises LocalServiceError where none can.
        """
        program = self.programs / "postgres"
        for identity in self._candidates():
            trial = self.folder / "trial"
            private_folder(trial, identity.uid, identity.gid)
            fits = can(identity, program, trial)
            trial.rmdir()
            if fits:
                self._identity = identity
                return identity
        raise LocalServiceError(
            "account",
            f"PostgreSQL does not run as root, and no other account can reach {self.folder} and "
            f"{program}. Run as an ordinary user, or set PINGJU_SERVER_ACCOUNT to an account that "
            "can reach both, or set DATABASE_URL to a running server.",
        )

    def _create(self, identity: Identity, keep: Iterable[int]) -> None:
        """initdb into a folder aside, renamed when complete: a killed initdb leaves no half data.

        ``C.UTF-8`` whatever the caller's LANG: under ``C`` pg_trgm sees no CJK at all.
        """
        free = shutil.disk_usage(self.folder).free
        if free < FREE_BYTES:
            raise LocalServiceError(
                "disk-full",
                f"Only {free // 2**20} MB are free at {self.folder}; a new database needs "
                f"{FREE_BYTES // 2**20} MB. Free some space, or set PINGJU_HOME to another disk.",
            )
        draft = self.cluster / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        command = [
            str(self.programs / "initdb"),
            *("-D", str(draft), "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8", "-A", "peer"),
            *(["--no-sync"] if self.throwaway else []),
        ]
        with open_log(self.home, self.name) as log:
            begin = log.tell()
            code = spawn(
                command,
                death_signal=signal.SIGTERM,
                identity=identity,
                output=log,
                folder=Path("/"),
                environment=_environment(),
                keep=keep,
            ).wait()
        if code:
            lines = tail(self.log, begin, lines=2)
            raise LocalServiceError("initdb", f"initdb failed: {lines}", self.log)
        draft.rename(self.data)

    def _write_access(self, identity: Identity) -> None:
        """Let in by the socket's peer only the account that starts us and the server's own."""
        names = dict.fromkeys((identity.peer, identity.name))
        texts = {
            "pg_hba.conf": "local all all peer map=pingju\n",
            "pg_ident.conf": "".join(f'pingju "{name}" {ROLE}\n' for name in names),
        }
        for file_name, text in texts.items():
            path = self.data / file_name
            path.write_text(text, encoding="utf-8")
            if identity.uid != os.geteuid():
                os.chown(path, identity.uid, identity.gid)

    def start(self, output: IO[bytes], keep: Iterable[int]) -> "subprocess.Popen[bytes]":
        settings = SETTINGS | {"shared_buffers": f"{_buffers()}MB"}
        settings |= {"unix_socket_directories": f'"{self.socket_folder}"', "port": PORT}
        if int((self.data / "PG_VERSION").read_text()) >= 18:
            settings |= SINCE_18
        if self.throwaway:
            settings |= THROWAWAY_SETTINGS
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return spawn(
            [str(self.programs / "postgres"), "-D", str(self.data), *options],
            death_signal=self.death_signal,
            identity=self._identity,
            output=output,
            folder=Path("/"),
            environment=_environment(),
            keep=keep,
        )

    def finish(self) -> None:
        if probe.postgres(self.socket(), ROLE, DATABASE) != "3D000":  # invalid_catalog_name
            return
        done = subprocess.run(
            [
                *(self.programs / "createdb", "-h", self.socket_folder, "-p", PORT, "-U", ROLE),
                *("--maintenance-db=postgres", DATABASE),
            ],
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise LocalServiceError(
                "createdb", f"The database could not be created: {done.stderr.strip()}", self.log
            )

    def serves(self) -> bool:
        return probe.postgres(self.socket(), ROLE, DATABASE) == "ok"

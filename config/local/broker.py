"""The broker of the embedded default: Valkey (Redis protocol) on a unix socket, kept on disk."""

import signal
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, ClassVar

from config.local import probe
from config.local.binaries import valkey_program
from config.local.paths import private_folder, socket_folder
from config.local.processes import spawn
from config.local.service import Service

SOCKET_NAME = "valkey.sock"


class Broker(Service):
    name: ClassVar[str] = "broker"
    death_signal: ClassVar[signal.Signals] = signal.SIGTERM  # writes its log, then ends
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]] = (
        (signal.SIGTERM, 10),
        (signal.SIGKILL, 5),
    )

    def socket(self) -> Path:
        return socket_folder(self.folder / "run", SOCKET_NAME) / SOCKET_NAME

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def prepare(self, keep: Iterable[int]) -> None:
        uid, gid = self.folder.stat().st_uid, self.folder.stat().st_gid
        private_folder(self.data, uid, gid)
        private_folder(self.socket().parent, uid, gid)
        self.socket().unlink(missing_ok=True)

    def start(self, output: IO[bytes], keep: Iterable[int]) -> "subprocess.Popen[bytes]":
        command = [
            str(valkey_program()),
            *("--port", "0", "--daemonize", "no", "--save", "", "--dir", str(self.data)),
            *("--unixsocket", str(self.socket()), "--unixsocketperm", "700"),
            *("--appendonly", "no" if self.throwaway else "yes", "--appendfsync", "everysec"),
            # A queue must not forget work to make room: better to refuse more.
            *("--maxmemory-policy", "noeviction"),
        ]
        return spawn(
            command, death_signal=self.death_signal, output=output, folder=self.data, keep=keep
        )

    def serves(self) -> bool:
        return probe.valkey(self.socket())

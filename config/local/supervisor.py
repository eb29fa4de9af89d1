"""``make run``: the local services, migrations, sample, web, worker and scheduler as one.

``python -m config.local.supervisor``: exit code 0 after an orderly stop, 2 where the request cannot
be met as asked (busy port, already running), 1 on a fault. Everything it starts ends with it, also
when it is killed with -9.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from config import local
from config.local.children import Child
from config.local.errors import LocalServiceError
from config.local.locks import FileLock
from config.local.paths import REPOSITORY, make_folder
from config.local.processes import adopt_orphans, die_with_parent, reap, spawn
from config.local.service import log_path, open_log, tail

HOST = "127.0.0.1"
READY_SECONDS = 120.0
STARTS = 3  # crashes before the page has answered once
SERVICES_STOP = 40.0
REAP_SECONDS = 3.0

ROLES = {"team": "（产品团队 · product team）", "creator": "（创作者 · creator）"}

TERM, QUIT = signal.SIGTERM, signal.SIGQUIT


class StartError(Exception):
    """Start-up cannot go on; ``code`` is the exit code, the message one line for the user."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class StopRequested(Exception):
    """INT, TERM or HUP came while starting."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def wanted_port() -> int:
    """The port of ``PORT``; 0 takes a free one.

    Raises StartError where it is no port.
    """
    text = os.environ.get("PORT", "") or "8000"
    if not text.isdigit() or int(text) > 65535:
        raise StartError(
            f"端口 PORT={text} 无效，应为 0–65535 · PORT={text} is not a port (0 to 65535)", 2
        )
    return int(text)


def listen(port: int) -> socket.socket:
    """The listening socket, kept open here: no gap when the web server is started again.

    Raises StartError where the port is busy or not allowed.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        other = port + 1 if port < 65535 else 8000
        raise StartError(
            f"端口 {port} 不可用（{error.strerror}），请换一个 · Port {port} cannot be used "
            f"({error.strerror}); choose another: PORT={other} make run",
            2,
        ) from error
    return listener


class Supervisor:
    def __init__(self) -> None:
        self.home = local.home()
        self.stopping = False
        self.starting = True
        self.children: list[Child] = []
        self._preparing: subprocess.Popen[bytes] | None = None

    # -- signals ---------------------------------------------------------------------------------

    def listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        first, self.stopping = not self.stopping, True
        if first and self.starting:
            raise StopRequested

    # -- starting --------------------------------------------------------------------------------

    def run(self) -> int:
        make_folder(self.home)
        lock = FileLock(self.home / "run.lock")
        port = wanted_port()
        if not lock.acquire(timeout=0.5):
            where = (self.home / "run.lock").read_text().strip() or "…"
            raise StartError(
                f"已在运行：{where} · Already running for {self.home}: {where}; stop it first, or "
                "run a second one with another PINGJU_HOME and PORT",
                2,
            )
        with lock, listen(port) as listener:
            port = listener.getsockname()[1]
            address = f"http://{HOST}:{port}/"
            lock.write(address)
            self._start(listener, address)
            self._watch()
        return 0

    def _start(self, listener: socket.socket, address: str) -> None:
        os.environ["SITE_URL"] = os.environ.get("SITE_URL") or address.rstrip("/")
        embedded = not os.environ.get("DATABASE_URL")
        say("启动数据库与消息队列 … · Starting database and broker …")
        local.ensure()
        say("检查数据表与示例 … · Migrations and the sample workspace (loaded once) …")
        logins = self._prepare(sample=embedded)
        say("启动网页、任务与定时进程 … · Starting web, worker and scheduler …")
        self.children = self._make_children(listener)
        for child in self.children:
            child.start()
        self._wait_ready(address)
        self._announce(address, logins)
        self.starting = False

    def _prepare(self, *, sample: bool) -> list[dict[str, str]]:
        """Migrations and sample; the sample logins.

        Raises StartError with the end of its log where it fails.
        """
        with open_log(self.home, "prepare") as log:
            begin = log.tell()
            self._preparing = spawn(
                [sys.executable, "-m", "config.local.prepare", *(["--sample"] if sample else [])],
                death_signal=TERM,
                output=log,
                folder=REPOSITORY,
                capture=True,
            )
            output = self._preparing.communicate()[0]
            code = self._preparing.returncode
            self._preparing = None
        if code:
            path = log_path(self.home, "prepare")
            raise StartError(
                f"数据库准备失败 · The database could not be made ready ({code}): "
                f"{tail(path, begin, lines=1)} — log: {path}"
            )
        logins: list[dict[str, str]] = json.loads(output)
        return logins

    def _make_children(self, listener: socket.socket) -> list[Child]:
        programs = Path(sys.executable).parent
        celery = [str(programs / "celery"), "-A", "config"]
        # A killed supervisor cannot wait for long tasks: their messages are redelivered.
        stop_celery = ((TERM, 6.0), (QUIT, 3.0))
        return [
            Child(
                "web",
                [
                    *(str(programs / "gunicorn"), "config.wsgi:application"),
                    *("--bind", f"fd://{listener.fileno()}", "--workers", "2", "--timeout", "120"),
                    *(
                        "--graceful-timeout",
                        "10",
                        "--access-logfile",
                        "-",
                        "--no-control-socket",
                        "--preload",
                    ),
                ],
                self.home,
                death_signal=TERM,
                stop_steps=((TERM, 12.0), (QUIT, 3.0)),
                keep=[listener.fileno()],
            ),
            Child(
                "worker",
                [
                    *(*celery, "worker", "-c", "2", "-Q", "default,text,frames,film", "-l", "INFO"),
                    *("--without-gossip", "--without-mingle", "-n", f"pingju-{os.getpid()}@%h"),
                ],
                self.home,
                death_signal=QUIT,
                stop_steps=stop_celery,
            ),
            Child(
                "scheduler",
                [*celery, "beat", "-l", "INFO", "-s", str(self.home / "beat-schedule")],
                self.home,
                death_signal=TERM,
                stop_steps=stop_celery,
            ),
        ]

    def _wait_ready(self, address: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        answer = "no answer"
        while time.monotonic() < deadline:
            self._tend(starting=True)
            try:
                with urllib.request.urlopen(f"{address}health/ready", timeout=10) as page:  # noqa: S310
                    if page.status == 200:
                        return
            except urllib.error.HTTPError as error:
                answer = f"{error.code} {error.read(300).decode('utf-8', 'replace')}"
            except OSError as error:
                answer = str(error)
            time.sleep(0.2)
        raise StartError(
            f"页面 {READY_SECONDS:.0f} 秒内未就绪 · {address}health/ready did not answer 200 within "
            f"{READY_SECONDS:.0f} s ({answer}) — logs: {self.home / 'logs'}"
        )

    def _announce(self, address: str, logins: list[dict[str, str]]) -> None:
        say("")
        say(f"  凭据已就绪 · Pingju is ready   {address}")
        say(f"  产品团队 · product team        {address}admin/")
        say(f"  创作者 · creators              {address}studio/")
        for login in logins:
            role = ROLES.get(login["role"], login["role"])
            say(
                f"  示例登录 · sample login        {login['username']} / {login['password']}  {role}"
            )
        say(f"  数据与日志 · data and logs     {self.home}")
        say("  按 Ctrl-C 停止 · Ctrl-C stops everything")

    # -- running and stopping --------------------------------------------------------------------

    def _tend(self, *, starting: bool = False) -> None:
        for child in self.children:
            words = child.tend()
            if words and starting and child.crashes >= STARTS:
                raise StartError(
                    f"{child.name} 无法启动 · {child.name} does not start: {child.last_words()} "
                    f"— log: {child.log}"
                )
            if words:
                say(words)

    def _watch(self) -> None:
        """Tend the children and the services until told to stop."""
        failed = ""
        while not self.stopping:
            self._tend()
            try:
                local.ensure()
            except LocalServiceError as error:
                if str(error) != failed:
                    say(f"本机服务不可用，继续重试 · Local services: {error}; trying again")
                failed = str(error)
            else:
                failed = ""
            time.sleep(0.5)

    def stop(self) -> None:
        """End the children side by side, then the services, and leave no process."""
        if self._preparing is not None:
            self._preparing.terminate()
            self._preparing.wait()
        for child in self.children:
            child.signal_stop()
        for child in self.children:
            child.finish_stop()
        local.release(wait=SERVICES_STOP)
        reap(REAP_SECONDS)


def main() -> int:
    if "--with-parent" in sys.argv[1:]:
        die_with_parent(TERM, os.getppid())
    adopt_orphans()
    supervisor = Supervisor()
    supervisor.listen_to_signals()
    try:
        code = supervisor.run()
    except StopRequested:
        code = 0
    except (StartError, LocalServiceError) as error:
        sys.stderr.write(f"make run: {error}\n")
        code = error.code if isinstance(error, StartError) else 1
    finally:
        supervisor.starting = False
        if supervisor.stopping:
            say("正在停止 … · Stopping …")
        supervisor.stop()
    if supervisor.stopping:
        say("已停止 · Stopped")
    return code


if __name__ == "__main__":
    sys.exit(main())

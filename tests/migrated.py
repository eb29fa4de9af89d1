"""A database with every migration applied, which the test databases are copies of.

Applying them takes half a minute of a core, for Django renders its models anew at each step; a copy
takes a second. It is made once, under a name that says from which migrations and packages.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "pingju_migrated_"


def migrated_database() -> str:
    """Its name; made where it is not there yet, while other processes wait for it."""
    name = PREFIX + _digest()
    with (Path(settings.HOME) / "migrated.lock").open("w") as lock, _named("postgres"):
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
            there = {row[0] for row in cursor.fetchall()}
            if name in there:
                return name
            for old in there:  # of other migrations, or half made
                cursor.execute(f"DROP DATABASE {connection.ops.quote_name(old)}")
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name + '_half')}")
        with _named(name + "_half"):
            call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            half, whole = (connection.ops.quote_name(one) for one in (name + "_half", name))
            cursor.execute(f"ALTER DATABASE {half} RENAME TO {whole}")
    return name


def carry_to(home: Path) -> None:
    """The database of a house that has not started yet is migrated already when it does."""
    from config.local.binaries import postgres_folder

    name = migrated_database()
    told = {**connection.settings_dict, "NAME": name}
    programs = postgres_folder(Path(settings.HOME) / "postgres" / "cluster" / "data")
    dump = subprocess.run(
        [programs / "pg_dump", "--host", told["HOST"], "--port", told["PORT"], "--username",
         told["USER"], "--no-owner", name],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    subprocess.run(
        [sys.executable, "-c", _RESTORE, programs / "psql"],
        cwd=ROOT, env={**os.environ, "PINGJU_HOME": str(home)}, input=dump, check=True,
    )  # fmt: skip


_RESTORE = """
import subprocess, sys
from config import local
url = local.ensure().database_url
subprocess.run([sys.argv[1], url, "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null"], check=True)
"""


@contextmanager
def copied_database(name: str) -> Iterator[None]:
    """A fresh copy under this name; the connection leads to it meanwhile, then it is gone."""
    source = migrated_database()
    quoted = connection.ops.quote_name
    with _named("postgres"), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)}")
        cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(source)}")
    try:
        with _named(name):
            yield
    finally:
        with _named("postgres"), connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)}")


def _digest() -> str:
    """Of all that the migrated database follows from: our migrations, and the pinned packages."""
    told = hashlib.sha256()
    for path in [*sorted(ROOT.glob("*/migrations/**/*.*")), ROOT / "requirements.txt"]:
        if path.suffix != ".pyc":
            told.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def _named(name: str) -> Iterator[None]:
    """The connection leads to this database meanwhile."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before

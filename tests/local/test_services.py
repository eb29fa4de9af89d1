"""The local servers as their users meet them: real PostgreSQL and Valkey in a folder of the test."""

import os
import pwd
import shutil
import signal
import stat
import tempfile
from pathlib import Path

import pytest
import redis
from django.core.cache.backends.redis import RedisCache
from kombu.connection import Connection

from config import local
from config.local.binaries import postgres_folder
from config.local.paths import REPOSITORY
from tests.local.installation import Installation, eventually


def test_a_first_user_gets_a_utf8_database_and_a_broker_that_can_be_used(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.user()
    assert installation.query(
        "SELECT datctype, current_user::text FROM pg_database WHERE datname = current_database()"
    ) == [("C.UTF-8", "pingju")]
    installation.query("CREATE EXTENSION pg_trgm")
    ((trigrams,),) = installation.query("SELECT show_trgm('空调打开')")
    assert len(trigrams) == 5  # type: ignore[arg-type]

    monkeypatch.setenv("PINGJU_HOME", str(installation.home))
    with Connection(local.broker_url()) as connection:
        queue = connection.SimpleQueue("probe")
        queue.put({"novel": "三国演义"})
        assert queue.get(timeout=5).payload == {"novel": "三国演义"}
    cache = RedisCache(local.cache_url(), {})
    cache.set("key", "值", 60)
    assert cache.get("key") == "值"
    assert redis.Redis.from_url(local.cache_url()).info("keyspace").keys() >= {"db1"}


def test_two_users_share_one_server_and_the_last_one_to_end_stops_it(
    installation: Installation,
) -> None:
    first = installation.user()
    postmaster = installation.postmaster()
    second = installation.user()
    assert installation.postmaster() == postmaster
    first.communicate("\n")
    assert not eventually(lambda: not installation.served(), seconds=2)
    second.communicate("\n")
    assert installation.gone()
    assert not (installation.postgres.data / "postmaster.pid").exists()
    assert not installation.postgres.socket_folder.exists()


def test_a_user_killed_with_9_leaves_no_process(installation: Installation) -> None:
    installation.user().kill()
    assert installation.gone()
    assert not (installation.postgres.data / "postmaster.pid").exists()


def test_what_was_committed_is_there_at_the_next_start(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", throwaway=False)
    try:
        installation.user()
        installation.query("CREATE TABLE kept AS SELECT '留下'::text AS word")
        installation.users[0].communicate("\n")
        assert installation.gone()
        installation.user()
        assert installation.query("SELECT word FROM kept") == [("留下",)]
    finally:
        installation.close()


def test_release_stops_the_servers_at_once_when_nobody_else_uses_them(
    installation: Installation,
) -> None:
    done = installation.python(
        "from config import local; from config.local import Postgres;"
        "local.ensure(); local.release(wait=30); print(Postgres(local.home()).serves())"
    )
    assert done.stdout == "False\n", done.stderr
    assert installation.processes() == {}


def test_a_data_folder_under_a_closed_parent_leaves_that_parent_closed(tmp_path: Path) -> None:
    parent = tmp_path / "closed"
    parent.mkdir(mode=0o700)
    installation = Installation(parent / "home")
    try:
        installation.user()
        assert installation.query("SELECT 1") == [(1,)]
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(installation.postgres.cluster.stat().st_mode) == 0o700
    finally:
        installation.close()


@pytest.mark.parametrize("name", ["x" * 120, "凭据 工作区，一", "comma,and%percent", 'quo"te'])
def test_a_home_folder_of_any_name_serves(tmp_path: Path, name: str) -> None:
    installation = Installation(tmp_path / name)
    try:
        done = installation.python(
            "import psycopg, redis, environ; from config import local; s = local.ensure()\n"
            "print(psycopg.connect(s.database_url).execute('select 1').fetchone())\n"
            "print(psycopg.connect(host=s.database['HOST'], user='pingju', dbname='pingju')"
            ".execute('select 2').fetchone())\n"
            "print(redis.Redis.from_url(s.cache_url).ping())\n"
            "print(environ.Env.db_url_config(s.database_url)['OPTIONS']['host'] == s.database['HOST'])"
        )
        assert done.stdout == "(1,)\n(2,)\nTrue\nTrue\n", done.stderr
    finally:
        installation.close()


def test_throwaway_mode_refuses_data_that_must_last(tmp_path: Path) -> None:
    lasting = Installation(tmp_path / "home", throwaway=False)
    try:
        lasting.user().communicate("\n")
        assert lasting.gone()
        done = Installation(lasting.home).python("from config import local; local.ensure()")
        assert done.returncode == 1
        assert "PINGJU_THROWAWAY=1 may lose data" in done.stderr
    finally:
        lasting.close()


def test_a_stale_pid_that_now_belongs_to_another_process_does_not_stop_the_start(
    tmp_path: Path,
) -> None:
    installation = Installation(tmp_path / "home", throwaway=False)
    try:
        installation.user()
        installation.query("CREATE TABLE kept AS SELECT 1 AS one")
        pid_file = installation.postgres.data / "postmaster.pid"
        text = pid_file.read_text()
        for name in ("postgres", "broker"):
            os.kill(installation.keeper(name), signal.SIGKILL)
        installation.users[0].kill()
        assert installation.gone()
        pid_file.write_text(f"{os.getpid()}\n" + text.split("\n", 1)[1])
        lock = installation.postgres.socket_folder / ".s.PGSQL.5432.lock"
        lock.write_text(f"{os.getpid()}\n" + text.split("\n", 1)[1])
        installation.user()
        assert installation.query("SELECT one FROM kept") == [(1,)]
    finally:
        installation.close()


def test_six_starts_at_once_share_one_server(installation: Installation) -> None:
    users = [installation.start_user() for _ in range(6)]
    for user in users:
        assert user.stdout is not None
        assert user.stderr is not None
        assert user.stdout.readline() == "ready\n", user.stderr.read()
    keepers = [text for text in installation.processes().values() if "config.local.keeper" in text]
    assert len(keepers) == 2  # PostgreSQL's and the broker's


def test_addresses_are_known_without_starting_anything(installation: Installation) -> None:
    done = installation.python(
        "from config import local; print(local.broker_url(), local.database_settings()['HOST'])"
    )
    home = installation.home
    if len(str(home)) < 60:
        assert (
            done.stdout
            == f"redis+socket://{home}/broker/run/valkey.sock {home}/postgres/cluster/run\n"
        )
    assert done.returncode == 0
    assert not home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers under another account")
def test_root_may_name_the_account_of_the_database_and_killed_keepers_take_it_along() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        installation = Installation(Path(folder) / "home")
        installation.environment["PINGJU_SERVER_ACCOUNT"] = "nobody"
        # The account must reach the programs, which a checkout in root's home does not allow.
        wheel = postgres_folder(installation.postgres.data).parents[1]
        for part in wheel.parent.glob(f"{wheel.name}*"):
            shutil.copytree(part, Path(folder) / part.name)
        installation.environment["PG_BIN"] = str(Path(folder) / wheel.name / "pginstall" / "bin")
        try:
            installation.user()
            installation.query("CREATE TABLE kept AS SELECT 1 AS one")
            postmaster = Path(f"/proc/{installation.postmaster()}")
            assert postmaster.stat().st_uid == pwd.getpwnam("nobody").pw_uid
            os.kill(installation.keeper(), signal.SIGKILL)
            assert eventually(lambda: not postmaster.exists())
            installation.user()
            assert installation.query("SELECT one FROM kept") == [(1,)]
        finally:
            installation.close()


def test_a_service_whose_url_is_set_is_not_started(installation: Installation) -> None:
    installation.environment["DATABASE_URL"] = "postgres://elsewhere/db"
    installation.user()
    assert (installation.home / "broker").exists()
    assert not (installation.home / "postgres").exists()


def test_a_file_in_the_place_of_the_home_folder_is_named(installation: Installation) -> None:
    installation.home.write_text("not a folder")
    done = installation.python("from config import local; local.ensure()")
    assert done.returncode == 1
    assert f"Cannot create the folder {installation.home}" in done.stderr.splitlines()[-1]
    assert "PINGJU_HOME" in done.stderr.splitlines()[-1]


def test_data_of_another_major_version_is_refused_by_name(installation: Installation) -> None:
    data = installation.postgres.data
    data.mkdir(parents=True)
    installation.postgres.cluster.chmod(0o700)
    (data / "PG_VERSION").write_text("12\n")
    (installation.home / "postgres" / "throwaway").touch()
    done = installation.python("from config import local; local.ensure()")
    assert "is of PostgreSQL 12, but found only 18" in done.stderr
    assert "PG_BIN" in done.stderr.splitlines()[-1]


def test_a_server_that_says_why_it_does_not_start_is_quoted(installation: Installation) -> None:
    installation.user().communicate("\n")
    assert installation.gone()
    with (installation.postgres.data / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    done = installation.python("from config import local; local.ensure()")
    last = done.stderr.splitlines()[-1]
    assert "no_such_setting" in last
    assert "postgres.log" in last


def test_the_repository_root_is_found() -> None:
    assert (REPOSITORY / "config" / "local").is_dir()

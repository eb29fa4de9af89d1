"""Killing what holds the local servers, again and again: nothing is lost and nothing is left."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis

from config.local.broker import Broker
from tests.local.installation import Installation, eventually


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home", throwaway=False)
    yield made
    made.close()


def test_a_killed_keeper_takes_a_busy_server_along_and_committed_rows_stay(
    installation: Installation,
) -> None:
    installation.user()
    installation.query("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    postmaster = Path(f"/proc/{installation.postmaster()}")
    with psycopg.connect(
        host=str(installation.postgres.socket_folder), user="pingju", dbname="pingju"
    ) as busy:
        busy.execute("INSERT INTO kept VALUES (-1)")
        os.kill(installation.keeper(), signal.SIGKILL)
        assert eventually(lambda: not postmaster.exists())
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT 1")
    installation.user()
    assert installation.query("SELECT count(*), min(n) FROM kept") == [(1000, 1)]


def test_the_keeper_starts_a_killed_postmaster_again(installation: Installation) -> None:
    installation.user()
    installation.query("CREATE TABLE kept AS SELECT 1 AS one")
    for _ in range(3):
        killed = installation.postmaster()
        os.kill(killed, signal.SIGKILL)
        assert eventually(partial(installation.serves_anew, killed))
        assert installation.query("SELECT one FROM kept") == [(1,)]


def test_the_broker_keeps_its_messages_when_it_is_killed(installation: Installation) -> None:
    installation.user()
    broker = Broker(installation.home)
    client = redis.Redis(unix_socket_path=str(broker.socket()))
    client.rpush("queue", "任务")
    assert client.execute_command("WAITAOF", 1, 0, 5000)[0] == 1
    os.kill(client.info("server")["process_id"], signal.SIGKILL)
    assert eventually(broker.serves)
    assert client.lrange("queue", 0, -1) == ["任务".encode()]


def test_a_removed_socket_comes_back(installation: Installation) -> None:
    installation.user()
    installation.postgres.socket().unlink()
    assert eventually(installation.postgres.serves)


def test_users_that_come_and_go_at_random_always_find_a_server(installation: Installation) -> None:
    installation.environment["PINGJU_LINGER"] = "0"
    chance = random.Random(20261123)
    code = (
        "import psycopg; from config import local; s = local.ensure();"
        "c = psycopg.connect(s.database_url); print(c.execute('select 1').fetchone())"
    )
    for _ in range(8):
        users = [installation.start_user() for _ in range(chance.randint(1, 4))]
        for user in users:
            assert user.stdout is not None
            assert user.stderr is not None
            assert user.stdout.readline() == "ready\n", user.stderr.read()
        for user in chance.sample(users, len(users)):
            if chance.random() < 0.5:
                user.kill()
            user.communicate("\n" if user.poll() is None else None)
        done = installation.python(code)
        assert done.stdout == "(1,)\n", done.stderr
    assert installation.gone()


def test_an_interrupted_initdb_is_begun_anew(installation: Installation) -> None:
    user = installation.start_user()
    draft = installation.postgres.cluster / "data.new"
    assert eventually(draft.exists)
    os.kill(installation.keeper(), signal.SIGKILL)
    user.communicate()
    installation.user()
    assert installation.query("SELECT 1") == [(1,)]
    assert not draft.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_named_and_what_is_there_survives(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode()}")
    installation = Installation(disk / "home", throwaway=False)
    try:
        done = installation.python("from config import local; local.ensure()")
        last = done.stderr.splitlines()[-1]
        assert "MB are free" in last
        assert "PINGJU_HOME" in last
    finally:
        installation.close()
        subprocess.run(["umount", disk], check=True)

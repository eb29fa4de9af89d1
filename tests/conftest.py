"""The cast: alice owns, bob works for the team, charlie is another creator, staff sees to it all.

The throw-away servers that tests use are chosen by `config/settings_test.py`, before the first
setting is read. Tests that ask for no database start none.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker, Settings

    from crm.models import Creator, User
    from tests.access.built import Built
    from tests.access.world import World

BROWSER = Path(__file__).parent / "browser"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Browser tests first, after pytest-django has sorted: nothing long comes last. Among them axe
    comes last: by then the house has made the sample's film, whose pages it wants to see."""
    yield
    # Who needs the sample's film comes last: it is being made while the others walk.
    late = ("test_studio.py", "test_axe.py")
    items.sort(
        key=lambda item: (
            item.path.parent != BROWSER,
            late.index(item.path.name) if item.path.name in late else -1,
        )
    )


# They look at the same answers of every route, which are asked for once in a process.
EVERY_ROUTE = ("tests/access/test_", "tests/test_access.py", "tests/test_withdrawal.py")


class FilesAndOneHouse(LoadFileScheduling):
    """One process has all browser tests, with the one house they need, and one has the walks over
    every route; the others take files."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "browser"
        return "routes" if nodeid.startswith(EVERY_ROUTE) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesAndOneHouse:
    return FilesAndOneHouse(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Test databases are copies of one that has been migrated."""
    from django.db import connection

    from tests.migrated import migrated_database

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files and mail of a test stay in a folder of its own; what it cached is forgotten."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    cache.clear()


@pytest.fixture
def media(settings: Settings) -> Path:
    return Path(settings.MEDIA_ROOT)


@dataclass(frozen=True)
class Person:
    """A login of the cast with its browser; `creator` where this is one."""

    user: User
    client: Client
    creator: Creator | None = None

    @property
    def as_creator(self) -> Creator:
        assert self.creator is not None, f"{self.user} is no creator"
        return self.creator

    def again(self) -> Person:
        """The same login in a new browser, which meets the middleware as it is set now."""
        client = Client()
        client.force_login(self.user, backend=BACKEND)
        return Person(self.user, client, self.creator)


def person(username: str, *, creator: bool = False, **user: bool) -> Person:
    from tests.factories.crm import CreatorFactory, UserFactory

    login: User = UserFactory(username=username, **user)
    client = Client()
    client.force_login(login, backend=BACKEND)
    return Person(
        user=login,
        client=client,
        creator=CreatorFactory(name=f"{username} 的笔名", user=login) if creator else None,
    )


def just_signed_in(one: Person) -> Client:
    """As if the password had just been typed, which the pages of the second factor ask for."""
    session = one.client.session
    typed = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [typed]
    session["account_authentication_methods_user"] = str(one.user.pk)
    session.save()
    return one.client


@pytest.fixture
def alice(db: None) -> Person:
    """A creator who owns what a test is about."""
    return person("alice", creator=True)


@pytest.fixture
def charlie(db: None) -> Person:
    """Another creator, a stranger to everything of alice's."""
    return person("charlie", creator=True)


@pytest.fixture
def bob(db: None) -> Person:
    """A researcher of the product team."""
    return person("bob", is_staff=True)


@pytest.fixture
def staff(db: None) -> Person:
    """The team's administrator: may do everything in the admin, is no creator."""
    return person("staff", is_staff=True, is_superuser=True)


@pytest.fixture(scope="module")
def built(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Built]:
    """The world of the access walk, made once for a module."""
    from tests.access.built import building

    with django_db_blocker.unblock(), building(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def world(built: Built, db: None, media: Path) -> World:
    """Alice's rows, each with a canary in it, and a row of every model that the admin shows."""
    from tests.access.built import afresh

    return afresh(built, media)


@pytest.fixture
def anonymous() -> Client:
    return Client()

"""The world, built once for all tests of a module, in a database of its own that they roll back to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import connection, transaction
from django.test import Client, override_settings

from crm.models import Creator, User
from tests.access.world import World, build_world
from tests.conftest import Person, person
from tests.migrated import copied_database


@dataclass(frozen=True)
class Built:
    world: World
    media: Path


@contextmanager
def building(media: Path) -> Iterator[Built]:
    name = f"{connection.settings_dict['NAME']}_world"
    with copied_database(name):
        with override_settings(MEDIA_ROOT=media), transaction.atomic():
            world = build_world(
                person("alice", creator=True),
                person("charlie", creator=True),
                person("bob", is_staff=True),
                person("staff", is_staff=True, is_superuser=True),
            )
        yield Built(world, media)


def afresh(built: Built, media: Path) -> World:
    """For one test: people as the database has them, in browsers of their own, and their files."""
    shutil.copytree(built.media, media, dirs_exist_ok=True)
    old = built.world
    return replace(
        old, alice=_again(old.alice), charlie=_again(old.charlie), bob=_again(old.bob),
        staff=_again(old.staff), ids=dict(old.ids), rows=dict(old.rows),
        unread=dict(old.unread),
    )  # fmt: skip


def _again(one: Person) -> Person:
    client = Client()
    client.cookies.load({key: morsel.value for key, morsel in one.client.cookies.items()})
    user = User.objects.get(pk=one.user.pk)
    return Person(user, client, Creator.objects.filter(user=user).first())

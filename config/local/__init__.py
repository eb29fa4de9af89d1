"""PostgreSQL and a broker for one machine, from Python wheels, started as they are needed.

``ensure()`` has them run for as long as this process lives; the last process to end stops them.
The addresses are known without starting anything. ``DATABASE_URL`` and ``BROKER_URL`` each replace
one of them. ``docs/adr`` says why it is built this way.
"""

import os
from dataclasses import dataclass
from urllib.parse import quote

from config.local.broker import Broker
from config.local.errors import LocalServiceError
from config.local.paths import home, throwaway
from config.local.postgres import DATABASE, PORT, ROLE, Postgres
from config.local.service import Service
from config.local.users import attach, detach

__all__ = [
    "LocalServiceError",
    "Services",
    "addresses",
    "broker_url",
    "cache_url",
    "database_settings",
    "ensure",
    "home",
    "release",
    "throwaway",
]


@dataclass(frozen=True)
class Services:
    """Addresses of the local services.

    ``database``: NAME, USER, HOST (the socket's folder) and PORT for Django's DATABASES.
    ``database_url``: the same for libpq and django-environ. ``broker_url`` is for Celery,
    ``cache_url`` (another database number on the same server) for Django's Redis cache.
    """

    database: dict[str, str]
    database_url: str
    broker_url: str
    cache_url: str


def _postgres() -> Postgres:
    return Postgres(home(), throwaway=throwaway())


def _broker() -> Broker:
    return Broker(home(), throwaway=throwaway())


def database_settings() -> dict[str, str]:
    """NAME, USER, HOST and PORT of the local database, whether it runs or not."""
    return {
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(_postgres().socket_folder),
        "PORT": PORT,
    }


def broker_url() -> str:
    """Celery's address of the local broker, whether it runs or not."""
    return f"redis+socket://{quote(str(_broker().socket()))}"


def cache_url() -> str:
    """The address of the local cache for Django, whether it runs or not."""
    return f"unix://{quote(str(_broker().socket()))}?db=1"


def addresses() -> Services:
    """All addresses, nothing started."""
    database = database_settings()
    host = quote(database["HOST"], safe="")
    return Services(
        database=database,
        # The folder in the query: as a host it would be read in lower case.
        database_url=f"postgres://{ROLE}@/{DATABASE}?host={host}&port={PORT}",
        broker_url=broker_url(),
        cache_url=cache_url(),
    )


def _wanted() -> list[Service]:
    wanted: list[Service] = []
    if not os.environ.get("BROKER_URL", ""):
        wanted.append(_broker())
    if not os.environ.get("DATABASE_URL", ""):
        wanted.append(_postgres())
    return wanted


def ensure() -> Services:
    """Have the local services run for as long as this process lives; returns their addresses.

    A service whose ``DATABASE_URL`` or ``BROKER_URL`` is set is not started. Cheap to repeat.

    Raises LocalServiceError where one cannot be had; its message names the remedy.
    """
    for service in _wanted():
        attach(service)
    return addresses()


def release(wait: float = 0.0) -> None:
    """Stop using the local services; with ``wait``, stop unused ones within so many seconds."""
    for service in (_postgres(), _broker()):
        if service.folder.exists():
            detach(service, wait=wait)

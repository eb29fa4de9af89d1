"""The services by name."""

from pathlib import Path

from config.local.broker import Broker
from config.local.postgres import Postgres
from config.local.service import Service

KINDS: dict[str, type[Service]] = {kind.name: kind for kind in (Postgres, Broker)}


def make(name: str, home: Path, *, throwaway: bool = False) -> Service:
    return KINDS[name](home, throwaway=throwaway)

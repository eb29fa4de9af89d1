"""What the settings of chat, images, speech and transcription have in common: JSON by name, an address.

`bad` is the room's own error, whose message names the place and the remedy.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning


class Endpoint(Protocol):
    """An engine that is somewhere else."""

    @property
    def base_url(self) -> str: ...


class Waiting(Protocol):
    """An engine that gives up after `timeout` seconds."""

    @property
    def name(self) -> str: ...
    @property
    def timeout(self) -> float: ...


def told_engines(setting: str, bad: type[ValueError]) -> dict[str, Any]:
    """Name → what the setting says of it, unjudged; the setting is JSON text or an object already."""
    raw: Any = getattr(settings, setting)
    if isinstance(raw, str):
        try:
            raw = json.loads(raw) if raw.strip() else {}
        except ValueError as error:
            raise bad(f"{setting} is not JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise bad(f'{setting} must be an object: {{"name": {{"base_url": …}}}}.')
    return raw


def judge_numbers(place: str, engine: object, names: Iterable[str], bad: type[ValueError]) -> None:
    """Each of these must be a number above 0; true and false are none."""
    for name in names:
        value = getattr(engine, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise bad(f"{place}: {name} must be a number above 0.")


def judge_address(
    place: str, engine: Endpoint, bad: type[ValueError], keys: str = "key_env"
) -> None:
    """An http address and nothing else in it; `keys` names where keys go instead."""
    address = urlsplit(engine.base_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise bad(f"{place}: base_url must be an http or https address.")
    if address.username or address.password or address.query:
        raise bad(f"{place}: base_url holds more than an address; keys go to {keys}.")


def waiting_too_long(setting: str, engines: Iterable[Waiting], check: str) -> list[CheckMessage]:
    """Engines that would still wait when their task has been given up."""
    return [
        Error(
            f"{setting}: {engine.name} waits {engine.timeout:g} s, longer than ENGINE_TIMEOUT "
            f"({settings.ENGINE_TIMEOUT} s).",
            hint="Lower its timeout, or raise ENGINE_TIMEOUT below TASK_SOFT_LIMIT.",
            id=check,
        )
        for engine in engines
        if engine.timeout > settings.ENGINE_TIMEOUT
    ]


def keys_not_set(
    setting: str, named: Iterable[tuple[str, str]], check: str, drop: str = "key_env"
) -> list[CheckMessage]:
    """Engines and the variables of their keys (`named`), where the variable is not set."""
    return [
        Warning(
            f"{setting}: {name} takes its key from {variable}, which is not set.",
            hint=f"Set {variable} in the environment of web and workers, or drop {drop}.",
            id=check,
        )
        for name, variable in named
        if variable and not os.environ.get(variable)
    ]

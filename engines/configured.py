"""What the settings of chat, images, speech and transcription have in common: JSON by name, an address.

`bad` is the room's own error, whose message names the place and the remedy.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
_KEYS = {"key", "api_key", "password"}


class Settings(Protocol):
    """What one room keeps of an engine: a dataclass that has its `name`."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


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


SettingsType = TypeVar("SettingsType", bound=Settings)


def read_engines(
    setting: str,
    kind: type[SettingsType],
    judge: Callable[[SettingsType], object],
    bad: type[ValueError],
    *,
    reserved: Collection[str],
    keys: str = "key_env",
) -> dict[str, SettingsType]:
    """Name → what the setting says of it, as `kind`, after the room's `judge` raised nothing.

    `reserved`: names that mean something else; `keys`: what names the variable of a key.
    """
    found = {
        name: _read(f"{setting}: {name}", name, told, kind, bad, reserved, keys)
        for name, told in _told(setting, bad).items()
    }
    for engine in found.values():
        judge(engine)
    return found


def _told(setting: str, bad: type[ValueError]) -> dict[str, Any]:
    """The setting is JSON text or an object already."""
    raw: Any = getattr(settings, setting)
    if isinstance(raw, str):
        try:
            raw = json.loads(raw) if raw.strip() else {}
        except ValueError as error:
            raise bad(f"{setting} is not JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise bad(f'{setting} must be an object: {{"name": {{"base_url": …}}}}.')
    return raw


def _read(
    place: str,
    name: str,
    told: object,
    kind: type[SettingsType],
    bad: type[ValueError],
    reserved: Collection[str],
    keys: str,
) -> SettingsType:
    if not NAME.match(name) or name in reserved:
        raise bad(
            f"{place} cannot be a name; use small letters, digits, - and _, and none of "
            f"{', '.join(reserved)}."
        )
    if not isinstance(told, dict):
        raise bad(f"{place} must be an object.")
    known = {item.name: item for item in fields(kind) if item.name != "name"}
    strange = sorted(set(told) - set(known))
    if _KEYS & set(strange):
        raise bad(
            f"{place} holds a key; put it into a variable of its own and name that in {keys}."
        )
    if strange:
        raise bad(
            f"{place} has {', '.join(strange)}, which is not known; there are "
            f"{', '.join(sorted(known))}."
        )
    lists = {key: told[key] for key in told if str(known[key].type).startswith("tuple")}
    for key, value in lists.items():
        if not isinstance(value, list | tuple):
            raise bad(f"{place}: {key} must be a list.")
    build: Callable[..., SettingsType] = kind  # each has a name
    return build(name=name, **{**told, **{key: tuple(value) for key, value in lists.items()}})


def configured_as(
    name: str,
    configured: Mapping[str, SettingsType],
    setting: str,
    unknown: type[LookupError],
    what: str,
) -> SettingsType:
    """What is configured under this name; raises `unknown`, which names those that are there."""
    if name not in configured:
        there = ", ".join(sorted(configured)) or "none"
        raise unknown(f"no {what} named {name} is configured ({setting} has: {there})")
    return configured[name]


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

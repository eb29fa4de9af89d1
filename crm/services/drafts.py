"""Uploads between the form and the yes: kept for a day under a name nobody can guess, then gone."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exceptions import DomainError

_DAY = timedelta(days=1)


def put_aside(folder: str, data: bytes) -> str:
    """Keep an upload's bytes; what others left behind for over a day is removed on the way."""
    _sweep(folder)
    return default_storage.save(f"{folder}/{uuid.uuid4().hex}", ContentFile(data))


def read(path: str) -> bytes:
    """Its bytes. Raises `DomainError` where somebody used or dropped it just now."""
    try:
        with default_storage.open(path, "rb") as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise DomainError(_("Upload the file again."), code="no_draft") from error


def kept(path: str) -> bool:
    """Whether it is still there."""
    return bool(path) and default_storage.exists(path)


def drop(path: str) -> None:
    default_storage.delete(path)


def token_of(salt: str, facts: Sequence[Any]) -> str:
    """The signed name of a draft, for addresses; `opened` gives the facts back for a day."""
    return signing.dumps(tuple(facts), salt=salt, compress=True)


def opened(salt: str, token: str, *, gone: str) -> list[Any]:
    """The facts behind a token, whose first is the path. Raises `DomainError(gone)`."""
    try:
        facts: list[Any] = list(signing.loads(token, salt=salt, max_age=_DAY))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise DomainError(gone, code="no_draft") from error
    if not facts or not kept(str(facts[0])):
        raise DomainError(gone, code="no_draft")
    return facts


def _sweep(folder: str) -> None:
    if not default_storage.exists(folder):
        return
    _folders, names = default_storage.listdir(folder)
    for name in names:
        path = f"{folder}/{name}"
        if default_storage.get_modified_time(path) < timezone.now() - _DAY:
            default_storage.delete(path)

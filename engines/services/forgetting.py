"""All that was bought or said under a scope, forgotten: the answers and the files."""

from __future__ import annotations

from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from engines.models import PaidCall
from engines.scopes import HOUSE, folder_of


def scope_forget(scope: str) -> int:
    """Forget what the calls of a scope answered, and delete its files with the commit; what the
    calls cost stays. Returns how many answers are gone. May run twice without harm.
    """
    if scope == HOUSE:
        raise ValueError("the house's own answers are not forgotten")
    gone = PaidCall.objects.filter(scope=scope).exclude(answer=None).update(answer=None)
    transaction.on_commit(partial(folder_delete, folder_of(scope)))
    return gone


def folder_delete(folder: str) -> None:
    """Delete a folder of the media storage with all that is in it, whatever the storage is."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    for name in folders:
        folder_delete(f"{folder}/{name}")
    default_storage.delete(folder)

"""Whose an answer is: what is bought or said for a novel belongs to it alone and goes with it.

A scope is a word and a number ("novel:12"), or HOUSE for what is nobody's. Two scopes never share
an answer, not even to the very same question: the key of a call holds the scope, so neither a price
nor a wait tells one creator what another has asked, and what one deletes nobody else needs.
"""

from __future__ import annotations

import hashlib
import re

HOUSE = ""
KEPT = "kept"
_SCOPE = re.compile(r"[a-z]+:[0-9]+")


def scoped(key: str, scope: str) -> str:
    """The key of a call within a scope, 64 hex digits; the content's own key for the house."""
    if scope == HOUSE:
        return key
    return hashlib.sha256(f"{_checked(scope)}\n{key}".encode()).hexdigest()


def folder_of(scope: str) -> str:
    """Where the files of a scope are, below the media folder."""
    return f"{KEPT}/house" if scope == HOUSE else f"{KEPT}/{_checked(scope).replace(':', '-')}"


def scope_of(folder: str) -> str | None:
    """The scope whose folder has this name, None where it is nobody's name."""
    scope = folder.replace("-", ":", 1)
    if folder == "house":
        return HOUSE
    return scope if _SCOPE.fullmatch(scope) else None


def _checked(scope: str) -> str:
    if not _SCOPE.fullmatch(scope):
        raise ValueError(f"{scope!r} is no scope: give a word, a colon and a number")
    return scope

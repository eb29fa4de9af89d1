"""Keys of the embedded installation: made once, kept under its home, readable by its owner only."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def secret_key() -> str:
    return secrets.token_urlsafe(64)


def fernet_key() -> str:
    return Fernet.generate_key().decode("ascii")


def kept(home: Path, name: str, make: Callable[[], str]) -> str:
    """The key kept as `home/keys/name`, made by `make` the first time; safe against two starters."""
    folder = home / "keys"
    path = folder / name
    if path.exists():
        return path.read_text("ascii").strip()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{name}.{os.getpid()}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(make())
    try:
        os.link(draft, path)  # fails where another process was first: then theirs counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text("ascii").strip()

"""The container of a project: a zip that is only ever read inside itself.

Nothing is written to disk. A name that would leave the archive, a bomb, a password or damage
refuses the whole file; a path of the document that points outside is looked up by its last part
inside the archive and is otherwise missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from engines.archives import Archive, ArchiveError
from insights.exchange.errors import ExchangeError

ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
_SCHEME = re.compile(r"^(internal|relative|absolute):/{0,3}", re.IGNORECASE)
_OUTSIDE = re.compile(r"^(relative|absolute):", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Package:
    """`document` is the project's XML; `files` maps inner paths, as `_spelled`, to their names."""

    document: bytes
    archive: Archive | None
    files: Mapping[str, str]

    def has(self, path: str) -> bool:
        return self._name(path) is not None

    def find(self, path: str) -> bytes | None:
        """The bytes of a path as the document spells it, or None; never from outside.

        Raises `ExchangeError` where the archive cannot give them within its limits.
        """
        name = self._name(path)
        return _part(self.archive, name) if self.archive is not None and name else None

    def _name(self, path: str) -> str | None:
        inside = _SCHEME.sub("", path.strip())
        # Some write a path as a URL: a name that is there as it stands comes before that reading.
        return self._spelt(inside) or self._spelt(unquote(inside))

    def _spelt(self, path: str) -> str | None:
        wanted = _spelled(path).lstrip("/")
        last = wanted.rpartition("/")[2]
        if not last:
            return None
        for name in (wanted, f"sources/{wanted}", f"sources/{last}", last):
            if name in self.files:
                return self.files[name]
        deeper = [real for low, real in self.files.items() if low.endswith(f"/{last}")]
        return deeper[0] if len(deeper) == 1 else None


def open_package(data: bytes) -> Package:
    """A .qdpx, or the bare XML of a project or codebook. Raises `ExchangeError`."""
    if not data.strip():
        raise ExchangeError("empty")
    if not data.startswith((ZIP_MAGIC, EMPTY_ZIP)):
        return Package(data, None, {})
    try:
        archive = Archive(data)
    except ArchiveError as error:
        raise ExchangeError(error.code, detail=error.message) from error
    files: dict[str, str] = {}
    for name in archive.names:
        plain = name.replace("\\", "/")
        if plain.startswith("/") or _DRIVE.match(plain) or ".." in plain.split("/"):
            raise ExchangeError("leaves_archive", part=name)
        files.setdefault(_spelled(name), name)
    documents = sorted((name for name in files if name.endswith(".qde")), key=_depth)
    if not documents:
        raise ExchangeError("no_document", parts=", ".join(sorted(files.values())[:5]) or "—")
    return Package(_part(archive, files[documents[0]]), archive, files)


def _spelled(path: str) -> str:
    """A path in one spelling: slashes, no letter case, accents and kana composed as macOS does not."""
    return unicodedata.normalize("NFC", path.replace("\\", "/")).casefold()


def _part(archive: Archive, name: str) -> bytes:
    try:
        return archive.read(name)
    except ArchiveError as error:
        raise ExchangeError(error.code, detail=error.message) from error


def _depth(name: str) -> tuple[int, bool, str]:
    """`project.qde` at the top wins over copies in folders."""
    return name.count("/"), not name.endswith("project.qde"), name


def points_outside(path: str) -> bool:
    """Whether the document says that the file lies outside of the archive."""
    return bool(_OUTSIDE.match(path.strip()))

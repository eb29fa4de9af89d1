"""Zip archives, as office files, books and bundles are: read within limits, names as people wrote them."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# A single part grows the parser's tree about tenfold, so it gets a tighter limit.
MAX_PART_BYTES = 64 * 1024 * 1024
_CHUNK = 256 * 1024
# What the standard library raises for broken offsets, checksums, methods and passwords.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


class ArchiveError(ValueError):
    """`code` is `damaged_archive`, `encrypted_archive` or `archive_too_large`; the message names the
    part and the remedy."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check_archive(data: bytes) -> tuple[str, ...]:
    """Names of the parts, after unpacking every one as a stream against the limits above.

    For readers that open the archive by themselves. Raises ArchiveError.
    """
    archive = Archive(data)
    for part in archive.parts:
        for _chunk in archive.unpacked(part):
            pass
    return tuple(part.filename for part in archive.parts)


class Archive:
    """A zip whose parts are read one by one, each within `MAX_PART_BYTES`, all within the total.

    Sizes written in the archive's directory are the sender's claim, so they only shorten the
    reading; what counts is the bytes that come out. Raises ArchiveError where the bytes are no
    readable zip or hold too many parts.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise _damaged(error) from error
        self.parts = [part for part in self._zip.infolist() if not part.is_dir()]
        if len(self.parts) > MAX_ENTRIES:
            raise ArchiveError(
                "archive_too_large",
                f"The archive holds {len(self.parts)} files; at most {MAX_ENTRIES} are read. "
                "Split it into several, or save it again without embedded objects.",
            )
        self._by_name = {_name(part): part for part in self.parts}
        self._left = MAX_UNPACKED_BYTES

    @property
    def names(self) -> tuple[str, ...]:
        """The files' names as they were written, in the archive's order."""
        return tuple(self._by_name)

    def read(self, name: str) -> bytes:
        """The bytes of one file. Raises KeyError for an unknown name, ArchiveError otherwise."""
        return b"".join(self.unpacked(self._by_name[name]))

    def unpacked(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """One file in pieces, as far as its limit and what is left of all reach."""
        if part.flag_bits & 0x1:
            raise ArchiveError(
                "encrypted_archive",
                f"“{_name(part)}” is encrypted. Save the archive again without a password.",
            )
        limit, came = min(self._left, MAX_PART_BYTES), 0
        if part.file_size > limit:
            raise _too_large(part, limit)
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    came += len(chunk)
                    if came > limit:
                        raise _too_large(part, limit)
                    yield chunk
        except ArchiveError:
            raise
        except _DAMAGE as error:
            raise _damaged(error) from error
        self._left -= came


def _too_large(part: zipfile.ZipInfo, limit: int) -> ArchiveError:
    return ArchiveError(
        "archive_too_large",
        f"“{_name(part)}” unpacks to more than {limit} bytes. Save the file again without images "
        "or embedded objects, or split the text into several files.",
    )


def _damaged(error: Exception) -> ArchiveError:
    return ArchiveError(
        "damaged_archive",
        f"The archive is damaged or encrypted ({error}). Pack it again without a password.",
    )


def _name(part: zipfile.ZipInfo) -> str:
    """The name in the encoding that it was packed in: the zip's flag, else UTF-8, else GB18030.

    The standard library reads unflagged names as code page 437, whose bytes are all there.
    """
    if part.flag_bits & 0x800:
        return part.filename
    try:
        raw = part.filename.encode("cp437")
    except UnicodeEncodeError:
        return part.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename

"""Office files are zip archives: how much one may unpack to before anything reads it."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

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
    """`code` is `damaged_archive` or `archive_too_large`; the message names the part."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check_archive(data: bytes) -> tuple[str, ...]:
    """Names of the parts, after unpacking every one as a stream against the limits above.

    Sizes written in the archive's directory are the sender's claim, so they only shorten the
    check; what counts is the bytes that come out.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_ENTRIES:
                raise ArchiveError(
                    "archive_too_large",
                    f"The file holds {len(parts)} parts; at most {MAX_ENTRIES} are read. "
                    "Save it again without embedded objects.",
                )
            left = MAX_UNPACKED_BYTES
            for part in parts:
                left -= _unpacked(archive, part, min(left, MAX_PART_BYTES))
            return tuple(part.filename for part in parts)
    except ArchiveError:
        raise
    except _DAMAGE as error:
        raise ArchiveError(
            "damaged_archive",
            f"The file is a damaged or encrypted archive ({error}). Open it in its own program "
            "and save it again without a password.",
        ) from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> int:
    total = 0
    if part.file_size <= limit:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > limit:
                    break
            else:
                return total
    raise ArchiveError(
        "archive_too_large",
        f"Part {part.filename!r} unpacks to more than {limit} bytes. Save the file again "
        "without images or embedded objects.",
    )

"""Word documents to lines: paragraphs and table cells in reading order, line breaks split."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from crm.transcripts.archives import ArchiveError, check_archive
from crm.transcripts.transcript import TranscriptError

ZIP_MAGIC = b"PK\x03\x04"
_MAX_TABLE_DEPTH = 8


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a zip, the container of docx."""
    return data.startswith(ZIP_MAGIC)


def document_text(data: bytes) -> str:
    """The document's text, one line per paragraph or manual line break.

    Raises TranscriptError: `not_a_document` for other archives, `damaged_archive`,
    `archive_too_large` for bombs.
    """
    try:
        parts = check_archive(data)
    except ArchiveError as error:
        raise TranscriptError(error.code, error.message) from error
    if "word/document.xml" not in parts:
        raise TranscriptError(
            "not_a_document",
            "The file is an archive but no Word document. Unpack it, or save it as docx, txt, "
            "vtt or srt.",
        )
    try:
        document = docx.Document(io.BytesIO(data))
        return "\n".join(_lines(document.iter_inner_content(), 0))
    except (OpcError, SyntaxError, KeyError, ValueError) as error:
        # lxml reports broken XML as a SyntaxError.
        raise TranscriptError(
            "damaged_archive",
            "The Word document is damaged. Open it in Word or WPS and save it again as docx.",
        ) from error


def _lines(items: Iterable[Paragraph | Table], depth: int) -> Iterator[str]:
    for item in items:
        if isinstance(item, Paragraph):
            # A vertical tab or form feed is Word's manual break inside a paragraph.
            yield from item.text.replace("\x0b", "\n").replace("\x0c", "\n").split("\n")
        elif depth < _MAX_TABLE_DEPTH:
            for row in item.rows:
                # Merged cells appear once per grid column they span.
                for cell in dict.fromkeys(row.cells):
                    yield from _lines(cell.iter_inner_content(), depth + 1)

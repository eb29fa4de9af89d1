"""Word documents to lines: paragraphs and table cells in reading order, line breaks split."""

from __future__ import annotations

from crm.transcripts.transcript import TranscriptError
from engines.archives import ArchiveError
from engines.documents import DocumentError, docx_lines

ZIP_MAGIC = b"PK\x03\x04"


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a zip, the container of docx."""
    return data.startswith(ZIP_MAGIC)


def document_text(data: bytes) -> str:
    """The document's text, one line per paragraph or manual line break.

    Raises TranscriptError: `not_a_document` for other archives, `damaged_archive`,
    `archive_too_large` for bombs.
    """
    try:
        return "\n".join(line.text for line in docx_lines(data))
    except ArchiveError as error:
        raise TranscriptError(error.code, error.message) from error
    except DocumentError as error:
        if error.code == "not_a_document":
            raise TranscriptError(
                error.code,
                "The file is an archive but no Word document. Unpack it, or save it as docx, "
                "txt, vtt or srt.",
            ) from error
        raise TranscriptError("damaged_archive", error.message) from error

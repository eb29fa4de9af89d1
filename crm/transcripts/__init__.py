"""Transcript files to utterances: bytes in, numbered turns out, nothing lost without a name.

    for transcript in parse(data, "访谈.txt"):
        transcript.utterances, transcript.rejected

No I/O and no framework; the web layers translate errors by `code`.
"""

from __future__ import annotations

from pathlib import PurePath

from crm.transcripts.captions import read_sbv, read_srt, read_vtt, require_turns
from crm.transcripts.detection import SURE, Guess, detect, extension_format
from crm.transcripts.documents import document_text, is_archive
from crm.transcripts.headed import HEADERS, read_headed
from crm.transcripts.labelled import read_plain
from crm.transcripts.scripted import read_ass
from crm.transcripts.tables import read_table
from crm.transcripts.transcript import (
    Reading,
    Rejected,
    Transcript,
    TranscriptError,
    Utterance,
    assemble,
    renamed,
)
from engines.decoding import Repair, UndecodableError, decode

__all__ = [
    "FORMATS",
    "Guess",
    "Rejected",
    "Transcript",
    "TranscriptError",
    "Utterance",
    "detect",
    "parse",
    "readable_text",
    "renamed",
]

FORMATS: tuple[str, ...] = (
    "iflytek",
    "feishu",
    "tencent",
    "otter",
    "meet",
    "clock",
    "plain",
    "vtt",
    "srt",
    "sbv",
    "ass",
    "docx",
    "csv",
)

_CAPTIONS = {"vtt": read_vtt, "srt": read_srt, "sbv": read_sbv, "ass": read_ass}


def parse(data: bytes, name: str, *, format: str = "auto") -> list[Transcript]:
    """Read one file. A csv gives one transcript per row, every other format exactly one.

    `name` is the file's name; transcripts of a csv are named by their transcript_id instead. A
    csv row that holds no turn gives a transcript without utterances whose `rejected` says why.
    `format` is one of FORMATS or `auto`; a docx is read by the format of the text inside it.
    Lines are lines of the file (paragraphs for docx), counted from 1.

    Raises TranscriptError (`code`, `line`, `message`) where nothing of the file can be used:
    empty, binary, undecodable, damaged_archive, archive_too_large, not_a_document,
    unknown_format, no_speakers, no_utterances, missing_column, unclosed_quote, bad_time,
    missing_time, empty_text.
    """
    if format != "auto" and format not in FORMATS:
        raise TranscriptError(
            "unknown_format",
            f"There is no transcript format {format!r}. Choose auto or one of {', '.join(FORMATS)}.",
        )
    text, encoding, repairs = readable_text(data)
    inside = is_archive(data)
    if format == "docx" and not inside:
        raise TranscriptError(
            "not_a_document", "The file is no Word document. Choose auto or the text's format."
        )
    chosen = _choose(text, name) if format in {"auto", "docx"} else format
    if chosen == "csv":
        return [
            assemble(
                row.reading,
                name=row.name,
                format="csv",
                encoding=encoding,
                repairs=repairs,
                keep_empty=True,
            )
            for row in read_table(text)
        ]
    reading = _read(text, chosen)
    transcript = assemble(
        reading,
        name=name,
        format="docx" if inside else chosen,
        encoding=encoding,
        repairs=repairs,
        read_as=chosen,
    )
    if not transcript.utterances:
        first = transcript.rejected[0]
        raise TranscriptError(first.code, f"{first.reason} No other turn was found.", first.line)
    return [transcript]


def readable_text(data: bytes) -> tuple[str, str, tuple[Repair, ...]]:
    """(text with LF line ends, encoding, repairs) of a text file or docx, for preview too.

    Raises TranscriptError for empty, binary and damaged files.
    """
    if is_archive(data):
        return document_text(data), "docx", ()
    try:
        decoded = decode(data)
    except UndecodableError as error:
        raise TranscriptError(
            error.code, str(error), error.line, looks_like=error.looks_like
        ) from error
    if not decoded.text.strip():
        raise TranscriptError("empty", "The file holds only blank lines. Export it again.", 1)
    return decoded.text, decoded.encoding, decoded.repairs


def _choose(text: str, name: str) -> str:
    guesses = detect(text, name)
    claimed = extension_format(name)
    # A table without its two columns is no dialogue, whatever colons its cells hold.
    misnamed = claimed == "csv" and bool(guesses) and guesses[0].format == "plain"
    if guesses and guesses[0].score >= SURE and not misnamed:
        return guesses[0].format
    # No line fits well, so the name decides: its reader can say which line is wrong and why.
    if claimed in _CAPTIONS or claimed == "csv":
        return claimed
    if guesses:
        return guesses[0].format
    raise TranscriptError(
        "unknown_format",
        f"None of the first lines of {PurePath(name).name!r} fits a known transcript format. "
        "Put `speaker: ` before each turn, or export it as vtt, srt or txt with speakers.",
        1,
    )


def _read(text: str, format: str) -> Reading:
    if format in _CAPTIONS:
        return require_turns(_CAPTIONS[format](text), "caption with a start and an end time")
    if format in HEADERS:
        return read_headed(text, format)
    return read_plain(text)

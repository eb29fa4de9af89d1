"""Why a line of a transcript, or all of it, was not taken, in the reader's language.

The readers in `crm.transcripts` know no language: they speak in codes with English words for logs.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.transcripts import Rejected, TranscriptError

# Of single lines.
LINES = {
    "bad_time": _("The times of this cue cannot be read."),
    "missing_time": _("This block has no line with its start and end time."),
    "empty_text": _("There is no text here."),
    "before_first_speaker": _("This line stands before the first speaker and belongs to no turn."),
    "short_row": _("The row has fewer fields than the header names."),
    "missing_id": _("The row has no transcript_id."),
    "no_speakers": _("No line of this row begins with a speaker and a colon."),
    "missing_header": _("The WEBVTT line is missing; the cues were read anyway."),
    "end_before_start": _("The cue ends before it starts; its end was dropped."),
}
# Of whole files, each with its remedy.
FILES = {
    "empty": _("The file is empty. Choose a file that has a text in it."),
    "binary": _("The file is no text: %(what)s. Export the transcript as txt, vtt, srt or docx."),
    "undecodable": _(
        "The file's encoding cannot be told. Open it in an editor and save it as UTF-8."
    ),
    "damaged_archive": _("The document is damaged. Open it in Word and save it again as docx."),
    "archive_too_large": _("The document unpacks to more than is allowed. Save it as txt."),
    "not_a_document": _("The file is no Word document. Choose its own format, or let it be found."),
    "unknown_format": _(
        "None of the first lines fits a known format. Put “speaker: ” before each turn, or export "
        "it as vtt, srt or txt with speakers."
    ),
    "no_speakers": _(
        "No line begins with a speaker and a colon. Put the speaker before each turn, or choose "
        "another format."
    ),
    "no_utterances": _(
        "There is no turn of speech in it. Choose another format, or export it again with "
        "speakers and times."
    ),
    "missing_column": _(
        "The header must name the columns transcript_id and text. Rename the columns or choose "
        "another format."
    ),
    "unclosed_quote": _(
        "A quotation mark opened here is never closed. Double the quotation marks inside quoted "
        "fields and import again."
    ),
    "bad_time": _("The times of a cue cannot be read, and no other cue was found."),
    "missing_time": _("A block has no line with its times, and no cue was found elsewhere."),
    "empty_text": _("A cue has no text, and no other cue was found."),
}
KINDS = {
    "a PDF document": _("a PDF document"),
    "a zip archive (zip, docx, epub, xlsx)": _("an archive"),
    "an empty zip archive": _("an empty archive"),
    "a PNG image": _("a picture"),
    "a JPEG image": _("a picture"),
    "a GIF image": _("a picture"),
    "a BMP image": _("a picture"),
    "a RAR archive": _("an archive"),
    "a 7z archive": _("an archive"),
    "a gzip file": _("an archive"),
    "a bzip2 file": _("an archive"),
    "an xz file": _("an archive"),
    "an old Word or Excel file": _("an old Word or Excel file"),
    "an RTF document": _("an RTF document"),
    "an MP3 recording": _("a recording; upload it to the interview instead"),
    "an Ogg recording": _("a recording; upload it to the interview instead"),
    "a WAV, AVI or WebP file": _("a recording or a picture"),
    "a program": _("a program"),
    "binary data with NUL bytes": _("binary data with NUL bytes"),
}
FORMATS = {
    "iflytek": _("iFLYTEK transcript"),
    "feishu": _("Feishu minutes"),
    "tencent": _("Tencent Meeting transcript"),
    "otter": _("Otter transcript"),
    "meet": _("Google Meet transcript"),
    "plain": _("Dialogue, a speaker before each turn"),
    "vtt": _("WebVTT captions"),
    "srt": _("SubRip captions"),
    "sbv": _("SubViewer captions"),
    "docx": _("Word document"),
    "clock": _("Time and speaker above each turn"),
    "ass": _("SubStation subtitles"),
    "csv": _("Table of interviews"),
    "speech": _("Transcribed from the recording"),
    "edited": _("Corrected by hand"),
}


def line_text(item: Rejected | Mapping[str, Any]) -> str:
    """Why a line was not taken; a row of the database without a code says what was kept of it."""
    code, reason = (
        (item.code, item.reason)
        if isinstance(item, Rejected)
        else (str(item.get("code", "")), str(item.get("reason", "")))
    )
    return str(LINES.get(code, reason))


def file_text(error: TranscriptError) -> str:
    """Why nothing of a file can be used, with the line that is to blame where there is one."""
    known = FILES.get(error.code)
    told = error.message if known is None else str(known)
    if error.code == "binary":
        told %= {"what": KINDS.get(error.looks_like, _("binary data"))}
    if error.line is None:
        return told
    return str(_("Line %(line)s: %(why)s")) % {"line": error.line, "why": told}


def format_label(format: str) -> str:
    return str(FORMATS.get(format, format))

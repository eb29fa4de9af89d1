"""What a transcript is once it has been read: utterances in order, and what could not be read."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engines.decoding import Repair

_SPACE = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


class TranscriptError(ValueError):
    """The whole file cannot be read as a transcript.

    `code` is stable and meant for translation, `line` is 1-based (None where no line is to blame),
    `message` names the place and the remedy in English. `looks_like` says of a binary file what it
    is instead.
    """

    def __init__(
        self, code: str, message: str, line: int | None = None, *, looks_like: str = ""
    ) -> None:
        super().__init__(f"line {line}: {message}" if line is not None else message)
        self.code = code
        self.line = line
        self.message = message
        self.looks_like = looks_like


@dataclass(frozen=True)
class Rejected:
    """A line (1-based) that was not imported, or in `Transcript.notes` one imported with a caveat."""

    line: int
    reason: str
    code: str


@dataclass(frozen=True)
class Turn:
    """One stretch of speech as a reader found it, before numbering. Times in milliseconds."""

    speaker: str
    text: str
    line: int
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True)
class Utterance:
    """One numbered turn. `index` counts from 0, `line` from 1, times are ms from the start."""

    index: int
    speaker: str
    start_ms: int | None
    end_ms: int | None
    text: str
    line: int


@dataclass(frozen=True)
class Transcript:
    """A whole interview. `text` joins the utterance texts with LF; all offsets refer to it.

    `rejected` are lines that did not become part of an utterance although they carry text;
    `notes` are lines that were imported with a caveat (a missing header, an end before its start).
    `read_as` is the format of the text, where `format` is docx also that of the text inside.
    """

    name: str
    format: str
    text: str
    utterances: tuple[Utterance, ...]
    rejected: tuple[Rejected, ...]
    encoding: str
    repairs: tuple[Repair, ...]
    title: str
    recorded_at: datetime | None
    language: str
    fingerprint: str
    notes: tuple[Rejected, ...] = ()
    read_as: str = ""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Half-open code point range of every utterance inside `text`, in order."""
        ranges = []
        start = 0
        for utterance in self.utterances:
            end = start + len(utterance.text)
            ranges.append((start, end))
            start = end + 1
        return ranges

    @property
    def speakers(self) -> tuple[str, ...]:
        """Distinct speakers in order of first appearance; the unnamed speaker is left out."""
        return tuple(dict.fromkeys(u.speaker for u in self.utterances if u.speaker))


def renamed(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """The same words with other speakers: old name → new; two that become one are merged.

    The fingerprint stays that of the file, so that the file is known again under its own names.
    """
    return replace(
        transcript,
        utterances=tuple(
            replace(item, speaker=names.get(item.speaker, item.speaker))
            for item in transcript.utterances
        ),
    )


@dataclass(frozen=True)
class Reading:
    """What a format reader hands back: turns, and what it could not or only half could use."""

    turns: tuple[Turn, ...]
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[Rejected, ...] = ()
    title: str = ""
    recorded_at: datetime | None = None
    language: str = ""


def fingerprint(utterances: Iterable[Utterance]) -> str:
    """SHA-256 over who said what, blind to layout: NFC, runs of white space as one blank.

    Times, numbering and file format do not enter, so the same interview exported as srt and as
    vtt is recognised as one.
    """
    said = [[_canonical(utterance.speaker), _canonical(utterance.text)] for utterance in utterances]
    packed = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def guess_language(text: str) -> str:
    """ISO 639-1 code by script shares: zh, ja, ko, en for Latin letters, `und` where none leads.

    Latin text is called `en` because English is the only Latin-script language of the interface;
    a caption header that names its language wins over this guess.
    """
    sample = text[:20_000]
    letters = len(_LETTERS.findall(sample))
    if not letters:
        return "und"
    kana = len(_KANA.findall(sample))
    shares = {
        "zh": len(_HAN.findall(sample)),
        "ko": len(_HANGUL.findall(sample)),
        # One kanji stands for about as much speech as a short Latin word.
        "en": len(_LATIN.findall(sample)) / 4,
    }
    if kana >= 0.1 * letters:
        return "ja"
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] > 0 else "und"


def assemble(
    reading: Reading,
    *,
    name: str,
    format: str,
    encoding: str,
    repairs: Sequence[Repair] = (),
    keep_empty: bool = False,
    read_as: str = "",
) -> Transcript:
    """Number the turns and derive text, language and fingerprint.

    A turn without text is rejected by name; with `keep_empty` it stays as a turn and is noted,
    because in a chat log an empty message is still one message.
    """
    utterances: list[Utterance] = []
    rejected = list(reading.rejected)
    notes = list(reading.notes)
    for turn in reading.turns:
        text = turn.text.strip()
        if not text:
            empty = Rejected(turn.line, "This turn has no text.", "empty_text")
            (notes if keep_empty else rejected).append(empty)
            if not keep_empty:
                continue
        utterances.append(
            Utterance(len(utterances), turn.speaker, turn.start_ms, turn.end_ms, text, turn.line)
        )
    joined = "\n".join(utterance.text for utterance in utterances)
    return Transcript(
        name=name,
        format=format,
        text=joined,
        utterances=tuple(utterances),
        rejected=tuple(sorted(rejected, key=lambda item: item.line)),
        encoding=encoding,
        repairs=tuple(repairs),
        title=reading.title,
        recorded_at=reading.recorded_at,
        language=reading.language or guess_language(joined),
        fingerprint=fingerprint(utterances),
        notes=tuple(sorted(notes, key=lambda item: item.line)),
        read_as=read_as or format,
    )

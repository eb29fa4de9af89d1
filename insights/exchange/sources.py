"""Sources with their passages: text, transcripts with sync points, the text inside a PDF."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree

from insights.exchange.archive import Package
from insights.exchange.counting import Counting, Ruler, Sample, counting_of
from insights.exchange.errors import Remark
from insights.exchange.markup import child, children, guid, local, number
from insights.exchange.model import (
    READING_NOTE,
    TURNS_NOTE,
    Coding,
    Missing,
    Note,
    Selection,
    Source,
    Turn,
)
from insights.exchange.texts import Found, text_of_source
from insights.exchange.turns import find_turns, from_note, with_times

KINDS = ("TextSource", "PDFSource", "AudioSource", "VideoSource", "PictureSource")
_MEDIA_SELECTIONS = ("AudioSelection", "VideoSelection")


@dataclass
class Raw:
    """A source as its element has it, positions not yet turned into code points."""

    guid: str
    name: str
    found: Found
    element: etree._Element
    holder: etree._Element
    spans: list[tuple[etree._Element, int, int]] = field(default_factory=list)
    points: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Gathered:
    sources: list[Raw] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_sources(
    parent: etree._Element | None,
    package: Package,
    *,
    origin: str,
    ours: bool,
    notes: Mapping[str, Note],
    values: Mapping[str, Mapping[str, str]],
) -> tuple[tuple[Source, ...], tuple[Missing, ...], list[Remark]]:
    """Every source whose text could be had, in code points; `values` are its variables by GUID."""
    gathered = _gather(parent, package)
    samples = [
        Sample(raw.found.raw, start, end, element.get("name") or "")
        for raw in gathered.sources
        for element, start, end in raw.spans
    ]
    counting = Counting() if ours else counting_of(samples, origin)
    sources = []
    for raw in gathered.sources:
        ruler = Ruler(raw.found.raw, counting, keep_newlines=ours)
        selections = tuple(_selections(raw, ruler, notes, gathered.left_out))
        sources.append(
            Source(
                guid=raw.guid,
                name=raw.name,
                text=ruler.text,
                selections=selections,
                codings=tuple(_codings(raw.element, raw.guid, notes)),
                values=values.get(raw.guid, {}),
                turns=_turns(raw, ruler, notes),
                user=_user(raw.element, "creatingUser"),
                at=raw.element.get("creationDateTime") or "",
            )
        )
        gathered.left_out["docx_text"] += raw.found.from_rich and bool(raw.spans)
    remarks = [Remark(code, count) for code, count in sorted(gathered.left_out.items()) if count]
    if counting.inclusive:
        remarks.append(Remark("inclusive_ends"))
    if counting.utf16:
        remarks.append(Remark("utf16_offsets"))
    return tuple(sources), tuple(gathered.missing), remarks


def _gather(parent: etree._Element | None, package: Package) -> Gathered:
    gathered = Gathered()
    by_path: dict[str, Raw] = {}
    for element in children(parent, *KINDS):
        kind = local(element)
        name = (element.get("name") or "").strip()
        key = guid(element.get("guid"), kind, name, str(len(gathered.sources)))
        name = name or _file_name(element)
        if kind == "PictureSource":
            gathered.left_out["pictures"] += 1
        elif kind in ("AudioSource", "VideoSource"):
            _recording(element, key, name, package, gathered, by_path)
        else:
            holder = element if kind == "TextSource" else child(element, "Representation")
            gathered.left_out["pdf_areas"] += sum(1 for _area in children(element, "PDFSelection"))
            _text(element, holder, key, name, package, gathered, by_path)
    return gathered


def _file_name(element: etree._Element) -> str:
    """What a source without a name is called: its file, without folders and ending."""
    for attribute in ("plainTextPath", "richTextPath", "path"):
        path = element.get(attribute) or ""
        if path:
            return PurePosixPath(path.replace("\\", "/")).stem
    return ""


def _text(
    element: etree._Element,
    holder: etree._Element | None,
    key: str,
    name: str,
    package: Package,
    gathered: Gathered,
    by_path: dict[str, Raw],
) -> None:
    found = (
        Missing(name, element.get("path") or "", "no_text")
        if holder is None
        else text_of_source(holder, package, name)
    )
    if isinstance(found, Missing) or holder is None:
        if isinstance(found, Missing):
            gathered.missing.append(found)
        lost = sum(1 for _span in children(holder, "PlainTextSelection"))
        gathered.left_out["passages_without_text"] += lost
        return
    raw = Raw(key, name, found, element, holder)
    for span in children(holder, "PlainTextSelection"):
        start, end = number(span.get("startPosition")), number(span.get("endPosition"))
        if start is None or end is None:
            gathered.left_out["passages_outside"] += 1
        else:
            raw.spans.append((span, start, end))
    gathered.sources.append(raw)
    if found.path:
        by_path[found.path.casefold()] = raw


def _recording(
    element: etree._Element,
    key: str,
    name: str,
    package: Package,
    gathered: Gathered,
    by_path: dict[str, Raw],
) -> None:
    """A recording comes in as its transcripts; what was coded on the sound goes to their times."""
    transcripts = list(children(element, "Transcript"))
    if not transcripts:
        gathered.missing.append(Missing(name, element.get("path") or "", "no_text"))
        lost = sum(1 for _span in children(element, *_MEDIA_SELECTIONS))
        gathered.left_out["passages_without_text"] += lost
        return
    for index, transcript in enumerate(transcripts):
        found = text_of_source(transcript, package, name)
        if isinstance(found, Missing):
            gathered.missing.append(found)
            continue
        raw = by_path.get(found.path.casefold()) if found.path else None
        if raw is None:
            own = guid(transcript.get("guid"), key, str(index))
            raw = Raw(own, name, found, element, transcript)
            gathered.sources.append(raw)
        points = {
            guid(point.get("guid"), raw.guid, str(order)): (place, ms)
            for order, point in enumerate(children(transcript, "SyncPoint"))
            if (place := number(point.get("position"))) is not None
            and (ms := number(point.get("timeStamp"))) is not None
        }
        raw.points.extend(points.values())
        raw.spans.extend(_timed_spans(element, transcript, points, raw, gathered.left_out))


def _timed_spans(
    recording: etree._Element,
    transcript: etree._Element,
    points: Mapping[str, tuple[int, int]],
    raw: Raw,
    left_out: Counter[str],
) -> Iterator[tuple[etree._Element, int, int]]:
    """Passages named by sync points, and passages of the sound at the points around them."""
    for span in children(transcript, "TranscriptSelection"):
        begin = points.get(guid(span.get("fromSyncPoint")))
        until = points.get(guid(span.get("toSyncPoint")))
        if begin is None or until is None:
            left_out["passages_outside"] += 1
        else:
            yield span, begin[0], until[0]
    by_time = sorted((ms, place) for place, ms in points.values())
    times = [ms for ms, _place in by_time]
    for span in children(recording, *_MEDIA_SELECTIONS):
        start_ms, end_ms = number(span.get("begin")), number(span.get("end"))
        if start_ms is None or end_ms is None or not times:
            left_out["passages_without_text"] += 1
            continue
        first = max(0, bisect_right(times, start_ms) - 1)
        last = bisect_left(times, end_ms)
        end = by_time[last][1] if last < len(times) else len(raw.found.raw)
        yield span, by_time[first][1], end


def _selections(
    raw: Raw, ruler: Ruler, notes: Mapping[str, Note], left_out: Counter[str]
) -> Iterator[Selection]:
    for element, start, end in raw.spans:
        place = ruler.place(start, end)
        if place is None:
            left_out["passages_outside"] += 1
            continue
        key = guid(element.get("guid"), raw.guid, f"{start}-{end}")
        yield Selection(
            guid=key,
            start=place[0],
            end=place[1],
            name=element.get("name") or "",
            user=_user(element, "creatingUser"),
            at=element.get("creationDateTime") or "",
            codings=tuple(_codings(element, key, notes)),
        )


def _codings(element: etree._Element, owner: str, notes: Mapping[str, Note]) -> Iterator[Coding]:
    for index, coding in enumerate(children(element, "Coding")):
        code = child(coding, "CodeRef")
        reading: dict[str, str] = {}
        for reference in children(coding, "NoteRef"):
            note = notes.get(guid(reference.get("targetGUID")))
            if note is not None and note.name == READING_NOTE:
                reading = _reading(note.text)
        yield Coding(
            guid=guid(coding.get("guid"), owner, str(index)),
            code="" if code is None else guid(code.get("targetGUID")),
            user=_user(coding, "creatingUser") or _user(element, "creatingUser"),
            at=coding.get("creationDateTime") or "",
            reading=reading,
        )


def _reading(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): str(value) for key, value in found.items() if value is not None}


def _user(element: etree._Element, name: str) -> str:
    text = element.get(name)
    return guid(text) if text else ""


def _turns(raw: Raw, ruler: Ruler, notes: Mapping[str, Note]) -> tuple[Turn, ...]:
    for reference in children(raw.holder, "NoteRef"):
        note = notes.get(guid(reference.get("targetGUID")))
        if note is not None and note.name == TURNS_NOTE:
            turns = from_note(note.text, ruler.text)
            if turns:
                return turns
    points = []
    for place, ms in raw.points:
        # A point may stand behind the last character, where no passage can begin.
        found = ruler.place(place, place + 1)
        points.append((len(ruler.text) if found is None else found[0], ms))
    turns = find_turns(ruler.text)
    return with_times(turns, points) if points else turns

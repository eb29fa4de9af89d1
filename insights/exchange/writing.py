"""A `Project` → .qdpx or .qdc that the official schema accepts, in the schema's order."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping

from lxml import etree

from insights.exchange.markup import clean, named_guid
from insights.exchange.model import (
    READING_NOTE,
    TURNS_NOTE,
    Case,
    Code,
    CodeSet,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    Variable,
)
from insights.exchange.turns import to_note

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATIONS = {
    PROJECT_NAMESPACE: "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd",
    CODEBOOK_NAMESPACE: "http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd",
}
_VALUE = {
    "Text": "TextValue", "Boolean": "BooleanValue", "Integer": "IntegerValue",
    "Float": "FloatValue", "Date": "DateValue", "DateTime": "DateTimeValue",
}  # fmt: skip
_EPOCH = (2026, 1, 1, 0, 0, 0)  # the same project gives the same bytes


def write_codebook(project: Project) -> bytes:
    """The code tree and its sets as .qdc."""
    root = _root("CodeBook", CODEBOOK_NAMESPACE)
    root.set("origin", project.origin)
    _write_codes(_add(root, "Codes"), project.codes)
    if project.sets:
        _write_sets(_add(root, "Sets"), project.sets, member="guid")
    return _bytes(root)


def write_project(project: Project, *, times: bool = False) -> bytes:
    """The whole project as .qdpx.

    With `times`, every source that has times is also written as the transcript of a recording
    with sync points; the recording itself is not in the archive, so programs will ask for it.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "project.qde", _document(project, times=times))
        for source in project.sources:
            _put(archive, f"sources/{_id(source.guid)}.txt", source.text.encode())
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


def _document(project: Project, *, times: bool) -> bytes:
    root = _root("Project", PROJECT_NAMESPACE)
    root.set("name", clean(project.name))
    root.set("origin", project.origin)
    if project.user:
        root.set("creatingUserGUID", _id(project.user))
    if project.at:
        root.set("creationDateTime", project.at)
    if project.users:
        users = _add(root, "Users")
        for user in project.users:
            _add(users, "User", guid=_id(user.guid), name=clean(user.name))
    if project.codes:
        _write_codes(_add(_add(root, "CodeBook"), "Codes"), project.codes)
    variables = {variable.name: variable for variable in project.variables}
    if variables:
        holder = _add(root, "Variables")
        for variable in project.variables:
            _write_variable(holder, variable)
    if project.cases:
        holder = _add(root, "Cases")
        for case in project.cases:
            _write_case(holder, case, variables)
    notes: list[Note] = []
    if project.sources:
        holder = _add(root, "Sources")
        for source in project.sources:
            notes.extend(_write_source(holder, source, variables))
        if times:
            for source in project.sources:
                _write_recording(holder, source)
    if notes:
        _write_notes(_add(root, "Notes"), notes)
    if project.sets:
        _write_sets(_add(root, "Sets"), project.sets, member="targetGUID")
    if project.description:
        _add(root, "Description").text = clean(project.description)
    return _bytes(root)


def _write_codes(holder: etree._Element, codes: Iterable[Code]) -> None:
    waiting = [(holder, code) for code in reversed(list(codes))]
    while waiting:
        parent, code = waiting.pop()
        item = _add(
            parent, "Code", guid=_id(code.guid), name=clean(code.name),
            isCodable=str(code.codable).lower(),
        )  # fmt: skip
        if code.colour:
            item.set("color", code.colour)
        if code.description:
            _add(item, "Description").text = clean(code.description)
        waiting.extend((item, below) for below in reversed(code.children))


def _write_variable(holder: etree._Element, variable: Variable) -> None:
    item = _add(
        holder, "Variable", guid=_id(variable.guid), name=clean(variable.name),
        typeOfVariable=variable.kind,
    )  # fmt: skip
    if variable.description:
        _add(item, "Description").text = clean(variable.description)


def _write_case(holder: etree._Element, case: Case, variables: Mapping[str, Variable]) -> None:
    item = _add(holder, "Case", guid=_id(case.guid))
    if case.name:
        item.set("name", clean(case.name))
    if case.description:
        _add(item, "Description").text = clean(case.description)
    _write_values(item, case.values, variables)
    for source in case.sources:
        _add(item, "SourceRef", targetGUID=_id(source))


def _write_values(
    holder: etree._Element, values: Mapping[str, str], variables: Mapping[str, Variable]
) -> None:
    for name, value in values.items():
        variable = variables[name]
        item = _add(holder, "VariableValue")
        _add(item, "VariableRef", targetGUID=_id(variable.guid))
        _add(item, _VALUE[variable.kind]).text = clean(value)


def _write_source(
    holder: etree._Element, source: Source, variables: Mapping[str, Variable]
) -> list[Note]:
    """The source's element; returns the notes that it points to."""
    item = _add(
        holder, "TextSource", guid=_id(source.guid), name=clean(source.name),
        plainTextPath=f"internal://{_id(source.guid)}.txt",
    )  # fmt: skip
    _stamp(item, source.user, source.at)
    notes: list[Note] = []
    for selection in source.selections:
        notes.extend(_write_selection(item, selection))
    for coding in source.codings:
        notes.extend(_write_coding(item, coding))
    if source.turns:
        note = Note(named_guid(source.guid, TURNS_NOTE), TURNS_NOTE, to_note(source.turns))
        _add(item, "NoteRef", targetGUID=_id(note.guid))
        notes.append(note)
    _write_values(item, source.values, variables)
    return notes


def _write_selection(holder: etree._Element, selection: Selection) -> list[Note]:
    item = _add(
        holder, "PlainTextSelection", guid=_id(selection.guid), name=clean(selection.name),
        startPosition=str(selection.start), endPosition=str(selection.end),
    )  # fmt: skip
    _stamp(item, selection.user, selection.at)
    return [note for coding in selection.codings for note in _write_coding(item, coding)]


def _write_coding(holder: etree._Element, coding: Coding) -> list[Note]:
    item = _add(holder, "Coding", guid=_id(coding.guid))
    _stamp(item, coding.user, coding.at)
    _add(item, "CodeRef", targetGUID=_id(coding.code))
    if not coding.reading:
        return []
    text = json.dumps(dict(coding.reading), ensure_ascii=False, sort_keys=True)
    note = Note(named_guid(coding.guid, READING_NOTE), READING_NOTE, text)
    _add(item, "NoteRef", targetGUID=_id(note.guid))
    return [note]


def _write_recording(holder: etree._Element, source: Source) -> None:
    timed = [turn for turn in source.turns if turn.start_ms is not None]
    if not timed:
        return
    key = named_guid(source.guid, "recording")
    item = _add(
        holder, "AudioSource", guid=_id(key), name=clean(source.name),
        path=f"relative:///{_id(key)}.m4a",
    )  # fmt: skip
    transcript = _add(
        item, "Transcript", guid=_id(named_guid(key, "transcript")), name=clean(source.name),
        plainTextPath=f"internal://{_id(source.guid)}.txt",
    )  # fmt: skip
    for turn in timed:
        _add(
            transcript, "SyncPoint", guid=_id(named_guid(key, str(turn.label))),
            timeStamp=str(turn.start_ms), position=str(turn.label),
        )  # fmt: skip


def _write_notes(holder: etree._Element, notes: Iterable[Note]) -> None:
    for note in notes:
        item = _add(holder, "Note", guid=_id(note.guid), name=note.name)
        _add(item, "PlainTextContent").text = clean(note.text)


def _write_sets(holder: etree._Element, sets: Iterable[CodeSet], *, member: str) -> None:
    for row in sets:
        item = _add(holder, "Set", guid=_id(row.guid), name=clean(row.name))
        if row.description:
            _add(item, "Description").text = clean(row.description)
        for code in row.codes:
            _add(item, "MemberCode", **{member: _id(code)})


def _stamp(item: etree._Element, user: str, at: str) -> None:
    if user:
        item.set("creatingUser", _id(user))
    if at:
        item.set("creationDateTime", at)


def _root(name: str, namespace: str) -> etree._Element:
    root = etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace, "xsi": _SCHEMA})
    root.set(f"{{{_SCHEMA}}}schemaLocation", f"{namespace} {_LOCATIONS[namespace]}")
    return root


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    namespace = etree.QName(parent).namespace
    return etree.SubElement(parent, f"{{{namespace}}}{tag}", attributes)


def _id(guid: str) -> str:
    return guid.upper()


def _bytes(root: etree._Element) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return data

"""A file of another program → a `Project`: users, code tree, variables, cases, sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from lxml import etree

from insights.exchange.archive import Package, open_package
from insights.exchange.errors import ExchangeError, Remark
from insights.exchange.markup import child, children, colour, guid, local, parse, text_of
from insights.exchange.model import (
    ORIGIN,
    READING_NOTE,
    TURNS_NOTE,
    Case,
    Code,
    CodeSet,
    Missing,
    Note,
    Project,
    User,
    Variable,
)
from insights.exchange.sources import KINDS, read_sources
from insights.exchange.texts import text_of_source


def read(data: bytes, name: str = "") -> Project:
    """Read a .qdpx, a .qdc or the bare XML of either; `name` is the file's name.

    Raises `ExchangeError` (`code`, `values`): empty, not_xml, too_deep, doctype, not_refi, no_document,
    leaves_archive, damaged_archive, archive_too_large.
    """
    package = open_package(data)
    root = parse(package.document)
    kind = local(root)
    if kind == "CodeBook":
        return _codebook(root, name)
    if kind == "Project":
        return _project(root, package, name)
    raise ExchangeError("not_refi", root=kind[:60])


def _codebook(root: etree._Element, name: str) -> Project:
    return Project(
        name=PurePath(name).stem,
        origin=root.get("origin") or "",
        codes=_codes(child(root, "Codes"), ()),
        sets=_sets(child(root, "Sets")),
        codebook_only=True,
    )


def _project(root: etree._Element, package: Package, name: str) -> Project:
    origin = root.get("origin") or ""
    notes = _notes(child(root, "Notes"), package)
    variables = tuple(
        Variable(
            guid=guid(item.get("guid"), "variable", item.get("name") or ""),
            name=(item.get("name") or "").strip(),
            kind=item.get("typeOfVariable") or "Text",
            description=text_of(item, "Description"),
        )
        for item in children(child(root, "Variables"), "Variable")
    )
    names = {item.guid: item.name for item in variables}
    cases = _cases(child(root, "Cases"), names)
    holder = child(root, "Sources")
    sources, missing, remarks = read_sources(
        holder,
        package,
        origin=origin,
        ours=origin.startswith(ORIGIN),
        notes=notes,
        values=_values_by_source(holder, names),
    )
    memos = sum(note.name not in (READING_NOTE, TURNS_NOTE) for note in notes.values())
    if memos:
        remarks.append(Remark("memos", memos))
    for element, code in (("Links", "links"), ("Graphs", "graphs")):
        count = sum(1 for _item in children(child(root, element), element.removesuffix("s")))
        if count:
            remarks.append(Remark(code, count))
    return Project(
        name=(root.get("name") or "").strip() or PurePath(name).stem,
        origin=origin,
        description=text_of(root, "Description"),
        user=guid(root.get("creatingUserGUID")) if root.get("creatingUserGUID") else "",
        at=root.get("creationDateTime") or "",
        users=tuple(
            User(guid(item.get("guid"), "user", item.get("name") or ""), item.get("name") or "")
            for item in children(child(root, "Users"), "User")
        ),
        codes=_codes(child(child(root, "CodeBook"), "Codes"), ()),
        variables=variables,
        cases=cases,
        sources=sources,
        sets=_sets(child(root, "Sets")),
        missing=missing,
        remarks=tuple(remarks),
    )


def _codes(parent: etree._Element | None, path: tuple[str, ...]) -> tuple[Code, ...]:
    """The tree; the parser's own limit on depth bounds the recursion."""
    found = []
    for item in children(parent, "Code"):
        name = " ".join((item.get("name") or "").split())
        here = (*path, name)
        found.append(
            Code(
                guid=guid(item.get("guid"), "code", *here),
                name=name,
                colour=colour(item.get("color")),
                description=text_of(item, "Description"),
                codable=(item.get("isCodable") or "true").strip() in ("true", "1"),
                children=_codes(item, here),
            )
        )
    return tuple(found)


def _sets(parent: etree._Element | None) -> tuple[CodeSet, ...]:
    """Sets of codes; a .qdc writes the member's id as `guid`, a project as `targetGUID`."""
    return tuple(
        CodeSet(
            guid=guid(item.get("guid"), "set", item.get("name") or ""),
            name=item.get("name") or "",
            description=text_of(item, "Description"),
            codes=tuple(
                guid(member.get("targetGUID") or member.get("guid"))
                for member in children(item, "MemberCode")
            ),
        )
        for item in children(parent, "Set")
    )


def _notes(parent: etree._Element | None, package: Package) -> Mapping[str, Note]:
    notes = {}
    for item in children(parent, "Note"):
        name = item.get("name") or ""
        found = text_of_source(item, package, name)
        text = "" if isinstance(found, Missing) else found.raw
        note = Note(guid(item.get("guid"), "note", name), name, text)
        notes[note.guid] = note
    return notes


def _cases(parent: etree._Element | None, names: Mapping[str, str]) -> tuple[Case, ...]:
    return tuple(
        Case(
            guid=guid(item.get("guid"), "case", str(index), item.get("name") or ""),
            name=" ".join((item.get("name") or "").split()),
            description=text_of(item, "Description"),
            values=_values(item, names),
            sources=tuple(
                guid(reference.get("targetGUID")) for reference in children(item, "SourceRef")
            ),
        )
        for index, item in enumerate(children(parent, "Case"))
    )


def _values(element: etree._Element, names: Mapping[str, str]) -> dict[str, str]:
    """Variable name → value as text; the type is the variable's."""
    found = {}
    for value in children(element, "VariableValue"):
        reference = child(value, "VariableRef")
        if reference is None:
            continue
        name = names.get(guid(reference.get("targetGUID")), "")
        texts = [
            "".join(str(part) for part in item.itertext())
            for item in value
            if isinstance(item.tag, str) and local(item) != "VariableRef"
        ]
        if name and texts:
            found[name] = texts[0].strip()
    return found


def _values_by_source(
    parent: etree._Element | None, names: Mapping[str, str]
) -> Mapping[str, Mapping[str, str]]:
    return {
        guid(item.get("guid"), local(item), (item.get("name") or "").strip()): _values(item, names)
        for item in children(parent, *KINDS)
    }

"""Templates out to a file and in again: one JSON document, or an archive with one file a template."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from engines.archives import Archive, ArchiveError
from generation.library import export_of
from generation.models import PromptTemplate, TemplateAlias, TemplateVersion
from generation.prompts.errors import PromptError
from generation.prompts.templates import Template, digest_of, template_from
from generation.services.templates import alias_move, template_add, version_add

FORMAT = "pingju-prompts"
MOST_BYTES = 8 * 1024 * 1024
MOST_TEMPLATES = 500


@dataclass
class Imported:
    """What an import did. `renumbered` are versions whose number was taken by other words."""

    templates: int = 0
    versions: int = 0
    same: int = 0
    aliases: int = 0
    renumbered: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Bundle:
    """One template of a file: its versions in order, with their notes, and its aliases."""

    versions: list[tuple[Template, str]]
    aliases: dict[str, int]


def export_json(templates: Sequence[PromptTemplate]) -> bytes:
    return json.dumps(export_of(templates), ensure_ascii=False, indent=1).encode("utf-8")


def export_zip(templates: Sequence[PromptTemplate]) -> bytes:
    """An archive with `templates/<key>.json` each; the same templates give the same bytes."""
    document = export_of(templates)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in document["templates"]:
            single = {**document, "templates": [row]}
            info = zipfile.ZipInfo(
                f"templates/{row['versions'][0]['key']}.json", (2026, 1, 1, 0, 0, 0)
            )
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, json.dumps(single, ensure_ascii=False, indent=1))
    return buffer.getvalue()


@transaction.atomic
def templates_import(*, data: bytes, name: str, actor: User | None) -> Imported:
    """Take in a file that `export_json` or `export_zip` made; all of it or nothing.

    A version with the same words as one there is that one. A number that is taken by other words
    gets the next free one. Aliases are set where the template has none of that name. Raises
    `DomainError` naming the place in the file.
    """
    done = Imported()
    for bundle in _bundles(data, name):
        _take(bundle, actor, done)
    first = PromptTemplate.objects.order_by("pk").first() or PromptTemplate(pk=0)
    facts = {"file": name[:200], "templates": done.templates, "versions": done.versions}
    audit.record("template.imported", first, actor=actor, data=facts)
    return done


def _bundles(data: bytes, name: str) -> Iterator[_Bundle]:
    if len(data) > MOST_BYTES:
        raise DomainError(_("%(name)s is over 8 MB.") % {"name": name}, "too_large")
    count = 0
    for place, document in _documents(data, name):
        if not isinstance(document, Mapping) or document.get("format") != FORMAT:
            raise DomainError(
                _("%(place)s is no file of prompt templates; export one to see how they look.")
                % {"place": place},
                "not_ours",
            )
        if document.get("version") != 1 or not isinstance(document.get("templates"), list):
            raise DomainError(
                _("%(place)s: only version 1 of the format can be read.") % {"place": place},
                "version",
            )
        for number, row in enumerate(document["templates"], 1):
            count += 1
            if count > MOST_TEMPLATES:
                raise DomainError(_("A file holds at most 500 templates."), "too_many")
            yield _bundle(row, f"{place}, {number}")


def _documents(data: bytes, name: str) -> Iterator[tuple[str, Any]]:
    if data[:4] == b"PK\x03\x04":
        try:
            archive = Archive(data)
            for part in sorted(n for n in archive.names if n.endswith(".json")):
                yield part, json.loads(archive.read(part))
        except (ArchiveError, ValueError) as error:
            raise DomainError(f"{name}: {error}", "unreadable") from error
        return
    try:
        yield name, json.loads(data)
    except ValueError as error:
        raise DomainError(
            _("%(name)s is neither JSON nor an archive: %(error)s")
            % {"name": name, "error": error},
            "unreadable",
        ) from error


def _bundle(row: Any, place: str) -> _Bundle:
    if not isinstance(row, Mapping) or not isinstance(row.get("versions"), list):
        raise DomainError(_("%(place)s: lacks its versions.") % {"place": place}, "file")
    versions = []
    for told in row["versions"]:
        if not isinstance(told, Mapping):
            raise DomainError(_("%(place)s: a version is no object.") % {"place": place}, "file")
        facts = {key: value for key, value in told.items() if key != "note"}
        try:
            made = template_from(facts, place)
        except PromptError as error:
            raise DomainError(str(error), error.code) from error
        versions.append((made, str(told.get("note") or "")))
    if not versions or len({made.key for made, _note in versions}) > 1:
        raise DomainError(
            _("%(place)s: versions of one template, please.") % {"place": place}, "file"
        )
    aliases = row.get("aliases") or {}
    numbers = {made.version for made, _note in versions}
    if not isinstance(aliases, Mapping) or not set(aliases.values()) <= numbers:
        raise DomainError(_("%(place)s: an alias points nowhere.") % {"place": place}, "file")
    return _Bundle(sorted(versions, key=lambda pair: pair[0].version), dict(aliases))


def _take(bundle: _Bundle, actor: User | None, done: Imported) -> None:
    row = PromptTemplate.objects.filter(key=bundle.versions[0][0].key).first()
    is_new = row is None
    became: dict[int, TemplateVersion] = {}
    for made, note in bundle.versions:
        if row is None:
            became[made.version] = template_add(template=made, actor=actor, note=note)
            row = became[made.version].template
            done.templates += 1
            done.versions += 1
        else:
            became[made.version] = _version(row, made, note, actor, done)
    for alias, number in bundle.aliases.items():
        # The team's own choice stays; a template that came with this file brings its aliases along.
        taken = TemplateAlias.objects.filter(template=row, name=alias).exists()
        if row is not None and (is_new or not taken):
            alias_move(template=row, name=alias, version=became[number], actor=actor)
            done.aliases += 1


def _version(
    row: PromptTemplate, made: Template, note: str, actor: User | None, done: Imported
) -> TemplateVersion:
    digest = digest_of(made.body.strip(), made.negative.strip(), made.settings)
    same = row.versions.filter(digest=digest).first()
    if same is not None:
        done.same += 1
        return same
    version = version_add(
        template=row, body=made.body, negative=made.negative, settings=made.settings, note=note,
        actor=actor,
    )  # fmt: skip
    done.versions += 1
    if version.number != made.version:
        done.renumbered.append(f"{made.name} → {version.number}")
    return version


__all__ = ["Imported", "export_json", "export_zip", "templates_import"]

"""The prompt library is written here: new templates, new versions, aliases moved, ratings given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from generation.library import template_of
from generation.models import PromptTemplate, TemplateAlias, TemplateRating, TemplateVersion
from generation.models.prompts import CURRENT
from generation.prompts.library import USUAL, Edition, editions, shipped
from generation.prompts.rubric import judge
from generation.prompts.templates import Template, digest_of

TEXTS = ("title", "strengths", "weaknesses", "use_when", "avoid_when")
MOST_CHARACTERS = 20_000
_ALIAS = re.compile(r"[a-z][a-z0-9-]{0,29}\Z")


def _facts(template: Template) -> dict[str, Any]:
    texts = {
        f"{name}_{language}": getattr(getattr(template, name), language)
        for name in TEXTS
        for language in ("zh", "en")
    }
    names = ("key", "makes", "family", "language", "style")
    return {**{name: getattr(template, name) for name in names}, **texts}


def _judged(template: Template) -> dict[str, object]:
    """The report to keep. Raises DomainError where the text cannot be filled in at all."""
    if len(template.body) + len(template.negative) > MOST_CHARACTERS:
        raise DomainError(
            _("A template has at most %(n)s characters.") % {"n": MOST_CHARACTERS}, "too_long"
        )
    report = judge(template)
    broken = [item for item in report.failures if item.check == "variables_known"]
    if broken:
        told = broken[0].facts
        if broken[0].reason == "syntax":
            raise DomainError(
                _("The marks do not match: %(told)s") % {"told": told["told"]}, "syntax"
            )
        raise DomainError(
            _("Unknown variables: %(names)s. There are: %(known)s.")
            % {"names": told["names"], "known": told["known"]},
            "unknown_variable",
        )
    return report.to_dict()


@transaction.atomic
def template_add(*, template: Template, actor: User | None, note: str = "") -> TemplateVersion:
    """A template that is not there yet, with its first version as `current`.

    Raises `DomainError` where the name is taken or the text cannot be filled in.
    """
    report = _judged(template)
    if PromptTemplate.objects.filter(key=template.key).exists():
        raise DomainError(
            _("A template %(key)s is there already; add a version to it.") % {"key": template.key},
            "taken",
        )
    row = PromptTemplate.objects.create(**_facts(template), created_by=actor)
    version = _version(row, template, note, report, actor)
    TemplateAlias.objects.create(template=row, name=CURRENT, version=version, by=actor)
    audit.record(
        "template.added", row, actor=actor, data={"key": row.key, "version": version.number}
    )
    return version


def _version(
    row: PromptTemplate,
    template: Template,
    note: str,
    report: dict[str, object],
    actor: User | None,
) -> TemplateVersion:
    return TemplateVersion.objects.create(
        template=row,
        number=template.version,
        body=template.body.strip(),
        negative=template.negative.strip(),
        settings=dict(template.settings),
        digest=_digest(template),
        note=note.strip()[:300],
        report=report,
        by=actor,
    )


@transaction.atomic
def version_add(
    *,
    template: PromptTemplate,
    body: str,
    negative: str,
    settings: Mapping[str, Any],
    note: str,
    actor: User | None,
) -> TemplateVersion:
    """Better words are a new version; the alias `current` stays until it is moved.

    Raises `DomainError` where nothing is new or the text cannot be filled in.
    """
    PromptTemplate.objects.select_for_update().get(pk=template.pk)
    newest = template.versions.select_related("template").order_by("-number").first()
    digest = digest_of(body.strip(), negative.strip(), settings)
    if newest is not None and newest.digest == digest:
        raise DomainError(_("Nothing is new in it."), "same")
    last = template.versions.aggregate(last=Max("number"))["last"] or 0
    draft = TemplateVersion(
        template=template, number=last + 1, body=body.strip(), negative=negative.strip(),
        settings=dict(settings),
    )  # fmt: skip
    made = template_of(draft)
    version = _version(template, made, note, _judged(made), actor)
    audit.record(
        "template.version_added", template, actor=actor,
        data={"version": version.number, "digest": digest, "score": version.report["score"]},
    )  # fmt: skip
    return version


@transaction.atomic
def alias_move(
    *, template: PromptTemplate, name: str, version: TemplateVersion, actor: User | None
) -> TemplateAlias:
    """Point an alias at a version of the template. A version that failed the standard gets no alias."""
    if version.template_id != template.pk:
        raise DomainError(_("This version is of another template."), "other_template")
    if not _ALIAS.match(name):
        raise DomainError(
            _("An alias has small letters, digits and -, and begins with a letter."), "bad_alias"
        )
    report = judge(template_of(version))
    if not report.good:
        checks = ", ".join(item.check for item in report.failures)
        raise DomainError(
            _("Version %(n)s fails the standard (%(checks)s); mend it first.")
            % {"n": version.number, "checks": checks},
            "fails_standard",
        )
    before = TemplateAlias.objects.filter(template=template, name=name).first()
    alias, _made = TemplateAlias.objects.update_or_create(
        template=template, name=name, defaults={"version": version, "by": actor}
    )
    audit.record(
        "template.alias_moved", template, actor=actor,
        data={"alias": name, "to": version.number, "from": before and before.version.number},
    )  # fmt: skip
    return alias


@transaction.atomic
def template_make_usual(*, template: PromptTemplate, language: str, actor: User | None) -> None:
    """New runs on novels in `language` use its current version where the creator chooses nothing; ""
    makes it usual nowhere. What was usual before gives way. Raises `DomainError`.
    """
    if language not in ("", *PromptTemplate.Language.values):
        raise DomainError(_("Choose Chinese or English novels."), "language")
    row = PromptTemplate.objects.select_for_update().get(pk=template.pk)
    if language and (
        row.retired or not TemplateAlias.objects.filter(template=template, name=CURRENT)
    ):
        raise DomainError(_("A retired template cannot be the usual one."), "retired")
    alike = PromptTemplate.objects.filter(makes=template.makes).exclude(pk=template.pk)
    if language:
        alike.filter(usual_for=language).update(usual_for="")
    PromptTemplate.objects.filter(pk=template.pk).update(usual_for=language)
    audit.record("template.made_usual", template, actor=actor, data={"novels_in": language})


@transaction.atomic
def template_describe(*, template: PromptTemplate, actor: User | None, changed: list[str]) -> None:
    """Keep changed words about the template; what it says is in its versions."""
    template.save()
    values = {name: str(getattr(template, name)) for name in changed}
    audit.record("template.described", template, actor=actor, data=values)


@transaction.atomic
def rating_give(
    *, version: TemplateVersion, ratings: Mapping[str, int], reason: str, actor: User
) -> int:
    """A person's ratings of a version, replacing their earlier ones; returns how many."""
    known = set(TemplateRating.Criterion.values)
    if not ratings or set(ratings) - known or any(not 1 <= n <= 5 for n in ratings.values()):
        raise DomainError(_("Rate at least one criterion, each from 1 to 5."), "bad_rating")
    for criterion, rating in ratings.items():
        TemplateRating.objects.update_or_create(
            version=version, criterion=criterion, by=actor,
            defaults={"rating": rating, "reason": reason.strip()[:300]},
        )  # fmt: skip
    audit.record("template.rated", version, actor=actor, data=dict(ratings))
    return len(ratings)


@cache
def _shipped_reports() -> dict[str, dict[str, object]]:
    return {
        edition.template.name: judge(edition.template).to_dict()
        for group in editions().values()
        for edition in group
    }


@transaction.atomic
def library_sync() -> int:
    """Bring the shipped templates into the workspace; returns how many versions are new.

    A template that the team has worked on keeps its words and its alias; a newer shipped version is
    added beside its own. Nobody acts here, so nothing is audited.
    """
    known = set(TemplateVersion.objects.values_list("template__key", "digest"))
    wanted = [
        edition
        for group in editions().values()
        for edition in group
        if (edition.template.key, _digest(edition.template)) not in known
    ]
    if not wanted:
        return 0
    there = set(PromptTemplate.objects.values_list("key", flat=True))
    PromptTemplate.objects.bulk_create(
        [
            PromptTemplate(**_facts(shipped()[key]), shipped=True)
            for key in dict.fromkeys(edition.template.key for edition in wanted)
            if key not in there
        ],
        ignore_conflicts=True,
    )
    for language, key in USUAL.items():
        chosen = PromptTemplate.objects.filter(makes="picture", usual_for=language).exists()
        if key not in there and not chosen:
            PromptTemplate.objects.filter(key=key).update(usual_for=language)
    versions = _shipped_versions(wanted)
    newest = {row.template_id: row for row in versions}
    TemplateAlias.objects.bulk_create(
        [
            TemplateAlias(template=row.template, name=CURRENT, version=row)
            for row in newest.values()
        ],
        ignore_conflicts=True,
    )
    return len(versions)


def _shipped_versions(wanted: Sequence[Edition]) -> list[TemplateVersion]:
    """Rows for these, numbered after what each template has."""
    keys = {edition.template.key for edition in wanted}
    rows = PromptTemplate.objects.annotate(last=Max("versions__number")).in_bulk(
        keys, field_name="key"
    )
    last = {key: row.last or 0 for key, row in rows.items()}
    made = []
    for edition in wanted:
        template = edition.template
        last[template.key] += 1
        made.append(
            TemplateVersion(
                template=rows[template.key],
                number=last[template.key],
                body=template.body.strip(),
                negative=template.negative.strip(),
                settings=dict(template.settings),
                digest=_digest(template),
                note=edition.note[:300],
                report=_shipped_reports()[template.name],
            )
        )
    return TemplateVersion.objects.bulk_create(made)


def _digest(template: Template) -> str:
    return digest_of(template.body.strip(), template.negative.strip(), template.settings)


def library_sync_after_migrate(**kwargs: object) -> None:
    """Receiver of `post_migrate`: the shipped library is there wherever the tables are."""
    if TemplateAlias._meta.db_table in connection.introspection.table_names():
        library_sync()

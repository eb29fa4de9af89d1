"""What the team reads of the prompt library: templates, their versions, what they cost, who uses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from engines.chat.protocol import Usage
from engines.chat.registry import BadEngineSettings, chat_settings
from engines.images.registry import BadImageSettings, image_settings
from engines.pricing import NoPrice, PriceList, price_of
from generation.models import (
    PromptTemplate,
    Run,
    Shot,
    TemplateAlias,
    TemplateRating,
    TemplateUse,
    TemplateVersion,
)
from generation.models.prompts import CURRENT
from generation.prompts.compiling import Prompt, compile_shot, instructions_of
from generation.prompts.diffing import Line, changes
from generation.prompts.families import FAMILIES
from generation.prompts.library import shipped_named
from generation.prompts.rubric import Report, judge, probes
from generation.prompts.sketching import draw_said
from generation.prompts.templates import REFERENCE, Template, Words

SHOTS_A_CALL = 24
"""A window of 2,400 characters at 10 shots a thousand: over how many shots instructions are spread."""
TOKENS_A_SHOT = 42
CHARACTERS_A_SHOT = 100


def template_of(version: TemplateVersion) -> Template:
    """The version as the pure room knows it."""
    row = version.template
    texts = {
        name: Words(getattr(row, f"{name}_zh"), getattr(row, f"{name}_en"))
        for name in ("title", "strengths", "weaknesses", "use_when", "avoid_when")
    }
    return Template(
        key=row.key,
        version=version.number,
        makes=row.makes,
        family=row.family,
        language=row.language,
        style=row.style,
        body=version.body,
        negative=version.negative,
        settings=dict(version.settings),
        **texts,
    )


def version_named(reference: str) -> TemplateVersion | None:
    """`key`, `key@3` or `key@alias` in the workspace; None where there is none. A bare key is current."""
    told = REFERENCE.match(reference)
    if told is None:
        return None
    rows = TemplateVersion.objects.select_related("template").filter(template__key=told[1])
    which = told[2] or CURRENT
    if which.isdecimal():
        return rows.filter(number=int(which[:5])).first()
    alias = TemplateAlias.objects.filter(template__key=told[1], name=which).first()
    return rows.filter(pk=alias.version_id).first() if alias else None


def template_named(reference: str) -> Template | None:
    """As the command line means it: what is shipped needs no database, all else is the workspace's."""
    found = shipped_named(reference)
    if found is not None:
        return found
    version = version_named(reference)
    return template_of(version) if version else None


def usual_version(makes: str, language: str) -> TemplateVersion | None:
    """The current version of the template that the team has made usual for novels in `language`."""
    return (
        TemplateVersion.objects.filter(
            template__makes=makes, template__usual_for=language, template__retired=False,
            aliases__name=CURRENT,
        )
        .select_related("template")
        .first()
    )  # fmt: skip


def current_versions() -> QuerySet[TemplateVersion]:
    """The version that each template's alias `current` points to, with the template."""
    return (
        TemplateVersion.objects.filter(aliases__name=CURRENT)
        .select_related("template")
        .order_by("template__makes", "template__family", "template__key")
    )


def style_choices() -> list[tuple[str, str]]:
    """Templates that make pictures, by key, with their titles in the reader's language."""
    rows = PromptTemplate.objects.filter(
        makes=PromptTemplate.Makes.PICTURE, retired=False, aliases__name=CURRENT
    )
    return [(row.key, row.title) for row in rows]


def library_rows() -> QuerySet[PromptTemplate]:
    """Templates with their current version and the number of versions and of runs that used them."""
    current = Prefetch(
        "aliases",
        TemplateAlias.objects.filter(name=CURRENT).select_related("version"),
        to_attr="at_current",
    )
    # Counted once for all: joined to the templates, every use would be a row of each count.
    uses = TemplateUse.objects.order_by().values_list("version__template").annotate(Count("pk"))
    counted = [When(pk=template, then=Value(n)) for template, n in uses]
    return PromptTemplate.objects.prefetch_related(current).annotate(
        version_count=Count("versions"),
        run_count=Case(*counted, default=Value(0), output_field=IntegerField()),
    )


@dataclass(frozen=True)
class PricePerShot:
    """What an engine would ask for one shot: tokens in and out, micro-units; None where no price is known."""

    engine: str
    title: str
    input_tokens: int
    output_tokens: int
    cost_micro: int | None
    currency: str
    price_list: str


def tokens_a_shot(template: Template) -> tuple[int, int]:
    """Tokens in and out for a shot of two people, or a shot's share of a chapter's window."""
    family = FAMILIES[template.family]
    if template.makes == "storyboard":
        shared = family.tokens(instructions_of(template)) / SHOTS_A_CALL
        density = 0.30 if template.english else 0.75
        return round(shared + CHARACTERS_A_SHOT * density), TOKENS_A_SHOT
    made = preview(template, probes.shot(2, template.language), template.language)
    return made.tokens + family.tokens(made.negative), 0


def preview(template: Template, shot: Mapping[str, Any], language: str) -> Prompt:
    """A probe shot's prompt."""
    return compile_shot(template, shot, cast=probes.cast(language), scene=probes.scene(language))


def prices_per_shot(template: Template) -> list[PricePerShot]:
    """By every engine that reads such templates and today's price list; the sketch costs nothing."""
    entering, leaving = tokens_a_shot(template)
    if template.makes == "picture":
        return [
            PricePerShot("sketch", _("Sketch, our own"), entering, 0, 0, "CNY", ""),
            *_picture_prices(entering),
        ]
    priced = []
    try:
        engines = sorted(chat_settings().items())
    except BadEngineSettings:
        engines = []
    for name, told in engines:
        prices = _prices(name, told.model, told.prices_of)
        cost = prices.cost(Usage(entering, leaving)) if prices else None
        priced.append(
            PricePerShot(
                name, told.shown, entering, leaving, cost, prices.currency if prices else "",
                f"{prices.label} {prices.day:%Y-%m-%d}" if prices else "",
            )
        )  # fmt: skip
    return priced


def _picture_prices(entering: int) -> list[PricePerShot]:
    try:
        engines = sorted(image_settings().items())
    except BadImageSettings:
        engines = []
    found = []
    for name, told in engines:
        prices = _prices(name, told.model, "")
        cost = prices.cost(Usage(entering, 0, pictures=1)) if prices else None
        found.append(
            PricePerShot(
                name, told.shown, entering, 0, cost, prices.currency if prices else "",
                f"{prices.label} {prices.day:%Y-%m-%d}" if prices else "",
            )
        )  # fmt: skip
    return found


def _prices(engine: str, model: str, provider: str) -> PriceList | None:
    try:
        return price_of(engine, model, timezone.now(), public_provider=provider)
    except NoPrice:
        return None


@dataclass(frozen=True)
class UseSummary:
    """What production says of a version; `decided` runs got the creator's word."""

    version: TemplateVersion
    runs: int
    shots: int
    redone: int
    decided: int
    accepted: int
    tokens: int
    cost_micro: int


def uses_of(template: PromptTemplate) -> list[UseSummary]:
    """By version, the newest first; one query."""
    rows = (
        TemplateVersion.objects.filter(template=template)
        .annotate(
            runs=Count("uses"),
            shots=Sum("uses__shots", default=0),
            redone=Sum("uses__redone", default=0),
            decided=Count("uses", filter=Q(uses__accepted__isnull=False)),
            accepted=Count("uses", filter=Q(uses__accepted=True)),
            tokens=Sum("uses__tokens", default=0),
            cost=Sum("uses__cost_micro", default=0),
        )
        .select_related("template", "by")
        .order_by("-number")
    )
    return [
        UseSummary(
            row, row.runs, row.shots, row.redone, row.decided, row.accepted, row.tokens, row.cost
        )
        for row in rows
    ]


def templates_of(run: Run) -> list[tuple[PromptTemplate, int]]:
    """Templates of the library that wrote a run's prompts, with the version's number."""
    uses = TemplateUse.objects.filter(run=run).select_related("version__template")
    return [(use.version.template, use.version.number) for use in uses.order_by("pk")]


def runs_using(template: PromptTemplate, most: int = 20) -> list[TemplateUse]:
    """The newest uses; each version's are read off its own index, whatever their number."""
    newest: list[int] = []
    for version in template.versions.values_list("pk", flat=True):
        rows = TemplateUse.objects.filter(version=version).order_by("-at", "-pk")
        newest += rows.values_list("pk", flat=True)[:most]
    return list(
        TemplateUse.objects.filter(pk__in=newest)
        .select_related("run__novel__creator", "version")
        .defer("run__novel__text")
        .order_by("-at", "-pk")[:most]
    )


def ratings_of(version: TemplateVersion) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in TemplateRating.objects.filter(version=version):
        found.setdefault(row.criterion, []).append(row.rating)
    return found


def report_of(version: TemplateVersion) -> Report:
    """The standard's word today, with the ratings."""
    return judge(template_of(version), ratings_of(version))


def difference(old: TemplateVersion, new: TemplateVersion) -> dict[str, list[Line]]:
    """What changed between two versions, by part."""
    return {
        "body": changes(old.body, new.body),
        "negative": changes(old.negative, new.negative),
        "settings": changes(_settings_text(old), _settings_text(new)),
    }


def _settings_text(version: TemplateVersion) -> str:
    return "\n".join(f"{name}: {value}" for name, value in sorted(version.settings.items()))


@dataclass(frozen=True)
class RealShot:
    """A shot of somebody's storyboard, ready to be compiled."""

    shot: dict[str, Any]
    cast: dict[str, dict[str, Any]]
    scene: dict[str, Any]
    run: Run


def real_shot(index: int = 0) -> RealShot | None:
    """A shot of the newest finished storyboard that is the house's own sample; None where none is.

    Creators' novels are not read here: a preview is no purpose that they agreed to.
    """
    run = (
        Run.objects.filter(is_sample=True, shots__isnull=False)
        .select_related("novel")
        .defer("novel__text")
        .order_by("-queued_at", "-pk")
        .first()
    )
    if run is None:
        return None
    rows = Shot.objects.filter(run=run).select_related("scene").order_by("index")
    # Shots with somebody in them show more of a template than empty ones.
    rows = rows.exclude(cast=[]) if rows.exclude(cast=[]).exists() else rows
    count = rows.count()
    row = rows[index % count]
    return RealShot(shot_document(row), cast_documents(run), scene_document(row), run)


PREVIEW_SIZE = (270, 480)


def preview_picture(version: TemplateVersion, index: int) -> bytes | None:
    """PNG of what the template's words say of a shot of the house's sample, drawn by the sketch
    engine as a reader of them; None for a template that directs, or where no sample is.
    """
    template, real = template_of(version), real_shot(index)
    if real is None or template.makes != "picture":
        return None
    told = real.shot, real.cast, real.scene
    made = compile_shot(template, real.shot, cast=real.cast, scene=real.scene)
    return draw_said(template, made, *told, PREVIEW_SIZE)


def shot_document(row: Shot) -> dict[str, Any]:
    """The shot in storyboard.json's shape."""
    names = ("index", "start", "end", "framing", "movement", "cast", "action", "lines", "narration")
    return {**{name: getattr(row, name) for name in names}, "scene": row.scene.index}


def scene_document(row: Shot) -> dict[str, Any]:
    scene = row.scene
    return {"index": scene.index, "place": scene.place or None, "setting": dict(scene.setting)}


def cast_documents(run: Run) -> dict[str, dict[str, Any]]:
    return {
        item.key: {
            "id": item.key,
            "name": item.name,
            "appearance": item.appearance,
            "seed": item.seed,
        }
        for item in run.cast.all()
    }


def trial_of(version: TemplateVersion, body: str, negative: str) -> Report:
    """What the standard would say of other words, before they are saved."""
    return judge(replace(template_of(version), body=body, negative=negative))


def export_of(templates: Sequence[PromptTemplate]) -> dict[str, Any]:
    """Templates with all their versions and aliases, as `template_files` reads them back."""
    rows = []
    for template in templates:
        versions = list(
            TemplateVersion.objects.filter(template=template)
            .select_related("template")
            .order_by("number")
        )
        aliases = TemplateAlias.objects.filter(template=template).select_related("version")
        rows.append(
            {
                "versions": [
                    {**template_of(version).to_dict(), "note": version.note} for version in versions
                ],
                "aliases": {alias.name: alias.version.number for alias in aliases},
            }
        )
    return {"format": "pingju-prompts", "version": 1, "templates": rows}

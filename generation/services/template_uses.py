"""Runs that use a template of the library: chosen when they start, counted when they are done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from engines.chat import Complete
from generation.library import template_of, usual_version, version_named
from generation.models import Frame, Run, TemplateUse, TemplateVersion
from generation.prompts.compiling import board_with, told_by
from generation.prompts.templates import Template


def template_version(reference: str) -> TemplateVersion | None:
    """The version that a form or a caller names, None for the house's usual words.

    Raises `DomainError` for a name that is not in the library.
    """
    if not reference:
        return None
    found = version_named(reference)
    if found is None or found.template.retired:
        raise DomainError(
            _("There is no template %(name)s in the library.") % {"name": reference},
            "unknown_template",
        )
    return found


def templates_for(*, reference: str, language: str, directed: bool) -> list[TemplateVersion]:
    """What a new run uses: the version that `reference` names, and for what it does not name the one
    that the team has made usual for novels in this language. `directed`: whether a model directs.
    """
    named = template_version(reference)
    chosen = [] if named is None else [named]
    wanted = ["picture", "storyboard"] if directed else ["picture"]
    there = {version.template.makes for version in chosen}
    for makes in wanted:
        usual = usual_version(makes, "en" if language.startswith("en") else "zh")
        if makes not in there and usual is not None:
            chosen.append(usual)
    return chosen


def template_choose(*, run: Run, version: TemplateVersion) -> TemplateUse:
    """The run uses this version; runs in the caller's transaction."""
    return TemplateUse.objects.create(run=run, version=version)


def _chosen(run: Run, makes: str) -> TemplateVersion | None:
    use = (
        TemplateUse.objects.filter(run=run, version__template__makes=makes)
        .select_related("version__template")
        .first()
    )
    return use.version if use else None


def picture_template(run: Run) -> Template | None:
    """What writes the run's prompts, in its pictures as in its storyboard; None: the usual words."""
    version = _chosen(run, "picture")
    return template_of(version) if version else None


def template_written(run: Run, board: dict[str, Any]) -> dict[str, Any]:
    """The board with its prompts by the run's template, where it has one; what it took is noted."""
    template = picture_template(run)
    usage = board["usage"]
    TemplateUse.objects.filter(run=run).update(
        shots=len(board["shots"]),
        tokens=usage["input_tokens"] + usage["output_tokens"],
        currency=usage["currency"],
    )
    return board_with(template, board) if template else board


def template_told(run: Run, complete: Complete) -> Complete:
    """How the run's chat model is told to direct: by its template, where it has one."""
    version = _chosen(run, "storyboard")
    return told_by(template_of(version), complete) if version else complete


def template_redrawn(run: Run) -> None:
    """How many of the run's pictures were drawn again, on the use of the template that wrote them."""
    again = Frame.objects.filter(shot__run=run, version__gt=1).count()
    TemplateUse.objects.filter(run=run, version__template__makes="picture").update(redone=again)


def template_judged(run: Run, *, accepted: bool) -> None:
    """The creator's word on the run is a word on its templates too."""
    TemplateUse.objects.filter(run=run).update(accepted=accepted)

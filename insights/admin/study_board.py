"""How far a study is, tier by tier against its targets, and whom to ask next."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from crm.models import Study
from crm.study_reads import TierProgress, candidates, progress_of
from engines.admin import guarded
from insights.figures.parts import rows_of
from insights.findings.corpus import corpus
from insights.findings.saturating import saturations, whom_next
from insights.findings.selection import Selection
from insights.selectors import tier_label

NEXT = 12  # creators named as the next to ask


def urls(site: AdminSite) -> list[URLPattern]:
    page = guarded(site, lambda request, pk: board(request, pk, site), "crm.view_study")
    return [path("study/<int:pk>/board/", page, name="insights_study_board")]


def board(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    study = get_object_or_404(Study, pk=pk)
    lines = progress_of(study)
    following, why = _next(study, lines)
    context = {
        **site.each_context(request),
        "title": _("Progress: %(study)s") % {"study": study.title},
        "study": study,
        "lines": [
            {
                "line": line,
                "cells": [
                    (len(ids), rows_of("crm_creator", ids, reverse("admin:crm_creator_changelist")))
                    for ids in (line.invited, line.booked, line.done, line.coded)
                ],
            }
            for line in lines
        ],
        "following": following,
        "following_label": tier_label(following) if following else "",
        "why": why,
        "candidates": candidates(study).filter(tier=following)[:NEXT] if following else (),
    }
    return render(request, "admin/insights/study_board.html", context)


def _next(study: Study, lines: list[TierProgress]) -> tuple[str, str]:
    """The tier to ask next: where a target is open, the one whose next interview teaches most.

    Saturation is reckoned from the study's own interviews; where it says nothing, the tier that
    lacks most of its target.
    """
    wanting = [line for line in lines if line.open > len(line.booked)]
    if not wanting:
        return "", _("Every tier has its target, or enough agreed times for it.")
    best = whom_next(saturations(corpus(Selection(study=study.key)), orders=50))
    if any(line.tier == best for line in wanting) and best is not None:
        return best, _("Its next interview is expected to bring most that nobody has raised yet.")
    lacking = max(wanting, key=lambda line: line.open - len(line.booked))
    return lacking.tier, _("It lacks most of its target.")

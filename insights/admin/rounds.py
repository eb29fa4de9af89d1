"""Second coding: rounds, the blind queue, and settling what was read differently."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.exceptions import DomainError
from crm.models import User
from engines.admin import guarded
from insights.admin.codebook import person
from insights.findings.queue import (
    coders,
    disputes,
    finished_units,
    first_coders,
    next_unit,
    read_twice,
    rounds,
    to_read,
    turns_around,
)
from insights.models import Adjudication, CodingUnit, Evidence, PainPoint
from insights.selectors import blind_interviews
from insights.services.rounds import LARGEST, round_open, unit_adjudicate, unit_read

USUAL_SIZE = 40
PAGE = 20
KEYS = "123456789abcdefghijklmoqrstuvwxyz"
"""One key a pain point; n says "none of them", p goes back."""


def urls(site: AdminSite) -> list[URLPattern]:
    def here(view: Callable[..., HttpResponse], permission: str) -> Callable[..., Any]:
        return guarded(
            site, lambda request, **keys: view(request, site=site, **keys), f"insights.{permission}"
        )

    return [
        path("rounds/", here(listed, "add_evidence"), name="insights_rounds"),
        path("rounds/new/", here(create, "add_codinground"), name="insights_round_new"),
        path("rounds/<int:pk>/", here(settle, "change_evidence"), name="insights_round"),
        path("rounds/<int:pk>/read/", here(read, "add_evidence"), name="insights_round_read"),
        path("rounds/passages/", here(passages, "view_evidence"), name="insights_passages"),
        path("rounds/unit/<int:pk>/", here(adjudicate, "change_evidence"), name="insights_adjudicate"),
    ]  # fmt: skip


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdigit() and len(value) < 19 else None


def listed(request: HttpRequest, site: AdminSite, typed: QueryDict | None = None) -> HttpResponse:
    """Rounds with their progress, and the form that draws a new one."""
    pains = PainPoint.objects.open().select_related("step")
    chosen = set(typed.getlist("pains")) if typed else {str(pain.pk) for pain in pains}
    context = {
        **site.each_context(request),
        "title": _("Second coding"),
        "rounds": [
            {
                "row": row,
                "mine": row.second_coder_id == request.user.pk,
                "over": row.done == row.size,
            }
            for row in rounds()
        ],
        "first_coders": first_coders(),
        "coders": coders(),
        "pains": [(pain, str(pain.pk) in chosen) for pain in pains],
        "typed": typed or {},
        "usual_size": USUAL_SIZE,
        "largest": LARGEST,
        "may_draw": request.user.has_perm("insights.add_codinground"),
        "may_settle": request.user.has_perm("insights.change_evidence"),
    }
    return render(request, "admin/insights/rounds.html", context)


@require_POST
def create(request: HttpRequest, site: AdminSite) -> HttpResponse:
    typed = request.POST
    first, second = (
        User.objects.filter(pk=_number(typed.get(name)) or 0, is_staff=True).first()
        for name in ("first_coder", "second_coder")
    )
    seed = _number(typed.get("seed"))
    try:
        if first is None or second is None:
            raise DomainError(_("Choose both coders."), "no_coder")
        made = round_open(
            title=typed.get("title", ""),
            first_coder=first,
            second_coder=second,
            pains=[int(key) for key in typed.getlist("pains") if _number(key)],
            size=_number(typed.get("size")) or 0,
            seed=secrets.randbelow(10**6) if seed is None else min(seed, 2**31 - 1),
            actor=person(request),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return listed(request, site, typed)
    messages.success(request, _("%(n)s passages are drawn.") % {"n": made.units.count()})
    return redirect("admin:insights_rounds")


def read(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """One passage after the other, by keyboard; nothing of the first coder's reading is sent."""
    of = get_object_or_404(rounds(), pk=pk)
    coder = person(request)
    if of.second_coder_id != coder.pk:
        raise PermissionDenied
    if request.method == "POST":
        unit = get_object_or_404(CodingUnit, pk=_number(request.POST.get("unit")) or 0, round=of)
        try:
            unit_read(unit_id=unit.pk, coder=coder, codes=_codes(request.POST))
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(f"{request.path}?at={unit.position}")
        return redirect(request.path)
    wanted = _number(request.GET.get("at"))
    shown_unit = of.units.filter(position=wanted).first() if wanted else next_unit(of)
    over = of.done == of.size
    if shown_unit is None or over:
        context = {**site.each_context(request), "title": of.title, "round": of}
        return render(request, "admin/insights/round_over.html", context)
    shown = to_read(shown_unit)
    pains = of.pains.select_related("step").order_by("step__position", "title_zh")
    context = {
        **site.each_context(request),
        "title": of.title,
        "round": of,
        "shown": shown,
        "percent": round(100 * of.done / of.size),
        "before": shown_unit.position - 1,
        "pains": [
            (pain, KEYS[place] if place < len(KEYS) else "", shown.codes.get(pain.pk, ""))
            for place, pain in enumerate(pains)
        ],
        "stances": Evidence.Stance.choices,
    }
    return render(request, "admin/insights/round_read.html", context)


def _codes(typed: QueryDict) -> dict[int, str]:
    """`pain<key>` → stance, of those that were given one."""
    found = {}
    for name, value in typed.items():
        key = _number(name.removeprefix("pain"))
        if name.startswith("pain") and key is not None and value:
            found[key] = str(value)
    return found


def settle(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """What was read differently, with the log of who settled what and why."""
    of = get_object_or_404(rounds(), pk=pk)
    over = of.done == of.size
    found = disputes(of) if over else []
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    turns = turns_around([item.unit for item in shown])
    labels = dict(Adjudication.Decision.choices)
    context = {
        **site.each_context(request),
        "title": of.title,
        "round": of,
        "over": over,
        "page": shown,
        "disputes": [
            {
                "item": item,
                "turns": turns[item.unit.pk],
                "first": labels[item.first],
                "second": labels[item.second],
            }
            for item in shown
        ],
        "open": sum(not item.log for item in found),
        "total": len(found),
        "decisions": Adjudication.Decision.choices,
    }
    return render(request, "admin/insights/round.html", context)


def passages(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The passages behind a number of agreement, as both coders read them: `id__in`, `pain`."""
    rows = finished_units(blind_interviews(request.user.pk))
    wanted = request.GET.get("id__in", "")
    if wanted:
        rows = rows.filter(pk__in=[key for part in wanted.split(",") if (key := _number(part))])
    pain_id = _number(request.GET.get("pain"))
    if pain_id is not None:
        rows = rows.filter(round__pains=pain_id)
    coders = ("round__first_coder", "round__second_coder", "transcript__interview__creator")
    shown = Paginator(rows.select_related(*coders).defer("transcript__text"), PAGE).get_page(
        request.GET.get("page")
    )
    labels = dict(Adjudication.Decision.choices)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        **site.each_context(request),
        "title": _("Passages that two people read"),
        "page": shown,
        "query": kept.urlencode(),
        "passages": [
            {
                "row": row,
                "readings": [
                    (pain, labels[first], labels[second], first != second)
                    for pain, first, second in row.readings
                ],
            }
            for row in read_twice(list(shown), pain_id)
        ],
    }
    return render(request, "admin/insights/passages.html", context)


@require_POST
def adjudicate(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    unit = get_object_or_404(CodingUnit, pk=pk)
    pain = _number(request.POST.get("pain"))
    try:
        unit_adjudicate(
            unit_id=pk,
            pain_id=pain or 0,
            decision=request.POST.get("decision", ""),
            why=request.POST.get("why", ""),
            actor=person(request),
        )
        messages.success(request, _("Settled, and written down."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('admin:insights_round', args=[unit.round_id])}#u{pk}p{pain}")

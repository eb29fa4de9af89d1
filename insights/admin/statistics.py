"""Pages of statistics for the team, their files, and links to them for people without a login."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Study, Tier, User
from crm.segments import segments_for
from engines.admin import guarded
from insights.drawing import png, svg
from insights.figures.book import PAGES, TITLES, figure_of, params_of
from insights.figures.parts import Figure, csv_of, for_reader
from insights.findings.queue import rounds
from insights.findings.shared import shares_about
from insights.models import PainPoint, Share
from insights.selectors import blind_interviews, unread_pains
from insights.services.publishing import UnreadError, refuse_unread
from insights.services.shares import LONGEST_DAYS, share_create, share_revoke, share_token

KINDS = ("csv", "svg", "png")
TYPES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}
USUAL_DAYS = 14
SHARES = 200
"""Links that are listed, the newest."""


def urls(site: AdminSite) -> list[URLPattern]:
    def shown(key: str) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest) -> HttpResponse:
            return page(request, key, site)

        return view

    pages = [
        path(f"statistics/{key}/", guarded(site, shown(key), "insights.view_painpoint"),
             name=f"insights_{key}")
        for key in PAGES
    ]  # fmt: skip
    file = guarded(
        site, lambda r, key, kind: download(r, key, kind, site), "insights.view_painpoint"
    )
    return [
        *pages,
        path("statistics/<slug:key>/share/", guarded(site, share, "insights.add_share"),
             name="insights_share"),
        path("statistics/<slug:key>/file/<slug:kind>/", file, name="insights_figure_file"),
        path("shares/", guarded(site, lambda r: shares(r, site), "insights.view_share"),
             name="insights_shares"),
        path("shares/<int:pk>/revoke/", guarded(site, revoke, "insights.change_share"),
             name="insights_share_revoke"),
    ]  # fmt: skip


def page(request: HttpRequest, key: str, site: AdminSite) -> HttpResponse:
    """A figure with its filters, table, files and share form."""
    params = request.GET.dict()
    try:
        figure, problem = figure_of(key, params), ""
        kept = params_of(key, params)
    except DomainError as error:
        figure, problem, kept = figure_of(key, {}), str(error), {}
    context = {
        **site.each_context(request),
        "title": figure.title,
        "figure": for_reader(figure, blind_interviews(request.user.pk)),
        "problem": problem,
        "kept": kept,
        "query": urlencode(kept),
        "unread": unread_pains(figure.pains),
        "kinds": KINDS if figure.drawing else ("csv",) if figure.rows else (),
        "tabs": [(reverse(f"admin:insights_{name}"), title, name == key) for name, title in PAGES.items()],
        "studies": Study.objects.all(),
        "segments": segments_for(user) if (user := actor_of(request)) else (),
        "usual_days": USUAL_DAYS,
        "longest_days": LONGEST_DAYS,
        "may_share": request.user.has_perm("insights.add_share"),
        "print_date": True,
        **_choices(key, kept, figure),
    }  # fmt: skip
    return render(request, "admin/insights/statistics.html", context)


def _choices(key: str, kept: dict[str, str], figure: Figure) -> dict[str, Any]:
    if key == "prices":
        drawn = kept.get("pain") or "".join(map(str, figure.pains[:1]))
        pains = PainPoint.objects.open().filter(needs__too_cheap_minor__isnull=False).distinct()
        tiers = [("", _("All tiers")), *((t.value, t.label) for t in Tier)]
        return {
            "pains": [(str(p.pk), p.title, str(p.pk) == drawn) for p in pains],
            "tiers": [(value, label, value == kept.get("tier", "")) for value, label in tiers],
        }
    if key == "agreement":
        return {"rounds": [(str(r.pk), str(r), str(r.pk) == kept.get("round")) for r in rounds()]}
    return {}


@require_GET
def download(request: HttpRequest, key: str, kind: str, site: AdminSite) -> HttpResponse:
    """The figure as a file; held back while counter-evidence on one of its claims is unread."""
    if key not in TITLES or kind not in KINDS:
        return HttpResponse(_("There is no such file."), status=HTTPStatus.NOT_FOUND)
    try:
        figure = figure_of(key, request.GET.dict())
        refuse_unread(figure.pains)
    except UnreadError as error:
        return held_back(request, error, site)
    except DomainError as error:
        return HttpResponse(str(error), status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    body = _file(figure, kind)
    if body is None:
        return HttpResponse(figure.empty, status=HTTPStatus.NOT_FOUND, content_type="text/plain")
    response = HttpResponse(body, content_type=TYPES[kind])
    name = f"pingju-{slugify(figure.key)}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(figure: Figure, kind: str) -> bytes | str | None:
    if kind == "csv":
        return csv_of(figure)
    if figure.drawing is None:
        return None
    draw = svg if kind == "svg" else png
    return draw(figure.drawing, figure.title)


def held_back(request: HttpRequest, error: UnreadError, site: AdminSite) -> HttpResponse:
    """Why it cannot go out yet, and where to read what stands against it."""
    context = {
        **site.each_context(request),
        "title": _("Counter-evidence is unread"),
        "unread": error.pains,
    }
    return render(request, "admin/insights/held_back.html", context, status=HTTPStatus.CONFLICT)


@require_POST
def share(request: HttpRequest, key: str) -> HttpResponse:
    """Make a link to this page as it is filtered now."""
    actor = actor_of(request)
    if key not in TITLES or actor is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    back = redirect("admin:insights_codebook")
    days = request.POST.get("days", "")
    try:
        kept = params_of(key, request.POST.dict())
        back = redirect(_address(key, kept))
        share_create(
            page=key,
            params=kept,
            pains=figure_of(key, kept).pains,
            note=request.POST.get("note", ""),
            days=int(days) if days.isdigit() and len(days) < 6 else 0,
            actor=actor,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return back
    messages.success(request, _("The link is ready: copy it from the list."))
    return redirect("admin:insights_shares")


def _address(key: str, kept: dict[str, str]) -> str:
    """The page that a figure stands on, filtered as it is."""
    if key == "pain":
        return reverse("admin:insights_pain_page", args=[kept.get("pain", 0)])
    return f"{reverse(f'admin:insights_{key}')}?{urlencode(kept)}"


def shares(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """All links, who made them, until when they live, how often each was opened."""
    rows = Share.objects.select_related("created_by", "revoked_by").prefetch_related("openings")
    shown = list(rows[:SHARES])
    about = shares_about([row.params for row in shown])
    context = {
        **site.each_context(request),
        "title": _("Shared links"),
        "shares": [
            {
                "row": row,
                "title": TITLES.get(row.page, row.page),
                "about": words,
                "url": request.build_absolute_uri(reverse("shared", args=[share_token(row)])),
                "openings": list(row.openings.all()),
            }
            for row, words in zip(shown, about, strict=True)
        ],
    }
    return render(request, "admin/insights/shares.html", context)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Share, pk=pk)
    actor = actor_of(request)
    if isinstance(actor, User):
        share_revoke(share_id=pk, actor=actor)
        messages.success(request, _("The link is revoked."))
    return redirect("admin:insights_shares")

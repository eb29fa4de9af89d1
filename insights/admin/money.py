"""The pages of what the money says, with their charts and tables to take along."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from crm.paying import as_of, currencies
from engines.admin import guarded
from insights.models import PainPoint
from insights.money import creators_by_pain, pains_priced
from insights.money_pages import PAGES
from insights.panels import Panel, panel_of

PERMISSION = "crm.view_payment"
PAGE = 50
TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class Tab:
    url_name: str
    key: str
    title: str


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """To be put before a model's own: `money/…`."""

    def show(request: HttpRequest, page: str) -> HttpResponse:
        return page_view(request, site, page)

    def take(request: HttpRequest, page: str, panel: str, kind: str) -> HttpResponse:
        return file_view(request, page, panel, kind)

    def people(request: HttpRequest, pain: int) -> HttpResponse:
        return people_view(request, site, pain)

    return [
        path("money/<slug:page>/", guarded(site, show, PERMISSION), name="insights_money"),
        path(
            "money/<slug:page>/<slug:panel>.<slug:kind>",
            guarded(site, take, PERMISSION),
            name="insights_money_file",
        ),
        path(
            "money/pains/<int:pain>/",
            guarded(site, people, PERMISSION),
            name="insights_money_people",
        ),
    ]


def chosen_currency(request: HttpRequest) -> tuple[str, list[tuple[str, int]]]:
    """The currency asked for if somebody pays in it, else the one most pay in; and all of them."""
    there = currencies()
    asked = request.GET.get("currency", "")
    known = [currency for currency, _payers in there]
    return (asked if asked in known else (known[0] if known else "CNY")), there


def _panels(request: HttpRequest, page: str, currency: str) -> list[Panel]:
    if page not in PAGES:
        raise Http404
    if page == "prices":
        pain = request.GET.get("pain", "")
        return PAGES[page].build(currency, int(pain) if pain.isdigit() else None)
    return PAGES[page].build(currency)


def page_view(request: HttpRequest, site: admin.AdminSite, page: str) -> HttpResponse:
    currency, there = chosen_currency(request)
    panels = _panels(request, page, currency)
    pain = request.GET.get("pain", "")
    context = {
        **site.each_context(request),
        "title": _("What the money says"),
        "page": page,
        "tabs": PAGES.values(),
        "panels": panels,
        "currency": currency,
        "currencies": there,
        "single_currency": page == "prices",
        "query": urlencode({"currency": currency, **({"pain": pain} if pain else {})}),
        "as_of": as_of(),
        "pains_priced": pains_priced() if page == "prices" else [],
        "pain": pain,
    }
    return render(request, "admin/insights/money.html", context)


def file_view(request: HttpRequest, page: str, panel: str, kind: str) -> HttpResponse:
    currency, _there = chosen_currency(request)
    found = panel_of(_panels(request, page, currency), panel)
    return panel_file(found, kind, f"{page}-{panel}-{currency}")


def panel_file(panel: Panel | None, kind: str, name: str) -> HttpResponse:
    """A panel's drawing as SVG or PNG, or its numbers as CSV, to be saved."""
    if panel is None or kind not in TYPES or (kind != "csv" and panel.figure is None):
        raise Http404
    if kind == "csv":
        body: bytes | str = panel.csv()
    else:
        assert panel.figure is not None  # noqa: S101  for mypy; checked above
        body = panel.figure.png() if kind == "png" else panel.figure.svg()
    response = HttpResponse(body, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def people_view(request: HttpRequest, site: admin.AdminSite, pain: int) -> HttpResponse:
    """The creators behind a number of the page of pains."""
    row = get_object_or_404(PainPoint, pk=pain)
    raised = {"1": True, "0": False}.get(request.GET.get("raised", ""))
    currency = request.GET.get("paying", "")
    rows = creators_by_pain(pain, raised=raised, currency=currency)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": row.title,
        "pain": row,
        "raised": raised,
        "currency": currency,
        "tabs": PAGES.values(),
        "page": "pains",
        "query": urlencode({"currency": currency}) if currency else "",
        "people": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "keep": urlencode(
            {key: value for key, value in request.GET.items() if key in ("raised", "paying")}
        ),
    }
    return render(request, "admin/insights/money_people.html", context)

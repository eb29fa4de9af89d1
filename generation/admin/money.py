"""The money by feature, beside the other pages of what the money says."""

from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from crm.paying import as_of
from engines.admin import guarded
from generation.money_page import features
from insights.admin.money import PERMISSION, chosen_currency, panel_file
from insights.money_pages import PAGES
from insights.panels import panel_of


def urls(site: admin.AdminSite) -> list[URLPattern]:
    def show(request: HttpRequest) -> HttpResponse:
        return page_view(request, site)

    return [
        path("money/", guarded(site, show, PERMISSION), name="generation_money_features"),
        path(
            "money/<slug:page>/<slug:panel>.<slug:kind>",
            guarded(site, file_view, PERMISSION),
            name="generation_money_file",
        ),
    ]


def page_view(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    currency, there = chosen_currency(request)
    context = {
        **site.each_context(request),
        "title": _("What the money says"),
        "page": "features",
        "tabs": PAGES.values(),
        "panels": features(currency),
        "file_url": "admin:generation_money_file",
        "currency": currency,
        "currencies": there,
        "query": urlencode({"currency": currency}),
        "as_of": as_of(),
    }
    return render(request, "admin/insights/money.html", context)


def file_view(request: HttpRequest, page: str, panel: str, kind: str) -> HttpResponse:
    currency, _there = chosen_currency(request)
    return panel_file(panel_of(features(currency), panel), kind, f"{page}-{panel}-{currency}")

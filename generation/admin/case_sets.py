"""Sets of cases in the admin: made of novels and pasted texts, versioned, looked through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from unfold.decorators import display

from crm.exceptions import DomainError
from crm.http import actor_of
from engines.admin import ReadOnlyAdmin, guarded
from generation.case_forms import CaseSetForm
from generation.evaluations.cases import case_set_page, novels_to_take
from generation.models import CaseSet
from generation.services.evaluations.cases import cases_keep

VIEW, ADD = (f"generation.{name}_evaluation" for name in ("view", "add"))


def urls(site: AdminSite) -> list[URLPattern]:
    def ours(route: str, view: Callable[..., Any], permission: str, name: str) -> URLPattern:
        def here(request: HttpRequest, **keys: Any) -> HttpResponse:
            found: HttpResponse = view(request, site=site, **keys)
            return found

        checked: Any = guarded(site, here, permission)
        return path(route, checked, name=f"generation_{name}")

    return [
        ours("cases/", new, ADD, "case_set_new"),
        ours("cases/<int:pk>/", require_GET(show), VIEW, "case_set"),
    ]


def new(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """A set of cases from novels whose creators agreed to that, and from texts of the house."""
    novels = list(novels_to_take())
    form = CaseSetForm(request.POST or None, novels=novels)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = cases_keep(
                sources=form.sources(), kind=told["kind"], most=told["most"], title=told["title"],
                actor=actor_of(request), successor_of=told["version_of"], note=told["note"],
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept %(n)s cases.") % {"n": made.cases.count()})
            return redirect("admin:generation_case_set", made.pk)
    context = {
        **site.each_context(request),
        "title": _("New set of cases"),
        "form": form,
        "novels": novels,
        "picked": {*form.picked("novel"), *form.picked("chapter")},
    }
    status = 422 if form.is_bound else 200
    return render(request, "admin/generation/case_set_new.html", context, status=status)


def show(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """What is in a set: each case with its story, on which consent it rests, who evaluated on it."""
    row = get_object_or_404(CaseSet.objects.select_related("by"), pk=pk)
    context = {**site.each_context(request), "title": str(row), **case_set_page(row)}
    return render(request, "admin/generation/case_set.html", context)


@admin.register(CaseSet)
class CaseSetAdmin(ReadOnlyAdmin):
    list_display = ["card", "number", "kind", "language", "total", "by", "at"]
    list_select_related = ["by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseSet]:
        return super().get_queryset(request).annotate(case_count=Count("cases"))

    @display(description=_("title"), ordering="title")
    def card(self, row: CaseSet) -> SafeString:
        url = reverse("admin:generation_case_set", args=[row.pk])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, row.title)

    @display(description=_("cases"))
    def total(self, row: CaseSet) -> int:
        return row.case_count  # type: ignore[attr-defined]

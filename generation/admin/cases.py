from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import AuditEntry
from engines.admin import guarded
from generation.charts import break_even_chart
from generation.features.alarm.reading import policy
from generation.features.cases.reading import (
    Measured,
    edge_text,
    efforts,
    measured,
    quality_by_level,
    reach_by_tier,
    rivals,
    scores,
)
from generation.features.cases.roi import Assumptions, returns
from generation.models import ProjectCase
from generation.services.cases import case_save, forecast_add

STATUS_COLOURS = {
    ProjectCase.Status.OPEN: "info",
    ProjectCase.Status.TRIED: "warning",
    ProjectCase.Status.BUILT: "success",
    ProjectCase.Status.DROPPED: "danger",
}


class CalculatorForm(forms.Form):
    """The calculator's inputs, in yuan, percent and minutes; what is measured is filled in."""

    pieces = forms.FloatField(label=_("pieces a month"), min_value=0.1, max_value=500)
    hour = forms.FloatField(label=_("a creator's hour (yuan)"), min_value=0, max_value=10_000)
    saved = forms.FloatField(label=_("of the step saved (%)"), min_value=0, max_value=100)
    accepted = forms.FloatField(label=_("results kept (%)"), min_value=0, max_value=100)
    check = forms.FloatField(label=_("minutes lost on a rejected one"), min_value=0, max_value=600)
    run = forms.FloatField(label=_("our cost a piece (yuan)"), min_value=0, max_value=10_000)
    price = forms.FloatField(label=_("price a month (yuan)"), min_value=0, max_value=100_000)
    reach = forms.IntegerField(label=_("creators reached"), min_value=1, max_value=10_000_000)
    build = forms.FloatField(label=_("cost of building it (yuan)"), min_value=0, max_value=1e9)
    months = forms.IntegerField(label=_("months looked ahead"), min_value=3, max_value=60)

    @staticmethod
    def shown(given: Assumptions) -> dict[str, float]:
        return {
            "pieces": given.pieces,
            "hour": round(given.hour_minor / 100, 2),
            "saved": round(given.saved * 100, 1),
            "accepted": round(given.accepted * 100, 1),
            "check": given.check,
            "run": round(given.run_minor / 100, 2),
            "price": round(given.price_minor / 100, 2),
            "reach": given.reach,
            "build": round(given.build_minor / 100, 2),
            "months": given.months,
        }

    def given(self, base: Assumptions) -> Assumptions:
        data = self.cleaned_data
        same = abs(data["accepted"] / 100 - base.accepted) < 0.001
        return replace(
            base,
            pieces=data["pieces"],
            hour_minor=data["hour"] * 100,
            saved=data["saved"] / 100,
            accepted=base.accepted if same else data["accepted"] / 100,
            judged=base.judged if same else 0,
            check=data["check"],
            run_minor=data["run"] * 100,
            price_minor=data["price"] * 100,
            reach=data["reach"],
            build_minor=data["build"] * 100,
            months=data["months"],
        )


@admin.register(ProjectCase)
class ProjectCaseAdmin(ModelAdmin):
    list_display = [
        "title_shown",
        "step",
        "status_badge",
        "ceiling_by",
        "sure",
        "came_true",
        "story",
    ]
    list_filter = [("status", ChoicesDropdownFilter), ("step", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["step", "feature"]
    search_fields = ["title_zh", "title_en"]
    autocomplete_fields = ["step", "feature", "owner"]
    fieldsets = [
        (None, {"fields": [("title_zh", "title_en"), ("step", "feature"), ("status", "owner")]}),
        (_("Capability ceiling, a year ahead"), {"fields": ["ceiling_zh", "ceiling_en", "ceiling_by"]}),
        (_("Cut-in for an MVP"), {"fields": ["cut_in_zh", "cut_in_en", "trial_zh", "trial_en",
                                             ("trial_minor", "trial_days"), "build_minor"]}),
        (_("How it came out"), {"fields": [("came_true", "resolved_on"), "resolved_why"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectCase]:
        return super().get_queryset(request).prefetch_related("forecasts")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["ceiling_zh", "ceiling_by"] if obj else []

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        page = guarded(site, require_GET(self.page), "generation.view_projectcase")
        forecast = guarded(site, require_POST(self.forecast), "generation.change_projectcase")
        score = guarded(site, require_GET(self.score_page), "generation.view_projectcase")
        return [
            path("<int:pk>/story/", page, name="generation_case"),
            path("<int:pk>/forecast/", forecast, name="generation_case_forecast"),
            path("scores/", score, name="generation_case_scores"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: ProjectCase, form: Any, change: bool) -> None:
        case_save(case=obj, actor=actor_of(request), changed=list(form.changed_data))

    @display(description=_("case"), ordering="title_zh")
    def title_shown(self, case: ProjectCase) -> str:
        return case.title

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def status_badge(self, case: ProjectCase) -> tuple[str, str]:
        return case.status, case.get_status_display()

    @display(description=_("confidence"))
    def sure(self, case: ProjectCase) -> str:
        forecasts = list(case.forecasts.all())
        return f"{forecasts[0].percent}%" if forecasts else "—"

    @display(description=_("story"))
    def story(self, case: ProjectCase) -> SafeString:
        url = reverse("admin:generation_case", args=[case.pk])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Story and calculator"))

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The case with its forecasts, what is measured of its step, and the calculator."""
        case = get_object_or_404(
            ProjectCase.objects.select_related("step", "feature", "owner"), pk=pk
        )
        rows = efforts(case.step)
        facts = measured(case, rows)
        form = CalculatorForm(_asked(request, facts))
        given = form.given(facts.defaults) if form.is_valid() else facts.defaults
        result = returns(facts.minutes, facts.money, given, seed=case.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": case.title,
            "opts": self.model._meta,
            "case": case,
            "forecasts": case.forecasts.select_related("by"),
            "reach": reach_by_tier(rows),
            "levels": quality_by_level(rows),
            "edge": edge_text(rows),
            "rivals": rivals(policy().own_tool_id),
            "form": form,
            "assumed": facts.assumed,
            "facts": facts,
            "r": result,
            "chart": break_even_chart(result.months, result.break_even.value),
            "history": AuditEntry.objects.filter(
                object_type=case._meta.label_lower, object_id=str(case.pk)
            ).select_related("actor").order_by("-pk")[:20],
            "may_change": request.user.has_perm("generation.change_projectcase"),
        }  # fmt: skip
        return render(request, "admin/generation/case.html", context)

    def forecast(self, request: HttpRequest, pk: int) -> HttpResponse:
        case = get_object_or_404(ProjectCase, pk=pk)
        actor = actor_of(request)
        text = request.POST.get("percent", "")
        try:
            if actor is not None:
                forecast_add(
                    case=case,
                    percent=int(text) if text.isdecimal() else 0,
                    why=request.POST.get("why", "")[:300],
                    actor=actor,
                )
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("admin:generation_case", pk)

    def score_page(self, request: HttpRequest) -> HttpResponse:
        """How well the team foresaw: Brier scores of the decided cases."""
        found, mean = scores()
        context = {
            **self.admin_site.each_context(request),
            "title": _("How well we foresaw"),
            "opts": self.model._meta,
            "scores": found,
            "mean": mean,
        }
        return render(request, "admin/generation/case_scores.html", context)


def _asked(request: HttpRequest, facts: Measured) -> dict[str, Any]:
    """What the page was asked with, the measured values where it was asked with nothing."""
    shown: dict[str, Any] = dict(CalculatorForm.shown(facts.defaults))
    return {name: request.GET.get(name, value) for name, value in shown.items()}

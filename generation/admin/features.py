from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from crm.money import shown
from engines.admin import ReadOnlyAdmin, guarded
from generation.admin import money
from generation.features.dossier import dossier, to_document
from generation.models import Criterion, Feature, FeatureUse, Justification, Verdict
from insights.charts import prevalence_chart

STATUS_COLOURS = {
    Feature.Status.IDEA: "info",
    Feature.Status.JUSTIFIED: "info",
    Feature.Status.BUILDING: "warning",
    Feature.Status.LIVE: "success",
    Feature.Status.WATCHED: "warning",
    Feature.Status.RETIRED: "danger",
}


class JustificationInline(TabularInline):
    model = Justification
    extra = 0
    autocomplete_fields = ["pain", "payment"]
    fields = ["claim_zh", "claim_en", "pain", "payment"]


class CriterionInline(TabularInline):
    model = Criterion
    extra = 0
    fields = ["text_zh", "metric", "tier", "minimum_n", "operator", "threshold", "due"]


class VerdictInline(TabularInline):
    model = Verdict
    extra = 0
    can_delete = False
    fields = ["decision", "why", "by", "at"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Feature)
class FeatureAdmin(ModelAdmin):
    list_display = ["title_shown", "step", "status_badge", "reasons", "run_count", "dossier_link"]
    list_filter = [("status", ChoicesDropdownFilter), ("step", ChoicesDropdownFilter)]
    list_filter_submit = True
    search_fields = ["key", "title_zh", "title_en"]
    inlines = [JustificationInline, CriterionInline, VerdictInline]
    autocomplete_fields = ["owner"]
    readonly_fields = ["dossier_link"]
    fieldsets = [
        (None, {"fields": [("title_zh", "title_en"), ("key", "step"), ("status", "owner"),
                           "dossier_link"]}),
        (_("Hypothesis"), {"fields": ["hypothesis_zh", "hypothesis_en"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feature]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                reason_total=Count("justifications", distinct=True),
                run_total=Count("uses", distinct=True),
            )
        )

    def get_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.dossier_page, "generation.view_feature")
        data = guarded(self.admin_site, self.dossier_json, "generation.view_feature")
        return [
            path("<slug:key>/dossier/", page, name="generation_dossier"),
            path("<slug:key>/dossier.json", data, name="generation_dossier_json"),
            *super().get_urls(),
        ]

    @display(description=_("feature"), ordering="title_zh")
    def title_shown(self, feature: Feature) -> str:
        return feature.title

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def status_badge(self, feature: Feature) -> tuple[str, str]:
        return feature.status, feature.get_status_display()

    @display(description=_("justifications"), ordering="reason_total")
    def reasons(self, feature: Feature) -> int:
        return feature.reason_total  # type: ignore[attr-defined]  # annotated above

    @display(description=_("pipeline runs"), ordering="run_total")
    def run_count(self, feature: Feature) -> int:
        return feature.run_total  # type: ignore[attr-defined]  # annotated above

    @display(description=_("dossier"))
    def dossier_link(self, feature: Feature) -> SafeString | str:
        if feature.pk is None:
            return "—"
        url = reverse("admin:generation_dossier", args=[feature.key])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Open the dossier"))

    def dossier_page(self, request: HttpRequest, key: str) -> HttpResponse:
        """Why the feature exists: quotes, shares, payers, cost, criteria, signals."""
        feature = get_object_or_404(Feature.objects.select_related("owner"), key=key)
        found = dossier(feature)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dossier: %(feature)s") % {"feature": feature.title},
            "opts": self.model._meta,
            "d": found,
            "parts": [
                {
                    "pain": part,
                    "chart": prevalence_chart([line.prevalence for line in part.tiers]),
                }
                for part in found.pain_parts
            ],
        }
        return render(request, "admin/generation/dossier.html", context)

    def dossier_json(self, request: HttpRequest, key: str) -> JsonResponse:
        feature = get_object_or_404(Feature, key=key)
        options = {"ensure_ascii": False, "indent": 2}
        return JsonResponse(to_document(dossier(feature)), json_dumps_params=options)


@admin.register(Justification)
class JustificationAdmin(ModelAdmin):
    list_display = ["claim_shown", "feature", "pain", "payment"]
    list_select_related = ["feature", "pain", "payment"]
    autocomplete_fields = ["feature", "pain", "payment"]
    search_fields = ["claim_zh", "claim_en"]

    @display(description=_("claim"))
    def claim_shown(self, justification: Justification) -> str:
        return justification.claim


@admin.register(FeatureUse)
class FeatureUseAdmin(ReadOnlyAdmin):
    list_display = ["at", "feature", "creator", "run", "tokens", "cost", "accepted"]
    list_select_related = ["feature", "creator", "run__novel"]

    def get_urls(self) -> list[URLPattern]:
        return [*money.urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeatureUse]:
        return super().get_queryset(request).defer("run__novel__text")

    @display(description=_("cost"))
    def cost(self, use: FeatureUse) -> str:
        return shown(use.cost_minor, use.currency)

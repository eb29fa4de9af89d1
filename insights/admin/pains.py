from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from crm.http import actor_of
from engines.admin import guarded
from insights.charts import prevalence_chart
from insights.models import Evidence, PainPoint
from insights.selectors import (
    ALL,
    opportunities,
    prevalence_by_tier,
    quotes_of,
    raised_and_asked,
)


@admin.register(PainPoint)
class PainPointAdmin(ModelAdmin):
    list_display = ["title_shown", "step", "raised_count", "quote_count", "status", "page_link"]
    list_filter = [("step", RelatedDropdownFilter), ("status", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["step"]
    search_fields = ["title_zh", "title_en", "description_zh", "description_en"]
    autocomplete_fields = ["step", "parent", "merged_into"]
    readonly_fields = ["page_link"]
    fieldsets = [
        (None, {"fields": [("title_zh", "title_en"), ("step", "parent"), "page_link"]}),
        (_("Description"), {"fields": ["description_zh", "description_en", "colour"]}),
        (_("Status"), {"fields": [("status", "merged_into")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PainPoint]:
        return super().get_queryset(request).with_counts()

    def get_urls(self) -> list[URLPattern]:
        view = guarded(self.admin_site, self.page, "insights.view_painpoint")
        return [path("<int:pk>/page/", view, name="insights_pain_page"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: PainPoint, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = actor_of(request)
        super().save_model(request, obj, form, change)

    @display(description=_("pain point"), ordering="title_zh")
    def title_shown(self, pain: PainPoint) -> SafeString:
        return format_html(
            '<span class="pj-dot" data-colour="{}"></span> {}', pain.colour, pain.title
        )

    @display(description=_("creators who raised it"), ordering="raised")
    def raised_count(self, pain: PainPoint) -> int:
        return pain.raised  # type: ignore[attr-defined]  # annotated

    @display(description=_("quotes"), ordering="quotes")
    def quote_count(self, pain: PainPoint) -> int:
        return pain.quotes  # type: ignore[attr-defined]  # annotated

    @display(description=_("evidence"))
    def page_link(self, pain: PainPoint) -> SafeString | str:
        if pain.pk is None:
            return "—"
        url = reverse("admin:insights_pain_page", args=[pain.pk])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Quotes and numbers"))

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The pain point's page: who raised it by tier with n and interval, and every quote."""
        pain = get_object_or_404(PainPoint.objects.select_related("step", "parent"), pk=pk)
        rows = prevalence_by_tier(raised_and_asked([pk])[pk])
        quotes = list(quotes_of(pain))
        score = opportunities([pk])[pk][ALL]
        context = {
            **self.admin_site.each_context(request),
            "title": pain.title,
            "pain": pain,
            "opts": self.model._meta,
            "rows": rows,
            "chart": prevalence_chart(rows),
            "quotes_for": [item for item in quotes if item.stance == Evidence.Stance.FOR],
            "quotes_against": [item for item in quotes if item.stance == Evidence.Stance.AGAINST],
            "opportunity": score.value,
            "rated": score.n,
            "justifies": pain.justifies.select_related("feature"),
        }
        return render(request, "admin/insights/pain_page.html", context)

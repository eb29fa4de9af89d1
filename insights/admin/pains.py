from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from crm.exceptions import DomainError
from crm.http import actor_of
from engines.admin import guarded
from insights.admin import codebook, pain_page, rounds, statistics, study_board
from insights.models import PainPoint
from insights.services.codebook import pain_move


@admin.register(PainPoint)
class PainPointAdmin(ModelAdmin):
    list_display = ["title_shown", "step", "raised_count", "quote_count", "status", "page_link"]
    list_filter = [("step", RelatedDropdownFilter), ("status", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["step"]
    search_fields = ["title_zh", "title_en", "description_zh", "description_en"]
    autocomplete_fields = ["step", "parent"]
    readonly_fields = ["page_link", "status", "merged_into"]
    fieldsets = [
        (None, {"fields": [("title_zh", "title_en"), ("step", "parent"), "page_link"]}),
        (_("Description"), {"fields": ["description_zh", "description_en", "colour"]}),
        (_("Status"), {"fields": [("status", "merged_into")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PainPoint]:
        return super().get_queryset(request).with_counts()

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        view = guarded(site, lambda r, pk: pain_page.page(r, pk, site), "insights.view_painpoint")
        against = guarded(site, pain_page.read_against, "insights.add_counterreading")
        return [
            path("<int:pk>/page/", view, name="insights_pain_page"),
            path("<int:pk>/against/", against, name="insights_read_against"),
            *codebook.urls(site),
            *rounds.urls(site),
            *statistics.urls(site),
            *study_board.urls(site),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # retired instead, on the codebook's page

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "colour":
            kwargs["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: PainPoint, form: Any, change: bool) -> None:
        """Where it stands in the tree is changed by the service, which also moves its parts."""
        parent, step = obj.parent_id, obj.step_id
        if change:
            kept = PainPoint.objects.get(pk=obj.pk)
            obj.parent_id, obj.step_id = kept.parent_id, kept.step_id
        else:
            obj.created_by = actor_of(request)
        super().save_model(request, obj, form, change)
        actor = actor_of(request)
        if obj.status == PainPoint.Status.OPEN and actor is not None:
            try:
                pain_move(pain_id=obj.pk, parent_id=parent, step_id=step, actor=actor)
            except DomainError as error:
                self.message_user(request, str(error), messages.ERROR)

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

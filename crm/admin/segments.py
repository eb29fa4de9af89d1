"""Segments: a form over the conditions that there are, who meets them, and the filter of the list."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Creator, Segment, Tier, User
from crm.segments import CONDITIONS, people_in, segments_for, spelled
from crm.services.segments import segment_delete, segment_save


class SegmentFilter(admin.SimpleListFilter):
    """Creators in a saved segment."""

    title = _("segment")
    parameter_name = "segment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        user = actor_of(request)
        return [(str(row.pk), row.name) for row in segments_for(user)] if user else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Creator]) -> QuerySet[Creator]:
        user, wanted = actor_of(request), self.value()
        if user is None or not wanted or not str(wanted).isdecimal():
            return queryset
        segment = segments_for(user).filter(pk=int(wanted)).first()
        return queryset.filter(pk__in=people_in(segment)) if segment else queryset.none()


@admin.register(Segment)
class SegmentAdmin(ModelAdmin):
    list_display = ["name", "says", "people", "shared", "by", "at"]
    search_fields = ["name"]
    list_select_related = ["by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        user = actor_of(request)
        return segments_for(user) if isinstance(user, User) else Segment.objects.none()

    @display(description=_("who"))
    def says(self, segment: Segment) -> str:
        return " · ".join(f"{title}: {values}" for title, values in spelled(segment.conditions))

    @display(description="n")
    def people(self, segment: Segment) -> SafeString:
        address = f"{reverse('admin:crm_creator_changelist')}?segment={segment.pk}"
        return format_html(
            '<a class="pj-link" href="{}">{}</a>', address, people_in(segment).count()
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            return HttpResponse(status=403)
        return self._edit(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return HttpResponse(status=403)
        rows = self.get_queryset(request)
        return self._edit(request, get_object_or_404(rows, pk=object_id))

    def delete_model(self, request: HttpRequest, obj: Segment) -> None:
        user = actor_of(request)
        if user is not None:
            segment_delete(segment=obj, actor=user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Segment]) -> None:
        for segment in queryset:
            self.delete_model(request, segment)

    def _edit(self, request: HttpRequest, segment: Segment | None) -> HttpResponse:
        user, problem = actor_of(request), ""
        posted = {key: request.POST.getlist(key) for key in CONDITIONS}
        may = self.has_change_permission(request) if segment else self.has_add_permission(request)
        if request.method == "POST" and user is not None and may:
            try:
                saved = segment_save(
                    name=request.POST.get("name", ""), posted=posted,
                    shared="shared" in request.POST, actor=user, segment=segment,
                )  # fmt: skip
            except DomainError as error:
                problem = str(error)
            else:
                messages.success(request, _("The segment is saved."))
                return redirect("admin:crm_segment_change", saved.pk)
        chosen = posted if request.method == "POST" else segment.conditions if segment else {}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": segment.name if segment else _("New segment"),
            "segment": segment,
            "problem": problem,
            "may": may,
            "name": request.POST.get("name", segment.name if segment else ""),
            "shared": "shared" in request.POST
            if request.method == "POST"
            else segment.shared if segment else True,
            "conditions": [
                {
                    "key": key,
                    "title": condition.title,
                    "choices": [
                        (value, label, value in chosen.get(key, ()))
                        for value, label in condition.choices()
                    ],
                }
                for key, condition in CONDITIONS.items()
            ],
            **(_who(segment) if segment else {}),
        }  # fmt: skip
        return render(request, "admin/crm/segment.html", context, status=422 if problem else 200)


def _who(segment: Segment) -> dict[str, Any]:
    """How many meet it today, by tier."""
    rows = people_in(segment).order_by().values_list("tier").annotate(n=Count("pk", distinct=True))
    by_tier = dict(rows)
    return {
        "n": sum(by_tier.values()),
        "tiers": [(tier.value, tier.label, by_tier.get(tier.value, 0)) for tier in Tier],
    }

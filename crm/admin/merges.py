"""Creators who may be one person: suggestions, the merge with its preview, and taking it back."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.duplicates import duplicates
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Creator, CreatorMerge
from crm.roster_words import FIELDS
from crm.services.merges import creators_differ, creators_merge, merge_preview, merge_undo
from engines.admin import ReadOnlyAdmin, guarded

PAGE = 25
FOUND = 50  # creators that a search names


@admin.register(CreatorMerge)
class CreatorMergeAdmin(ReadOnlyAdmin):
    list_display = ["source_name", "target", "moved_count", "by", "at", "state"]
    list_select_related = ["target", "by"]
    search_fields = ["source_name", "target__name"]
    fields = ["source_name", "target", "why", "moved_count", ("by", "at"), "undone_at"]
    actions_list = ["look_for_duplicates"]
    actions_detail = ["take_back"]

    def get_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return guarded(self.admin_site, view, "crm.delete_creator")

        return [
            path("duplicates/", page(self.duplicates_view), name="crm_duplicates"),
            path("<int:pk>/into/<int:other>/", page(self.merge_view), name="crm_creators_merge"),
            path("<int:pk>/undo/", page(self.undo_view), name="crm_merge_undo"),
            *super().get_urls(),
        ]

    @action(description=_("Look for duplicates"), url_path="to-duplicates", icon="group_work")
    def look_for_duplicates(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_duplicates")

    @action(description=_("Take back"), url_path="take-back", icon="undo")
    def take_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_merge_undo", object_id)

    @display(description=_("state"), label=True)
    def state(self, merge: CreatorMerge) -> str | None:
        return str(_("taken back")) if merge.undone_at else None

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """Pairs that resemble each other, of one creator (`?creator=`) or of all."""
        if request.method == "POST":
            first, _colon, second = request.POST.get("differ", "").partition(":")
            if first.isdecimal() and second.isdecimal():
                creators_differ(
                    one=get_object_or_404(Creator, pk=int(first)),
                    other=get_object_or_404(Creator, pk=int(second)),
                    actor=actor_of(request),
                )
                messages.success(request, _("They are not suggested again."))
            return redirect(request.get_full_path())
        key = request.GET.get("creator", "")
        of = get_object_or_404(Creator, pk=int(key)) if key.isdecimal() else None
        page = Paginator(duplicates(of), PAGE).get_page(request.GET.get("page"))
        words = request.GET.get("q", "").strip()
        called = Q(name__icontains=words) | Q(handle__icontains=words)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Who may be one person"),
            "page": page,
            "of": of,
            "words": words,
            "others": Creator.objects.filter(called)
            .exclude(pk=of.pk)
            .order_by("name", "pk")[:FOUND]
            if of and words
            else (),
        }
        return render(request, "admin/crm/duplicates.html", context)

    def merge_view(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        """Merge the first into the other, after a look at what that moves."""
        source, target = get_object_or_404(Creator, pk=pk), get_object_or_404(Creator, pk=other)
        if request.method == "POST":
            try:
                done = creators_merge(
                    source=source, target=target, why=request.POST.get("why", ""),
                    actor=actor_of(request),
                )  # fmt: skip
            except DomainError as error:
                messages.error(request, str(error))
            else:
                messages.success(
                    request,
                    _("%(source)s and %(target)s are one now.")
                    % {"source": done.source_name, "target": target.name},
                )
                return redirect("admin:crm_creatormerge_change", done.pk)
        preview = merge_preview(source=source, target=target)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Merge %(source)s into %(target)s")
            % {"source": _called(source), "target": _called(target)},
            "source": source,
            "target": target,
            "called": (_called(source), _called(target)),
            "preview": preview,
            "filled": [str(FIELDS.get(name, name)) for name in preview.filled if name in FIELDS],
        }
        return render(request, "admin/crm/creators_merge.html", context)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        merge = get_object_or_404(CreatorMerge.objects.select_related("target"), pk=pk)
        if request.method == "POST":
            try:
                source = merge_undo(merge=merge, actor=actor_of(request))
            except DomainError as error:
                messages.error(request, str(error))
                return redirect("admin:crm_creatormerge_change", pk)
            messages.success(request, _("%(name)s is back.") % {"name": source.name})
            return redirect("admin:crm_creator_change", source.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Take the merge of %(name)s back?") % {"name": merge.source_name},
            "merge": merge,
        }
        return render(request, "admin/crm/merge_undo.html", context)


def _called(creator: Creator) -> str:
    """A creator so that two of one name can be told apart."""
    beside = " ".join(part for part in (creator.platform, creator.handle) if part)
    return f"{creator.name} ({beside})" if beside else creator.name

"""The versions of a transcript: who made them, what each changed, an older one brought back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Interview, TranscriptVersion
from crm.services.versions import version_restore
from crm.transcript_reasons import format_label, line_text
from crm.transcripts.comparing import Comparison, compared
from engines.admin import guarded

PAGE = 50


class VersionPages(ModelAdmin):
    """The page of a transcript's versions, for the interviews' admin."""

    def version_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.versions_view, "crm.view_interview")
        return [path("<int:pk>/versions/", page, name="crm_transcript_versions")]

    def versions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        interview = get_object_or_404(Interview.objects.select_related("creator"), pk=pk)
        may = request.user.has_perm("crm.change_interview") and interview.usable
        rows = interview.transcripts.select_related("created_by").defer("text")
        versions = list(rows.order_by("-version"))
        if request.method == "POST" and may:
            return self._restored(request, interview, versions)
        old, new = _chosen(request, versions if interview.usable else [])
        found = _between(old, new)
        turns = Paginator(found.turns, PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Versions of the transcript: %(interview)s") % {"interview": interview},
            "opts": self.model._meta,
            "interview": interview,
            "versions": [(row, format_label(row.format)) for row in versions],
            "rejected": [
                (item.get("line"), line_text(item)) for item in versions[-1].rejected
            ] if versions else [],
            "old": old,
            "new": new,
            "turns": turns,
            "renamed": sorted(found.renamed.items()),
            "may": may,
        }  # fmt: skip
        return render(request, "admin/crm/transcript_versions.html", context)

    def _restored(
        self, request: HttpRequest, interview: Interview, versions: list[TranscriptVersion]
    ) -> HttpResponse:
        chosen = next((row for row in versions if str(row.pk) == request.POST.get("back")), None)
        try:
            if chosen is None:
                raise DomainError(_("Choose a version."), "no_version")
            made, carried = version_restore(version=chosen, actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            told = _("Version %(old)s is brought back as version %(new)s.")
            messages.success(request, told % {"old": chosen.version, "new": made.version})
            if carried.lost:
                lost = _("Passages that could not be found in the new version: %(n)s.")
                messages.warning(request, lost % {"n": len(carried.lost)})
        return redirect("admin:crm_transcript_versions", interview.pk)


def _chosen(
    request: HttpRequest, versions: list[TranscriptVersion]
) -> tuple[TranscriptVersion | None, TranscriptVersion | None]:
    """The two versions to compare: those asked for, else the newest with the one before it."""
    by_number = {str(row.version): row for row in versions}
    new = by_number.get(request.GET.get("b", "")) or (versions[0] if versions else None)
    if new is None:
        return None, None
    before = by_number.get(request.GET.get("a", "")) or by_number.get(str(new.version - 1))
    return before, new


def _between(old: TranscriptVersion | None, new: TranscriptVersion | None) -> Comparison:
    if old is None or new is None:
        return Comparison()
    said: list[list[tuple[str, str]]] = [
        list(row.utterances.order_by("index").values_list("speaker", "text")) for row in (old, new)
    ]
    return compared(*said)

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from crm.admin.creators import TIER_COLOURS, ReadOnlyInline
from crm.admin.recordings import RecordingPages
from crm.admin.transcripts import TranscriptPages
from crm.admin.versions import VersionPages
from crm.models import Consent, Interview


class ConsentInline(ReadOnlyInline):
    model = Consent
    fields = ["purpose", "given", "form_version", "channel", "at", "by"]


@admin.register(Interview)
class InterviewAdmin(TranscriptPages, RecordingPages, VersionPages):
    list_display = ["at", "creator", "tier_badge", "study", "paying_then", "status", "open_link"]
    list_display_links = ["at"]
    list_filter = [
        ("tier_then", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("study", RelatedDropdownFilter),
    ]
    list_filter_submit = True
    list_per_page = 50
    list_select_related = ["creator", "study"]
    search_fields = ["creator__name"]
    autocomplete_fields = ["creator", "study"]
    readonly_fields = ["open_link"]
    inlines = [ConsentInline]
    actions_list = ["import_transcript"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": [("creator", "study"), "at", ("minutes", "open_link")]}),
        (_("At that time"), {"fields": [("tier_then", "paying_then"), ("status", "language")]}),
        (None, {"fields": ["note"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        own = [*self.transcript_urls(), *self.recording_urls(), *self.version_urls()]
        return [*own, *super().get_urls()]

    @display(description=_("tier then"), ordering="tier_then", label=TIER_COLOURS)
    def tier_badge(self, interview: Interview) -> tuple[str, str]:
        return interview.tier_then, interview.get_tier_then_display()

    @display(description=_("transcript"))
    def open_link(self, interview: Interview) -> SafeString | str:
        if interview.pk is None:
            return "—"
        return format_html(
            '<a class="pj-link" href="{}">{}</a> · <a class="pj-link" href="{}">{}</a>'
            ' · <a class="pj-link" href="{}">{}</a>',
            reverse("admin:insights_workspace", args=[interview.pk]),
            _("Read and highlight"),
            reverse("admin:crm_recordings", args=[interview.pk]),
            _("Recordings"),
            reverse("admin:crm_transcript_versions", args=[interview.pk]),
            _("Versions"),
        )

    @action(description=_("Import a transcript"), url_path="import-transcript", icon="upload_file")
    def import_transcript(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_interview_import")

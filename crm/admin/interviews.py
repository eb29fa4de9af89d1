from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
)

from crm.admin.creators import TIER_COLOURS, ReadOnlyInline
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Consent, Creator, GuideQuestion, Interview, Study, Tier
from crm.services.interviews import interviews_import
from engines.admin import guarded


class GuideQuestionInline(TabularInline):
    model = GuideQuestion
    extra = 0


class ConsentInline(ReadOnlyInline):
    model = Consent
    fields = ["purpose", "given", "form_version", "channel", "at", "by"]


@admin.register(Study)
class StudyAdmin(ModelAdmin):
    list_display = ["title_shown", "target_head", "target_mid", "target_entry", "created_at"]
    search_fields = ["key", "title_zh", "title_en"]
    inlines = [GuideQuestionInline]

    @display(description=_("study"))
    def title_shown(self, study: Study) -> str:
        return study.title


class TranscriptForm(forms.Form):
    """A transcript file with what the file itself does not say."""

    file = forms.FileField(label=_("transcript"), widget=UnfoldAdminFileFieldWidget)
    creator = forms.ModelChoiceField(
        Creator.objects.all(),
        required=False,
        label=_("creator"),
        help_text=_("Empty: found by the speaker's name, or added as a new creator."),
        widget=UnfoldAdminSelectWidget,
    )
    study = forms.ModelChoiceField(
        Study.objects.all(), required=False, label=_("study"), widget=UnfoldAdminSelectWidget
    )
    tier = forms.ChoiceField(
        choices=Tier.choices,
        label=_("tier of a new creator"),
        initial=Tier.ENTRY,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(Interview)
class InterviewAdmin(ModelAdmin):
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
        (None, {"fields": [("creator", "study"), ("at", "minutes"), "open_link"]}),
        (_("At that time"), {"fields": [("tier_then", "paying_then"), ("status", "language")]}),
        (None, {"fields": ["note"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        view = guarded(self.admin_site, self.import_view, "crm.add_interview")
        return [path("import/", view, name="crm_interview_import"), *super().get_urls()]

    @display(description=_("tier then"), ordering="tier_then", label=TIER_COLOURS)
    def tier_badge(self, interview: Interview) -> tuple[str, str]:
        return interview.tier_then, interview.get_tier_then_display()

    @display(description=_("transcript"))
    def open_link(self, interview: Interview) -> SafeString | str:
        if interview.pk is None:
            return "—"
        return format_html(
            '<a class="pj-link" href="{}">{}</a>',
            reverse("admin:insights_workspace", args=[interview.pk]),
            _("Read and highlight"),
        )

    @action(description=_("Import a transcript"), url_path="import-transcript", icon="upload_file")
    def import_transcript(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_interview_import")

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload one transcript; afterwards straight into its workspace."""
        form = TranscriptForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            done = self._import(request, form)
            if done is not None:
                return done
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a transcript"),
            "form": form,
            "opts": self.model._meta,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/upload_form.html", context, status=status)

    def _import(self, request: HttpRequest, form: TranscriptForm) -> HttpResponse | None:
        upload = form.cleaned_data["file"]
        try:
            report = interviews_import(
                data=upload.read(),
                name=upload.name,
                creator=form.cleaned_data["creator"],
                study=form.cleaned_data["study"],
                tier=form.cleaned_data["tier"],
                actor=actor_of(request),
            )
        except DomainError as error:
            form.add_error("file", str(error))
            return None
        for line, reason in report.rejected[:20]:
            messages.warning(request, _("Line %(line)s: %(why)s") % {"line": line, "why": reason})
        if report.duplicates:
            messages.warning(
                request, _("This transcript was imported before; nothing was doubled.")
            )
            return redirect("admin:insights_workspace", report.duplicates[0].pk)
        if not report.interviews:
            form.add_error("file", str(_("There are no utterances in this file.")))
            return None
        messages.success(
            request,
            ngettext("%(n)s utterance imported.", "%(n)s utterances imported.", report.utterances)
            % {"n": report.utterances},
        )
        if len(report.interviews) > 1:
            return redirect("admin:crm_interview_changelist")
        return redirect("admin:insights_workspace", report.interviews[0].pk)

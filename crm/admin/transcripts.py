"""A transcript on its way in: upload, a look at what it would become, the yes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
)

from crm import transcripts
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Creator, Study, Tier, User
from crm.services.interviews import interviews_import
from crm.services.transcript_drafts import (
    TranscriptDraft,
    TranscriptPreview,
    draft_drop,
    draft_keep,
    draft_of,
    transcript_preview,
)
from crm.transcript_reasons import format_label, line_text
from engines.admin import guarded

SHOWN = 80  # turns in the preview
TOLD = 50  # lines that are named


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("transcript"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "txt of iFLYTEK, Feishu, Tencent Meeting, Otter, Google Meet or “speaker: text”; vtt, "
            "srt, sbv, docx; csv of transcript_id and text. Any Chinese encoding."
        ),
    )


class BookingForm(forms.Form):
    """Whose interview it is. Speakers are asked for beside it, one field each."""

    creator = forms.ModelChoiceField(
        Creator.objects.all(),
        required=False,
        label=_("creator"),
        empty_label=_("Find by the speaker's name, or add"),
        widget=UnfoldAdminSelectWidget,
    )
    tier = forms.ChoiceField(
        choices=Tier.choices,
        label=_("tier of a new creator"),
        initial=Tier.ENTRY,
        widget=UnfoldAdminSelectWidget,
    )
    study = forms.ModelChoiceField(
        Study.objects.all(),
        required=False,
        label=_("study"),
        empty_label=_("Of no study"),
        widget=UnfoldAdminSelectWidget,
    )
    at = forms.DateTimeField(
        required=False,
        label=_("time of the interview"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "pj-input"}, format="%Y-%m-%dT%H:%M"
        ),
        help_text=_("Empty: what the file says, else now."),
    )


class TranscriptPages(ModelAdmin):
    """The pages of a transcript's import, for the interviews' admin."""

    def transcript_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return guarded(self.admin_site, view, "crm.add_interview")

        return [
            path("import/", page(self.import_view), name="crm_interview_import"),
            path("import/preview/", page(self.preview_view), name="crm_interview_preview"),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload: UploadedFile = form.cleaned_data["file"]
            data, name = upload.read(), upload.name or "transcript"
            try:
                transcript_preview(data=data, name=name)
            except DomainError as error:
                form.add_error("file", str(error))
            else:
                draft = draft_keep(data=data, name=name, actor=_user(request))
                return redirect(_address(draft))
        context = self._page(request, _("Import a transcript")) | {"form": form}
        status = 422 if form.errors else 200
        return render(request, "admin/upload_form.html", context, status=status)

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What the file would become; imported only when confirmed here."""
        try:
            draft = draft_of(request.GET.get("draft", ""), _user(request))
            data = draft.read()
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("admin:crm_interview_import")
        if "discard" in request.POST:
            draft_drop(draft)
            messages.info(request, _("Nothing was imported."))
            return redirect("admin:crm_interview_import")
        format, problem = request.GET.get("format", "auto"), ""
        try:
            preview = transcript_preview(data=data, name=draft.name, format=format)
        except DomainError as error:  # a format chosen by hand that does not fit
            problem, format = str(error), "auto"
            preview = transcript_preview(data=data, name=draft.name)
        form = BookingForm(request.POST or None, initial={"creator": preview.person})
        if request.method == "POST" and not problem and form.is_valid():
            try:
                return self._import(request, draft, data, format, preview, form)
            except DomainError as error:
                problem = str(error)
        title = gettext("Before it is imported: %(name)s") % {"name": draft.name}
        context = self._page(request, title) | _shown(preview) | {
            "draft": draft, "form": form, "problem": problem,
        }  # fmt: skip
        status = 422 if problem or form.errors else 200
        return render(request, "admin/crm/transcript_preview.html", context, status=status)

    def _import(
        self,
        request: HttpRequest,
        draft: TranscriptDraft,
        data: bytes,
        format: str,
        preview: TranscriptPreview,
        form: BookingForm,
    ) -> HttpResponse:
        names = {
            item.name: " ".join(request.POST.get(f"speaker-{number}", "").split())[:80] or item.name
            for number, item in enumerate(preview.speakers)
        }
        report = interviews_import(
            data=data,
            name=draft.name,
            format=format,
            creator=form.cleaned_data["creator"],
            study=form.cleaned_data["study"],
            tier=form.cleaned_data["tier"],
            at=form.cleaned_data["at"],
            actor=actor_of(request),
            speakers={old: new for old, new in names.items() if old != new},
        )
        draft_drop(draft)
        if report.duplicates:
            messages.warning(
                request,
                ngettext(
                    "%(n)s transcript was imported before; nothing was doubled.",
                    "%(n)s transcripts were imported before; nothing was doubled.",
                    len(report.duplicates),
                )
                % {"n": len(report.duplicates)},
            )
        made = report.interviews or report.duplicates
        if report.interviews:
            messages.success(
                request,
                ngettext(
                    "%(n)s utterance imported.", "%(n)s utterances imported.", report.utterances
                )
                % {"n": report.utterances},
            )
        if len(made) != 1:
            return redirect("admin:crm_interview_changelist")
        return redirect("admin:insights_workspace", made[0].pk)

    def _page(self, request: HttpRequest, title: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def _user(request: HttpRequest) -> User:
    user = actor_of(request)
    if user is None:
        raise DomainError(gettext("Log in again."), code="no_user")
    return user


def _address(draft: TranscriptDraft) -> str:
    return f"{reverse('admin:crm_interview_preview')}?{urlencode({'draft': draft.token})}"


def _shown(preview: TranscriptPreview) -> dict[str, Any]:
    first = preview.transcripts[0]
    total = sum(item.length for item in preview.speakers) or 1
    guessed = {guess.format: guess for guess in preview.guesses}
    guess = guessed.get(preview.format)
    return {
        "preview": preview,
        "first": first,
        "format": format_label(first.format),
        "read_as": format_label(preview.format),
        "guess": guess,
        "fit": round(100 * guess.score) if guess else 0,
        "choices": [
            (name, format_label(name), round(100 * guessed[name].score) if name in guessed else 0)
            for name in sorted(
                (name for name in transcripts.FORMATS if name != "docx"),
                key=lambda name: -(guessed[name].score if name in guessed else 0.0),
            )
        ],
        "speakers": [
            (item, round(100 * item.length / total)) for item in preview.speakers
        ],
        "warnings": [(item.line, line_text(item)) for item in preview.rejected[:TOLD]],
        "notes": [(item.line, line_text(item)) for item in preview.notes[:TOLD]],
        "more": max(0, len(preview.rejected) - TOLD) + max(0, len(preview.notes) - TOLD),
        "repairs": first.repairs,
        "many": [
            (item, preview.known.get(item.fingerprint)) for item in preview.transcripts
        ] if len(preview.transcripts) > 1 else [],
        "already": next(iter(preview.known.values()), None) if not preview.fresh else None,
        "turns": first.utterances[:SHOWN],
        "left": max(0, len(first.utterances) - SHOWN),
    }  # fmt: skip

"""Assistants for the team: suggestions beside the transcript, questions answered with proof."""

import json
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from crm.exceptions import DomainError
from crm.models import Interview, Study, Tier, User
from crm.selectors import transcript_current
from crm.services.interviews import INTERVIEWERS
from engines.admin import ReadOnlyAdmin, guarded
from insights.admin import workspace
from insights.admin.suggested import listed
from insights.admin.workspace_state import is_hidden
from insights.assisting import answer_lines, decided_by_way, third_coders
from insights.models import AssistantJob, Suggestion
from insights.services.assistants import (
    answer_start,
    coding_start,
    job_cancel,
    suggest_start,
    suggestion_accept,
    suggestion_reject,
)
from insights.services.assistants.ways import way_title, ways
from insights.tasks import assistant_job_start


class AskForm(forms.Form):
    question = forms.CharField(
        max_length=300, label=_("question"), widget=UnfoldAdminTextInputWidget
    )
    tier = forms.ChoiceField(
        choices=[("", _("All tiers")), *Tier.choices],
        required=False,
        label=_("tier"),
        widget=UnfoldAdminSelectWidget,
    )
    study = forms.ModelChoiceField(
        Study.objects.all(),
        required=False,
        label=_("study"),
        empty_label=_("All studies"),
        widget=UnfoldAdminSelectWidget,
    )
    way = forms.ChoiceField(label=_("way"), widget=UnfoldAdminSelectWidget)
    token = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        if isinstance(field, forms.ChoiceField):
            field.choices = ways()


@admin.register(AssistantJob)
class AssistantJobAdmin(ReadOnlyAdmin):
    list_display = [
        "task",
        "__str__",
        "state",
        "way_shown",
        "found",
        "dropped",
        "asked_by",
        "queued_at",
    ]
    list_filter = ["task", "state"]
    list_select_related = ["asked_by"]
    exclude = ["answer", "token"]

    @display(description=_("way"))
    def way_shown(self, job: AssistantJob) -> str:
        return way_title(job.way_used or job.way)

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        view, add = "crm.view_interview", "insights.add_evidence"
        pages: list[tuple[str, Callable[..., HttpResponse], str, str]] = [
            ("assistants/", self.page, view, "insights_assistants"),
            ("assistants/ask/", self.ask, view, "insights_ask"),
            ("assistants/ask/<int:pk>/", self.answer, view, "insights_answer"),
            ("assistants/code/", self.code, add, "insights_machine_code"),
            ("assistants/<int:pk>/cancel/", self.cancel, view, "insights_assistant_cancel"),
            ("assistants/suggest/<int:pk>/", self.suggest, add, "insights_suggest"),
            ("assistants/suggested/<int:pk>/", self.suggested, view, "insights_suggested"),
            ("assistants/decide/<int:pk>/", self.decide, add, "insights_decide"),
        ]
        return [
            *(path(where, guarded(site, page, may), name=name) for where, page, may, name in pages),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest) -> HttpResponse:
        """How good the assistants are by what people decided, and the machine as third coder."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assistants"),
            "opts": self.model._meta,
            "decided": decided_by_way(),
            "third": third_coders(),
            "ways": ways(),
            "studies": Study.objects.all(),
            "jobs": AssistantJob.objects.select_related(
                "asked_by", "transcript__interview__creator"
            )[:15],
            "running": AssistantJob.objects.exclude(state__in=AssistantJob.ENDED).exists(),
            "may_code": request.user.has_perm("insights.add_evidence"),
            "token": uuid.uuid4().hex,
        }
        return render(request, "admin/insights/assistants.html", context)

    def ask(self, request: HttpRequest) -> HttpResponse:
        form = AskForm(request.POST or None, initial={"token": uuid.uuid4().hex})
        if request.method == "POST" and form.is_valid():
            try:
                job = answer_start(actor=_user(request), **form.cleaned_data)
            except DomainError as error:
                form.add_error("question", str(error))
            else:
                assistant_job_start(job.pk)
                return redirect("admin:insights_answer", job.pk)
        asked = AssistantJob.objects.filter(task=AssistantJob.Task.ANSWER)
        return self._asking(request, form, asked=asked.select_related("asked_by")[:20])

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(AssistantJob, pk=pk, task=AssistantJob.Task.ANSWER)
        form = AskForm(
            initial={
                "question": job.question, "tier": job.tier, "study": job.study_id,
                "way": job.way, "token": uuid.uuid4().hex,
            }
        )  # fmt: skip
        return self._asking(request, form, job=job, lines=answer_lines(job.answer, INTERVIEWERS))

    def _asking(self, request: HttpRequest, form: AskForm, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ask what was said"),
            "opts": self.model._meta,
            "form": form,
            **more,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/insights/ask.html", context, status=status)

    @method_decorator(require_POST)
    def code(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("study", "")
        study = Study.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        try:
            job = coding_start(
                study=study, way=request.POST.get("way", ""), actor=_user(request),
                token=request.POST.get("token", "")[:40],
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
        else:
            assistant_job_start(job.pk)
        return redirect("admin:insights_assistants")

    @method_decorator(require_POST)
    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(AssistantJob, pk=pk)
        job_cancel(job=job)
        if job.task == AssistantJob.Task.ANSWER:
            return redirect("admin:insights_answer", pk)
        return redirect("admin:insights_assistants")

    @method_decorator(require_POST)
    def suggest(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Start suggestions for an interview: JSON {way, token}."""
        interview = get_object_or_404(Interview, pk=pk)
        transcript = transcript_current(interview)
        if transcript is None:
            return _refused(str(_("This interview has no transcript yet.")))
        if is_hidden(transcript, request):
            return _unread()
        wish = _json(request)
        try:
            job = suggest_start(
                transcript=transcript, way=str(wish.get("way", "")), actor=_user(request),
                token=str(wish.get("token", ""))[:40],
            )  # fmt: skip
        except DomainError as error:
            return _refused(str(error))
        assistant_job_start(job.pk)
        return JsonResponse({"job": job.pk})

    def suggested(self, request: HttpRequest, pk: int) -> JsonResponse:
        """How far a job is, and what waits for a decision."""
        job = get_object_or_404(
            AssistantJob.objects.select_related("transcript"), pk=pk, transcript__isnull=False
        )
        transcript = job.transcript
        if transcript is not None and is_hidden(transcript, request):
            return _unread()
        return JsonResponse(
            {
                "state": job.state, "label": job.get_state_display(), "ended": job.is_ended,
                "done": job.done, "total": job.total, "error": job.error, "found": job.found,
                "dropped": job.dropped,
                "suggestions": listed(transcript) if transcript is not None else [],
            }
        )  # fmt: skip

    @method_decorator(require_POST)
    def decide(self, request: HttpRequest, pk: int) -> JsonResponse:
        """A yes or a no to a suggestion: JSON {accept}; answers with the transcript's highlights."""
        row = get_object_or_404(Suggestion.objects.select_related("transcript"), pk=pk)
        if is_hidden(row.transcript, request):
            return _unread()
        act = suggestion_accept if _json(request).get("accept") is True else suggestion_reject
        try:
            act(pk=pk, actor=_user(request))
        except DomainError as error:
            return _refused(str(error))
        except ValidationError as error:
            return _refused(" ".join(error.messages))
        return JsonResponse(
            {
                "highlights": workspace.listed(row.transcript, request),
                "suggestions": listed(row.transcript),
            }
        )


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise DomainError(str(_("Log in first.")), "anonymous")
    return request.user


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _unread() -> JsonResponse:
    """What is suggested leaves out what others tagged, so it would tell a blind reader of it."""
    return _refused(str(_("Read the passages that wait for you in a blind round first.")))


def _refused(message: str) -> JsonResponse:
    return JsonResponse({"error": message}, status=HTTPStatus.UNPROCESSABLE_ENTITY)

"""An interview's recordings: uploaded, heard, written down by an engine, taken over after a yes."""

import uuid
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Interview, Recording, Transcription, User
from crm.services.recordings import recording_add, recording_remove
from crm.services.transcription import (
    cues_of,
    engine_choices,
    transcription_accept,
    transcription_cancel,
    transcription_reject,
    transcription_resume,
    transcription_start,
)
from crm.streaming import stored_response
from crm.tasks import transcription_execute_start
from crm.uploads import takes_up_to
from engines.admin import guarded

LANGUAGES = [("", "auto"), ("zh", "zh"), ("en", "en")]
SPEAKERS = 6


class RecordingPages(ModelAdmin):
    """The pages of recordings, for the interviews' admin."""

    def recording_urls(self) -> list[URLPattern]:
        read, write = "crm.view_interview", "crm.change_interview"
        page = takes_up_to(
            "RECORDING_MAX_BYTES", guarded(self.admin_site, self.recordings_view, read)
        )
        posts = [
            ("recordings/<int:pk>/remove/", self.remove_view, "crm_recording_remove"),
            ("recordings/<int:pk>/transcribe/", self.transcribe_view, "crm_transcribe"),
            ("transcriptions/<int:pk>/cancel/", self.cancel_view, "crm_transcription_cancel"),
            ("transcriptions/<int:pk>/resume/", self.resume_view, "crm_transcription_resume"),
        ]
        reads: list[tuple[str, Any, str, str]] = [
            ("recordings/<int:pk>/file/", require_safe(file_view), read, "crm_recording_file"),
            ("transcriptions/<int:pk>/", require_safe(state_view), read, "crm_transcription"),
            (
                "transcriptions/<int:pk>/review/", self.review_view, write,
                "crm_transcription_review",
            ),
        ]  # fmt: skip
        return [
            path("<int:pk>/recordings/", page, name="crm_recordings"),
            *(
                path(route, guarded(self.admin_site, require_POST(view), write), name=name)
                for route, view, name in posts
            ),
            *(
                path(route, guarded(self.admin_site, view, needs), name=name)
                for route, view, needs, name in reads
            ),
        ]

    def recordings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was recorded, what engines made of it; a file is added here."""
        interview = get_object_or_404(Interview.objects.select_related("creator"), pk=pk)
        may = request.user.has_perm("crm.change_interview")
        problem = ""
        if request.method == "POST" and may:
            upload = request.FILES.get("file")
            if upload is None and not request.META.get("pingju.oversize"):
                messages.error(request, _("Choose a file."))
                return redirect("admin:crm_recordings", pk)
            try:
                if upload is None:
                    raise DomainError(_too_large(), "too_large")
                recording_add(
                    interview=interview, upload=upload, name=upload.name or "?",
                    actor=actor_of(request),
                )  # fmt: skip
            except DomainError as error:
                problem = str(error)
            else:
                messages.success(request, _("The recording is kept."))
                return redirect("admin:crm_recordings", pk)
        rows = Recording.objects.filter(interview=interview, kept_at__isnull=False)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Recordings of %(interview)s") % {"interview": interview},
            "opts": self.model._meta,
            "interview": interview,
            "recordings": [
                (row, [(job, _engine(job)) for job in row.transcriptions.all()])
                for row in rows.prefetch_related("transcriptions__asked_by")
            ],
            "engines": engine_choices(),
            "languages": LANGUAGES,
            "wished": interview.language[:2],
            "token": uuid.uuid4().hex,
            "problem": problem,
            "may": may and interview.usable,
            "most": settings.RECORDING_MAX_BYTES,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
        return render(request, "admin/crm/recordings.html", context, status=status)

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Recording, pk=pk)
        recording_remove(recording=row, actor=actor_of(request))
        messages.success(request, _("The recording is removed; the transcript stays."))
        return redirect("admin:crm_recordings", row.interview_id)

    def transcribe_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Recording, pk=pk)
        try:
            job = transcription_start(
                recording=row, engine=request.POST.get("engine", ""), actor=_user(request),
                language=request.POST.get("language", ""), token=request.POST.get("token", ""),
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
        else:
            transcription_execute_start(job.pk)
        return redirect("admin:crm_recordings", row.interview_id)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = _job(pk)
        transcription_cancel(job=job)
        return redirect("admin:crm_recordings", job.recording.interview_id)

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = _job(pk)
        try:
            if transcription_resume(job=job):
                transcription_execute_start(job.pk)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("admin:crm_recordings", job.recording.interview_id)

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What an engine heard; speakers are named here, then it becomes a version."""
        job = _job(pk)
        if not Recording.objects.kept().filter(pk=job.recording_id).exists():
            raise Http404
        interview = job.recording.interview
        if request.method == "POST":
            try:
                return self._decided(request, job)
            except DomainError as error:
                messages.error(request, str(error))
                return redirect("admin:crm_recordings", interview.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What was heard in %(recording)s") % {"recording": job.recording.name},
            "opts": self.model._meta,
            "job": job,
            "engine": _engine(job),
            "interview": interview,
            "cues": cues_of(job),
            "names": [_("Interviewer"), interview.creator.name, *[""] * (SPEAKERS - 2)],
            "newer": interview.transcripts.exists(),
        }
        return render(request, "admin/crm/transcription_review.html", context)

    def _decided(self, request: HttpRequest, job: Transcription) -> HttpResponse:
        interview = job.recording.interview
        if "reject" in request.POST:
            transcription_reject(job=job, actor=_user(request))
            messages.info(request, _("What was heard is not used."))
            return redirect("admin:crm_recordings", interview.pk)
        names = [" ".join(request.POST.get(f"name-{n}", "").split())[:80] for n in range(SPEAKERS)]
        speakers = {
            cue.index: names[int(chosen)]
            for cue in cues_of(job)
            if (chosen := request.POST.get(f"cue-{cue.index}", "")).isdigit()
            and int(chosen) < SPEAKERS
        }
        _version, carried = transcription_accept(job=job, speakers=speakers, actor=_user(request))
        if carried.lost:
            messages.warning(
                request,
                _("Passages that could not be found in the new version: %(n)s.")
                % {"n": len(carried.lost)},
            )
        messages.success(request, _("The transcript is taken over."))
        return redirect("admin:insights_workspace", interview.pk)


def file_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The recording for the team's player, in the ranges that it asks for."""
    row = get_object_or_404(Recording.objects.kept(), pk=pk)
    return stored_response(request, row.path, content_type=row.content_type)


def state_view(request: HttpRequest, pk: int) -> JsonResponse:
    """How far a transcription is, for a page that follows it."""
    job = _job(pk)
    return JsonResponse(
        {
            "state": job.state,
            "label": str(job.get_state_display()),
            "done": job.done,
            "total": job.total,
            "ended": job.is_ended,
            "error": job.error,
        }
    )


def _job(pk: int) -> Transcription:
    rows = Transcription.objects.select_related("recording__interview__creator")
    return get_object_or_404(rows, pk=pk)


def _engine(job: Transcription) -> str:
    """The engine's name for people; one that is set up no longer by its own."""
    return dict(engine_choices()).get(job.engine, job.engine)


def _too_large() -> str:
    most = settings.RECORDING_MAX_BYTES // 1_000_000
    return _("A recording has at most %(n)s MB.") % {"n": f"{most:,}"}


def _user(request: HttpRequest) -> User:
    user = actor_of(request)
    if user is None:
        raise DomainError(_("Log in again."), code="no_user")
    return user

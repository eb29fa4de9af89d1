"""The transcript workspace: read, select, tag; what was selected is stored to the code point."""

import json
from collections import defaultdict
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.exceptions import DomainError
from crm.models import Interview, TranscriptVersion, User
from crm.selectors import transcript_current
from insights.admin.suggested import workspace_context
from insights.findings.queue import is_blind
from insights.forms import ReadingForm
from insights.models import Asked, Evidence, Highlight, PainPoint
from insights.services.highlights import (
    evidence_remove,
    interview_set_asked,
    pain_create,
    passage_tag,
)
from insights.services.readings import evidence_edit


def page(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """Transcript at the left, what was tagged at the right; the selection is tagged in place."""
    interview = get_object_or_404(Interview.objects.select_related("creator", "study"), pk=pk)
    transcript = transcript_current(interview)
    pains = list(PainPoint.objects.open().select_related("step"))
    blind = _blind(transcript, request) if transcript else False
    context = {
        **site.each_context(request),
        "title": str(interview),
        "interview": interview,
        "opts": Interview._meta,
        "transcript": transcript,
        "utterances": transcript.utterances.all() if transcript else [],
        "highlights": listed(transcript, request) if transcript else [],
        "blind": blind,
        "pains": pains,
        "pain_choices": [
            {"id": pain.pk, "title": pain.title, "colour": pain.colour} for pain in pains
        ],
        "asked": set(Asked.objects.filter(interview=interview).values_list("pain_id", flat=True)),
        "questions": interview.study.questions.all() if interview.study else [],
        "frequencies": Evidence.Frequency.choices,
        **workspace_context(None if blind else transcript),
    }
    return render(request, "admin/insights/workspace.html", context)


def _blind(transcript: TranscriptVersion, request: HttpRequest) -> bool:
    return isinstance(request.user, User) and is_blind(transcript, request.user)


def listed(transcript: TranscriptVersion, request: HttpRequest) -> list[dict[str, Any]]:
    """Highlights with their readings; whoever still has to read blind is shown their own alone.

    Plain values, because an interview may have a thousand of them.
    """
    readings = Evidence.objects.filter(highlight__transcript=transcript)
    blind = _blind(transcript, request)
    if blind:
        readings = readings.filter(coder_id=request.user.pk)
    values = readings.values(
        "id", "highlight_id", "pain_id", "stance", "severity", "frequency", "workaround",
        "spend_minor", "coder_id",
    )  # fmt: skip
    rows: list[dict[str, Any]] = [dict(row) for row in values]
    pains = PainPoint.objects.in_bulk({row["pain_id"] for row in rows})
    titles = {pk: (pain.title, pain.colour) for pk, pain in pains.items()}
    coders = User.objects.in_bulk({row["coder_id"] for row in rows})
    names = {pk: coder.first_name or coder.username for pk, coder in coders.items()}
    stances = {value: str(label) for value, label in Evidence.Stance.choices}
    of_highlight: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        title, colour = titles[row["pain_id"]]
        spend = row.pop("spend_minor")
        of_highlight[row.pop("highlight_id")].append(
            {
                **row,
                "pain": title,
                "colour": colour,
                "stance_label": stances[row["stance"]],
                "spend": "" if spend is None else f"{spend / 100:.2f}",
                "coder": names[row["coder_id"]],
            }
        )
    highlights = Highlight.objects.filter(transcript=transcript)
    return [
        {**row, "evidence": of_highlight[row["id"]]}
        for row in highlights.values("id", "start", "end", "text")
        if not blind or row["id"] in of_highlight
    ]


def _coder(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_perm("insights.add_evidence"):
        raise PermissionDenied
    return user


@require_POST
def tag(request: HttpRequest, pk: int) -> JsonResponse:
    """Tag a passage: JSON {transcript, start, end, quote, pain | title, stance, severity, …}."""
    coder = _coder(request)
    try:
        wish = json.loads(request.body)
        transcript = get_object_or_404(
            TranscriptVersion, pk=int(wish["transcript"]), interview_id=pk
        )
        start, end, quote = int(wish["start"]), int(wish["end"]), str(wish["quote"])
    except (KeyError, TypeError, ValueError):
        return _refused(_("The selection did not arrive whole; select again."))
    form = ReadingForm({"stance": Evidence.Stance.FOR, **wish})
    if not form.is_valid():
        return _refused(form.problems)
    try:
        if wish.get("pain"):
            pain = get_object_or_404(PainPoint, pk=int(wish["pain"]))
        else:
            pain = pain_create(title=str(wish.get("title", "")), actor=coder)
        passage_tag(
            transcript=transcript,
            start=start,
            end=end,
            quote=quote,
            pain=pain,
            coder=coder,
            **form.reading,
        )
    except DomainError as error:
        return _refused(str(error))
    except ValidationError as error:
        return _refused(" ".join(error.messages))
    choice = {"id": pain.pk, "title": pain.title, "colour": pain.colour}
    return JsonResponse({"highlights": listed(transcript, request), "pain": choice})


@require_POST
def untag(request: HttpRequest, pk: int) -> JsonResponse:
    """Take one's own coding back; another coder's only with the right to delete."""
    coder = _coder(request)
    evidence = get_object_or_404(Evidence.objects.select_related("highlight__transcript"), pk=pk)
    if evidence.coder_id != coder.pk and not coder.has_perm("insights.delete_evidence"):
        return _refused(_("This was tagged by somebody else."), HTTPStatus.FORBIDDEN)
    transcript = evidence.highlight.transcript
    evidence_remove(evidence=evidence, actor=coder)
    return JsonResponse({"highlights": listed(transcript, request)})


@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Refine a reading: as JSON from the workspace, as a form from the pain point's page."""
    coder = _coder(request)
    evidence = get_object_or_404(
        Evidence.objects.select_related("highlight__transcript", "pain"), pk=pk
    )
    spoken = request.content_type == "application/json"
    try:
        wish = json.loads(request.body) if spoken else request.POST
        form = ReadingForm(wish)
        if not form.is_valid():
            raise DomainError(form.problems, "bad_reading")
        evidence_edit(evidence_id=pk, actor=coder, **form.reading)
    except DomainError as error:
        if spoken:
            return _refused(str(error))
        messages.error(request, str(error))
    except ValueError:
        return _refused(_("The selection did not arrive whole; select again."))
    if spoken:
        return JsonResponse({"highlights": listed(evidence.highlight.transcript, request)})
    return redirect(f"{reverse('admin:insights_pain_page', args=[evidence.pain_id])}#e{pk}")


@require_POST
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Which pain points the interview came to: the denominator of every share."""
    interview = get_object_or_404(Interview, pk=pk)
    chosen = [int(value) for value in request.POST.getlist("asked") if value.isdigit()]
    interview_set_asked(interview=interview, pains=chosen, actor=_coder(request))
    return redirect("admin:insights_workspace", pk)


def _refused(message: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> JsonResponse:
    return JsonResponse({"error": message}, status=status)

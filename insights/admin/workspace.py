"""The transcript workspace: read, hear, select, tag, correct; stored to the code point."""

import json
from http import HTTPStatus

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.exceptions import DomainError
from crm.models import Interview, Recording, TranscriptVersion
from crm.selectors import transcript_current
from insights.admin.suggested import workspace_context
from insights.admin.workspace_cards import cards_context, guide_context
from insights.admin.workspace_state import (
    body_of,
    coder_of,
    is_hidden,
    listed,
    lost_of,
    refused,
    state_of,
)
from insights.forms import ReadingForm
from insights.models import Asked, Evidence, PainPoint
from insights.services.highlights import (
    evidence_remove,
    interview_set_asked,
    pain_create,
    passage_tag,
)
from insights.services.readings import evidence_edit

TURN = ("index", "speaker", "start_ms", "end_ms", "start", "text")

__all__ = ["asked", "edit", "listed", "page", "tag", "untag"]


def page(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """Player and transcript at the left with marks in the margin; tags, guide, cards at the right."""
    rows = Interview.objects.select_related("creator", "study")
    interview = get_object_or_404(rows, pk=pk)
    transcript = transcript_current(interview)
    pains = list(PainPoint.objects.open().select_related("step"))
    blind = is_hidden(transcript, request) if transcript else False
    recordings = list(Recording.objects.kept().filter(interview=interview))
    context = {
        **site.each_context(request),
        "title": str(interview),
        "interview": interview,
        "opts": Interview._meta,
        "transcript": transcript,
        "utterances": transcript.utterances.values_list(*TURN) if transcript else [],
        "highlights": listed(transcript, request) if transcript else [],
        "lost": lost_of(transcript, request) if transcript else [],
        "recordings": recordings,
        "blind": blind,
        "pains": pains,
        "pain_choices": [
            {
                "id": pain.pk, "title": pain.title, "colour": pain.colour,
                "also": f"{pain.title_zh} {pain.title_en}",
            }
            for pain in pains
        ],
        "asked": set() if blind else _asked(interview),
        "frequencies": Evidence.Frequency.choices,
        **guide_context(interview),
        **cards_context(interview),
        **workspace_context(None if blind else transcript),
    }  # fmt: skip
    return render(request, "admin/insights/workspace.html", context)


def _asked(interview: Interview) -> set[int]:
    return set(Asked.objects.filter(interview=interview).values_list("pain_id", flat=True))


@require_POST
def tag(request: HttpRequest, pk: int) -> JsonResponse:
    """Tag a passage: JSON {transcript, start, end, quote, pain | title, stance, severity, …}."""
    coder = coder_of(request)
    try:
        wish = body_of(request)
        transcript = get_object_or_404(
            TranscriptVersion, pk=int(wish["transcript"]), interview_id=pk
        )
        start, end, quote = int(wish["start"]), int(wish["end"]), str(wish["quote"])
    except (KeyError, TypeError, ValueError):
        return refused(_("The selection did not arrive whole; select again."))
    form = ReadingForm({"stance": Evidence.Stance.FOR, **wish})
    if not form.is_valid():
        return refused(form.problems)
    newest = transcript_current(transcript.interview)
    if newest is not None and newest.pk != transcript.pk:
        text = _("The transcript was corrected meanwhile; it is shown now, select again.")
        fresh = state_of(transcript.interview, request, seen=transcript.pk)
        return JsonResponse({**fresh, "error": text}, status=HTTPStatus.CONFLICT)
    try:
        if wish.get("pain"):
            pain = get_object_or_404(PainPoint, pk=int(wish["pain"]))
        else:
            pain = pain_create(title=str(wish.get("title", "")), actor=coder)
        evidence = passage_tag(
            transcript=transcript,
            start=start,
            end=end,
            quote=quote,
            pain=pain,
            coder=coder,
            **form.reading,
        )
    except DomainError as error:
        return refused(str(error))
    except ValidationError as error:
        return refused(" ".join(error.messages))
    choice = {
        "id": pain.pk, "title": pain.title, "colour": pain.colour,
        "also": f"{pain.title_zh} {pain.title_en}",
    }  # fmt: skip
    return JsonResponse(
        {"highlights": listed(transcript, request), "pain": choice, "evidence": evidence.pk}
    )


@require_POST
def untag(request: HttpRequest, pk: int) -> JsonResponse:
    """Take one's own coding back; another coder's only with the right to delete."""
    coder = coder_of(request)
    evidence = get_object_or_404(Evidence.objects.select_related("highlight__transcript"), pk=pk)
    if evidence.coder_id != coder.pk and not coder.has_perm("insights.delete_evidence"):
        return refused(_("This was tagged by somebody else."), HTTPStatus.FORBIDDEN)
    interview = evidence.interview
    evidence_remove(evidence=evidence, actor=coder)
    newest = transcript_current(interview)
    return JsonResponse(
        {
            "highlights": listed(newest, request) if newest else [],
            "lost": lost_of(newest, request) if newest else [],
        }
    )


@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Refine a reading: as JSON from the workspace, as a form from the pain point's page."""
    coder = coder_of(request)
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
            return refused(str(error))
        messages.error(request, str(error))
    except ValueError:
        return refused(_("The selection did not arrive whole; select again."))
    if spoken:
        return JsonResponse({"highlights": listed(evidence.highlight.transcript, request)})
    return redirect(f"{reverse('admin:insights_pain_page', args=[evidence.pain_id])}#e{pk}")


@require_POST
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Which pain points the interview came to: the denominator of every share."""
    interview = get_object_or_404(Interview, pk=pk)
    transcript = transcript_current(interview)
    if transcript is not None and is_hidden(transcript, request):
        # They saw no ticks, so what they send says nothing of those.
        messages.error(request, _("Read the passages that wait for you in a blind round first."))
        return redirect("admin:insights_workspace", pk)
    chosen = [int(value) for value in request.POST.getlist("asked") if value.isdigit()]
    interview_set_asked(interview=interview, pains=chosen, actor=coder_of(request))
    return redirect("admin:insights_workspace", pk)

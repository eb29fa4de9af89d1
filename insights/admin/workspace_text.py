"""Corrections in the workspace: a turn, the speakers, a lost passage; and what others did meanwhile."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.changes import data_state
from crm.exceptions import DomainError
from crm.models import Interview, TranscriptVersion, User
from crm.services.versions import VersionMoved, speakers_rename, utterance_edit
from insights.admin.workspace_state import body_of, coder_of, presence, refused, state_of
from insights.models import Highlight
from insights.services.carrying import highlight_place

WATCHED = ("evidence", "interview", "pain")


@require_POST
def correct(request: HttpRequest, pk: int) -> JsonResponse:
    """Correct a turn: JSON {version, seen, index, text, speaker}.

    `version` is what the correction is of, `seen` what the page shows. 409 where somebody saved
    another version meanwhile: with their turn, both in one where that goes, and the newest state.
    """
    actor = coder_of(request)
    interview = get_object_or_404(Interview, pk=pk)
    try:
        wish = body_of(request)
        base = get_object_or_404(TranscriptVersion, pk=int(wish["version"]), interview=interview)
        seen, index = int(wish["seen"]), int(wish["index"])
        text, speaker = str(wish["text"]), wish.get("speaker")
    except (KeyError, TypeError, ValueError):
        return refused(_("The correction did not arrive whole; try again."))
    try:
        _version, carried = utterance_edit(
            base=base, index=index, text=text, actor=actor,
            speaker=None if speaker is None else str(speaker),
        )  # fmt: skip
    except VersionMoved as moved:
        answer = {
            "error": str(moved),
            "newest": moved.newest.pk,
            "theirs": moved.theirs,
            "merged": moved.merged,
        }
        return JsonResponse(answer, status=HTTPStatus.CONFLICT)
    except DomainError as error:
        return refused(str(error))
    report = {
        "moved": len(carried.moved), "changed_quotes": len(carried.changed), "lost_now": len(carried.lost),
    }  # fmt: skip
    return JsonResponse({**state_of(interview, request, seen=seen), **report})


@require_POST
def speakers(request: HttpRequest, pk: int) -> JsonResponse:
    """Rename or merge speakers: JSON {version, names: {old: new}}."""
    actor = coder_of(request)
    interview = get_object_or_404(Interview, pk=pk)
    try:
        wish = body_of(request)
        base = get_object_or_404(TranscriptVersion, pk=int(wish["version"]), interview=interview)
        names = {str(old): str(new) for old, new in dict(wish["names"]).items()}
    except (KeyError, TypeError, ValueError):
        return refused(_("The correction did not arrive whole; try again."))
    try:
        speakers_rename(base=base, names=names, actor=actor)
    except DomainError as error:
        return refused(str(error))
    return JsonResponse(state_of(interview, request, seen=base.pk))


@require_POST
def place(request: HttpRequest, pk: int) -> JsonResponse:
    """Put a lost passage where it stands now: JSON {highlight, transcript, start, end, quote}."""
    actor = coder_of(request)
    interview = get_object_or_404(Interview, pk=pk)
    try:
        wish = body_of(request)
        version = get_object_or_404(
            TranscriptVersion, pk=int(wish["transcript"]), interview=interview
        )
        highlight_place(
            highlight_id=int(wish["highlight"]), transcript=version, start=int(wish["start"]),
            end=int(wish["end"]), quote=str(wish["quote"]), actor=actor,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, Highlight.DoesNotExist):
        return refused(_("The selection did not arrive whole; select again."))
    except DomainError as error:
        return refused(str(error))
    return JsonResponse(state_of(interview, request, seen=version.pk))


@require_GET
def pulse(request: HttpRequest, pk: int) -> JsonResponse:
    """Who else is here, and what changed since the page last asked (`mark`)."""
    interview = get_object_or_404(Interview, pk=pk)
    turn = request.GET.get("turn", "")
    here = (
        presence(interview, request.user, int(turn) if turn.isdigit() else None)
        if isinstance(request.user, User)
        else []
    )
    mark = f"{data_state().of(WATCHED)} {_newest(interview)}"
    told = {"here": here, "mark": mark}
    if request.GET.get("mark") == mark:
        return JsonResponse(told)
    seen = request.GET.get("seen", "")
    return JsonResponse(
        {**told, **state_of(interview, request, seen=int(seen) if seen.isdigit() else 0)}
    )


def _newest(interview: Interview) -> int:
    newest = interview.transcripts.order_by("-version").values_list("pk", flat=True)
    return newest.first() or 0

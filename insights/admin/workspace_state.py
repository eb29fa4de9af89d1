"""What the workspace shows, as plain values: highlights with readings, versions, who else is there."""

import json
from collections import defaultdict
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse

from crm.models import Interview, TranscriptVersion, User, Utterance
from crm.selectors import transcript_current
from insights.findings.queue import is_blind
from insights.models import Evidence, Highlight, PainPoint, QuoteLevel
from insights.selectors import limits_of

PRESENT = 25  # seconds without a sign until somebody counts as gone


def coder_of(request: HttpRequest) -> User:
    """The user, who may tag and correct. Raises PermissionDenied."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("insights.add_evidence"):
        raise PermissionDenied
    return user


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request. Raises ValueError."""
    wish = json.loads(request.body)
    if not isinstance(wish, dict):
        raise ValueError("an object was expected")
    return wish


def refused(message: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> JsonResponse:
    return JsonResponse({"error": message}, status=status)


def is_hidden(transcript: TranscriptVersion, request: HttpRequest) -> bool:
    """Whether the user still has to read passages of it blind, and so sees only their own codes."""
    return isinstance(request.user, User) and is_blind(transcript, request.user)


def listed(transcript: TranscriptVersion, request: HttpRequest) -> list[dict[str, Any]]:
    """Highlights with their readings; whoever still has to read blind is shown their own alone.

    Plain values, because an interview may have thousands of them. The quote is not among them: the
    page has the transcript.
    """
    return _with_readings(Highlight.objects.filter(transcript=transcript), transcript, request)


def lost_of(transcript: TranscriptVersion, request: HttpRequest) -> list[dict[str, Any]]:
    """Passages of older versions that were not found in this one, each with its quote."""
    older = Highlight.objects.filter(
        transcript__interview=transcript.interview_id, transcript__version__lt=transcript.version
    )
    return _with_readings(older, transcript, request, "text")


def _with_readings(
    highlights: QuerySet[Highlight],
    transcript: TranscriptVersion,
    request: HttpRequest,
    *more: str,
) -> list[dict[str, Any]]:
    readings = Evidence.objects.filter(highlight__in=highlights)
    blind = is_hidden(transcript, request)
    if blind:
        readings = readings.filter(coder_id=request.user.pk)
    values = readings.values(
        "id", "highlight_id", "pain_id", "stance", "severity", "frequency", "workaround",
        "spend_minor", "coder_id", "held",
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
    limits = limits_of(transcript.interview_id)
    levels = {level.value: str(level.label) for level in QuoteLevel if level}
    return [
        {
            **row,
            "evidence": (said := of_highlight[row["id"]]),
            "limit": levels.get(
                max([limits.get(row["id"], 0), *(item.pop("held") for item in said)]), ""
            ),
        }
        for row in highlights.values("id", "start", "end", *more)
        if not blind or row["id"] in of_highlight
    ]


def state_of(interview: Interview, request: HttpRequest, *, seen: int) -> dict[str, Any]:
    """What has to change on a page that shows version `seen`: turns, places, highlights.

    `whole` is False where turns were added or removed: then the page is to be loaded anew.
    """
    newest = transcript_current(interview)
    if newest is None:
        return {"gone": True}
    told: dict[str, Any] = {
        "version": newest.pk,
        "number": newest.version,
        "highlights": listed(newest, request),
        "lost": lost_of(newest, request),
        "whole": True,
    }
    if newest.pk == seen:
        return told
    rows = ("index", "text", "speaker", "start")
    now = list(newest.utterances.values_list(*rows))
    before = {
        index: (text, speaker)
        for index, text, speaker, _start in Utterance.objects.filter(
            transcript=seen, transcript__interview=interview
        ).values_list(*rows)
    }
    told["whole"] = len(now) == len(before)
    told["starts"] = [start for _index, _text, _speaker, start in now]
    told["changed"] = [
        {"index": index, "text": text, "speaker": speaker}
        for index, text, speaker, _start in now
        if before.get(index) != (text, speaker)
    ]
    by = newest.created_by
    told["by"] = (by.first_name or by.username) if by else ""
    return told


def presence(interview: Interview, user: User, turn: int | None) -> list[dict[str, Any]]:
    """Say that the user is here, at a turn; who else is, of those who showed life lately."""
    cache.set(_seat(interview.pk, user.pk), {"turn": turn}, PRESENT)
    team = {row.pk: row for row in User.objects.filter(is_staff=True, is_active=True)}
    seats = {_seat(interview.pk, pk): pk for pk in team if pk != user.pk}
    here = cache.get_many(seats)
    return [
        {
            "name": team[seats[key]].first_name or team[seats[key]].username,
            "turn": told["turn"],
        }
        for key, told in here.items()
    ]  # fmt: skip


def _seat(interview: int, user: int) -> str:
    return f"pj:workspace:{interview}:{user}"

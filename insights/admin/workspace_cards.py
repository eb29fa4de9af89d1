"""Beside the transcript: the guide with its ticks, cards, and what a passage is likely about."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.bills.money import AmountError, minor_units
from crm.exceptions import DomainError
from crm.models import (
    AiTool,
    GuideAnswer,
    GuideQuestion,
    Interview,
    StepEffort,
    ToolUse,
    User,
    WorkflowStep,
)
from crm.services.guide_answers import guide_tick
from crm.services.tools import step_effort_record, tool_use_record
from insights.admin.workspace_state import body_of, coder_of, refused
from insights.assistants import offline
from insights.assisting import profiles
from insights.models import Need, PainPoint
from insights.services.needs import PRICES, need_record

LIKELY = 5


def guide_context(interview: Interview) -> dict[str, Any]:
    """The guide's questions, each with the turn at which it was answered, if it was."""
    answered = {row.question_id: row for row in GuideAnswer.objects.filter(interview=interview)}
    questions = list(interview.study.questions.all()) if interview.study else []
    return {"guide": [(question, answered.get(question.pk)) for question in questions]}


def cards_context(interview: Interview) -> dict[str, Any]:
    return {
        "cards": cards_of(interview),
        "tools": AiTool.objects.all(),
        "levels": ToolUse.Level.choices,
        "steps": WorkflowStep.objects.all(),
        "shares": StepEffort.AiShare.choices,
        "prices": list(zip(PRICES, (_("Too cheap"), _("Cheap"), _("Expensive"),
                                    _("Too expensive")), strict=True)),
    }  # fmt: skip


def cards_of(interview: Interview) -> list[dict[str, str]]:
    """What was captured in this interview, one line each."""
    lines: list[tuple[str, Any, list[Any]]] = []
    for use in ToolUse.objects.filter(interview=interview).select_related("tool"):
        spent = f"¥{use.spend_minor / 100:.2f}" if use.spend_minor else ""
        rated = f"{use.satisfaction}/5" if use.satisfaction else ""
        lines.append(("tool", use.tool, [use.get_level_display(), rated, spent]))
    for effort in StepEffort.objects.filter(interview=interview).select_related("step"):
        cost = f"¥{effort.money_minor / 100:.2f}" if effort.money_minor else ""
        took = _("%(n)s min") % {"n": effort.minutes}
        lines.append(("step", effort.step, [took, cost, effort.get_ai_display()]))
    for need in Need.objects.filter(creator=interview.creator_id, at=interview.at).select_related(
        "pain"
    ):
        prices = [getattr(need, name) for name in PRICES]
        asked = " – ".join(f"¥{price / 100:g}" for price in prices if price is not None)
        said = [_("important %(n)s/5") % {"n": need.importance}]
        if need.satisfaction:
            said.append(_("satisfied %(n)s/5") % {"n": need.satisfaction})
        lines.append(("need", need.pain, [*said, need.with_tool, asked]))
    return [
        {"kind": kind, "what": str(what), "said": " · ".join(str(item) for item in said if item)}
        for kind, what, said in lines
    ]


@require_POST
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a card: a form's fields, answered as JSON to the page's script, else with the page."""
    actor = coder_of(request)
    interview = get_object_or_404(Interview.objects.select_related("creator"), pk=pk)
    spoken = "json" in request.headers.get("Accept", "")
    try:
        record = _CARDS.get(request.POST.get("kind", ""))
        if record is None:
            raise DomainError(_("Choose which card it is."), "no_kind")
        record(interview, request.POST, actor)
    except DomainError as error:
        if spoken:
            return refused(str(error))
        messages.error(request, str(error))
    if spoken:
        return JsonResponse({"cards": cards_of(interview)})
    return redirect("admin:insights_workspace", pk)


def _tool(interview: Interview, told: Any, actor: User) -> None:
    tool_use_record(
        creator=interview.creator,
        tool=str(told.get("tool", "")),
        level=str(told.get("level", "")),
        satisfaction=_number(told, "satisfaction"),
        spend_minor=_fen(told, "spend") or 0,
        first_heard=_day(told, "first_heard"),
        interview=interview,
        actor=actor,
    )


def _step(interview: Interview, told: Any, actor: User) -> None:
    step = WorkflowStep.objects.filter(pk=_number(told, "step") or 0).first()
    minutes = _number(told, "minutes")
    if step is None or minutes is None:
        raise DomainError(_("Choose the step and say how many minutes it takes."), "no_step")
    step_effort_record(
        creator=interview.creator,
        step=step,
        minutes=minutes,
        ai=str(told.get("ai", "")),
        money_minor=_fen(told, "money") or 0,
        quality=_number(told, "quality"),
        interview=interview,
        actor=actor,
    )


def _need(interview: Interview, told: Any, actor: User) -> None:
    pain = PainPoint.objects.open().filter(pk=_number(told, "pain") or 0).first()
    importance = _number(told, "importance")
    if pain is None or importance is None:
        raise DomainError(_("Choose the pain point and how important it is."), "no_pain")
    need_record(
        interview=interview,
        pain=pain,
        importance=importance,
        satisfaction=_number(told, "satisfaction"),
        with_tool=str(told.get("with_tool", "")),
        actor=actor,
        **{name: _fen(told, name) for name in PRICES},
    )


_CARDS: dict[str, Callable[[Interview, Any, User], None]] = {
    "tool": _tool, "step": _step, "need": _need,
}  # fmt: skip


def _number(told: Any, name: str) -> int | None:
    text = str(told.get(name, "")).strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:
        raise DomainError(_("“%(text)s” is no whole number.") % {"text": text[:20]}, "no_number")
    return int(text)


def _fen(told: Any, name: str) -> int | None:
    """Yuan as they are typed, in fen."""
    text = str(told.get(name, "")).strip()
    if not text:
        return None
    try:
        fen = minor_units(text, "CNY")
    except AmountError:
        fen = -1
    if not 0 <= fen <= 10**10:
        raise DomainError(_("“%(text)s” is no amount in yuan.") % {"text": text[:20]}, "no_amount")
    return fen


def _day(told: Any, name: str) -> date | None:
    text = str(told.get(name, "")).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DomainError(_("“%(text)s” is no day.") % {"text": text[:20]}, "no_day") from error


@require_POST
def guide(request: HttpRequest, pk: int) -> JsonResponse:
    """Tick a question: JSON {question, answered, turn}."""
    actor = coder_of(request)
    interview = get_object_or_404(Interview, pk=pk)
    try:
        wish = body_of(request)
        question = get_object_or_404(GuideQuestion, pk=int(wish["question"]))
        turn = wish.get("turn")
        guide_tick(
            interview=interview, question=question, answered=bool(wish["answered"]), actor=actor,
            utterance=int(turn) if turn is not None else None,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return refused(_("The tick did not arrive whole; try again."))
    except DomainError as error:
        return refused(str(error))
    rows = GuideAnswer.objects.filter(interview=interview).values("question_id", "utterance")
    return JsonResponse({"answered": {row["question_id"]: row["utterance"] for row in rows}})


@require_POST
def likely(request: HttpRequest, pk: int) -> JsonResponse:
    """Pain points that a passage resembles by the words people tagged before: JSON {text}.

    The offline assistant's view, so nothing leaves the house and nothing is paid.
    """
    coder_of(request)
    try:
        text = str(body_of(request)["text"])[:2000]
    except (KeyError, ValueError):
        return refused(_("The selection did not arrive whole; select again."))
    known = profiles(without=pk)
    resemblance = offline.Resemblance(known, None)
    scores = next(iter(resemblance.scores([text])), {})
    ranked = sorted(scores.items(), key=lambda item: -item[1][0])[:LIKELY]
    return JsonResponse({"likely": [known[at].id for at, (score, _text) in ranked if score > 0]})

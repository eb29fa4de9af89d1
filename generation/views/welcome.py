"""The first visit: three questions, all optional, and a project to play with."""

import re
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crm.exceptions import DomainError
from crm.http import PortalRequest
from crm.services.onboarding import (
    Reach,
    levels,
    onboarding_save,
    shares,
    steps_asked,
    tools_asked,
)
from generation.services.starter import starter_give
from generation.tasks import run_execute_start

# Upper end of each band in fen; a band is kept as its middle, because nobody knows it better.
INCOMES = (
    ("100000", gettext_lazy("under 2,000 yuan")),
    ("500000", gettext_lazy("2,000 to 8,000 yuan")),
    ("1900000", gettext_lazy("8,000 to 30,000 yuan")),
    ("6500000", gettext_lazy("30,000 to 100,000 yuan")),
    ("15000000", gettext_lazy("over 100,000 yuan")),
)
_COUNT = re.compile(r"([0-9０-９]{1,11}(?:\.[0-9]{1,4})?)\s*([万wWkK千]?)")
_TIMES = {"": 1, "万": 10_000, "w": 10_000, "k": 1000, "千": 1000}
PLATFORMS = ("抖音", "快手", "B站", "小红书", "番茄", "起点", "YouTube", "TikTok", "WebNovel")


@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: PortalRequest) -> HttpResponse:
    """Ask, keep what is answered, give the starter project; "skip" keeps nothing and gives it too."""
    if request.method != "POST":
        return _page(request, {})
    said = request.POST
    if "skip" not in said:
        try:
            answers = _answers(said)
            onboarding_save(creator=request.creator, actor=request.user, **answers)
        except DomainError as error:
            return _page(request, said, error=str(error))
    run, new = starter_give(
        creator=request.creator, language=get_language() or "", actor=request.user
    )
    if new:
        run_execute_start(run.pk)
        messages.success(request, _("Here is a story to play with; its film is being made."))
    return redirect("portal:run", run.pk)


def _page(request: PortalRequest, said: Any, error: str = "") -> HttpResponse:
    context = {
        "said": said,
        "error": error,
        "platforms": PLATFORMS,
        "incomes": INCOMES,
        "levels": levels(),
        "shares": shares(),
        "tools": [(tool, said.get(f"tool{tool.pk}", "")) for tool in tools_asked()],
        "steps": [
            (step, said.get(f"minutes{step.pk}", ""), said.get(f"share{step.pk}", ""))
            for step in steps_asked()
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "portal/welcome.html", context, status=status)


def _answers(said: QueryDict) -> dict[str, Any]:
    tools = {tool.pk: said.get(f"tool{tool.pk}", "") for tool in tools_asked()}
    steps = {}
    for step in steps_asked():
        minutes, share = _whole(said, f"minutes{step.pk}"), said.get(f"share{step.pk}", "")
        if minutes is not None:
            steps[step.pk] = (minutes, share or "none")
    income = said.get("income", "")
    return {
        "reach": Reach(
            platform=said.get("platform", ""),
            followers=_whole(said, "followers"),
            income_minor=int(income) if income in dict(INCOMES) else None,
        ),
        "tools": {key: level for key, level in tools.items() if level},
        "steps": steps,
    }


def _whole(said: QueryDict, name: str) -> int | None:
    """A count as people write it: 12,000, 1.2万, 12k; None where nothing was written."""
    text = said.get(name, "").replace(",", "").replace("，", "").strip()
    told = _COUNT.fullmatch(text)
    if text and told is None:
        raise DomainError(
            _("“%(text)s” is not a number; write it like 12,000.") % {"text": text[:40]}, "number"
        )
    return round(float(told[1]) * _TIMES[told[2].lower()]) if told else None

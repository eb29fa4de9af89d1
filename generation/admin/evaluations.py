"""Evaluations in the admin: planned, watched, read, decided on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from crm.exceptions import DomainError
from crm.http import actor_of
from engines.admin import ReadOnlyAdmin, guarded
from engines.money import micro_of
from generation.admin import case_sets, voting
from generation.admin.pipeline import STATE_COLOURS
from generation.admin.voting import picture_response
from generation.evaluations.decisions import decision_page, decisions_now
from generation.evaluations.pages import (
    decisions_of,
    evaluations_for_team,
    judge_ranking,
    page_of,
    pictures_looked_at,
    votes_so_far,
)
from generation.evaluations.pairs import pixels_of
from generation.library import current_versions
from generation.models import (
    Arm,
    CaseSet,
    Evaluation,
    PromptTemplate,
    TemplateDecision,
    TemplateVersion,
    Trial,
)
from generation.services.evaluations.decisions import decision_take
from generation.services.evaluations.drawing import picture_engines
from generation.services.evaluations.likening import likeness_absent
from generation.services.evaluations.planning import Wanted, evaluation_add, plan_of
from generation.services.evaluations.results import results_keep
from generation.services.evaluations.running import evaluation_cancel, evaluation_resume
from generation.services.texts import engine_choices
from generation.tasks import evaluation_execute_start
from generation.trying_charts import front_chart, rank_chart

BAD_CAP = _("Write the cap as an amount like 2.50.")
VIEW, ADD, CHANGE = (f"generation.{name}_evaluation" for name in ("view", "add", "change"))


@admin.register(TemplateDecision)
class TemplateDecisionAdmin(ReadOnlyAdmin):
    list_display = ["chosen", "why", "by", "at"]
    list_select_related = ["arm__version__template", "by"]
    exclude = ["document"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateDecision]:
        return super().get_queryset(request).defer("document")

    @display(description=_("chosen"))
    def chosen(self, row: TemplateDecision) -> SafeString:
        url = reverse("admin:generation_decision", args=[row.pk])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, row.arm)


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ["card", "cases", "arms_total", "state_badge", "votes_total", "queued_at", "by"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_filter_submit = True
    change_list_template = "admin/generation/evaluation_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evaluation]:
        return evaluations_for_team().defer("results")

    @display(description=_("evaluation"), ordering="title")
    def card(self, row: Evaluation) -> SafeString:
        url = reverse("admin:generation_evaluation", args=[row.pk])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, row.title)

    @display(description=_("cases"))
    def cases(self, row: Evaluation) -> str:
        return str(row.case_set)

    @display(description=_("compared"))
    def arms_total(self, row: Evaluation) -> int:
        return row.arm_count  # type: ignore[attr-defined]

    @display(description=_("blind votes"))
    def votes_total(self, row: Evaluation) -> str:
        given = row.vote_count  # type: ignore[attr-defined]
        return f"{given} / {row.votes_wanted}" if row.votes_wanted else str(given)

    @display(description=_("state"), label=STATE_COLOURS)
    def state_badge(self, row: Evaluation) -> tuple[str, str]:
        return row.state, row.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site

        def ours(route: str, view: Callable[..., Any], permission: str, name: str) -> URLPattern:
            checked: Any = guarded(site, view, permission)
            return path(route, checked, name=f"generation_{name}")

        return [
            *voting.urls(site),
            *case_sets.urls(site),
            ours("new/", self.new, ADD, "evaluation_new"),
            ours("decisions/", require_GET(self.decisions), VIEW, "decisions"),
            ours("decisions/<int:pk>/", require_GET(self.decision), VIEW, "decision"),
            ours("decisions/<int:pk>.json", require_GET(self.decision_file), VIEW, "decision_file"),
            ours("<int:pk>/table/", require_GET(self.page), VIEW, "evaluation"),
            ours("<int:pk>/act/", require_POST(self.act), CHANGE, "evaluation_act"),
            ours("<int:pk>/decide/", require_POST(self.decide), CHANGE, "evaluation_decide"),
            ours("trials/<int:pk>.png", require_GET(self.picture), VIEW, "trial_picture"),
            *super().get_urls(),
        ]

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "may_change": request.user.has_perm(CHANGE),
            "may_vote": request.user.has_perm(voting.VOTE),
            **more,
        }

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Progress, plan, front, ranking, table, founding number, agreement, pictures, decisions."""
        row = get_object_or_404(Evaluation.objects.select_related("case_set", "by"), pk=pk)
        found = page_of(row)
        context = self._context(
            request,
            title=row.title,
            row=row,
            found=found,
            front=front_chart(found.rows) if found else None,
            ranks=rank_chart(found.ranking) if found else None,
            votes=votes_so_far(row),
            decisions=decisions_of(row),
            looked=pictures_looked_at(row),
            judged=judge_ranking(found),
            unlike=likeness_absent(),
            languages=PromptTemplate.Language.choices,
        )
        return render(request, "admin/generation/evaluation.html", context)

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`what`: cancel, resume, or compute."""
        row = get_object_or_404(Evaluation.objects.select_related("case_set"), pk=pk)
        what = request.POST.get("what", "")
        if what == "cancel":
            evaluation_cancel(evaluation=row, actor=actor_of(request))
        elif what == "resume":
            if evaluation_resume(evaluation=row, actor=actor_of(request)):
                evaluation_execute_start(row.pk)
        elif what == "compute" and row.is_ended:
            results_keep(row)
        return redirect("admin:generation_evaluation", pk)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Evaluation.objects.select_related("case_set"), pk=pk)
        chosen = request.POST.get("arm", "")
        arm = (
            Arm.objects.select_related("version__template")
            .filter(evaluation=row, pk=int(chosen) if _is_key(chosen) else 0)
            .first()
        )
        actor = actor_of(request)
        try:
            if arm is None:
                raise DomainError(str(_("This template was not in the evaluation.")), "other_arm")
            if actor is not None:
                made = decision_take(
                    evaluation=row, arm=arm, why=request.POST.get("why", ""), actor=actor,
                    move_alias="alias" in request.POST, usual_for=request.POST.get("usual", ""),
                )  # fmt: skip
                messages.success(request, _("The choice is kept with all its numbers."))
                return redirect("admin:generation_decision", made.pk)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("admin:generation_evaluation", pk)

    def decisions(self, request: HttpRequest) -> HttpResponse:
        context = self._context(request, title=_("Choices of templates"), rows=decisions_now())
        return render(request, "admin/generation/decisions.html", context)

    def decision(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The choice as it was, and at today's prices; nothing is asked of any engine."""
        row = get_object_or_404(
            TemplateDecision.objects.select_related(
                "arm__version__template", "by", "evaluation__case_set"
            ),
            pk=pk,
        )
        context = self._context(
            request, title=_("Choice of a template"), row=row, found=decision_page(row)
        )
        return render(request, "admin/generation/decision.html", context)

    def decision_file(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(TemplateDecision, pk=pk)
        data = json.dumps(row.document, ensure_ascii=False, indent=1)
        response = HttpResponse(data, content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="choice-{row.pk}.json"'
        return response

    def picture(self, request: HttpRequest, pk: int) -> HttpResponse:
        data = pixels_of(get_object_or_404(Trial.objects.select_related("evaluation"), pk=pk))
        if data is None:
            raise Http404
        return picture_response(data)

    def new(self, request: HttpRequest) -> HttpResponse:
        """Choose cases, templates and engines; see what it would find and cost; then start it."""
        asked = request.POST if request.method == "POST" else request.GET
        sets = list(CaseSet.objects.order_by("-at", "key"))
        chosen = next((row for row in sets if str(row.pk) == asked.get("cases", "")), None)
        chosen = chosen or next(iter(sets), None)
        makes = "storyboard" if chosen and chosen.kind == "chapter" else "picture"
        versions = list(current_versions().filter(template__makes=makes, template__retired=False))
        context = self._context(
            request,
            title=_("New evaluation"),
            sets=sets,
            chosen=chosen,
            versions=versions,
            baseline=asked.get("baseline", _usual(versions, chosen)),
            engines=engine_choices() if makes == "storyboard" else picture_engines(),
            judges=engine_choices(),
            asked=asked,
            picked=set(asked.getlist("version")),
            token=asked.get("token") or secrets.token_hex(16),
        )
        status = 200
        if chosen is not None and asked.getlist("version"):
            try:
                context["plan"] = plan = plan_of(_wanted(asked, chosen))
                if request.method == "POST" and "start" in asked:
                    return self._start(request, asked, chosen)
                context["cap"] = Decimal(plan.quote.most_micro).scaleb(-6).normalize()
            except DomainError as error:
                messages.error(request, str(error))
                status = 422
        return render(request, "admin/generation/evaluation_new.html", context, status=status)

    def _start(self, request: HttpRequest, asked: Any, chosen: CaseSet) -> HttpResponse:
        made = evaluation_add(
            wanted=_wanted(asked, chosen),
            title=asked.get("title", ""),
            token=asked.get("token", "")[:40],
            actor=actor_of(request),
            cap_micro=_micro(asked.get("cap", "")),
            threshold=min(1.0, max(0.0, _number(asked.get("threshold", ""), 80) / 100)),
            votes_wanted=int(_number(asked.get("votes", ""), 0)),
            in_portal="portal" in asked,
        )
        evaluation_execute_start(made.pk)
        return redirect("admin:generation_evaluation", made.pk)


def _usual(versions: Sequence[TemplateVersion], chosen: CaseSet | None) -> str:
    """The number of what production uses for such cases where nobody chooses: the natural baseline."""
    language = (chosen.language if chosen else "")[:2]
    found = (row for row in versions if language and row.template.usual_for == language)
    return next((str(row.pk) for row in found), "")


def _wanted(asked: Any, chosen: CaseSet) -> Wanted:
    names = [int(pk) for pk in asked.getlist("version") if _is_key(pk)]
    if _is_key(asked.get("baseline", "")) and int(asked["baseline"]) not in names:
        names.insert(0, int(asked["baseline"]))
    found = {
        row.pk: row
        for row in TemplateVersion.objects.filter(pk__in=names).select_related("template")
    }
    base = asked.get("baseline", "")
    order = sorted(
        (pk for pk in names if pk in found), key=lambda pk: (str(pk) != base, names.index(pk))
    )
    engines = asked.getlist("engine") or ["sketch"]
    return Wanted(
        chosen,
        tuple((found[pk], engine) for pk in order for engine in engines),
        repetitions=int(_number(asked.get("repetitions", ""), 1)),
        judge=asked.get("judge", ""),
        judge_pairs=int(_number(asked.get("judge_pairs", ""), 0)),
    )


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


def _number(text: str, usual: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return usual
    return value if 0 <= value <= 100_000 else usual


def _micro(text: str) -> int | None:
    """The cap in micro-units; None where none was typed."""
    if not text.strip():
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise DomainError(str(BAD_CAP), "bad_cap") from error
    if not amount.is_finite() or amount < 0:
        raise DomainError(str(BAD_CAP), "bad_cap")
    return micro_of(amount)

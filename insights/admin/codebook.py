"""The codebook's page: the tree with its counts, and everything that changes the tree."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.exceptions import DomainError
from crm.models import Tier, User, WorkflowStep
from engines.admin import guarded
from insights.findings.codebook import belongings, changes, closed, codebook
from insights.models import PainChange, PainPoint
from insights.selectors import blind_interviews, quotes_of
from insights.services.codebook import (
    change_undo,
    pain_merge,
    pain_move,
    pain_reopen,
    pain_retire,
    pain_split,
)

HISTORY = 30
LISTED = 200
"""At most this many quotes are offered for a split at a time; the filter narrows them."""


def urls(site: AdminSite) -> list[URLPattern]:
    def here(view: Callable[..., HttpResponse], permission: str) -> Callable[..., Any]:
        return guarded(
            site, lambda request, **keys: view(request, site=site, **keys), f"insights.{permission}"
        )

    change = "change_painpoint"
    return [
        path("codebook/", here(page, "view_painpoint"), name="insights_codebook"),
        path("codebook/move/", here(move, change), name="insights_pain_move"),
        path("codebook/<int:pk>/merge/", here(merge, change), name="insights_pain_merge"),
        path("codebook/<int:pk>/split/", here(split, change), name="insights_pain_split"),
        path("codebook/<int:pk>/close/", here(close, change), name="insights_pain_close"),
        path("codebook/undo/<int:pk>/", here(undo, change), name="insights_pain_undo"),
    ]


def person(request: HttpRequest) -> User:
    """Who acts; the guard has let nobody else through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The tree; with `?pain=` the panel that changes one pain point, without any script."""
    branches = codebook()
    lines = [line for branch in branches for line in branch.lines]
    wanted = request.GET.get("pain", "")
    chosen = next((line for line in lines if str(line.pain.pk) == wanted), None)
    context = {
        **site.each_context(request),
        "title": _("Codebook"),
        "branches": branches,
        "total": len(lines),
        "quotes": sum(line.quotes for line in lines),
        "tiers": Tier.choices,
        "chosen": chosen,
        "lines": lines,
        "steps": WorkflowStep.objects.all(),
        "changes": changes(HISTORY),
        "closed": closed(),
        "may_change": request.user.has_perm("insights.change_painpoint"),
    }
    return render(request, "admin/insights/codebook.html", context)


def _did(request: HttpRequest, work: Callable[[], object], said: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        work()
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdigit() and len(value) < 19 else None


@require_POST
def move(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Put a pain point below another (`parent`), or at the top of a step (`step`)."""
    actor, pain = person(request), _number(request.POST.get("pain"))
    parent, step = (_number(request.POST.get(name)) for name in ("parent", "step"))
    if pain is not None:
        _did(
            request,
            lambda: pain_move(pain_id=pain, parent_id=parent, step_id=step, actor=actor),
            _("Moved. It can be taken back in the history below."),
        )
    return redirect(f"{reverse('admin:insights_codebook')}#p{pain or ''}")


def merge(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """Choose what to merge into, with what would go over; then do it."""
    pain = get_object_or_404(PainPoint, pk=pk)
    target = _number(request.POST.get("into"))
    if request.method == "POST":
        done = target is not None and _did(
            request,
            lambda: pain_merge(
                source_id=pk, target_id=target or 0, actor=person(request),
                why=request.POST.get("why", "")[:240],
            ),
            _("Merged. It can be taken back in the history below."),
        )  # fmt: skip
        if done:
            return redirect("admin:insights_codebook")
        if target is None:
            messages.error(request, _("Choose another pain point to merge it into."))
    context = {
        **site.each_context(request),
        "title": _("Merge “%(pain)s”") % {"pain": pain.title},
        "pain": pain,
        "belongings": belongings(pain),
        "others": PainPoint.objects.open().exclude(pk=pk).select_related("step"),
        "into": target,
        "why": request.POST.get("why", ""),
    }
    return render(request, "admin/insights/merge.html", context)


def split(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """Choose the quotes that go to a new pain point; what was typed survives a refusal."""
    pain = get_object_or_404(PainPoint, pk=pk)
    typed = request.POST
    if request.method == "POST" and _did(
        request,
        lambda: pain_split(
            pain_id=pk,
            evidence_ids=[int(key) for key in typed.getlist("evidence") if _number(key)],
            title_zh=typed.get("title_zh", ""),
            title_en=typed.get("title_en", ""),
            as_part=typed.get("as_part") == "yes",
            asked_all=typed.get("asked") != "moved",
            why=typed.get("why", "")[:240],
            actor=person(request),
        ),
        _("Split. It can be taken back in the history below."),
    ):
        return redirect("admin:insights_codebook")
    words = request.GET.get("q", "").strip()
    reader = request.user.pk or 0
    quotes = quotes_of(pain).seen_by(reader, blind_interviews(reader))
    if words:
        quotes = quotes.filter(highlight__text__icontains=words)
    listed = list(quotes.order_by("pk")[: LISTED + 1])
    context = {
        **site.each_context(request),
        "title": _("Split “%(pain)s”") % {"pain": pain.title},
        "pain": pain,
        "quotes": listed[:LISTED],
        "more": len(listed) > LISTED,
        "words": words,
        "typed": typed,
        "ticked": set(typed.getlist("evidence")),
    }
    return render(request, "admin/insights/split.html", context)


@require_POST
def close(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """Retire a pain point, or use a retired one again."""
    actor = person(request)
    if request.POST.get("again"):
        _did(request, lambda: pain_reopen(pain_id=pk, actor=actor), _("In use again."))
    else:
        _did(request, lambda: pain_retire(pain_id=pk, actor=actor), _("No longer used."))
    return redirect("admin:insights_codebook")


@require_POST
def undo(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    get_object_or_404(PainChange, pk=pk)
    _did(
        request,
        lambda: change_undo(change_id=pk, actor=person(request)),
        _("Taken back: every row is where it was."),
    )
    return redirect("admin:insights_codebook")

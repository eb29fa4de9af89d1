from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Tier
from engines.admin import ReadOnlyAdmin, guarded
from generation.features.board import cell_rows, columns, pain_map
from generation.features.coverage import coverages
from generation.features.said_and_done import voices
from generation.models import AnswerNotice, Feature, FeatureAnswer, PipelineStep
from generation.services.answers import feature_answer
from generation.tasks import answer_notices_task
from insights.models import PainPoint
from insights.selectors import ALL, tier_label

KIND_COLOURS = {
    FeatureAnswer.Kind.SHIPPED: "success",
    FeatureAnswer.Kind.BUILDING: "info",
    FeatureAnswer.Kind.DECLINED: "warning",
}


class ToldInline(TabularInline):
    model = AnswerNotice
    extra = 0
    can_delete = False
    fields = ["creator", "seen_at", "state", "error_code", "ended_at"]
    readonly_fields = fields
    per_page = 20

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AnswerForm(forms.Form):
    kind = forms.ChoiceField(
        choices=FeatureAnswer.Kind.choices,
        label=_("kind of answer"),
        widget=UnfoldAdminSelectWidget,
    )
    text_zh = forms.CharField(
        label=_("words in Chinese"), widget=UnfoldAdminTextareaWidget, max_length=2000,
        help_text=_("What the creators read below their own words."),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("words in English"), widget=UnfoldAdminTextareaWidget, required=False,
        max_length=2000, help_text=_("For creators who read English; empty: the Chinese words."),
    )  # fmt: skip


@admin.register(FeatureAnswer)
class FeatureAnswerAdmin(ReadOnlyAdmin):
    list_display = ["at", "feature", "kind_badge", "by"]
    list_select_related = ["feature", "by"]
    list_filter = ["kind"]
    inlines = [ToldInline]

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        board = guarded(site, require_GET(self.board), "generation.view_feature")
        grid = guarded(site, require_GET(self.map), "generation.view_feature")
        cell = guarded(site, require_GET(self.coverage), "generation.view_feature")
        answer = guarded(
            site, require_http_methods(["GET", "POST"])(self.answer),
            "generation.add_featureanswer",
        )  # fmt: skip
        return [
            path("board/", board, name="generation_board"),
            path("map/", grid, name="generation_map"),
            path("coverage/", cell, name="generation_coverage"),
            path("write/<slug:key>/", answer, name="generation_answer"),
            *super().get_urls(),
        ]

    @display(description=_("kind of answer"), ordering="kind", label=KIND_COLOURS)
    def kind_badge(self, answer: FeatureAnswer) -> tuple[str, str]:
        return answer.kind, answer.get_kind_display()

    def board(self, request: HttpRequest) -> HttpResponse:
        """Features by status, with what they rest on and the signals that must not be overlooked."""
        context = self._context(request, _("Board"), columns=columns())
        return render(request, "admin/generation/board.html", context)

    def map(self, request: HttpRequest) -> HttpResponse:
        """Pipeline step × pain × coverage; every cell opens its rows."""
        context = self._context(
            request, _("Map: pain and pipeline"), rows=pain_map(), steps=list(PipelineStep)
        )
        return render(request, "admin/generation/map.html", context)

    def coverage(self, request: HttpRequest) -> HttpResponse:
        """The creators behind one cell: who has the pain, whom a feature reached, what is gone."""
        key, tier = request.GET.get("pain", ""), request.GET.get("tier", ALL)
        step = request.GET.get("step", "")
        if not key.isdecimal() or tier not in (ALL, *Tier.values):
            raise Http404
        if step and step not in PipelineStep.values:
            raise Http404
        pain = get_object_or_404(PainPoint, pk=int(key))
        features = Feature.objects.filter(justifications__pain=pain).distinct().order_by("key")
        if step:
            features = features.filter(step=step)
        ids = list(features.values_list("pk", flat=True))
        context = self._context(
            request,
            _("Behind the coverage: %(pain)s") % {"pain": pain.title},
            pain=pain,
            tier=tier_label(tier),
            step=PipelineStep(step).label if step else "",
            features=features,
            estimate=coverages([pain.pk], features=ids).get((pain.pk, tier)),
            rows=cell_rows(pain, tier=tier, step=step),
        )
        return render(request, "admin/generation/coverage.html", context)

    def answer(self, request: HttpRequest, key: str) -> HttpResponse:
        """Write what the creators whose words led to a feature are to read."""
        feature = get_object_or_404(Feature, key=key)
        form = AnswerForm(request.POST or None, initial={"kind": _usual(feature)})
        actor = actor_of(request)
        if request.method == "POST" and form.is_valid() and actor is not None:
            try:
                answer = feature_answer(feature=feature, actor=actor, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                answer_notices_task.delay_on_commit()
                told = answer.notices.count()
                messages.success(
                    request, _("Answered: %(n)s creators see it in their portal.") % {"n": told}
                )
                return redirect("admin:generation_board")
        context = self._context(
            request,
            _("Answer the creators: %(feature)s") % {"feature": feature.title},
            feature=feature,
            form=form,
            told=len(voices(feature)),
            before=feature.answers.select_related("by"),
        )
        return render(request, "admin/generation/answer.html", context)

    def _context(self, request: HttpRequest, title: Any, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.model._meta,
            **more,
        }


def _usual(feature: Feature) -> str:
    """The answer that the feature's status suggests."""
    if feature.status in (Feature.Status.LIVE, Feature.Status.WATCHED):
        return FeatureAnswer.Kind.SHIPPED
    if feature.status == Feature.Status.RETIRED:
        return FeatureAnswer.Kind.DECLINED
    return FeatureAnswer.Kind.BUILDING

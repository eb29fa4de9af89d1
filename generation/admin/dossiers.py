"""The pages around a feature's dossier: the dossier itself, its files, the chain, verdict, gate."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import User
from generation.decision_charts import calibration_chart
from generation.features.calibration import Scored, calibration, outcome_of
from generation.features.chains import evidence_chain
from generation.features.documents import to_document
from generation.features.dossier import WHOLE, Dossier, dossier
from generation.features.gate import gate_policy, judgement
from generation.features.markdown import to_markdown
from generation.features.outside import for_outside, for_paper
from generation.features.reading import for_reader
from generation.models import Feature, Verdict
from generation.services.features import feature_set_status, verdict_give
from generation.services.grounds import grounds_read
from insights.admin.statistics import held_back
from insights.charts import prevalence_chart
from insights.selectors import blind_interviews
from insights.services.publishing import UnreadError, refuse_unread


def _feature(key: str) -> Feature:
    return get_object_or_404(Feature.objects.select_related("owner"), key=key)


def _actor(request: HttpRequest) -> User:
    actor = actor_of(request)
    if actor is None:
        raise PermissionDenied
    return actor


def _leaving(request: HttpRequest, key: str) -> Dossier:
    return for_outside(for_reader(dossier(_feature(key), most=WHOLE), request.user.pk))


def page(request: HttpRequest, key: str, site: AdminSite) -> HttpResponse:
    """Why the feature exists: quotes, shares, payers, cost, criteria, signals."""
    feature = _feature(key)
    found = for_paper(for_reader(dossier(feature), request.user.pk))
    context = {
        **site.each_context(request),
        "title": _("Dossier: %(feature)s") % {"feature": feature.title},
        "opts": Feature._meta,
        "d": found,
        "gate": judgement(found, gate_policy())
        if feature.status in ("idea", "justified")
        else None,
        "parts": [
            {"pain": part, "chart": prevalence_chart([line.prevalence for line in part.tiers])}
            for part in found.pain_parts
        ],
    }
    return render(request, "admin/generation/dossier.html", context)


def as_json(request: HttpRequest, key: str) -> JsonResponse:
    """A file to send on, always: unread counter-evidence is a signal and a number in the document."""
    options = {"ensure_ascii": False, "indent": 2}
    document = to_document(_leaving(request, key))
    return JsonResponse(document, json_dumps_params=options)


def as_markdown(request: HttpRequest, key: str, site: AdminSite) -> HttpResponse:
    """A file to send on: held back while counter-evidence on one of its claims is unread."""
    found = _leaving(request, key)
    try:
        refuse_unread([part.pain.pk for part in found.pain_parts])
    except UnreadError as error:
        return held_back(request, error, site)
    text = to_markdown(found)
    return HttpResponse(
        text,
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{key}.md"'},
    )


def chain(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """From a quote to every feature that it justifies, link by link."""
    found = evidence_chain(pk)
    if found is None or (
        found.evidence.coder_id != request.user.pk
        and found.interview.pk in blind_interviews(request.user.pk)
    ):
        raise Http404
    context = {
        **site.each_context(request),
        "title": _("Chain of a quote"),
        "opts": Feature._meta,
        "c": found,
    }
    return render(request, "admin/generation/chain.html", context)


@require_POST
def changes_read(request: HttpRequest, key: str) -> HttpResponse:
    """The changes were read: the evidence of today is what the feature rests on."""
    grounds_read(feature=_feature(key), actor=_actor(request))
    messages.success(request, _("From now on the dossier is compared with today's evidence."))
    return redirect("admin:generation_dossier", key)


class VerdictForm(forms.Form):
    decision = forms.ChoiceField(
        choices=Verdict.Decision.choices,
        label=gettext_lazy("decision"),
        widget=UnfoldAdminSelectWidget,
    )
    confidence = forms.DecimalField(
        min_value=0,
        max_value=1,
        max_digits=3,
        decimal_places=2,
        required=False,
        label=gettext_lazy("confidence"),
        help_text=gettext_lazy("How sure, from 0 to 1, that the criteria will be met."),
        widget=UnfoldAdminDecimalFieldWidget,
    )
    why = forms.CharField(
        label=gettext_lazy("why"), max_length=4000, widget=UnfoldAdminTextareaWidget
    )


def decide(request: HttpRequest, key: str, site: AdminSite) -> HttpResponse:
    """A verdict on the numbers of this moment."""
    feature = _feature(key)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sure = form.cleaned_data["confidence"]
        try:
            verdict_give(
                feature=feature,
                decision=form.cleaned_data["decision"],
                why=form.cleaned_data["why"],
                confidence=None if sure is None else float(sure),
                actor=_actor(request),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The verdict is kept with the numbers of this moment."))
            return redirect("admin:generation_dossier", key)
    title = _("Verdict on “%(feature)s”") % {"feature": feature.title}
    return _form(request, form, site, title)


class GateForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("reason to build in spite of it"),
        help_text=gettext_lazy("Kept for good, with your name. Empty: only if the policy is met."),
        widget=UnfoldAdminTextareaWidget,
    )


def gate(request: HttpRequest, key: str, site: AdminSite) -> HttpResponse:
    """Each bar of the policy with what was found; start the work, or say why in spite of it."""
    feature = _feature(key)
    form = GateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            feature_set_status(
                feature=feature,
                status=Feature.Status.BUILDING,
                actor=_actor(request),
                override_reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Work has started; the criteria are locked."))
            return redirect("admin:generation_dossier", key)
    context = {
        **site.each_context(request),
        "title": _("Gate: %(feature)s") % {"feature": feature.title},
        "opts": Feature._meta,
        "feature": feature,
        "form": form,
        "judgement": judgement(dossier(feature, most=0), gate_policy()),
    }
    status = 422 if form.errors else 200
    return render(request, "admin/generation/gate.html", context, status=status)


def calibration_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Whether what the team was sure of came true."""
    today = timezone.localdate()
    scored = []
    for feature in Feature.objects.filter(verdicts__isnull=False).distinct().order_by("key"):
        found = dossier(feature, most=0)
        outcome = outcome_of(found.criteria, today)
        scored += [Scored(verdict, outcome) for verdict in found.verdicts]
    result = calibration(scored)
    context = {
        **site.each_context(request),
        "title": _("Are we as often right as we say?"),
        "opts": Feature._meta,
        "c": result,
        "chart": calibration_chart(result),
    }
    return render(request, "admin/generation/calibration.html", context)


def _form(request: HttpRequest, form: forms.Form, site: AdminSite, title: str) -> HttpResponse:
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": title,
        "form": form,
        "opts": Feature._meta,
    }
    return render(request, "admin/upload_form.html", context, status=422 if form.errors else 200)

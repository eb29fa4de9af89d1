"""A pain point's page: who raised it, every quote, and what speaks against it."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.exceptions import DomainError
from crm.models import Quoting, Tier, User
from insights.charts import prevalence_chart
from insights.figures.parts import rows_of
from insights.forms import ReadingForm
from insights.models import CounterReading, Evidence, PainPoint
from insights.outward import Outside
from insights.querysets import EvidenceQuerySet
from insights.selectors import (
    ALL,
    blind_interviews,
    current,
    opportunities,
    prevalence_by_tier,
    quotes_of,
    raised_and_asked,
    unread_against,
)
from insights.services.readings import counter_read

PAGE = 20


def page(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """The page; one that was merged sends on to what it became."""
    follows = current([pk])[pk]
    if follows != pk:
        return redirect("admin:insights_pain_page", follows)
    pain = get_object_or_404(PainPoint.objects.select_related("step", "parent"), pk=pk)
    rows = prevalence_by_tier(raised_and_asked([pk])[pk])
    tier = request.GET.get("tier", "")
    reader = request.user.pk or 0
    withheld = blind_interviews(reader)
    quotes = quotes_of(pain).seen_by(reader, withheld)
    if tier in Tier.values:
        quotes = quotes.filter(tier=tier)
    against = quotes.filter(stance=Evidence.Stance.AGAINST).prefetch_related("readings__reader")
    score = opportunities([pk])[pk][ALL]
    context = {
        **site.each_context(request),
        "title": pain.title,
        "pain": pain,
        "opts": PainPoint._meta,
        "rows": rows,
        "chart": prevalence_chart(rows),
        "quotes_for": _page(request, "for", quotes.filter(stance=Evidence.Stance.FOR)),
        "quotes_against": _page(request, "against", against.order_by("pk")),
        "withheld": len(withheld),
        "unread": unread_against([pk])[pk],
        "tier": tier,
        "tiers": Tier.choices,
        "opportunity": score,
        "ratings": rows_of("insights_need", score.rows, _ratings(pain)),
        "parts": pain.children.filter(status=PainPoint.Status.OPEN),
        "merged": pain.merged_from.all(),
        "justifies": pain.justifies.select_related("feature"),
        "conclusions": CounterReading.Conclusion.choices,
        "kinds": ("csv", "svg", "png"),
        "may_share": request.user.has_perm("insights.add_share"),
        "may_read": request.user.has_perm("insights.add_counterreading"),
        "form": ReadingForm(),
        "frequencies": Evidence.Frequency.choices,
    }
    return render(request, "admin/insights/pain_page.html", context)


def _ratings(pain: PainPoint) -> str:
    return f"{reverse('admin:insights_need_changelist')}?pain__id__exact={pain.pk}"


def _page(request: HttpRequest, name: str, rows: EvidenceQuerySet) -> Page[Any]:
    """Sorted by their keys alone; only the page's rows are read whole."""
    keys = list(rows.values_list("pk", flat=True))
    shown: Page[Any] = Paginator(keys, PAGE).get_page(request.GET.get(name))
    found = {row.pk: row for row in rows.filter(pk__in=list(shown.object_list))}
    shown.object_list = [found[key] for key in shown.object_list if key in found]
    outside = Outside(shown.object_list)
    for row in shown.object_list:
        row.printed = outside.printed(row)
        row.nameless = row.quoting == Quoting.ANONYMOUS
    return shown


@require_POST
def read_against(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark counter-evidence as read, with what the reader concludes."""
    get_object_or_404(PainPoint, pk=pk)
    chosen = [int(key) for key in request.POST.getlist("evidence") if key.isdigit()]
    if isinstance(request.user, User):
        try:
            done = counter_read(
                evidence_ids=chosen,
                reader=request.user,
                conclusion=request.POST.get("conclusion", ""),
                note=request.POST.get("note", ""),
            )
            messages.success(request, _("Marked as read: %(n)s.") % {"n": len(done)})
        except DomainError as error:
            messages.error(request, str(error))
    return redirect(f"{reverse('admin:insights_pain_page', args=[pk])}#against")

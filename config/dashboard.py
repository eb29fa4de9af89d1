"""The team's first page: what is known, by tier; which pain leads; what we built."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.models import Interview, Payment
from crm.money import shown
from crm.selectors import counts_by_tier, revenue
from crm.services.refusals import refused_today
from generation.features.alarm.page import alarm_state
from generation.models import Feature, Run
from insights.models import Evidence
from insights.ranking import ranks_by_tier
from insights.selectors import ALL, pains_overview, prevalence_by_tier, raised_and_asked

LEADING = 8


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """unfold's callback for the admin's index page."""
    pains = list(pains_overview()[:LEADING])
    facts = raised_and_asked([pain.pk for pain in pains])
    ranks = ranks_by_tier()
    tiers = counts_by_tier()
    context.update(
        tiers=tiers,
        alarm=alarm_state(),
        refused=refused_today() if request.user.has_perm("crm.view_refusednotice") else 0,
        kpis=[
            (_("Creators"), sum(row.creators for row in tiers)),
            (_("Interviews"), Interview.objects.count()),
            (_("Quotes"), Evidence.objects.quotable().count()),
            (_("Net revenue"), " · ".join(shown(r.minor, r.currency) for r in revenue()) or "—"),
            (_("Unmatched payments"), Payment.objects.unmatched().count()),
            (_("Pipeline runs"), Run.objects.count()),
        ],
        pains=[
            {
                "pain": pain,
                "lines": [
                    {"row": row, "rank": ranks.get((pain.pk, row.tier))}
                    for row in prevalence_by_tier(facts[pain.pk])
                    if row.tier != ALL
                ],
            }
            for pain in pains
        ],
        features=Feature.objects.order_by("status", "key"),
    )
    return context

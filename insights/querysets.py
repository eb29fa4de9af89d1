"""Vocabulary of insight's rows. Creators see none of them but quotes of their own interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from crm.models import Interview
from crm.querysets import may_quote, may_share, may_use

if TYPE_CHECKING:
    from crm.models import Creator
    from insights.models import Evidence, PainPoint  # noqa: F401


def _in_no_interview_but(allowed: Q) -> Exists:
    """Not in one whose words may not: few are, so that asking for them is the short way."""
    interviews = Interview.objects.filter(~allowed, transcripts__highlights=OuterRef("highlight"))
    return ~Exists(interviews.order_by())


class PainPointQuerySet(models.QuerySet["PainPoint"]):
    def open(self) -> PainPointQuerySet:
        return self.filter(status="open")

    def with_counts(self) -> PainPointQuerySet:
        """`raised`: creators who raised it; `quotes`: codings of it, for and against."""
        evidence: type[Evidence] = apps.get_model("insights", "Evidence")
        outer = evidence.objects.filter(pain=OuterRef("pk")).order_by()
        said = outer.usable().filter(stance="for").values("pain")
        raised = said.annotate(n=Count("creator", distinct=True))
        quotes = outer.quotable().values("pain").annotate(n=Count("pk"))
        # One count a pain point by its index; joined, all evidence would be sorted twice.
        return self.annotate(
            raised=Coalesce(Subquery(raised.values("n")), 0),
            quotes=Coalesce(Subquery(quotes.values("n")), 0),
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, creator: Creator) -> EvidenceQuerySet:
        return self.filter(creator=creator)

    def usable(self) -> EvidenceQuerySet:
        """What may be counted: the words may still be used."""
        return self.filter(_in_no_interview_but(may_use()))

    def quotable(self) -> EvidenceQuerySet:
        """What may be quoted within the team."""
        return self.filter(_in_no_interview_but(may_quote()))

    def shareable(self) -> EvidenceQuerySet:
        """What may be quoted outside the team, by name or anonymously (the interview's `quoting`)."""
        return self.filter(_in_no_interview_but(may_share()))

"""Vocabulary of insight's rows. Creators see none of them but quotes of their own interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

from crm.querysets import may_quote, may_share, may_use

if TYPE_CHECKING:
    from crm.models import Creator
    from insights.models import Evidence, PainPoint  # noqa: F401


INTERVIEW = "highlight__transcript__interview"


class PainPointQuerySet(models.QuerySet["PainPoint"]):
    def open(self) -> PainPointQuerySet:
        return self.filter(status="open")

    def with_counts(self) -> PainPointQuerySet:
        """`raised`: creators who raised it; `quotes`: codings of it, for and against."""
        return self.annotate(
            raised=Count(
                "evidence__creator",
                distinct=True,
                filter=Q(evidence__stance="for") & may_use(f"evidence__{INTERVIEW}"),
            ),
            quotes=Count("evidence", distinct=True, filter=may_quote(f"evidence__{INTERVIEW}")),
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, creator: Creator) -> EvidenceQuerySet:
        return self.filter(creator=creator)

    def usable(self) -> EvidenceQuerySet:
        """What may be counted: the words may still be used."""
        return self.filter(may_use(INTERVIEW))

    def quotable(self) -> EvidenceQuerySet:
        """What may be quoted within the team."""
        return self.filter(may_quote(INTERVIEW))

    def shareable(self) -> EvidenceQuerySet:
        """What may be quoted outside the team, by name or anonymously (the interview's `quoting`)."""
        return self.filter(may_share(INTERVIEW))

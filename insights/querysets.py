"""Vocabulary of insight's rows. Creators see none of them but quotes of their own interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from crm.models import Creator
    from insights.models import Evidence, PainPoint  # noqa: F401


class PainPointQuerySet(models.QuerySet["PainPoint"]):
    def open(self) -> PainPointQuerySet:
        return self.filter(status="open")

    def with_counts(self) -> PainPointQuerySet:
        """`raised`: creators who raised it; `quotes`: codings of it, for and against."""
        return self.annotate(
            raised=Count("evidence__creator", distinct=True, filter=Q(evidence__stance="for")),
            quotes=Count("evidence", distinct=True),
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, creator: Creator) -> EvidenceQuerySet:
        return self.filter(creator=creator)

"""Vocabulary of insight's rows. Creators see none of them but quotes of their own interviews."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from crm.querysets import may_quote, may_share, may_use

if TYPE_CHECKING:
    from crm.models import Creator
    from insights.models import Evidence, PainPoint, PainReport  # noqa: F401


INTERVIEW = "interview"
TEAM, NOWHERE = 2, 3  # QuoteLevel


def may_quote_coding() -> Q:
    """Codings that may be quoted within the team: by the interview's consents and its speaker's limit."""
    return may_quote(INTERVIEW) & Q(held__lt=NOWHERE)


def is_free(transcript: str = "transcript") -> Q:
    """Rows of `transcript`, `start`, `end` that share no character with what may not be quoted at all."""
    codings = apps.get_model("insights", "Evidence")._default_manager
    return ~Q(
        Exists(
            codings.filter(
                interview=OuterRef(f"{transcript}__interview"),
                held=NOWHERE,
                highlight__transcript=OuterRef(transcript),
                highlight__start__lt=OuterRef("end"),
                highlight__end__gt=OuterRef("start"),
            )
        )
    )


class PainReportQuerySet(models.QuerySet["PainReport"]):
    def readable(self) -> PainReportQuerySet:
        """Without what its creator took back, by itself or with everything they had said by then."""
        consents = apps.get_model("crm", "Consent")._default_manager
        withdrawn = consents.filter(
            creator=OuterRef("creator"),
            interview__isnull=True,
            purpose="record",
            given=False,
            at__gte=OuterRef("at"),
        )
        return self.exclude(state="taken_back").exclude(Exists(withdrawn))


class PainPointQuerySet(models.QuerySet["PainPoint"]):
    def open(self) -> PainPointQuerySet:
        return self.filter(status="open")

    def with_counts(self) -> PainPointQuerySet:
        """`raised`: creators who raised it; `quotes`: codings of it, for and against."""
        evidence = apps.get_model("insights", "Evidence")._default_manager
        said = evidence.filter(pain=OuterRef("pk")).order_by().values("pain")
        raised = said.filter(may_use(INTERVIEW), stance="for")
        # Subqueries, because joined and grouped the codings of all pain points are sorted for each.
        return self.annotate(
            raised=Coalesce(
                Subquery(raised.annotate(n=Count("creator", distinct=True)).values("n")), 0
            ),
            quotes=Coalesce(
                Subquery(said.filter(may_quote_coding()).annotate(n=Count("creator")).values("n")),
                0,
            ),
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, creator: Creator) -> EvidenceQuerySet:
        return self.filter(creator=creator)

    def usable(self) -> EvidenceQuerySet:
        """What may be counted: the words may still be used."""
        return self.filter(may_use(INTERVIEW))

    def quotable(self) -> EvidenceQuerySet:
        """What may be quoted within the team."""
        return self.filter(may_quote_coding())

    def limitable(self) -> EvidenceQuerySet:
        """What its speaker is shown as quoted, to say how far it may go: also "not at all"."""
        return self.filter(may_quote(INTERVIEW))

    def seen_by(self, coder: int, withheld: Collection[int]) -> EvidenceQuerySet:
        """Without others' readings of interviews that the coder has yet to read blind."""
        if not withheld:
            return self
        return self.exclude(~models.Q(coder=coder), interview__in=withheld)

    def shareable(self) -> EvidenceQuerySet:
        """What may be quoted outside the team, by name or anonymously (`Evidence.quoting`)."""
        return self.filter(may_share(INTERVIEW), held__lt=TEAM)

"""What the team reads of cases: a set, and the novels that may be taken into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from crm.models import Consent
from generation.models import Case, CaseSet, Chapter, Evaluation, Novel

MOST_CHAPTERS = 200


def novels_to_take() -> QuerySet[Novel]:
    """Novels of creators whose last word on evaluation is yes, with their first chapters."""
    last = (
        Consent.objects.filter(
            creator=OuterRef("creator"), interview__isnull=True,
            purpose=Consent.Purpose.EVALUATION,
        )
        .order_by("-at", "-pk")
        .values("given")[:1]
    )  # fmt: skip
    chapters = Prefetch("chapters", Chapter.objects.filter(index__lt=MOST_CHAPTERS))
    return (
        Novel.objects.filter(deleted_at__isnull=True)
        .annotate(agreed=Subquery(last))
        .filter(agreed=True)
        .select_related("creator")
        .prefetch_related(chapters)
        .defer("text", "division")
        .order_by("creator", "-created_at", "-pk")
    )


@dataclass(frozen=True)
class CaseRow:
    """A case as the page shows it: its words, how long they are, how many people are in a shot."""

    case: Case
    words: str
    length: int
    people: int


def case_set_page(row: CaseSet) -> dict[str, Any]:
    """A set with its cases, versions and evaluations; four queries."""
    cases = [
        CaseRow(case, words, len(words), len(case.content.get("shot", {}).get("cast", ())))
        for case in row.cases.select_related("novel", "consent").defer("novel__text")
        for words in [_words(case)]
    ]
    return {
        "row": row,
        "cases": cases,
        "stories": len({case.case.story for case in cases}),
        "withdrawn": sum(case.case.withdrawn_at is not None for case in cases),
        "versions": list(CaseSet.objects.filter(key=row.key).order_by("-number")),
        "evaluations": list(
            Evaluation.objects.filter(case_set=row).defer("results", "plan").order_by("-pk")[:20]
        ),
    }


def _words(case: Case) -> str:
    content = case.content
    return str(content.get("text") or content.get("shot", {}).get("narration", ""))

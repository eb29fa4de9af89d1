"""The table of an evaluation is computed by a job or on request, and kept."""

from __future__ import annotations

from django.utils import timezone

from generation.evaluations.documents import document_of
from generation.models import Evaluation
from generation.prompts.tables import table_of

EVERY_VOTES = 20
"""After so many new votes the table is computed anew."""


def results_keep(evaluation: Evaluation) -> dict[str, object]:
    """Compute the table from the rows as they are now and keep it."""
    document = document_of(evaluation)
    table = table_of(document)
    Evaluation.objects.filter(pk=evaluation.pk).update(
        results=table, results_at=timezone.now(), results_votes=len(document["votes"])
    )
    return table


def results_keep_of(evaluation_id: int) -> bool:
    """For the worker: compute where there are new votes; False where there is nothing new."""
    row = Evaluation.objects.select_related("case_set").filter(pk=evaluation_id).first()
    if row is None or not row.trials.exclude(state="waiting").exists():
        return False
    given = row.votes.exclude(outcome="").count()
    if row.results and given == row.results_votes:
        return False
    results_keep(row)
    return True

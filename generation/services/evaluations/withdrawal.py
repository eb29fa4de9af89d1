"""A novel may no longer be used for evaluation: its words and pictures go, and no longer count."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from engines.services.forgetting import scope_forget
from generation.models import Case, Novel, Trial, Vote
from generation.models.evaluations import cases_scope


def cases_forget(*, novels: QuerySet[Novel]) -> dict[str, int]:
    """Empty every case of these novels and delete what was drawn of them; runs in the caller's
    transaction, files go when it commits. Returns how many of each.
    """
    cases = Case.objects.filter(novel__in=novels, withdrawn_at__isnull=True)
    ids = list(cases.values_list("pk", flat=True))
    if not ids:
        return {}
    trials = Trial.objects.filter(case_id__in=ids)
    files = [trial.picture for trial in trials if trial.picture]
    of_novels = set(cases.values_list("novel_id", flat=True))
    Vote.objects.filter(left__case_id__in=ids, outcome="").delete()
    count = trials.update(state=Trial.State.WITHDRAWN, picture="", output={}, key="")
    Case.objects.filter(pk__in=ids).update(content={}, withdrawn_at=timezone.now())
    for novel_id in of_novels:
        scope_forget(cases_scope(novel_id))

    def remove() -> None:
        for file in files:
            file.storage.delete(str(file.name))

    transaction.on_commit(remove)
    return {"cases": len(ids), "trials": count}

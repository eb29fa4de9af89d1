"""A creator takes back that novels are used for evaluation: words and pictures go, numbers stay."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from generation.models import Case, Trial, Vote


def cases_forget(*, creator_id: int) -> dict[str, int]:
    """Empty every case of the creator's novels and delete what was drawn of them; runs in the
    caller's transaction, files go when it commits. Returns how many of each.
    """
    cases = Case.objects.filter(novel__creator_id=creator_id, withdrawn_at__isnull=True)
    ids = list(cases.values_list("pk", flat=True))
    if not ids:
        return {}
    trials = Trial.objects.filter(case_id__in=ids)
    files = [trial.picture for trial in trials if trial.picture]
    Vote.objects.filter(left__case_id__in=ids, outcome="").delete()
    count = trials.update(state=Trial.State.WITHDRAWN, picture="", output={}, key="")
    Case.objects.filter(pk__in=ids).update(content={}, withdrawn_at=timezone.now())

    def remove() -> None:
        for file in files:
            file.storage.delete(str(file.name))

    transaction.on_commit(remove)
    return {"cases": len(ids), "trials": count}

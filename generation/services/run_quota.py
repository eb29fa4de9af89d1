"""A run's share of its creator's plan: taken with the wish, settled when the work has ended."""

from crm.services.quotas import quota_settle, quota_take, quota_taken
from generation.models import Frame, Run

NOTHING = {"runs": 0, "frames": 0, "characters": 0}


def _key(run: Run) -> str:
    return f"run:{run.pk}"


def run_quota_take(run: Run, *, characters: int, frames: int) -> None:
    """Inside the transaction that writes the run. Raises `DomainError` where the plan is used up."""
    if run.is_sample:
        return
    quota_take(
        creator=run.novel.creator, key=_key(run), runs=1, frames=frames, characters=characters
    )


def run_quota_settle(run: Run) -> None:
    """What was drawn counts, not what was expected; a run that failed before it made anything is free."""
    creator, key = run.novel.creator, _key(run)
    taken = quota_taken(creator=creator, key=key)
    if not any(taken.values()):
        return
    drawn = Frame.objects.filter(shot__run=run, version=1).count()
    state = Run.objects.values_list("state", flat=True).get(pk=run.pk)
    made_nothing = not drawn and not run.steps.exists() and state != Run.State.DONE
    really = NOTHING if made_nothing else {**taken, "runs": 1, "frames": drawn}
    quota_settle(creator=creator, key=key, **really)


def run_quota_again(run: Run, *, characters: int, frames: int) -> None:
    """A run that goes on takes its share again, less what it holds already."""
    creator, key = run.novel.creator, _key(run)
    if run.is_sample:
        return
    held = quota_taken(creator=creator, key=key)
    wanted = {"runs": 1, "frames": frames, "characters": characters}
    missing = {kind: max(0, amount - held[kind]) for kind, amount in wanted.items()}
    if any(missing.values()):
        quota_take(
            creator=creator,
            key=key,
            runs=missing["runs"],
            frames=missing["frames"],
            characters=missing["characters"],
        )

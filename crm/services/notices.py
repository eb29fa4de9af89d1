"""How a notice is claimed, ends and is tried again: the rules of jobs, for messages to people.

A message is never sent twice: what may have left (its worker died, the line broke after the sending
began) is not repeated but shown as in doubt.
"""

from datetime import timedelta
from typing import TypeVar

from django.db.models import F
from django.utils import timezone

from crm.models import Job

Notice = TypeVar("Notice", bound=Job)

STALE_AFTER = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)


def notice_claim(model: type[Notice], pk: int) -> Notice | None:
    """Take a waiting notice; None where it is not waiting, or not yet due."""
    now = timezone.now()
    taken = model._default_manager.filter(pk=pk, state=Job.State.QUEUED, queued_at__lte=now).update(
        state=Job.State.RUNNING, tries=F("tries") + 1, started_at=now, heartbeat_at=now
    )
    return model._default_manager.get(pk=pk) if taken else None


def notice_end(notice: Notice, state: str, *, code: str = "", error: str = "") -> None:
    """End it, if it is still this worker's."""
    type(notice)._default_manager.filter(
        pk=notice.pk, state=Job.State.RUNNING, tries=notice.tries
    ).update(state=state, error_code=code, error=error[:500], ended_at=timezone.now())


def notice_again(notice: Notice, *, code: str, error: str) -> None:
    """Wait for another try, a minute, then two, then four; after the last it is given up."""
    if notice.tries >= Job.MAX_TRIES:
        notice_end(notice, Job.State.DEAD, code=code, error=error)
        return
    pause = FIRST_PAUSE * 2 ** (notice.tries - 1)
    type(notice)._default_manager.filter(
        pk=notice.pk, state=Job.State.RUNNING, tries=notice.tries
    ).update(
        state=Job.State.QUEUED, queued_at=timezone.now() + pause, error_code=code, error=error[:500]
    )


def notices_due(model: type[Notice]) -> list[int]:
    """Give up on those whose worker died while sending; returns the ids that wait and are due."""
    now = timezone.now()
    rows = model._default_manager
    rows.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER).update(
        state=Job.State.DEAD,
        error_code="in_doubt",
        error="The worker died while sending; it may have arrived and is not repeated.",
        ended_at=now,
    )
    waiting = rows.filter(state=Job.State.QUEUED, queued_at__lte=now).order_by("queued_at")
    return list(waiting.values_list("pk", flat=True)[:100])

"""Word to members of the team: owed in the transaction of what it tells of, sent once by e-mail."""

from collections.abc import Iterable
from datetime import datetime

from crm.models import TeamNotice, User
from crm.services.notices import notice_claim, notice_mail, notices_due


def team_tell(
    *, topic: str, people: Iterable[User], subject: str, body: str, since: datetime | None = None
) -> int:
    """Owe each of these people word about `topic`, unless one was told (since a moment).

    Runs in its caller's transaction; returns how many notices were written.
    """
    told = TeamNotice.objects.filter(topic=topic)
    if since is not None:
        told = told.filter(at__gt=since)
    known = set(told.values_list("user_id", flat=True))
    made = TeamNotice.objects.bulk_create(
        TeamNotice(topic=topic, user=user, address=user.email, subject=subject[:200], body=body)
        for user in people
        if user.email and user.is_active and user.pk not in known
    )
    return len(made)


def team_notices_due() -> list[int]:
    return notices_due(TeamNotice)


def team_notice_deliver(notice_id: int) -> str:
    """Send one notice; returns its state. May be called twice without harm."""
    notice = notice_claim(TeamNotice, notice_id)
    if notice is None:
        return "not waiting"
    notice_mail(notice, subject=notice.subject, body=notice.body, address=notice.address)
    notice.refresh_from_db()
    return notice.state

"""Creators told that passages of theirs were read and wait for their word: together, once a day."""

from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from crm.models import Creator, CreatorNotice
from crm.services.creator_notices import creator_tell
from insights.models import Evidence

AT_MOST_EVERY = timedelta(days=1)


def quotes_tell() -> int:
    """Tell each creator with a login of new quotes that they have not said anything of.

    Who was told within a day waits; who was told of all there is is left in peace. Returns how
    many were told.
    """
    last: dict[int, tuple[datetime, int]] = {}
    notices = CreatorNotice.objects.filter(kind=CreatorNotice.Kind.QUOTE).order_by("at", "pk")
    for creator, at, facts in notices.values_list("creator_id", "at", "facts"):
        last[creator] = (at, int(facts["last"]))
    recent = timezone.now() - AT_MOST_EVERY
    waiting = (
        Evidence.objects.quotable()
        .filter(creator__user__is_active=True, checks=None)
        .order_by()
        .values("creator_id")
        .annotate(n=Count("highlight_id", distinct=True), newest=Max("pk"))
    )
    told = 0
    people = Creator.objects.in_bulk([row["creator_id"] for row in waiting])
    for row in waiting:
        at, newest = last.get(row["creator_id"], (recent, 0))
        if row["newest"] <= newest or at > recent:
            continue
        told += creator_tell(
            creator=people[row["creator_id"]],
            kind=CreatorNotice.Kind.QUOTE,
            key=f"quotes:{row['newest']}",
            path=reverse("portal:words"),
            facts={"n": row["n"], "last": row["newest"]},
        )
    return told

"""Word to creators: owed in the transaction of what it tells of, once, by the ways they left open.

Whoever has something to tell a creator calls `creator_tell`; `crm.notice_words` knows what each
kind says. What leaves the house is a row for each way, sent by `crm.services.notice_deliveries`.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.models import Creator, CreatorNotice, NoticeDelivery, NoticeHook
from crm.notice_reads import Channel, wanted_by


def creator_tell(
    *,
    creator: Creator,
    kind: str,
    key: str,
    path: str = "",
    about: str = "",
    facts: Mapping[str, Any] | None = None,
    mailed: bool = False,
) -> bool:
    """Tell one creator something, once for each `key`; returns whether it is new to them.

    As `creators_tell` for one.
    """
    told = creators_tell(
        creators=[creator.pk], kind=kind, key=key, path=path, about=about, facts=facts,
        mailed=mailed,
    )  # fmt: skip
    return bool(told)


@transaction.atomic
def creators_tell(
    *,
    creators: Collection[int],
    kind: str,
    key: str,
    path: str = "",
    about: str = "",
    facts: Mapping[str, Any] | None = None,
    mailed: bool = False,
) -> int:
    """Tell creators the same thing, each once for this `key`; returns how many are told now.

    `path` is the page that it leads to; `about` names what goes with it ("novel:7"), so that it can
    be forgotten together; `facts` are what its words need. With `mailed` another job sends the
    e-mail. Who has no open login has no portal to be told in. Belongs into the transaction of what
    it tells of.
    """
    people = dict(
        Creator.objects.filter(pk__in=creators, user__is_active=True).values_list(
            "pk", "user__email"
        )
    )
    keys = {pk: f"{key}:{pk}" for pk in people}
    known = set(CreatorNotice.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    wanted = {pk: ways for pk, ways in wanted_by(list(people), kind).items() if ways}
    fresh = [pk for pk in wanted if keys[pk] not in known]
    CreatorNotice.objects.bulk_create(
        [
            CreatorNotice(
                creator_id=pk, kind=kind, key=keys[pk], path=path[:200], about=about,
                facts=dict(facts or {}), in_page=Channel.PAGE.value in wanted[pk],
            )
            for pk in fresh
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )  # fmt: skip
    rows = CreatorNotice.objects.filter(key__in=[keys[pk] for pk in fresh])
    hooks = set(
        NoticeHook.objects.filter(creator_id__in=fresh).values_list("creator_id", flat=True)
    )
    deliveries = []
    for notice in rows:
        ways = wanted[notice.creator_id]
        if Channel.EMAIL.value in ways and people[notice.creator_id] and not mailed:
            deliveries.append(NoticeDelivery(notice=notice, channel=Channel.EMAIL.value))
        if Channel.WEBHOOK.value in ways and notice.creator_id in hooks:
            deliveries.append(NoticeDelivery(notice=notice, channel=Channel.WEBHOOK.value))
    NoticeDelivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=1000)
    return len(fresh)


def notices_read(*, creator: Creator, pk: int | None = None, kind: str = "", path: str = "") -> int:
    """The creator has read one notice, those of a kind or to a page, or all; how many were unread."""
    rows = CreatorNotice.objects.filter(creator=creator, seen_at__isnull=True)
    if pk is not None:
        rows = rows.filter(pk=pk)
    if kind:
        rows = rows.filter(kind=kind)
    if path:
        rows = rows.filter(path=path)
    return rows.update(seen_at=timezone.now())


def notices_forget(*, about: str) -> int:
    """Remove what was told about something that goes for good; returns the notices removed."""
    rows = CreatorNotice.objects.filter(about=about)
    count = rows.count()
    rows.delete()
    return count

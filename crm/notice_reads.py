"""Reads of notices to creators: what they were told, and which ways they have left open."""

from collections.abc import Collection
from dataclasses import dataclass

from crm.models import Creator, CreatorNotice, NoticeChoice, NoticeDelivery, NoticeHook
from crm.querysets import CreatorNoticeQuerySet

Kind, Channel = CreatorNotice.Kind, NoticeChoice.Channel
CHANNELS = tuple(Channel)
CHOSEN = tuple(kind for kind in Kind if kind is not Kind.TEST)
# What is off until somebody wants it: who works in the studio sees each picture come.
OFF = frozenset({(Kind.FRAMES_REVIEW, Channel.EMAIL)})


def notices_visible_to(creator: Creator) -> CreatorNoticeQuerySet:
    """Newest first."""
    return CreatorNotice.objects.visible_to(creator)


def unread_notices(creator: Creator) -> int:
    return notices_visible_to(creator).filter(seen_at__isnull=True).count()


def wanted_by(creators: Collection[int], kind: str) -> dict[int, set[str]]:
    """The ways by which each creator wants one kind of notice; one query."""
    usual = {way.value for way in CHANNELS if (kind, way) not in OFF}
    wanted = {creator: set(usual) for creator in creators}
    if kind == Kind.TEST:
        return {creator: {Channel.WEBHOOK.value} for creator in creators}
    rows = NoticeChoice.objects.filter(creator_id__in=creators, kind=kind)
    for creator, channel, yes in rows.values_list("creator_id", "channel", "wanted"):
        (wanted[creator].add if yes else wanted[creator].discard)(channel)
    return wanted


def wants(creator: Creator, kind: str, channel: str) -> bool:
    """Whether a creator wants this kind of notice by this way."""
    return channel in wanted_by([creator.pk], kind)[creator.pk]


@dataclass(frozen=True)
class ChoiceRow:
    """One kind of notice with its ways: (channel, label, whether it is wanted)."""

    kind: str
    label: str
    ways: tuple[tuple[str, str, bool], ...]


def choice_rows(creator: Creator) -> list[ChoiceRow]:
    """Every kind by every way; one query."""
    said = {
        (kind, channel): wanted
        for kind, channel, wanted in NoticeChoice.objects.filter(creator=creator).values_list(
            "kind", "channel", "wanted"
        )
    }
    return [
        ChoiceRow(
            kind.value,
            str(kind.label),
            tuple(
                (way.value, str(way.label), said.get((kind, way), (kind, way) not in OFF))
                for way in CHANNELS
            ),
        )
        for kind in CHOSEN
    ]


def hook_of(creator: Creator) -> NoticeHook | None:
    return NoticeHook.objects.filter(creator=creator).first()


def hook_deliveries(creator: Creator, most: int = 5) -> list[NoticeDelivery]:
    """The last messages to the creator's own program, with what became of them."""
    rows = NoticeDelivery.objects.filter(
        notice__creator=creator, channel=NoticeDelivery.Channel.WEBHOOK
    )
    return list(rows.select_related("notice").order_by("-queued_at", "-pk")[:most])

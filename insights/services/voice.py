"""Creators raise pains, rate and rank them; the team answers. Nothing here becomes evidence."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, CreatorNotice, User
from crm.services.creator_notices import creator_tell
from crm.services.tiers import tier_at
from insights.models import Need, PainPoint, PainReport, TopPain

LONGEST = 2000
PLACES = 3


@transaction.atomic
def pain_report(
    *,
    creator: Creator,
    words: str,
    importance: int | None,
    satisfaction: int | None,
    pain: PainPoint | None,
    token: str,
    actor: User | None = None,
) -> tuple[PainReport, bool]:
    """Keep what a creator says hurts; the same form again is the same report.

    `pain` is the known pain point that the creator says it is. Returns the report and whether it is
    new. Raises `DomainError` where nothing is said or a rating is missing.
    """
    words = words.strip()
    if not words:
        raise DomainError(_("Write what hurts, in your own words."), "empty")
    if len(words) > LONGEST:
        raise DomainError(
            _("Please keep it to %(most)s characters; this has %(n)s.")
            % {"most": LONGEST, "n": len(words)},
            "too_long",
        )
    _rated(importance, satisfaction)
    assert importance is not None  # noqa: S101  _rated refuses it
    now = timezone.now()
    row, new = PainReport.objects.get_or_create(
        creator=creator,
        token=token,
        defaults={
            "words": words,
            "tier": tier_at(creator, now),
            "importance": importance,
            "satisfaction": satisfaction,
            "pain": pain,
            "state": PainReport.State.KNOWN if pain else PainReport.State.NEW,
            "at": now,
        },
    )
    if new:
        if pain is not None:
            _need(row)
        audit.record("pain.reported", row, actor=actor, data={"pain": pain.pk if pain else None})
    return row, new


@transaction.atomic
def report_join(*, report: PainReport, pain: PainPoint, answer: str, actor: User) -> PainReport:
    """Say that a report is a known pain; its ratings then count as this creator's need."""
    row = _waiting(report)
    if pain.status != PainPoint.Status.OPEN:
        raise DomainError(_("This pain point is closed; choose an open one."), "closed")
    row.pain, row.state = pain, PainReport.State.KNOWN
    _answered(row, answer, actor)
    _need(row)
    audit.record("pain.report_joined", row, actor=actor, data={"pain": pain.pk})
    return row


@transaction.atomic
def report_decline(*, report: PainReport, answer: str, actor: User) -> PainReport:
    """Say "not now, because": the creator reads the reason, so there must be one."""
    row = _waiting(report)
    if not answer.strip():
        raise DomainError(_("Give the creator a reason."), "no_reason")
    row.state = PainReport.State.DECLINED
    _answered(row, answer, actor)
    audit.record("pain.report_declined", row, actor=actor)
    return row


@transaction.atomic
def report_take_back(*, report: PainReport, actor: User | None = None) -> bool:
    """The creator takes back what nobody has answered yet; the words go for good."""
    taken = PainReport.objects.filter(pk=report.pk, state=PainReport.State.NEW).update(
        state=PainReport.State.TAKEN_BACK, words="—"
    )
    if taken:
        audit.record("pain.report_taken_back", report, actor=actor)
    return bool(taken)


@transaction.atomic
def pain_rate(
    *,
    creator: Creator,
    pain: PainPoint,
    importance: int | None,
    satisfaction: int | None,
    actor: User | None = None,
) -> Need:
    """Two taps: how much a known pain matters and how well it is served today."""
    _rated(importance, satisfaction)
    assert importance is not None  # noqa: S101  _rated refuses it
    if pain.status != PainPoint.Status.OPEN:
        raise DomainError(_("This pain point is closed; choose an open one."), "closed")
    now = timezone.now()
    row = Need.objects.create(
        creator=creator,
        pain=pain,
        tier=tier_at(creator, now),
        importance=importance,
        satisfaction=satisfaction,
        at=now,
    )
    audit.record("need.said", row, actor=actor, data={"pain": pain.pk})
    return row


@transaction.atomic
def top_pains_choose(
    *, creator: Creator, pains: Sequence[PainPoint], actor: User | None = None
) -> list[TopPain]:
    """The creator's first pains in order, at most three; an empty list takes the ranking back."""
    keys = [pain.pk for pain in pains]
    if len(keys) > PLACES or len(set(keys)) != len(keys):
        raise DomainError(_("Choose up to three different pains."), "not_distinct")
    if any(pain.status != PainPoint.Status.OPEN for pain in pains):
        raise DomainError(_("This pain point is closed; choose an open one."), "closed")
    Creator.objects.select_for_update().get(pk=creator.pk)  # two tabs: one after the other
    before = list(TopPain.objects.filter(creator=creator).values_list("pain_id", flat=True))
    TopPain.objects.filter(creator=creator).delete()
    rows = TopPain.objects.bulk_create(
        [
            TopPain(creator=creator, pain=pain, place=place)
            for place, pain in enumerate(pains, start=1)
        ]
    )
    audit.record("pains.ranked", creator, actor=actor, data={"from": before, "to": keys})
    return rows


def _rated(importance: int | None, satisfaction: int | None) -> None:
    if importance is None or not 1 <= importance <= 5:
        raise DomainError(_("Say how much it matters, from 1 to 5."), "no_importance")
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise DomainError(_("Say how well it is served today, from 1 to 5."), "bad_satisfaction")


def _waiting(report: PainReport) -> PainReport:
    row = PainReport.objects.select_for_update().get(pk=report.pk)
    if row.state != PainReport.State.NEW:
        raise DomainError(_("This has been answered already."), "answered")
    return row


def _answered(row: PainReport, answer: str, actor: User) -> None:
    row.answer, row.answered_by, row.answered_at = answer.strip(), actor, timezone.now()
    row.save(update_fields=["pain", "state", "answer", "answered_by", "answered_at"])
    creator_tell(
        creator=row.creator,
        kind=CreatorNotice.Kind.ANSWER,
        key=f"report:{row.pk}",
        path=reverse("portal:voice") + "#told",
        facts={"declined": row.state == PainReport.State.DECLINED},
    )


def _need(row: PainReport) -> None:
    """What was rated counts from the day it was said, once."""
    Need.objects.get_or_create(
        creator_id=row.creator_id,
        pain=row.pain,
        at=row.at,
        defaults={
            "tier": row.tier,
            "importance": row.importance,
            "satisfaction": row.satisfaction,
        },
    )


def end(creator: Creator) -> dict[str, int]:
    """What goes when a creator leaves: their ranking; their words went with the withdrawal."""
    return {"rankings": TopPain.objects.filter(creator=creator).delete()[0]}

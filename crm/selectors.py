"""Reads of crm: what pages, the API and the command line show of creators, interviews, payments."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet, Sum

from crm.models import (
    Consent,
    Creator,
    Interview,
    Payment,
    Redaction,
    Tier,
    TranscriptVersion,
    User,
)


def creator_of(user: User | AnonymousUser) -> Creator | None:
    """The creator that logs in as this user, if any."""
    if not user.is_authenticated:
        return None
    return Creator.objects.filter(user_id=user.pk).first()


def interviews_visible_to(creator: Creator) -> QuerySet[Interview]:
    return Interview.objects.visible_to(creator).select_related("study")


def payments_visible_to(creator: Creator) -> QuerySet[Payment]:
    return Payment.objects.visible_to(creator)


def may_record(creator: Creator) -> bool:
    """Whether the creator's last word on recording in general is not a withdrawal."""
    rows = Consent.objects.filter(
        creator=creator, interview=None, purpose=Consent.Purpose.RECORD
    ).order_by("-at", "-pk")
    return rows.values_list("given", flat=True).first() is not False


def redactions_visible_to(creator: Creator) -> QuerySet[Redaction]:
    return Redaction.objects.visible_to(creator).select_related("interview")


def transcript_current(interview: Interview) -> TranscriptVersion | None:
    """The newest version of what was said, with its utterances; None once consent is withdrawn."""
    return (
        TranscriptVersion.objects.filter(interview=interview, interview__usable=True)
        .prefetch_related("utterances")
        .order_by("-version")
        .first()
    )


@dataclass(frozen=True)
class TierCount:
    tier: str
    label: str
    creators: int
    interviewed: int
    paying: int


def counts_by_tier() -> list[TierCount]:
    """Creators of each tier today, how many were interviewed, and how many ever paid."""
    rows = {
        row["tier"]: row
        for row in Creator.objects.order_by()
        .values("tier")
        .annotate(
            creators=Count("pk", distinct=True),
            interviewed=Count("pk", distinct=True, filter=Q(interviews__isnull=False)),
            paying=Count("pk", distinct=True, filter=Q(payments__kind=Payment.Kind.CHARGE)),
        )
    }
    empty = {"creators": 0, "interviewed": 0, "paying": 0}
    return [
        TierCount(
            tier=tier.value,
            label=str(tier.label),
            creators=row["creators"],
            interviewed=row["interviewed"],
            paying=row["paying"],
        )
        for tier in Tier
        for row in [rows.get(tier.value, empty)]
    ]


@dataclass(frozen=True)
class Revenue:
    currency: str
    minor: int
    payments: int


def revenue(payments: QuerySet[Payment] | None = None) -> list[Revenue]:
    """Charges less refunds and disputes by currency, never mixed; `payments` counts charges."""
    source = Payment.objects.all() if payments is None else payments
    charge = Q(kind=Payment.Kind.CHARGE)
    rows = (
        source.order_by()
        .values("currency")
        .annotate(
            plus=Sum("minor", filter=charge),
            minus=Sum("minor", filter=~charge),
            charges=Count("pk", filter=charge),
        )
    )
    return [
        Revenue(row["currency"], (row["plus"] or 0) - (row["minus"] or 0), row["charges"])
        for row in sorted(rows, key=lambda row: str(row["currency"]))
    ]


def payer_ids(before: datetime | None = None) -> set[int]:
    """Creators with at least one charge that was not wholly refunded, up to a moment."""
    rows = Payment.objects.filter(creator__isnull=False)
    if before is not None:
        rows = rows.filter(occurred_at__lte=before)
    charge = Q(kind=Payment.Kind.CHARGE)
    totals = (
        rows.order_by()
        .values("creator_id", "currency")
        .annotate(plus=Sum("minor", filter=charge), minus=Sum("minor", filter=~charge))
    )
    return {row["creator_id"] for row in totals if (row["plus"] or 0) > (row["minus"] or 0)}


def was_paying(creator: Creator, at: datetime, *, days: int = 45) -> bool:
    """Whether a charge fell into the `days` before that moment: the payment state of that time."""
    return Payment.objects.filter(
        creator=creator,
        kind=Payment.Kind.CHARGE,
        occurred_at__lte=at,
        occurred_at__gt=at - timedelta(days=days),
    ).exists()


def creators_for_team() -> QuerySet[Creator]:
    """Every creator with how often they were interviewed; for the team only."""
    return Creator.objects.annotate(interview_count=Count("interviews")).order_by("name", "pk")


def interviews_for_team() -> QuerySet[Interview]:
    """Every interview with its creator and study, newest first; for the team only."""
    return Interview.objects.select_related("creator", "study")

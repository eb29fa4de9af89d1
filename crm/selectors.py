"""Reads of crm: what pages, the API and the command line show of creators, interviews, payments."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from crm.consent_words import FIRST
from crm.models import (
    Consent,
    ConsentForm,
    Creator,
    DataExport,
    Interview,
    PayerBalance,
    PayerName,
    Payment,
    Recording,
    Redaction,
    Tier,
    TierChange,
    TranscriptVersion,
    User,
)

_NET = F("charged") - F("refunded") - F("disputed")


def creator_of(user: User | AnonymousUser) -> Creator | None:
    """The creator that logs in as this user, if any."""
    if not user.is_authenticated:
        return None
    return Creator.objects.filter(user_id=user.pk).first()


def tiers_then(creators: Iterable[int]) -> Callable[[int, datetime], str]:
    """A function (creator, moment) → the creator's tier at that moment; two queries for all of them.

    Before the first change that is known, and without any, it is the tier of today.
    """
    ids = set(creators)
    today = dict(Creator.objects.filter(pk__in=ids).values_list("pk", "tier"))
    changes: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    rows = TierChange.objects.filter(creator__in=ids).order_by("at", "pk")
    for creator, at, tier in rows.values_list("creator_id", "at", "tier"):
        changes[creator].append((at, tier))

    def tier_then(creator: int, at: datetime) -> str:
        past = bisect_right(changes.get(creator, ()), at, key=itemgetter(0))
        return changes[creator][past - 1][1] if past else today[creator]

    return tier_then


def interviews_visible_to(creator: Creator) -> QuerySet[Interview]:
    return Interview.objects.visible_to(creator).select_related("study")


def payments_visible_to(creator: Creator) -> QuerySet[Payment]:
    """What they paid and got back; mistakes that were taken out of force are the team's matter."""
    return Payment.objects.visible_to(creator).in_force()


def may_record(creator: Creator) -> bool:
    """Whether the creator's last word on recording in general is not a withdrawal."""
    rows = Consent.objects.filter(
        creator=creator, interview=None, purpose=Consent.Purpose.RECORD
    ).order_by("-at", "-pk")
    return rows.values_list("given", flat=True).first() is not False


def consent_form_current() -> ConsentForm:
    """The form that is in force: the newest version; unsaved where the team published none yet."""
    return ConsentForm.objects.order_by("-created_at", "-pk").first() or ConsentForm(**FIRST)


def recordings_visible_to(creator: Creator) -> QuerySet[Recording]:
    return Recording.objects.visible_to(creator)


def redactions_visible_to(creator: Creator) -> QuerySet[Redaction]:
    return Redaction.objects.visible_to(creator).select_related("interview")


def exports_visible_to(creator: Creator) -> QuerySet[DataExport]:
    """The creator's copies of their data, newest first."""
    return DataExport.objects.filter(creator=creator).order_by("-queued_at", "-pk")


def transcript_current(interview: Interview) -> TranscriptVersion | None:
    """The newest version of what was said; None once consent is withdrawn."""
    return (
        TranscriptVersion.objects.filter(interview=interview, interview__usable=True)
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
    creators = _by_tier(Creator.objects.all())
    interviewed = _by_tier(Creator.objects.filter(Exists(_interviews_of_outer())))
    paying = _by_tier(Creator.objects.filter(Exists(_charged_of_outer())))
    return [
        TierCount(
            tier=tier.value,
            label=str(tier.label),
            creators=creators.get(tier.value, 0),
            interviewed=interviewed.get(tier.value, 0),
            paying=paying.get(tier.value, 0),
        )
        for tier in Tier
    ]


def _by_tier(creators: QuerySet[Creator]) -> dict[str, int]:
    rows = creators.order_by().values("tier").annotate(n=Count("pk"))
    return {str(row["tier"]): int(row["n"]) for row in rows}


def _interviews_of_outer() -> QuerySet[Interview]:
    return Interview.objects.filter(creator=OuterRef("pk"))


def _charged_of_outer() -> QuerySet[PayerBalance]:
    return PayerBalance.objects.filter(creator=OuterRef("pk"), charged__gt=0)


@dataclass(frozen=True)
class Revenue:
    currency: str
    minor: int
    payments: int


def revenue(payments: QuerySet[Payment] | None = None) -> list[Revenue]:
    """Charges less refunds and disputes by currency, never mixed; `payments` counts charges.

    Of the whole ledger it reads the balances, of a selection the payments themselves.
    """
    if payments is None:
        return _revenue_of(PayerBalance.objects.all())
    charge = Q(kind=Payment.Kind.CHARGE)
    rows = (
        payments.order_by()
        .values("currency")
        .annotate(
            plus=Sum("minor", filter=charge),
            minus=Sum("minor", filter=~charge),
            charges=Count("pk", filter=charge & Q(minor__gt=0))
            - Count("pk", filter=charge & Q(minor__lt=0)),
        )
    )
    return [
        Revenue(row["currency"], (row["plus"] or 0) - (row["minus"] or 0), row["charges"])
        for row in sorted(rows, key=lambda row: str(row["currency"]))
    ]


def revenue_from(creators: Collection[int]) -> list[Revenue]:
    """What these creators paid in all, net, by currency."""
    return _revenue_of(PayerBalance.objects.filter(creator_id__in=creators))


def _revenue_of(balances: QuerySet[PayerBalance]) -> list[Revenue]:
    rows = (
        balances.order_by("currency")
        .values("currency")
        .annotate(sum_minor=Sum(_NET), charges=Sum("count"))
    )
    return [Revenue(row["currency"], int(row["sum_minor"]), int(row["charges"])) for row in rows]


def largest_payer_share(creators: Collection[int]) -> float | None:
    """The largest payer's share of the net sum, in the currency that most of them paid in."""
    by_currency: dict[str, list[int]] = {}
    rows = PayerBalance.objects.filter(creator_id__in=creators).annotate(net_sum=_NET)
    for currency, net in rows.order_by("currency").values_list("currency", "net_sum"):
        by_currency.setdefault(currency, []).append(net)
    if not by_currency:
        return None
    most = max(by_currency.values(), key=len)
    total = sum(net for net in most if net > 0)
    return max(most) / total if total > 0 else None


def payer_ids(before: datetime | None = None) -> set[int]:
    """Creators with at least one charge that was not wholly refunded, up to a moment."""
    balances = PayerBalance.objects.filter(creator__isnull=False)
    settled = balances if before is None else balances.filter(last_at__lte=before)
    paid = settled.annotate(net_sum=_NET).filter(net_sum__gt=0)
    ids = {pk for pk in paid.values_list("creator_id", flat=True) if pk is not None}
    if before is not None:
        ids |= _payers_up_to(before, balances.filter(first_at__lte=before, last_at__gt=before))
    return ids


def _payers_up_to(moment: datetime, straddling: QuerySet[PayerBalance]) -> set[int]:
    """Of balances that go on after the moment, only the ledger knows how they stood then."""
    charge = Q(kind=Payment.Kind.CHARGE)
    totals = (
        Payment.objects.filter(
            occurred_at__lte=moment, creator_id__in=straddling.values("creator_id")
        )
        .order_by()
        .values("creator_id", "currency")
        .annotate(plus=Sum("minor", filter=charge), minus=Sum("minor", filter=~charge))
    )
    return {
        row["creator_id"]
        for row in totals
        if row["creator_id"] is not None and (row["plus"] or 0) > (row["minus"] or 0)
    }


def was_paying(creator: Creator, at: datetime, *, days: int = 45) -> bool:
    """Whether a charge fell into the `days` before that moment: the payment state of that time."""
    charged = Payment.objects.filter(
        creator=creator,
        kind=Payment.Kind.CHARGE,
        occurred_at__lte=at,
        occurred_at__gt=at - timedelta(days=days),
    ).aggregate(minor=Sum("minor"))
    return (charged["minor"] or 0) > 0


def creators_for_team() -> QuerySet[Creator]:
    """Every creator with how often they were interviewed; for the team only."""
    return Creator.objects.annotate(interview_count=Count("interviews")).order_by("name", "pk")


def interviews_for_team() -> QuerySet[Interview]:
    """Every interview with its creator and study, newest first; for the team only."""
    return Interview.objects.select_related("creator", "study")


MANY = 1_000  # creators, and payments found by themselves, that a search lists
LAST_SIGN = "\U0010ffff"


def payments_found(payments: QuerySet[Payment], words: str) -> QuerySet[Payment]:
    """Those of creators found by name or name on the bill, those of nobody whose payer is named so,
    and those whose order or event number begins so: each by an index, over a million rows."""
    words = words.strip()
    if not words:
        return payments
    named = Creator.objects.filter(
        Q(name__icontains=words)
        | Exists(PayerName.objects.filter(creator=OuterRef("pk"), name__icontains=words))
    )
    begins = Q(object_id__gte=words, object_id__lt=words + LAST_SIGN) | Q(
        event_id__gte=words, event_id__lt=words + LAST_SIGN
    )
    rows = Payment.objects.order_by()
    unmatched = rows.filter(creator__isnull=True, payer__icontains=words)
    ids = {
        pk
        for some in (rows.filter(begins), unmatched)
        for pk in some.values_list("pk", flat=True)[:MANY]
    }
    return payments.filter(
        Q(creator__in=list(named.values_list("pk", flat=True)[:MANY])) | Q(pk__in=ids)
    )

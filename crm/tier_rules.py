"""Which tier the rules in force propose for whom. They only propose; `crm.services.tiers` decides."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from crm.models import Creator, TierChange, TierRefusal, TierRule, User


@dataclass(frozen=True)
class Proposal:
    """A creator whom a rule puts into another tier than theirs."""

    creator: Creator
    rule: TierRule


def rules_in_force(day: date | None = None) -> QuerySet[TierRule]:
    """The rules that hold on a day (today), the one asked first at the front."""
    today = day or timezone.localdate()
    return TierRule.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today
    ).order_by("position", "pk")


def rule_for(creator: Creator, day: date | None = None) -> TierRule | None:
    """The first rule in force that the creator meets."""
    return next((rule for rule in rules_in_force(day) if meets(creator, rule)), None)


def meets(creator: Creator, rule: TierRule) -> bool:
    """Whether a creator meets a rule; a number that is not known meets no limit."""
    return (
        (not rule.platform or rule.platform.casefold() == creator.platform.casefold())
        and _within(creator.followers, rule.followers_from, rule.followers_below)
        and _within(creator.income_minor, rule.income_from_minor, rule.income_below_minor)
    )


def _within(number: int | None, least: int | None, below: int | None) -> bool:
    if least is None and below is None:
        return True
    if number is None:
        return False
    return (least is None or number >= least) and (below is None or number < below)


def proposed() -> QuerySet[Creator]:
    """Creators (`rule_pk` annotated) for whom the rules propose another tier and nobody refused it.

    A refusal holds as long as the numbers that it was made on, and the rule's tier, unless it was
    taken back.
    """
    fitting = rules_in_force().filter(
        Q(platform="") | Q(platform__iexact=OuterRef("platform")),
        _limits("followers", "followers_from", "followers_below"),
        _limits("income_minor", "income_from_minor", "income_below_minor"),
    )
    refused = TierRefusal.objects.filter(
        Q(followers=OuterRef("followers"))
        | Q(followers__isnull=True, creator__followers__isnull=True),
        Q(income_minor=OuterRef("income_minor"))
        | Q(income_minor__isnull=True, creator__income_minor__isnull=True),
        taken_back_at=None,
        creator=OuterRef("pk"),
        rule=OuterRef("rule_pk"),
        tier=OuterRef("rule_tier"),
    )
    return (
        Creator.objects.annotate(
            rule_pk=Subquery(fitting.values("pk")[:1]),
            rule_tier=Subquery(fitting.values("tier")[:1]),
        )
        .filter(rule_pk__isnull=False)
        .exclude(rule_tier=F("tier"))
        .exclude(Exists(refused))
        .exclude(status=Creator.Status.LEFT)
        .order_by("name", "pk")
    )


def _limits(number: str, least: str, below: str) -> Q:
    unlimited = Q(**{f"{least}__isnull": True, f"{below}__isnull": True})
    value = OuterRef(number)
    enough = Q(**{f"{least}__isnull": True}) | Q(**{f"{least}__lte": value})
    few = Q(**{f"{below}__isnull": True}) | Q(**{f"{below}__gt": value})
    return unlimited | (enough & few & _known(number, least, below))


def _known(number: str, least: str, below: str) -> Q:
    """With either limit set the comparison with an unknown number is unknown, so not met."""
    value = OuterRef(number)
    return Q(**{f"{least}__lte": value}) | Q(**{f"{below}__gt": value})


def proposals(creators: list[Creator]) -> list[Proposal]:
    """Creators as `proposed` gives them, each with its rule."""
    rules = TierRule.objects.in_bulk({one.rule_pk for one in creators})  # type: ignore[attr-defined]
    return [Proposal(one, rules[one.rule_pk]) for one in creators]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Decision:
    """What somebody decided of a proposal: `key` names its row; `open` whether it can be taken back."""

    key: str
    creator: Creator
    tier: str
    rule: str
    accepted: bool
    by: str
    at: datetime
    open: bool


def decisions(most: int) -> list[Decision]:
    """The latest decisions on proposals, newest first; two queries."""
    newest = TierChange.objects.filter(creator=OuterRef("creator")).order_by("-at")
    changes = (
        TierChange.objects.filter(rule__isnull=False)
        .select_related("creator", "rule", "by", "reversal")
        .annotate(newest=Subquery(newest.values("pk")[:1]))
        .order_by("-at")[:most]
    )
    refusals = TierRefusal.objects.select_related("creator", "rule", "by")[:most]
    found = [
        Decision(
            f"c{row.pk}", row.creator, row.get_tier_display(), str(row.rule), True, _who(row.by),
            row.at, row.pk == row.newest,
        )
        for row in changes
    ] + [
        Decision(
            f"r{row.pk}", row.creator, row.get_tier_display(), str(row.rule), False, _who(row.by),
            row.at, row.taken_back_at is None,
        )
        for row in refusals
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _who(user: User | None) -> str:
    return (user.first_name or user.username) if user else "—"

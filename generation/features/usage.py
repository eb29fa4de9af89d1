"""How a feature is used and what that costs; whether results are kept or redone."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from crm.models import PayerBalance
from generation.models import Feature, FeatureUse
from insights.statistics import Estimate, prevalence


@dataclass(frozen=True)
class Usage:
    """`accepted` and `redone` are shares of the runs that a creator has judged.

    `cost` is minor units by currency; `cost_per_payer` the same for each creator who used the
    feature and has paid us anything net, rounded up; None where nobody has.
    """

    runs: int
    creators: int
    tokens: int
    cost: tuple[tuple[str, int], ...]
    paying_creators: int
    accepted: Estimate
    redone: Estimate

    @property
    def cost_per_payer(self) -> tuple[tuple[str, int], ...]:
        if not self.paying_creators:
            return ()
        return tuple((currency, -(-minor // self.paying_creators)) for currency, minor in self.cost)


def usage(feature: Feature) -> Usage:
    """Three queries over the feature's uses."""
    uses = FeatureUse.objects.filter(feature=feature).order_by()
    sums = uses.aggregate(
        runs=Count("run", distinct=True),
        creators=Count("creator", distinct=True),
        tokens=Sum("tokens"),
        judged=Count("pk", filter=Q(accepted__isnull=False)),
        kept=Count("pk", filter=Q(accepted=True)),
    )
    costs = uses.values("currency").annotate(minor=Sum("cost_minor")).order_by("currency")
    payers = (
        PayerBalance.objects.filter(creator__in=uses.values("creator"))
        .filter(charged__gt=F("refunded") + F("disputed"))
        .aggregate(people=Count("creator", distinct=True))
    )
    judged = range(sums["judged"])
    return Usage(
        runs=sums["runs"],
        creators=sums["creators"],
        tokens=sums["tokens"] or 0,
        cost=tuple((row["currency"], row["minor"]) for row in costs),
        paying_creators=payers["people"],
        accepted=prevalence(judged[: sums["kept"]], judged),
        redone=prevalence(judged[sums["kept"] :], judged),
    )

"""What the team reads about calls and money."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from engines.models import PaidCall


def calls_in_doubt() -> QuerySet[PaidCall]:
    """Calls of which nobody knows whether they were billed, the oldest first."""
    return (
        PaidCall.objects.filter(state=PaidCall.State.IN_DOUBT)
        .select_related("budget")
        .defer("answer")
        .order_by("reserved_at", "pk")
    )


@dataclass(frozen=True)
class Held:
    """Money that calls in doubt hold, in micro-units of one currency."""

    currency: str
    calls: int
    micro: int


def held_in_doubt() -> list[Held]:
    rows = (
        PaidCall.objects.filter(state=PaidCall.State.IN_DOUBT)
        .values("currency")
        .annotate(calls=Count("pk"), micro=Sum("reserved_micro"))
        .order_by("currency")
    )
    return [Held(row["currency"], row["calls"], row["micro"]) for row in rows]


@dataclass(frozen=True)
class Spending:
    """What was spent under some content keys; `cost_micro` in micro-units."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost_micro: int


def spending_of(budget_key: str) -> Spending:
    """What a budget's calls came to, settled ones only."""
    row = PaidCall.objects.filter(budget__key=budget_key, state=PaidCall.State.SETTLED).aggregate(
        calls=Count("pk"),
        input_tokens=Sum("input_tokens"),
        output_tokens=Sum("output_tokens"),
        cost_micro=Sum("cost_micro"),
    )
    return Spending(**{name: value or 0 for name, value in row.items()})

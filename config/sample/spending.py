"""Calls to an invented text engine: settled, failed and in doubt, so that the ledger shows something."""

from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from engines.models import Budget, PaidCall, Price

ENGINE, MODEL = "sample-chat", "sample-1"
WHERE = "示例：虚构的价格"
# (purpose, hours ago, tokens in, of these cached, tokens out)
SETTLED = (
    ("storyboard", 50, 2_913, 380, 1_874), ("storyboard", 50, 2_655, 380, 1_702),
    ("storyboard", 49, 3_120, 380, 2_011), ("storyboard", 27, 2_871, 380, 1_790),
    ("storyboard", 27, 640, 380, 212), ("storyboard", 3, 2_988, 380, 1_926),
    ("storyboard", 3, 1_204, 380, 655),
)  # fmt: skip


def load_spending() -> None:
    """Two prices, a budget and its calls; one of them waits for a person."""
    now = timezone.now()
    _, new = (
        Price.objects.create(
            engine=ENGINE,
            model=MODEL,
            input_micro=fresh,
            cached_micro=cached,
            output_micro=out,
            valid_from=now - timedelta(days=days),
            source=WHERE,
        )
        for fresh, cached, out, days in (
            (2_000_000, 500_000, 8_000_000, 120),
            (2_000_000, 200_000, 3_000_000, 20),
        )
    )
    budget = Budget.objects.create(key="示例：分镜试用", cap_micro=2_000_000)
    rows = [_settled(budget, new, number, *row) for number, row in enumerate(SETTLED)]
    rows.append(_row(budget, new, "failed", 26, state=PaidCall.State.FAILED, error="busy"))
    doubtful = _row(budget, new, "doubt", 3, state=PaidCall.State.IN_DOUBT, error="timeout")
    rows.append(doubtful)
    PaidCall.objects.bulk_create(rows)
    for row in rows:  # auto_now_add has set them all to this moment
        PaidCall.objects.filter(key=row.key).update(reserved_at=row.ended_at)
    Budget.objects.filter(pk=budget.pk).update(
        spent_micro=sum(row.cost_micro for row in rows), reserved_micro=doubtful.reserved_micro
    )


def _row(budget: Budget, price: Price, name: str, hours: float, **facts: object) -> PaidCall:
    return PaidCall(
        key=sha256(f"sample {name}".encode()).hexdigest(),
        purpose="storyboard",
        engine=ENGINE,
        model=MODEL,
        budget=budget,
        reserved_micro=28_400,
        price_list=f"own #{price.pk}",
        price_date=price.valid_from.date(),
        ended_at=timezone.now() - timedelta(hours=hours),
        **facts,
    )


def _settled(
    budget: Budget,
    price: Price,
    number: int,
    purpose: str,
    hours: float,
    tokens_in: int,
    cached: int,
    tokens_out: int,
) -> PaidCall:
    micro = (
        (tokens_in - cached) * price.input_micro
        + cached * price.cached_micro
        + tokens_out * price.output_micro
    )
    return _row(
        budget,
        price,
        f"settled {number}",
        hours,
        state=PaidCall.State.SETTLED,
        input_tokens=tokens_in,
        cached_tokens=cached,
        output_tokens=tokens_out,
        cost_micro=-(-micro // 1_000_000),
        answer=None,
    )

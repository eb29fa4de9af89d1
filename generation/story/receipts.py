"""What a board cost: the sum over its windows, and each shot's share of its window."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from generation.story.direction import Directions, Receipt

__all__ = ["bill_shots", "usage_of"]

_SHARED = ("input_tokens", "output_tokens", "cost_micro")


def usage_of(told: Sequence[Directions], length: int, by_model: int) -> dict[str, Any]:
    """`usage` of the board. `cost` in main units; `unused` counts what could not be used, by reason.

    What was kept from an earlier run counts as a cached call: its tokens are told, its money is not
    spent again.
    """
    receipts = [receipt for chapter in told for receipt in chapter["receipts"]]
    bought = [receipt for receipt in receipts if not receipt["kept"]]
    tokens_in = sum(receipt["input_tokens"] for receipt in receipts)
    tokens_out = sum(receipt["output_tokens"] for receipt in receipts)
    unused: Counter[str] = Counter()
    for chapter in told:
        unused.update(chapter["unused"])
    cost = Decimal(sum(receipt["cost_micro"] for receipt in bought)).scaleb(-6)
    return {
        "text_engine": "chat",
        "frame_engine": "none",
        "calls": len(bought),
        "input_tokens": tokens_in,
        "output_tokens": tokens_out,
        "cached_calls": len(receipts) - len(bought),
        "cost": f"{cost:f}",
        "currency": next((receipt["currency"] for receipt in receipts), "CNY"),
        "tokens_per_thousand": round((tokens_in + tokens_out) * 1000 / max(1, length)),
        "shots_by_model": by_model,
        "unused": dict(sorted(unused.items())),
    }


def bill_shots(shots: Sequence[dict[str, Any]], told: Sequence[Directions]) -> None:
    """Give each shot its equal share of the windows that it begins in; shares add up exactly."""
    starts = [shot["start"] for shot in shots]
    for chapter in told:
        for receipt in chapter["receipts"]:
            first = bisect_left(starts, receipt["start"])
            last = bisect_left(starts, receipt["end"])
            _share(shots[first:last] or shots[max(0, first - 1) : first], receipt)


def _share(shots: Sequence[dict[str, Any]], receipt: Receipt) -> None:
    for number, shot in enumerate(shots):
        usage = shot.setdefault("usage", dict.fromkeys(_SHARED, 0))
        for name in _SHARED:
            total = 0 if name == "cost_micro" and receipt["kept"] else receipt[name]  # type: ignore[literal-required]
            part, rest = divmod(total, len(shots))
            usage[name] += part + (number < rest)

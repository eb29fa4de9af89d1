"""Invented payments over three years, in several currencies, with refunds and disputes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from config.fill import words
from config.fill.copying import MARK, copy_rows, take_ids
from config.fill.people import NOW, People
from crm.models import Payment

BATCH = 20_000
DAYS = 3 * 365
PAYING = {"head": 0.7, "mid": 0.45, "entry": 0.15}
WEIGHT = {"head": 5.0, "mid": 2.0, "entry": 1.0}
CURRENCIES = ("CNY", "USD", "EUR", "JPY")
# Prices of plans in minor units (the yen has none), cheapest first.
PRICES = {
    "CNY": (1900, 3900, 5900, 9900, 19900, 39900),
    "USD": (499, 900, 1900, 2900, 4900),
    "EUR": (499, 900, 1900, 2900, 4900),
    "JPY": (600, 1200, 2500, 4800),
}
CHANNELS = {"CNY": ("alipay", "wechat"), "USD": ("stripe",), "EUR": ("stripe",), "JPY": ("stripe",)}
REFUNDED, DISPUTED, UNMATCHED = 0.035, 0.004, 0.02


def payments_make(
    random: np.random.Generator,
    people: People,
    count: int,
    seed: int,
    progress: Callable[[int], None],
) -> None:
    """`count` rows of the ledger: charges, about one in thirty taken back, some without a creator."""
    chance = random.random(len(people.ids))
    payers = [at for at, tier in enumerate(people.tiers) if chance[at] < PAYING[tier]] or [0]
    weights = np.array([WEIGHT[people.tiers[at]] for at in payers])
    currencies = random.choice(4, len(payers), p=(0.86, 0.08, 0.03, 0.03)).tolist()
    ids = iter(take_ids(Payment, count))
    done = 0
    while done < count:
        size = min(BATCH, count - done)
        rows: list[tuple[Any, ...]] = []
        picks = random.choice(len(payers), size, p=weights / weights.sum()).tolist()
        minutes = np.sort(random.integers(0, DAYS * 24 * 60, size)).tolist()
        chances = random.random((size, 3)).tolist()
        prices = random.integers(0, 1 << 20, (size, 2)).tolist()
        charge: tuple[Any, ...] | None = None
        for number in range(size):
            serial = done + number + 1
            back = chances[number][0]
            if charge is not None and back < REFUNDED + DISPUTED:
                rows.append(
                    _taken_back(
                        next(ids), charge, serial, back < REFUNDED, chances[number][1], seed
                    )
                )
                charge = None
                continue
            payer = payers[picks[number]]
            currency = CURRENCIES[currencies[picks[number]]]
            channels = CHANNELS[currency]
            price = PRICES[currency][prices[number][0] % len(PRICES[currency])]
            at = NOW - timedelta(minutes=DAYS * 24 * 60 - minutes[number])
            known = chances[number][2] >= UNMATCHED
            order = f"{MARK}{seed}-{serial:09}"
            charge = (
                next(ids), channels[prices[number][1] % len(channels)], f"{order}:charge", order,
                "charge", price, currency, at, people.ids[payer] if known else None,
                f"*{people.names[payer][-4:]}" if known else words.UNKNOWN_PAYER,
                words.SUBJECTS[prices[number][1] % len(words.SUBJECTS)], "", True,
            )  # fmt: skip
            rows.append(charge)
        _copy(rows)
        done += size
        progress(done)


def _taken_back(
    pk: int, charge: tuple[Any, ...], serial: int, refund: bool, share: float, seed: int
) -> tuple[Any, ...]:
    """A refund, whole or in part, or a dispute of the charge before."""
    _pk, provider, _event, order, _kind, price, currency, at, creator, payer, subject, *_rest = (
        charge
    )
    minor = price if share < 0.7 or not refund else max(1, int(price * share))
    kind = "refund" if refund else "dispute"
    return (
        pk, provider, f"{order}:{kind}", f"{MARK}{seed}-{serial:09}", kind, minor, currency,
        at + timedelta(hours=5 + 200 * share), creator, payer, subject, order, True,
    )  # fmt: skip


def _copy(rows: list[tuple[Any, ...]]) -> None:
    copy_rows(
        Payment,
        [
            "id", "provider", "event_id", "object_id", "kind", "minor", "currency", "occurred_at",
            "creator_id", "payer", "subject", "refund_of", "is_sample",
        ],
        rows,
    )  # fmt: skip

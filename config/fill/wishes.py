"""Invented pain points where there are none, and what creators say of each: ratings and prices."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from config.fill import words
from config.fill.copying import copy_rows
from config.fill.people import NOW, People
from crm.models import User, WorkflowStep
from insights.models import Need, PainPoint

RATED_A_CREATOR = 6
PRICED = 0.6
COLOURS = ("#e0470a", "#2563eb", "#059669", "#9333ea", "#db2777", "#b45309", "#0891b2", "#4d7c0f")
PAYS_FEN = {"head": 19_000, "mid": 8_000, "entry": 3_000}


def pains_of_fills(author: User) -> list[PainPoint]:
    """The open pain points; where there are none, thirty invented ones of `author`."""
    pains = list(PainPoint.objects.open().order_by("pk"))
    if pains:
        return pains
    steps = {step.key: step for step in WorkflowStep.objects.all()}
    return [
        PainPoint.objects.create(
            title_zh=chinese,
            title_en=english,
            step=steps[step],
            colour=COLOURS[at % len(COLOURS)],
            created_by=author,
            is_sample=True,
        )
        for at, (step, chinese, english) in enumerate(words.PAINS)
    ]


def needs_make(random: np.random.Generator, people: People, pains: Sequence[PainPoint]) -> int:
    """Ratings of some pain points by most creators, with four prices in order; how many."""
    rows: list[tuple[Any, ...]] = []
    weight = random.uniform(0.25, 0.9, len(pains))
    met = random.uniform(0.2, 0.8, len(pains))
    for at, creator in enumerate(people.ids):
        tier = people.tiers[at]
        chosen = random.permutation(len(pains))[:RATED_A_CREATOR].tolist()
        days = random.integers(1, 700, len(chosen)).tolist()
        prices = np.exp(random.normal(0, 0.45, (len(chosen), 4)))
        for number, pain in enumerate(chosen):
            moment = NOW - timedelta(days=days[number], minutes=number)
            important = 1 + int(random.binomial(4, weight[pain]))
            content = 1 + int(random.binomial(4, met[pain]))
            priced: list[int | None] = [None] * 4
            if random.random() < PRICED:
                ladder = np.sort(prices[number] * PAYS_FEN[tier] * (0.5, 0.8, 1.3, 1.9))
                priced = [int(price // 100) * 100 for price in ladder]
            rows.append((
                creator, pains[pain].pk, people.tier_at(at, moment), important, content,
                words.TOOLS[pain % len(words.TOOLS)], *priced, moment,
            ))  # fmt: skip
    copy_rows(
        Need,
        [
            "creator_id", "pain_id", "tier", "importance", "satisfaction", "with_tool",
            "too_cheap_minor", "cheap_minor", "expensive_minor", "too_expensive_minor", "at",
        ],
        rows,
    )  # fmt: skip
    return len(rows)

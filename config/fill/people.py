"""Invented creators with their tiers, tools, effort by step; coders; studies."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from config.fill import words
from config.fill.copying import MARK, copy_rows, take_ids
from crm.models import (
    AiTool,
    Creator,
    PayerName,
    StepEffort,
    Study,
    Tier,
    TierChange,
    ToolUse,
    User,
    WorkflowStep,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # fixed, so that a seed gives the same rows any day
TIERS = (Tier.HEAD.value, Tier.MID.value, Tier.ENTRY.value)
TIER_SHARES = (0.08, 0.32, 0.60)
FOLLOWERS = {"head": 14.0, "mid": 12.0, "entry": 8.5}  # natural logarithm of the median
INCOME_FEN = {"head": 4_000_000, "mid": 900_000, "entry": 80_000}
ENGLISH_SHARE = 0.1


@dataclass(frozen=True)
class People:
    """Creators by position: id, tier today, tier before the change (or the same), its moment."""

    ids: range
    names: list[str]
    tiers: list[str]
    earlier: list[str]
    changed: list[datetime]
    english: list[bool]

    def tier_at(self, position: int, at: datetime) -> str:
        return self.earlier[position] if at < self.changed[position] else self.tiers[position]


def coders_of_fills() -> list[User]:
    """The coders of every fill: they cannot log in."""
    people = []
    for number, name in enumerate(words.CODERS, 1):
        user, made = User.objects.get_or_create(
            username=f"{MARK}coder-{number}",
            defaults={"first_name": name, "is_staff": True, "is_active": False},
        )
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        people.append(user)
    return people


def studies_of(seed: int) -> list[Study]:
    """The two studies of a fill; their keys say that the seed was used."""
    return [
        Study.objects.create(
            key=f"{MARK}{seed}-{key}",
            title_zh=words.STUDY.format(seed, chinese),
            title_en=words.ENGLISH_STUDY.format(seed, english),
            question_zh=words.QUESTION,
            question_en=words.ENGLISH_QUESTION,
            target_head=20,
            target_mid=60,
            target_entry=120,
        )
        for key, chinese, english in words.STUDIES
    ]


def people_make(random: np.random.Generator, count: int, seed: int, owner: User) -> People:
    """Creators with tier history, payer names, tool use and effort by workflow step."""
    tiers = random.choice(TIERS, count, p=TIER_SHARES).tolist()
    english = (random.random(count) < ENGLISH_SHARE).tolist()
    names = _pen_names(random, english)
    moved = random.random(count) < 0.15
    risen = random.random(count) < 0.75
    order = list(reversed(TIERS))
    earlier = []
    for tier, change, rise in zip(tiers, moved.tolist(), risen.tolist(), strict=True):
        place = order.index(tier) + ((-1 if rise else 1) if change else 0)
        earlier.append(order[min(max(place, 0), 2)])
    days = random.integers(30, 900, count).tolist()
    changed = [NOW - timedelta(days=day) for day in days]
    people = People(take_ids(Creator, count), names, tiers, earlier, changed, english)
    _creators(random, people, seed, owner)
    _tools_and_steps(random, people)
    return people


def _pen_names(random: np.random.Generator, english: list[bool]) -> list[str]:
    count = len(english)
    draws = random.integers(0, 1 << 30, (count, 4)).tolist()
    names = []
    for foreign, (a, b, c, d) in zip(english, draws, strict=True):
        if foreign:
            first = words.ENGLISH_FIRST[a % len(words.ENGLISH_FIRST)]
            names.append(f"{first} {words.ENGLISH_LAST[b % len(words.ENGLISH_LAST)]}")
        else:
            middle = words.GIVEN[b % len(words.GIVEN)] + words.GIVEN[c % len(words.GIVEN)]
            surname = words.SURNAMES[a % len(words.SURNAMES)] if d % 3 else ""
            names.append(surname + middle + words.PEN_TAILS[d % len(words.PEN_TAILS)])
    return names


def _creators(random: np.random.Generator, people: People, seed: int, owner: User) -> None:
    count = len(people.ids)
    spread = random.lognormal(0, 0.7, (count, 2)).tolist()
    known = random.random((count, 2)).tolist()
    places = random.integers(0, 1 << 30, (count, 2)).tolist()
    joined = random.integers(10, 1080, count).tolist()
    status = random.choice(["active", "active", "active", "lead", "paused", "left"], count)
    rows: list[tuple[Any, ...]] = []
    for at, pk in enumerate(people.ids):
        tier = people.tiers[at]
        rows.append((
            pk, people.names[at], f"@{MARK}{seed}-{at + 1:06}",
            words.PLATFORMS[places[at][0] % len(words.PLATFORMS)], tier, str(status[at]),
            "en" if people.english[at] else "zh-hans",
            "" if people.english[at] else words.CITIES[places[at][1] % len(words.CITIES)],
            min(int(np.exp(FOLLOWERS[tier]) * spread[at][0]), 80_000_000),
            int(INCOME_FEN[tier] * spread[at][1]) if known[at][0] < 0.7 else None,
            owner.pk, (NOW - timedelta(days=joined[at])).date(), True,
        ))  # fmt: skip
    copy_rows(
        Creator,
        [
            "id", "name", "handle", "platform", "tier", "status", "language", "city", "followers",
            "income_minor", "owner_id", "joined_on", "is_sample",
        ],
        rows,
    )  # fmt: skip
    copy_rows(
        TierChange,
        ["creator_id", "tier", "at", "reason"],
        [
            row
            for at, pk in enumerate(people.ids)
            for row in (
                (pk, people.earlier[at], people.changed[at] - timedelta(days=400), ""),
                (pk, people.tiers[at], people.changed[at], words.TIER_REASON),
            )[: 1 + (people.earlier[at] != people.tiers[at])]
        ],
    )
    copy_rows(
        PayerName,
        ["creator_id", "name"],
        [
            (pk, f"*{people.names[at][-4:]} {MARK}{seed}-{at + 1}")
            for at, pk in enumerate(people.ids)
        ],
    )


def _tools_and_steps(random: np.random.Generator, people: People) -> None:
    tools = [AiTool.objects.get_or_create(name=name)[0].pk for name in words.TOOLS]
    steps = [
        WorkflowStep.objects.get_or_create(
            key=key, defaults={"title_zh": zh, "title_en": en, "position": position}
        )[0].pk
        for position, (key, zh, en) in enumerate(words.STEPS)
    ]
    reach = {"head": 0.75, "mid": 0.55, "entry": 0.35}
    levels = ("unaware", "aware", "tried", "regular", "paying")
    uses, efforts = [], []
    for at, pk in enumerate(people.ids):
        far = reach[people.tiers[at]]
        deep = random.binomial(4, far, len(tools)).tolist()
        liked = random.integers(1, 6, len(tools)).tolist()
        for tool, level, stars in zip(tools, deep, liked, strict=True):
            spend = int(random.integers(20, 400)) * 100 if level == 4 else 0
            heard = (NOW - timedelta(days=int(random.integers(60, 1400)))).date() if level else None
            uses.append((pk, tool, levels[level], stars if level > 1 else None, spend, heard, NOW))
        shares = random.random(len(steps)).tolist()
        minutes = random.integers(10, 400, len(steps)).tolist()
        for step, share, long in zip(steps, shares, minutes, strict=True):
            ai = "none" if share > far else "automatic" if share < far / 4 else "assist"
            quality = {"none": 4, "assist": 4, "automatic": 3}[ai] + int(random.integers(-1, 2))
            efforts.append((pk, step, long, long * 30, ai, quality, NOW))
    copy_rows(
        ToolUse,
        ["creator_id", "tool_id", "level", "satisfaction", "spend_minor", "first_heard", "at"],
        uses,
    )
    copy_rows(
        StepEffort,
        ["creator_id", "step_id", "minutes", "money_minor", "ai", "quality", "at"],
        efforts,
    )

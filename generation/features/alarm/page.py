"""The alarm as pages show it: the last evaluation, its history, who was told."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from crm.models import Payment, ToolUse
from generation.features.alarm.reading import policy
from generation.features.alarm.wording import gap_text, reason_text
from generation.models import AlarmChange, AlarmNotice, AlarmPolicy
from insights.models import PainPoint
from insights.selectors import tier_label

TOP = 12


@dataclass(frozen=True)
class NeedLine:
    """One pain in one tier with the factors of its need, as they were evaluated."""

    pain: PainPoint
    tier: str
    tier_label: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class AlarmState:
    """What the last evaluation said; `sentence` is in the reader's language."""

    policy: AlarmPolicy
    evaluated: bool
    state: str
    code: str
    reason: str
    sentence: str
    pain: PainPoint | None
    tier: str
    tier_label: str
    probability: float | None
    gaps: tuple[str, ...]
    numbers: dict[str, dict[str, Any]]
    needs: tuple[NeedLine, ...]

    @property
    def fires(self) -> bool:
        return self.state == AlarmChange.State.FIRES


def alarm_state() -> AlarmState:
    """The last evaluation as kept; two queries."""
    row = policy()
    kept = row.current
    needs = kept.get("needs", [])
    pains = PainPoint.objects.in_bulk(
        {need["pain"] for need in needs} | {kept.get("pain")} - {None}
    )
    chinese = (get_language() or "zh").startswith("zh")
    tier = kept.get("tier") or ""
    order = sorted(needs, key=lambda need: (-need["first"], -(need["value"] or 0.0)))
    return AlarmState(
        policy=row,
        evaluated=bool(kept),
        state=kept.get("state", ""),
        code=kept.get("code", ""),
        reason=reason_text(kept.get("code", "")),
        sentence=kept.get("sentence_zh" if chinese else "sentence_en", ""),
        pain=pains.get(kept.get("pain")),
        tier=tier,
        tier_label=tier_label(tier) if tier else "",
        probability=kept.get("rank_probability"),
        gaps=tuple(gap_text(*gap) for gap in kept.get("gaps", [])),
        numbers={item["name"]: item for item in kept.get("numbers", [])},
        needs=tuple(
            NeedLine(pains[need["pain"]], need["tier"], tier_label(need["tier"]), need)
            for need in order[:TOP]
            if need["pain"] in pains
        ),
    )


def raters(tool_uses: list[int]) -> list[int]:
    """The creators behind ratings of our tool."""
    return sorted(ToolUse.objects.filter(pk__in=tool_uses).values_list("creator_id", flat=True))


def payments(ids: list[int]) -> QuerySet[Payment]:
    return Payment.objects.filter(pk__in=ids).select_related("creator").order_by("-occurred_at")


def history() -> QuerySet[AlarmChange]:
    """Every change of outcome, newest first, with who was told of it and when."""
    told = Prefetch("notices", AlarmNotice.objects.select_related("user").order_by("pk"))
    return AlarmChange.objects.select_related("pain").prefetch_related(told).order_by("-at", "-pk")

"""One evaluation: read the market, judge it, say it. Writes nothing."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from generation.features.alarm.judging import judge
from generation.features.alarm.reading import policy, read, thresholds
from generation.features.alarm.wording import Said, say
from generation.models import AlarmPolicy

SEED = 20261125


def evaluate(
    *, row: AlarmPolicy | None = None, seed: int = SEED, at: datetime | None = None
) -> Said:
    """Judge the data as they are, or as they were known at `at` where payments are concerned."""
    settings = row or policy()
    reading = read(settings, at=at)
    return say(judge(reading.market, thresholds(settings), seed), reading)


def document(said: Said) -> dict[str, Any]:
    """The evaluation as `manage.py alarm` prints it."""
    judgement = said.judgement
    chinese = (get_language() or "zh").startswith("zh")
    return {
        "fires": judgement.fires,
        "pain_point": said.pain.title if said.pain else None,
        "tier": judgement.tier,
        "rank_probability": judgement.probability,
        "coverage": judgement.coverage.value if judgement.coverage else None,
        "reason": said.chinese if chinese else said.english,
        "numbers": list(said.numbers),
    }

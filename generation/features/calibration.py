"""Whether the team is as often right as it says: verdicts with a stated confidence, and outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generation.features.criteria import MET, MISSED, UNKNOWN, CriterionPart
from generation.models import Verdict
from insights.statistics import Estimate, mean_interval, prevalence

BINS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 1.01))


@dataclass(frozen=True)
class Scored:
    """A verdict and what came of it: 1 the criteria were met, 0 one was missed, None undecided."""

    verdict: Verdict
    outcome: int | None

    @property
    def right(self) -> bool | None:
        """To build or keep was right where the criteria were met; to kill, where one was missed."""
        if self.outcome is None or self.verdict.decision == Verdict.Decision.WAIT:
            return None
        return bool(self.outcome) == (self.verdict.decision != Verdict.Decision.KILL)

    @property
    def brier(self) -> float | None:
        """(confidence − outcome)², 0 best, 1 worst, 0.25 for always saying one half: Brier 1950."""
        if self.verdict.confidence is None or self.outcome is None:
            return None
        return (float(self.verdict.confidence) - self.outcome) ** 2


@dataclass(frozen=True)
class Bin:
    """Verdicts by stated confidence: the mean of what was said, the share that came true."""

    low: float
    high: float
    said: float | None
    came_true: Estimate


@dataclass(frozen=True)
class Calibration:
    brier: Estimate
    right: Estimate
    bins: tuple[Bin, ...]
    scored: tuple[Scored, ...]


def outcome_of(criteria: Sequence[CriterionPart], today: date) -> int | None:
    """What became of a feature's criteria: 0 once one is missed, 1 once all are met.

    What was not shown by its day, for want of data, counts as missed: that was the bar.
    """
    counted = [part for part in criteria if not part.late]
    if any(part.state == MISSED or _unshown(part, today) for part in counted):
        return 0
    if counted and all(part.state == MET for part in counted):
        return 1
    return None


def _unshown(part: CriterionPart, today: date) -> bool:
    due = part.criterion.due
    return part.state == UNKNOWN and due is not None and due < today


def calibration(scored: Sequence[Scored]) -> Calibration:
    """Brier's score with its interval and n, the share of right decisions, and the curve."""
    with_score = [(item, item.brier) for item in scored]
    known = [(item, score) for item, score in with_score if score is not None]
    judged = [item for item in scored if item.right is not None]
    return Calibration(
        brier=mean_interval(
            [score for _item, score in known], rows=[item.verdict.pk for item, _score in known]
        ),
        right=prevalence(
            [item.verdict.pk for item in judged if item.right], [item.verdict.pk for item in judged]
        ),
        bins=tuple(_bin(low, high, [item for item, _score in known]) for low, high in BINS),
        scored=tuple(scored),
    )


def _bin(low: float, high: float, scored: Sequence[Scored]) -> Bin:
    inside = [item for item in scored if low <= float(item.verdict.confidence or 0) < high]
    said = [float(item.verdict.confidence or 0) for item in inside]
    return Bin(
        low=low,
        high=min(high, 1.0),
        said=sum(said) / len(said) if said else None,
        came_true=prevalence(
            [item.verdict.pk for item in inside if item.outcome],
            [item.verdict.pk for item in inside],
        ),
    )

"""Which template is better, how surely, and at what cost. Pure functions over plain values.

Everything is clustered by story and paired by shot and seed; input that cannot be meant raises
``insights.statistics.StatisticsError``. All randomness is seeded.
"""

from generation.prompts.statistics.costs import CostRatio, cost_intervals, cost_ratios
from generation.prompts.statistics.front import front_probability, pareto, score_and_cost
from generation.prompts.statistics.paired import (
    PairedDifference,
    VarianceParts,
    holm,
    minimum_detectable_effect,
    paired_difference,
    variance_parts,
)
from generation.prompts.statistics.pairing import next_pairs
from generation.prompts.statistics.preference import Ranked, Ranking, Vote, bradley_terry
from generation.prompts.statistics.sums import Trial
from insights.statistics import Estimate, StatisticsError

__all__ = [
    "CostRatio",
    "Estimate",
    "PairedDifference",
    "Ranked",
    "Ranking",
    "StatisticsError",
    "Trial",
    "VarianceParts",
    "Vote",
    "bradley_terry",
    "cost_intervals",
    "cost_ratios",
    "front_probability",
    "holm",
    "minimum_detectable_effect",
    "next_pairs",
    "paired_difference",
    "pareto",
    "score_and_cost",
    "variance_parts",
]

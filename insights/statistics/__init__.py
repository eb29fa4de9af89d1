"""Statistics of research with few people: every number with its n, interval, method and rows.

Pure functions over plain Python values; nothing here reads a database. Undefined values are NaN in
functions that return a float and None in an ``Estimate``. Input that cannot be meant raises
``StatisticsError``, a ValueError that names the argument and the remedy. All randomness is seeded.
"""

from insights.statistics.agreement import (
    alpha_interval,
    codes_alpha_interval,
    cohen_kappa,
    kappa_interval,
    krippendorff_alpha,
)
from insights.statistics.errors import StatisticsError
from insights.statistics.estimates import PUBLISHABLE_N, Estimate, Interval
from insights.statistics.inequality import Concentration, concentration, gini_of_sums
from insights.statistics.means import (
    mean_interval,
    mean_of_sums,
    median_interval,
    paired_difference_interval,
)
from insights.statistics.outcome_driven import (
    opportunity,
    opportunity_bootstrap,
    top_two_box,
)
from insights.statistics.penetration import (
    Boundary,
    Penetration,
    Rung,
    boundary,
    penetration,
    superiority,
)
from insights.statistics.price_sensitivity import (
    PriceCurve,
    PricePoints,
    van_westendorp,
    van_westendorp_intervals,
)
from insights.statistics.proportions import (
    newcombe,
    newcombe_paired,
    prevalence,
    share,
    share_difference,
    wilson,
)
from insights.statistics.ranking import (
    PainRank,
    mean_score,
    prevalence_ranks,
    prevalence_ranks_of,
    rank_bootstrap,
    rank_bootstrap_of,
)
from insights.statistics.survival import (
    LogRank,
    Survival,
    SurvivalStep,
    kaplan_meier,
    kaplan_meier_counts,
    log_rank,
)
from insights.statistics.thematic import (
    NextInGroup,
    NextInterview,
    Saturation,
    SaturationBootstrap,
    accumulation_curve,
    expected_new,
    expected_new_by_group,
    poisson_score,
    saturation,
    saturation_bootstrap,
)

__all__ = [
    "PUBLISHABLE_N",
    "Boundary",
    "Concentration",
    "Estimate",
    "Interval",
    "LogRank",
    "NextInGroup",
    "NextInterview",
    "PainRank",
    "Penetration",
    "PriceCurve",
    "PricePoints",
    "Rung",
    "Saturation",
    "SaturationBootstrap",
    "StatisticsError",
    "Survival",
    "SurvivalStep",
    "accumulation_curve",
    "alpha_interval",
    "boundary",
    "codes_alpha_interval",
    "cohen_kappa",
    "concentration",
    "expected_new",
    "expected_new_by_group",
    "gini_of_sums",
    "kaplan_meier",
    "kaplan_meier_counts",
    "kappa_interval",
    "krippendorff_alpha",
    "log_rank",
    "mean_interval",
    "mean_of_sums",
    "mean_score",
    "median_interval",
    "newcombe",
    "newcombe_paired",
    "opportunity",
    "opportunity_bootstrap",
    "paired_difference_interval",
    "penetration",
    "poisson_score",
    "prevalence",
    "prevalence_ranks",
    "prevalence_ranks_of",
    "rank_bootstrap",
    "rank_bootstrap_of",
    "saturation",
    "saturation_bootstrap",
    "share",
    "share_difference",
    "superiority",
    "top_two_box",
    "van_westendorp",
    "van_westendorp_intervals",
    "wilson",
]

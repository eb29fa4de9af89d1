from generation.admin.features import (
    FeatureAdmin,
    FeatureUseAdmin,
    GatePassAdmin,
    GatePolicyAdmin,
    JustificationAdmin,
    ReliefAdmin,
)
from generation.admin.pipeline import FilmAdmin, NovelAdmin, RunAdmin

__all__ = [
    "FeatureAdmin",
    "FeatureUseAdmin",
    "FilmAdmin",
    "GatePassAdmin",
    "GatePolicyAdmin",
    "JustificationAdmin",
    "NovelAdmin",
    "ReliefAdmin",
    "RunAdmin",
]

from generation.admin.features import FeatureAdmin, FeatureUseAdmin, JustificationAdmin
from generation.admin.pipeline import FilmAdmin, NovelAdmin, RunAdmin

__all__ = [
    "FeatureAdmin",
    "FeatureUseAdmin",
    "FilmAdmin",
    "JustificationAdmin",
    "NovelAdmin",
    "RunAdmin",
]

from generation.models.board import Character, Frame, Scene, Shot
from generation.models.features import (
    Criterion,
    Feature,
    FeatureUse,
    Justification,
    PipelineStep,
    Relief,
    Verdict,
)
from generation.models.jobs import Job
from generation.models.novels import CastCorrection, Chapter, Novel
from generation.models.runs import Film, Run, RunStep

__all__ = [
    "CastCorrection",
    "Chapter",
    "Character",
    "Criterion",
    "Feature",
    "FeatureUse",
    "Film",
    "Frame",
    "Job",
    "Justification",
    "Novel",
    "PipelineStep",
    "Relief",
    "Run",
    "RunStep",
    "Scene",
    "Shot",
    "Verdict",
]

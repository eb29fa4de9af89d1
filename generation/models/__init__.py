from generation.models.alarm import AlarmChange, AlarmNotice, AlarmPolicy
from generation.models.answers import AnswerNotice, AnswerOptOut, FeatureAnswer
from generation.models.board import Character, Frame, Scene, Shot
from generation.models.cases import Forecast, ProjectCase
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
    "AlarmChange",
    "AlarmNotice",
    "AlarmPolicy",
    "AnswerNotice",
    "AnswerOptOut",
    "CastCorrection",
    "Chapter",
    "Character",
    "Criterion",
    "Feature",
    "FeatureAnswer",
    "FeatureUse",
    "Film",
    "Forecast",
    "Frame",
    "Job",
    "Justification",
    "Novel",
    "PipelineStep",
    "ProjectCase",
    "Relief",
    "Run",
    "RunStep",
    "Scene",
    "Shot",
    "Verdict",
]

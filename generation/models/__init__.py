from generation.models.alarm import AlarmChange, AlarmNotice, AlarmPolicy
from generation.models.answers import AnswerNotice, AnswerOptOut, FeatureAnswer
from generation.models.board import Character, Frame, Scene, Shot
from generation.models.cases import Forecast, ProjectCase
from generation.models.features import (
    Criterion,
    Feature,
    Justification,
    PipelineStep,
    Verdict,
)
from generation.models.films import FilmJob, FilmSettings
from generation.models.gate import GatePass, GatePolicy
from generation.models.grounds import Grounds, GroundsChange
from generation.models.jobs import Job
from generation.models.mapping import ChapterMap
from generation.models.novels import CastCorrection, Chapter, Novel
from generation.models.prompts import (
    PromptTemplate,
    TemplateAlias,
    TemplateRating,
    TemplateUse,
    TemplateVersion,
)
from generation.models.runs import Film, Run, RunStep
from generation.models.use import FeatureUse, Relief, ReliefDismissal
from generation.models.votes import FeatureVote

__all__ = [
    "AlarmChange",
    "AlarmNotice",
    "AlarmPolicy",
    "AnswerNotice",
    "AnswerOptOut",
    "CastCorrection",
    "Chapter",
    "ChapterMap",
    "Character",
    "Criterion",
    "Feature",
    "FeatureAnswer",
    "FeatureUse",
    "FeatureVote",
    "Film",
    "FilmJob",
    "FilmSettings",
    "Forecast",
    "Frame",
    "GatePass",
    "GatePolicy",
    "Grounds",
    "GroundsChange",
    "Job",
    "Justification",
    "Novel",
    "PipelineStep",
    "ProjectCase",
    "PromptTemplate",
    "Relief",
    "ReliefDismissal",
    "Run",
    "RunStep",
    "Scene",
    "Shot",
    "TemplateAlias",
    "TemplateRating",
    "TemplateUse",
    "TemplateVersion",
    "Verdict",
]

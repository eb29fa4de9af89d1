from generation.models.alarm import AlarmChange, AlarmNotice, AlarmPolicy
from generation.models.answers import AnswerNotice, FeatureAnswer
from generation.models.board import Character, Frame, Scene, Shot
from generation.models.cases import Forecast, ProjectCase
from generation.models.evaluations import (
    Arm,
    Case,
    CaseSet,
    Evaluation,
    Judgement,
    Score,
    TemplateDecision,
    Trial,
    Vote,
)
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
from generation.models.previews import PreviewLink
from generation.models.prompts import (
    PromptTemplate,
    TemplateAlias,
    TemplateRating,
    TemplateUse,
    TemplateVersion,
)
from generation.models.runs import Film, Run, RunStep
from generation.models.studio import FrameJob, StudioTask
from generation.models.use import FeatureUse, Relief, ReliefDismissal
from generation.models.votes import FeatureVote

__all__ = [
    "AlarmChange",
    "AlarmNotice",
    "AlarmPolicy",
    "AnswerNotice",
    "Arm",
    "Case",
    "CaseSet",
    "CastCorrection",
    "Chapter",
    "ChapterMap",
    "Character",
    "Criterion",
    "Evaluation",
    "Feature",
    "FeatureAnswer",
    "FeatureUse",
    "FeatureVote",
    "Film",
    "FilmJob",
    "FilmSettings",
    "Forecast",
    "Frame",
    "FrameJob",
    "GatePass",
    "GatePolicy",
    "Grounds",
    "GroundsChange",
    "Job",
    "Judgement",
    "Justification",
    "Novel",
    "PipelineStep",
    "PreviewLink",
    "ProjectCase",
    "PromptTemplate",
    "Relief",
    "ReliefDismissal",
    "Run",
    "RunStep",
    "Scene",
    "Score",
    "Shot",
    "StudioTask",
    "TemplateAlias",
    "TemplateDecision",
    "TemplateRating",
    "TemplateUse",
    "TemplateVersion",
    "Trial",
    "Verdict",
    "Vote",
]

from generation.admin.alarm import AlarmChangeAdmin, AlarmPolicyAdmin
from generation.admin.answers import FeatureAnswerAdmin
from generation.admin.case_sets import CaseSetAdmin
from generation.admin.cases import ProjectCaseAdmin
from generation.admin.evaluations import EvaluationAdmin, TemplateDecisionAdmin
from generation.admin.features import (
    FeatureAdmin,
    FeatureUseAdmin,
    GatePassAdmin,
    GatePolicyAdmin,
    JustificationAdmin,
    ReliefAdmin,
)
from generation.admin.pipeline import FilmAdmin, NovelAdmin, RunAdmin
from generation.admin.prompts import PromptTemplateAdmin
from generation.admin.votes import FeatureVoteAdmin

__all__ = [
    "AlarmChangeAdmin",
    "AlarmPolicyAdmin",
    "CaseSetAdmin",
    "EvaluationAdmin",
    "FeatureAdmin",
    "FeatureAnswerAdmin",
    "FeatureUseAdmin",
    "FeatureVoteAdmin",
    "FilmAdmin",
    "GatePassAdmin",
    "GatePolicyAdmin",
    "JustificationAdmin",
    "NovelAdmin",
    "ProjectCaseAdmin",
    "PromptTemplateAdmin",
    "ReliefAdmin",
    "RunAdmin",
    "TemplateDecisionAdmin",
]

"""A chapter directed by a chat model under a template, paid from the evaluation's budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engines.chat import ChatRequest, Complete, PaidAnswer
from engines.models import Budget
from generation import story
from generation.models import Evaluation, Trial
from generation.prompts.compiling import told_by
from generation.prompts.templates import Template
from generation.services.evaluations.planning import DENSITY, budget_key
from generation.services.texts import complete_with, mapper_for


def directed(row: Evaluation, trial: Trial, template: Template) -> tuple[Mapping[str, Any], int]:
    """The chapter's storyboard, and how many shots were asked for; the trial notes what it took."""
    content = trial.case.content
    text = content["text"]
    budget = Budget.objects.get(key=budget_key(row))
    asked = complete_with(trial.arm.engine, budget, scope=trial.case.scope)
    complete = _counted(trial, asked)
    mapper = mapper_for(
        trial.arm.engine, title=content.get("title", ""), complete=told_by(template, complete)
    )
    board = story.storyboard(text, density=DENSITY, mapper=mapper).to_dict()
    return board, max(1, round(len(text) * DENSITY / 1000))


def _counted(trial: Trial, complete: Complete) -> Complete:
    """Every repetition is asked anew, by its own seed; every answer is counted, kept ones at the
    price they once had."""

    def asked(request: ChatRequest) -> PaidAnswer:
        seeded = replace(
            request, seed=(request.seed or 0) + 10 * trial.repetition, purpose="evaluation"
        )
        bought = complete(seeded)
        trial.calls += 1
        trial.input_tokens += bought.answer.usage.input_tokens
        trial.output_tokens += bought.answer.usage.output_tokens
        trial.cost_micro += bought.cost_micro
        return bought

    return asked

"""A chat model judges pairs, each twice with the order swapped; what the order decided is a tie."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

from engines.chat import ChatRequest, Complete
from engines.chat.registry import ChatSettings, settings_of
from engines.errors import Billed, EngineError
from engines.models import Budget
from generation.evaluations.pairs import alike, pixels_of
from generation.library import template_of
from generation.models import Evaluation, Judgement, Trial
from generation.prompts import scorers
from generation.services.evaluations.drawing import prompt_of
from generation.services.evaluations.planning import budget_key
from generation.services.texts import complete_with

LARGEST = 768
"""The longer side in px of a picture that is sent to a judge: enough for faces, hands and clothes."""


def pairs_judge(row: Evaluation, *, beat: Callable[[int, int], None]) -> int:
    """Judge pairs of different arms on the same case until `judge_pairs` are; returns how many are new.

    An engine that sees (`sees` in its settings) looks at the pictures; any other reads the words that
    were sent for them, and each judgement says which of the two it was.
    """
    budget = Budget.objects.filter(key=budget_key(row)).first()
    if budget is None:
        return 0
    told = settings_of(row.judge)
    judged = set(row.judgements.values_list("a_id", "b_id"))
    made = 0
    for a, b in _pairs(row):
        if len(judged) >= row.judge_pairs:
            break
        if (a.pk, b.pk) in judged or (told.sees and alike(a, b)):
            continue
        beat(len(judged), row.judge_pairs)
        judged.add((a.pk, b.pk))
        complete = complete_with(row.judge, budget, scope=a.case.scope)
        _judge(row, a, b, complete, told)
        made += 1
    return made


def _pairs(row: Evaluation) -> list[tuple[Trial, Trial]]:
    """All pairs in an order that is the evaluation's own, so that a resumed one goes on with it."""
    trials = (
        Trial.objects.filter(evaluation=row, state=Trial.State.DONE)
        .select_related("case__case_set", "arm__version__template", "evaluation")
        .order_by("pk")
    )
    by_case: dict[tuple[int, int], list[Trial]] = {}
    for trial in trials:
        by_case.setdefault((trial.case_id, trial.repetition), []).append(trial)
    pairs = [pair for group in by_case.values() for pair in itertools.combinations(group, 2)]
    random.Random(row.seed).shuffle(pairs)  # noqa: S311  which pairs first, no secret
    return pairs


def _judge(
    row: Evaluation, a: Trial, b: Trial, complete: Complete, told: ChatSettings
) -> Judgement:
    asks, saw = _asks(a, b, told)
    answers, cost = [], 0
    for request in asks:
        try:
            bought = complete(request)
        except EngineError as error:
            if error.billed is Billed.SURELY_NOT:
                raise
            answers.append("")
            continue
        cost += bought.cost_micro
        answers.append(scorers.judged(bought.answer.parsed))
    return Judgement.objects.create(
        evaluation=row, a=a, b=b, first=answers[0], second=answers[1], engine=row.judge,
        saw_pictures=saw, cost_micro=cost,
    )  # fmt: skip


def _asks(a: Trial, b: Trial, told: ChatSettings) -> tuple[list[ChatRequest], bool]:
    """The question in both orders, and whether it shows the pictures themselves."""
    language = "en" if a.case.case_set.language == "en" else "zh"
    material = _material(a)
    if told.sees:
        one, other = (pixels_of(trial, LARGEST) for trial in (a, b))
        if one is not None and other is not None:
            return [
                scorers.look_request(material, *pair, language=language, timeout=told.timeout)
                for pair in ((one, other), (other, one))
            ], True
    words, others = _candidate(a), _candidate(b)
    return [
        scorers.judge_request(material, *pair, language=language, timeout=told.timeout)
        for pair in ((words, others), (others, words))
    ], False


def _material(trial: Trial) -> str:
    content: dict[str, Any] = trial.case.content
    return str(content["text"] if "text" in content else content["shot"]["narration"])


def _candidate(trial: Trial) -> str:
    if "lines" in trial.output:
        return str(trial.output["lines"])
    return prompt_of(template_of(trial.arm.version), trial.case.content).positive

"""A chat model judges pairs, each twice with the order swapped; what the order decided does not count."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

from engines.chat import Complete
from engines.chat.registry import settings_of
from engines.errors import Billed, EngineError
from engines.models import Budget
from generation.library import template_of
from generation.models import Evaluation, Judgement, Trial
from generation.prompts import scorers
from generation.services.evaluations.drawing import prompt_of
from generation.services.evaluations.planning import budget_key
from generation.services.texts import complete_with


def pairs_judge(row: Evaluation, *, beat: Callable[[int, int], None]) -> int:
    """Judge pairs of different arms on the same case until `judge_pairs` are; returns how many are new.

    Pictures are judged by the words that were sent for them: a chat model sees no picture.
    """
    budget = Budget.objects.filter(key=budget_key(row)).first()
    if budget is None:
        return 0
    timeout = settings_of(row.judge).timeout
    judged = set(row.judgements.values_list("a_id", "b_id"))
    made = 0
    for a, b in _pairs(row):
        if len(judged) >= row.judge_pairs:
            break
        if (a.pk, b.pk) in judged:
            continue
        beat(len(judged), row.judge_pairs)
        judged.add((a.pk, b.pk))
        complete = complete_with(row.judge, budget, scope=a.case.scope)
        _judge(row, a, b, complete, timeout)
        made += 1
    return made


def _pairs(row: Evaluation) -> list[tuple[Trial, Trial]]:
    """All pairs in an order that is the evaluation's own, so that a resumed one goes on with it."""
    trials = (
        Trial.objects.filter(evaluation=row, state=Trial.State.DONE)
        .select_related("case__case_set", "arm__version__template")
        .order_by("pk")
    )
    by_case: dict[tuple[int, int], list[Trial]] = {}
    for trial in trials:
        by_case.setdefault((trial.case_id, trial.repetition), []).append(trial)
    pairs = [pair for group in by_case.values() for pair in itertools.combinations(group, 2)]
    random.Random(row.seed).shuffle(pairs)  # noqa: S311  which pairs first, no secret
    return pairs


def _judge(row: Evaluation, a: Trial, b: Trial, complete: Complete, timeout: float) -> Judgement:
    language = "en" if a.case.case_set.language == "en" else "zh"
    material, one, other = _material(a), _candidate(a), _candidate(b)
    answers, cost = [], 0
    for first, second in ((one, other), (other, one)):
        request = scorers.judge_request(material, first, second, language=language, timeout=timeout)
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
        cost_micro=cost,
    )  # fmt: skip


def _material(trial: Trial) -> str:
    content: dict[str, Any] = trial.case.content
    return str(content["text"] if "text" in content else content["shot"]["narration"])


def _candidate(trial: Trial) -> str:
    if "lines" in trial.output:
        return str(trial.output["lines"])
    return prompt_of(template_of(trial.arm.version), trial.case.content).positive

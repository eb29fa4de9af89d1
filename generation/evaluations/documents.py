"""An evaluation's rows as one document without words of novels and names of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from engines.chat.registry import BadEngineSettings, chat_settings
from engines.images.registry import BadImageSettings, image_settings
from engines.models import Price
from generation.models import Evaluation, Judgement, Score, Trial, Vote
from generation.prompts.scorers import JUDGE
from generation.prompts.tables import FORMAT, JUDGEMENT, METHOD, TRIAL, VOTE

EFFECT = {"shot": ("prompt", "attributes"), "chapter": ("structure",)}
"""The scorers whose mean is the effect, by kind of case."""


def document_of(evaluation: Evaluation) -> dict[str, Any]:
    """The rows that `generation.prompts.tables` computes from; a fixed number of queries."""
    trials = list(
        Trial.objects.filter(evaluation=evaluation)
        .values_list(
            "pk", "arm_id", "case__story", "case__index", "repetition", "seed", "state", "accepted",
            "calls", "input_tokens", "output_tokens", "cached", "cost_micro",
        )
        .order_by("pk")
    )  # fmt: skip
    stories = _numbers(row[2] for row in trials)
    story_of = {row[0]: stories[row[2]] for row in trials}
    scores: dict[int, dict[str, float | None]] = defaultdict(dict)
    versions: dict[str, str] = {}
    for trial, scorer, version, value in Score.objects.filter(
        trial__evaluation=evaluation
    ).values_list("trial_id", "scorer", "version", "value"):
        scores[trial][scorer] = value
        versions[scorer] = version
    arms = list(evaluation.arms.select_related("version__template").order_by("position"))
    return {
        "format": FORMAT,
        "version": 1,
        "columns": {"trials": list(TRIAL), "votes": list(VOTE), "judgements": list(JUDGEMENT)},
        "method": METHOD,
        "at": timezone.now().isoformat(timespec="seconds"),
        "evaluation": {
            "id": evaluation.pk,
            "cases": f"{evaluation.case_set.key}@{evaluation.case_set.number}",
            "kind": evaluation.case_set.kind,
            "repetitions": evaluation.repetitions,
            "seed": evaluation.seed,
            "threshold": evaluation.threshold,
            "size": [evaluation.width, evaluation.height],
            "currency": evaluation.currency,
            "plan": evaluation.plan,
        },
        "effect": list(EFFECT[evaluation.case_set.kind]),
        "scorers": versions,
        "prices": prices_of({arm.engine for arm in arms}),
        "arms": [
            {
                "id": arm.pk,
                "template": arm.version.name,
                "digest": arm.version.digest,
                "engine": arm.engine,
                "baseline": arm.baseline,
            }
            for arm in arms
        ],
        "trials": [[pk, arm, stories[name], *rest, scores[pk]] for pk, arm, name, *rest in trials],
        "votes": _votes(evaluation, story_of),
        "judge": _judge(evaluation),
        "judgements": [
            [story_of[row.a_id], row.a_id, row.b_id, row.first, row.second]
            for row in Judgement.objects.filter(evaluation=evaluation).order_by("pk")
        ],
    }


def _judge(evaluation: Evaluation) -> dict[str, Any] | None:
    """Who judged, by which question, and in how many pairs it looked at the pictures themselves."""
    if not evaluation.judge:
        return None
    looked = Judgement.objects.filter(evaluation=evaluation, saw_pictures=True).count()
    return {"engine": evaluation.judge, "version": JUDGE, "saw_pictures": looked}


def _numbers(names: Iterable[str]) -> dict[str, int]:
    """Each name's number, by first appearance."""
    found: dict[str, int] = {}
    for name in names:
        found.setdefault(name, len(found) + 1)
    return found


def _votes(evaluation: Evaluation, story_of: Mapping[int, int]) -> list[list[Any]]:
    rows = list(
        Vote.objects.filter(evaluation=evaluation)
        .exclude(outcome="")
        .order_by("pk")
        .values_list("pk", "rater_id", "left_id", "right_id", "outcome", "repeat_of_id")
    )
    raters = _numbers(str(row[1]) for row in rows)
    given = {row[0] for row in rows}
    return [
        [
            pk,
            raters[str(rater)],
            story_of[left],
            left,
            right,
            outcome,
            again if again in given else None,
        ]
        for pk, rater, left, right, outcome, again in rows
    ]


def prices_of(engines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Today's prices of engines as the team entered them, in micro-units a million tokens."""
    found: dict[str, dict[str, Any]] = {}
    models = _models()
    now = timezone.now()
    for engine in engines:
        row = (
            Price.objects.filter(
                engine=engine, model__in=["", models.get(engine, "")], valid_from__lte=now
            )
            .order_by("-model", "-valid_from")
            .first()
        )
        if row is not None:
            found[engine] = {
                "input": row.input_micro,
                "cached": row.cached_micro,
                "output": row.output_micro,
                "picture": row.picture_micro,
                "currency": row.currency,
                "list": f"own #{row.pk}",
                "day": f"{row.valid_from:%Y-%m-%d}",
            }
    return found


def _models() -> dict[str, str]:
    """The model of each configured engine; none of a setting that cannot be read."""
    found: dict[str, str] = {}
    try:
        found |= {name: told.model for name, told in chat_settings().items()}
        found |= {name: told.model for name, told in image_settings().items()}
    except (BadEngineSettings, BadImageSettings):
        return found
    return found

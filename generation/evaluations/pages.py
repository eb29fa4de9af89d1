"""An evaluation as its page shows it: arms with their numbers, charts, pictures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from generation.models import Arm, Evaluation, Judgement, TemplateDecision, Trial, Vote
from insights.statistics import PUBLISHABLE_N

SIDE_BY_SIDE = 4
SCORERS: dict[str, Promise] = {
    "prompt": _("Facts that the words carry"),
    "attributes": _("Looks read back from the pixels"),
    "structure": _("Structure of the storyboard"),
    "rubric": _("The standard"),
    "likeness": _("Characters stay the same"),
}


@dataclass(frozen=True)
class ArmRow:
    """An arm with its row of the table and of the ranking; `letter` stands for it in the charts."""

    arm: Arm
    letter: str
    numbers: Mapping[str, Any]
    rank: Mapping[str, Any] | None
    on_front: bool

    @property
    def score(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.numbers["score"]
        return found

    @property
    def sure(self) -> bool:
        """Whether the difference to the baseline holds after Holm's adjustment."""
        p = self.numbers["p_holm"]
        return p is not None and p < 0.05


@dataclass(frozen=True)
class Example:
    """One case with the pictures of several arms."""

    words: str
    trials: list[tuple[str, Trial]]


@dataclass(frozen=True)
class Page:
    rows: list[ArmRow]
    ratios: list[dict[str, Any]]
    ranking: list[ArmRow]
    table: Mapping[str, Any]
    examples: list[Example] = field(default_factory=list)
    publishable: bool = False
    scorers: list[str | Promise] = field(default_factory=list)
    by_scorer: list[tuple[ArmRow, list[float | None]]] = field(default_factory=list)


def evaluations_for_team() -> QuerySet[Evaluation]:
    return Evaluation.objects.select_related("case_set", "by").annotate(
        arm_count=Count("arms", distinct=True),
        vote_count=Count(
            "votes", filter=~Q(votes__outcome="") & Q(votes__repeat_of__isnull=True), distinct=True
        ),
    )


def page_of(evaluation: Evaluation) -> Page | None:
    """None before anything was computed. A fixed number of queries."""
    table = evaluation.results
    if not table:
        return None
    arms = {
        arm.pk: arm
        for arm in evaluation.arms.select_related("version__template").order_by("position")
    }
    letters = {pk: letter_of(place) for place, pk in enumerate(arms)}
    ranked = {row["arm"]: row for row in table["ranking"]["ranked"]}
    front = set(table["front"])
    rows = [
        ArmRow(arms[row["id"]], letters[row["id"]], row, ranked.get(row["id"]), row["id"] in front)
        for row in table["arms"]
        if row["id"] in arms
    ]
    rows.sort(key=lambda row: -(row.score["value"] or 0.0))
    by_rank = sorted((row for row in rows if row.rank), key=lambda row: row.rank["rank"])  # type: ignore[index]
    ratios = [
        {**step, "row": next((row for row in rows if row.arm.pk == step["arm"]), None)}
        for step in table["ratios"]
    ]
    scorers = [name for name in SCORERS if any(name in row.numbers["scores"] for row in rows)]
    return Page(
        scorers=[SCORERS[name] for name in scorers],
        by_scorer=[(row, [row.numbers["scores"].get(name) for name in scorers]) for row in rows],
        rows=rows,
        ratios=ratios,
        ranking=by_rank,
        table=table,
        examples=_examples(evaluation, rows),
        publishable=table["stories"] >= PUBLISHABLE_N,
    )


def letter_of(place: int) -> str:
    """A, B, …, Z, AA, AB, …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _examples(evaluation: Evaluation, rows: Sequence[ArmRow]) -> list[Example]:
    """The best, the baseline and the last on the same few cases."""
    if not rows or evaluation.case_set.kind != "shot":
        return []
    base = [row for row in rows if row.arm.baseline]
    chosen = list(dict.fromkeys([*(row.arm.pk for row in (*rows[:2], *base, rows[-1]))]))[
        :SIDE_BY_SIDE
    ]
    letters = {row.arm.pk: row.letter for row in rows}
    trials = (
        Trial.objects.filter(
            evaluation=evaluation, arm_id__in=chosen, repetition=0, state=Trial.State.DONE
        )
        .exclude(picture="")
        .select_related("case", "arm__version__template")
        .order_by("case__index", "arm__position")
    )
    by_case: dict[int, list[Trial]] = {}
    for trial in trials[: 40 * len(chosen)]:
        by_case.setdefault(trial.case_id, []).append(trial)
    # Those on which the pictures differ most tell most.
    told = sorted(
        (group for group in by_case.values() if len(group) == len(chosen)),
        key=lambda group: (-len({trial.picture.name for trial in group}), group[0].case.index),
    )[:3]
    return [
        Example(
            str(group[0].case.content.get("shot", {}).get("narration", "")),
            [(letters[trial.arm_id], trial) for trial in group],
        )
        for group in told
    ]


@dataclass(frozen=True)
class JudgeRank:
    """An arm's place by the judging model."""

    letter: str
    rank: int
    elo: float


def judge_ranking(found: Page | None) -> list[JudgeRank]:
    if found is None:
        return []
    letters = {row.arm.pk: row.letter for row in found.rows}
    return [
        JudgeRank(letters[one["arm"]], one["rank"], one["elo"])
        for one in found.table["judge"]["ranked"]
        if one["arm"] in letters
    ]


def pictures_looked_at(evaluation: Evaluation) -> int:
    """Pairs in which the judge saw the pictures themselves."""
    return Judgement.objects.filter(evaluation=evaluation, saw_pictures=True).count()


@dataclass(frozen=True)
class VotesSoFar:
    given: int
    wanted: int
    raters: int


def votes_so_far(evaluation: Evaluation) -> VotesSoFar:
    rows = Vote.objects.filter(evaluation=evaluation, repeat_of__isnull=True).exclude(outcome="")
    return VotesSoFar(
        rows.count(), evaluation.votes_wanted, rows.values("rater").distinct().count()
    )


def decisions_of(evaluation: Evaluation) -> QuerySet[TemplateDecision]:
    return (
        TemplateDecision.objects.filter(evaluation=evaluation)
        .select_related("arm__version__template", "by")
        .defer("document")
    )

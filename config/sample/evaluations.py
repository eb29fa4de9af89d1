"""A small finished evaluation of the sample workspace: six templates on ten shots, with blind votes.

Drawn and scored by the same services as any other; only the raters' taste is invented.
"""

import random
import tomllib
from pathlib import Path

from django.utils import timezone

from crm.models import User
from generation.evaluations.pairs import alike
from generation.library import version_named
from generation.models import Evaluation, Trial, Vote
from generation.services.evaluations.cases import case_set_add, shots_of_text
from generation.services.evaluations.decisions import decision_take
from generation.services.evaluations.planning import Wanted, evaluation_add
from generation.services.evaluations.results import results_keep
from generation.services.evaluations.running import evaluation_execute

DATA = Path(__file__).resolve().parent / "data" / "evaluation.toml"
# Templates with the odds (in logits) that the invented raters give them; the first is the baseline.
CHOSEN = "film-still-zh"
ARMS = (
    ("usual-zh", 0.2), ("sketch-ink-zh", 0.1), (CHOSEN, 0.9), ("sketch-line-zh", -0.4),
    ("impasto-en", -1.1), ("cel-anime-tags", -0.9),
)  # fmt: skip
SIZE = (216, 384)
VOTES = 60


def load_evaluations(staff: dict[str, User]) -> Evaluation:
    """Cases, trials, sixty blind votes of two raters, the table, and the choice taken on it."""
    stories = tomllib.loads(DATA.read_text("utf-8"))["story"]
    cases = case_set_add(
        key="sample-scenes",
        title="示例：五个场景",
        kind="shot",
        language="zh-Hans",
        cases=[
            told
            for story in stories
            for told in shots_of_text(story["text"], name=story["name"], most=2, density=25)
        ],
        actor=staff["pm"],
        sample=True,
    )
    versions = [version_named(key) for key, _odds in ARMS]
    row = evaluation_add(
        wanted=Wanted(cases, tuple((version, "sketch") for version in versions if version)),
        title="示例：六个模板，十个镜头",
        token="sample-evaluation",  # noqa: S106  the form's, no secret
        actor=staff["pm"],
        size=SIZE,
        threshold=0.85,
        votes_wanted=2 * VOTES,  # the sample's creator and its team may go on
        in_portal=True,
        sample=True,
    )
    evaluation_execute(row.pk)
    _votes(row, (staff["wang"], staff["li"]))
    row = Evaluation.objects.select_related("case_set").get(pk=row.pk)
    results_keep(row)
    chosen = row.arms.select_related("version__template").get(version__template__key=CHOSEN)
    decision_take(
        evaluation=row, arm=chosen, actor=staff["pm"],
        why="示例：与基线同样忠实，盲评最好；词多四成半，仍可接受。",
    )  # fmt: skip
    return row


def _votes(row: Evaluation, raters: tuple[User, ...]) -> None:
    odds = dict(ARMS)
    dice = random.Random(24)  # noqa: S311  invented taste, the same every time
    by_case: dict[int, list[Trial]] = {}
    trials = Trial.objects.filter(evaluation=row, state="done").select_related(
        "arm__version__template"
    )
    for trial in trials:
        by_case.setdefault(trial.case_id, []).append(trial)
    groups = list(by_case.values())
    made: list[Vote] = []
    while len(made) < VOTES:
        left, right = dice.sample(dice.choice(groups), 2)
        if alike(left, right):
            continue
        gap = odds[left.arm.version.template.key] - odds[right.arm.version.template.key]
        throw = dice.random()
        outcome = "tie" if throw < 0.08 else "left" if dice.random() < _chance(gap) else "right"
        made.append(
            Vote(
                evaluation=row, left=left, right=right, rater=raters[len(made) % len(raters)],
                token=f"{dice.getrandbits(128):032x}", outcome=outcome, at=timezone.now(),
            )
        )  # fmt: skip
    kept = Vote.objects.bulk_create(made)
    Vote.objects.bulk_create(
        [
            Vote(
                evaluation=row, left=vote.right, right=vote.left, rater=vote.rater, repeat_of=vote,
                token=f"{dice.getrandbits(128):032x}", at=timezone.now(),
                outcome=_again(vote.outcome) if dice.random() < 0.85 else "tie",
            )
            for vote in kept[::8]
        ]
    )  # fmt: skip


def _chance(gap: float) -> float:
    return float(1 / (1 + 2.718281828**-gap))


def _again(outcome: str) -> str:
    """The same word with the sides swapped."""
    return {"left": "right", "right": "left"}.get(outcome, outcome)

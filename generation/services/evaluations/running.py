"""An evaluation at work: claimed once, resumed from its rows, stopped when asked, capped by its budget."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from crm.services.job_rows import JobStopped, job_claim, job_end, job_progress
from engines.errors import EngineError
from engines.models import Budget
from engines.scopes import folder_of
from generation import frames, story
from generation.library import ratings_of, template_of
from generation.models import Evaluation, Score, TemplateVersion, Trial
from generation.prompts import scorers
from generation.prompts.errors import PromptError
from generation.prompts.rubric import judge
from generation.prompts.sketching import carried
from generation.prompts.templates import Template
from generation.services.evaluations import drawing
from generation.services.evaluations.directing import directed
from generation.services.evaluations.judging import pairs_judge
from generation.services.evaluations.likening import likeness_keep
from generation.services.evaluations.planning import budget_key
from generation.services.evaluations.results import results_keep

EVERY = 10
"""Trials between two signs of life."""


def evaluation_execute(evaluation_id: int) -> str:
    """Do an evaluation's work if it waits; returns the state it left it in. May be called twice."""
    row = job_claim(Evaluation, evaluation_id)
    if row is None:
        return "not_waiting"
    try:
        _trials(row)

        def beat(done: int, total: int) -> None:
            job_progress(row, done=done, total=total)

        likeness_keep(row, beat)
        if row.judge and row.judge_pairs:
            pairs_judge(row, beat=beat)
        results_keep(row)
    except JobStopped as stopped:
        if not stopped.cancelled:
            return "lost"
        job_end(row, Evaluation.State.CANCELLED)
        return Evaluation.State.CANCELLED
    except (DomainError, EngineError, LookupError, OSError) as error:
        code = getattr(error, "code", type(error).__name__)
        job_end(row, Evaluation.State.FAILED, code=str(code)[:60], error=str(error))
        return Evaluation.State.FAILED
    job_end(row, Evaluation.State.DONE)
    return Evaluation.State.DONE


def _trials(row: Evaluation) -> None:
    waiting = (
        Trial.objects.filter(evaluation=row, state=Trial.State.WAITING)
        .select_related("arm__version__template", "case")
        .order_by("case__index", "repetition", "arm__position")
    )
    total = row.trials.count()
    done = total - waiting.count()
    hands = _Hands(row)
    for count, trial in enumerate(waiting.iterator(chunk_size=200)):
        if count % EVERY == 0:
            job_progress(row, done=done + count, total=total)
        _one(row, trial, hands)
    job_progress(row, done=total, total=total)


@dataclass(frozen=True)
class _Earlier:
    """What was drawn before for equal work, at the price that was paid then."""

    picture: str
    output: dict[str, Any]
    calls: int
    output_tokens: int
    cost_micro: int
    attributes: float | None


class _Hands:
    """What one worker needs for all trials of an evaluation, made once."""

    def __init__(self, row: Evaluation) -> None:
        self._budget = Budget.objects.filter(key=budget_key(row)).first()
        self._templates: dict[int, tuple[Template, float]] = {}
        self._drawers: dict[str, drawing.Drawer] = {}
        self._drawn: dict[tuple[str, int | None], _Earlier] = {}

    def template(self, version: TemplateVersion) -> tuple[Template, float]:
        """The template and what the standard gives it, 0 to 1."""
        if version.pk not in self._templates:
            made = template_of(version)
            score = judge(made, ratings_of(version)).score / 100
            self._templates[version.pk] = made, score
        return self._templates[version.pk]

    def drawer(self, engine: str) -> drawing.Drawer:
        if engine not in self._drawers:
            self._drawers[engine] = drawing.drawer_of(engine, self._budget)
        return self._drawers[engine]

    def earlier(self, trial: Trial) -> _Earlier | None:
        """Equal work that is done; never of another novel's case: its picture goes when that goes."""
        key = trial.key, trial.case.novel_id
        if key not in self._drawn:
            known = Trial.objects.filter(
                key=trial.key, state=Trial.State.DONE, case__novel=trial.case.novel_id
            ).exclude(picture="")
            found = known.order_by("pk").first()
            if found is None:
                return None
            score = found.scores.filter(scorer="attributes", version=scorers.ATTRIBUTES).first()
            self.keep(found, score.value if score else None)
        return self._drawn[key]

    def keep(self, trial: Trial, attributes: float | None) -> None:
        self._drawn[trial.key, trial.case.novel_id] = _Earlier(
            str(trial.picture.name), trial.output, trial.calls, trial.output_tokens,
            trial.cost_micro, attributes,
        )  # fmt: skip


def _one(row: Evaluation, trial: Trial, hands: _Hands) -> None:
    """Make and score one trial; what went wrong with it is kept with it and stops no other."""
    template, rubric = hands.template(trial.arm.version)
    try:
        if template.makes == "picture":
            scores = _picture(row, trial, template, hands)
        else:
            scores = _storyboard(row, trial, template)
    except EngineError as error:
        if error.code in ("budget_spent", "no_price", "bad_key", "resting"):
            raise  # of the whole evaluation, not of this trial: what is paid for is kept
        _failed(trial, error.code)
        return
    except (DomainError, frames.FrameError, story.StoryError, PromptError) as error:
        _failed(trial, getattr(error, "code", type(error).__name__))
        return
    effect = [value for _scorer, _version, value, _details in scores if value is not None]
    mean = sum(effect) / len(effect) if effect else 0.0
    trial.state, trial.accepted = Trial.State.DONE, mean >= row.threshold
    trial.done_at = timezone.now()
    with transaction.atomic():
        trial.save()
        Score.objects.bulk_create(
            [
                Score(trial=trial, scorer=scorer, version=version, value=value, details=details)
                for scorer, version, value, details in [
                    *scores, ("rubric", scorers.RUBRIC, rubric, {}),
                ]
            ],
            ignore_conflicts=True,
        )  # fmt: skip


Scored = tuple[str, str, float | None, dict[str, Any]]


def _failed(trial: Trial, code: str) -> None:
    Trial.objects.filter(pk=trial.pk).update(
        state=Trial.State.FAILED, accepted=False, error=code[:120], calls=trial.calls,
        input_tokens=trial.input_tokens, output_tokens=trial.output_tokens,
        cost_micro=trial.cost_micro, done_at=timezone.now(),
    )  # fmt: skip


def _picture(row: Evaluation, trial: Trial, template: Template, hands: _Hands) -> list[Scored]:
    content = trial.case.content
    prompt = drawing.prompt_of(template, content)
    size = (row.width, row.height)
    work = drawing.Work(template, prompt, content, trial.seed, size, trial.case.scope)
    drawer = hands.drawer(trial.arm.engine)
    trial.key = drawer.key(work)
    earlier = hands.earlier(trial)
    if earlier is not None:
        trial.cached, trial.picture = True, earlier.picture
        for name in ("calls", "output_tokens", "cost_micro", "output"):
            setattr(trial, name, getattr(earlier, name))
        trial.input_tokens, attributes = prompt.tokens, earlier.attributes
    else:
        drawn = drawer.draw(work)
        # The name says nothing of what drew it.
        name = f"{folder_of(trial.case.scope)}/trials/{trial.key[:40]}.png"
        trial.picture.save(name, ContentFile(drawn.png), save=False)
        for name in ("calls", "input_tokens", "output_tokens", "cost_micro"):
            setattr(trial, name, getattr(drawn, name))
        trial.output = {"sha256": sha256(drawn.png).hexdigest()}
        attributes = drawer.attributes(drawn.png, work)
        hands.keep(trial, attributes)
    said = carried(template, prompt, content["shot"])
    missing = sorted(said.known - said.said)
    return [
        ("prompt", scorers.PROMPT, said.share, {"missing": missing}),
        ("attributes", scorers.ATTRIBUTES, attributes, {}),
    ]


def _storyboard(row: Evaluation, trial: Trial, template: Template) -> list[Scored]:
    board, wanted = directed(row, trial, template)
    parts = scorers.structure(board, wanted)
    trial.output = {"lines": scorers.shot_lines(board), "shots": len(board["shots"])}
    return [("structure", scorers.STRUCTURE, min(1.0, scorers.mean_of(parts)), dict(parts))]


@transaction.atomic
def evaluation_cancel(*, evaluation: Evaluation, actor: User | None) -> bool:
    """Ask it to stop; one that waits is stopped at once. False where it had ended."""
    rows = Evaluation.objects.filter(pk=evaluation.pk)
    waiting = rows.filter(state=Evaluation.State.QUEUED).update(
        state=Evaluation.State.CANCELLED, cancel_requested=True, ended_at=timezone.now()
    )
    asked = waiting or rows.filter(state=Evaluation.State.RUNNING).update(cancel_requested=True)
    if asked:
        audit.record("evaluation.cancelled", evaluation, actor=actor)
    return bool(asked)


@transaction.atomic
def evaluation_resume(*, evaluation: Evaluation, actor: User | None) -> bool:
    """Let it go on from the trials that wait; failed ones are tried again. False where it runs or is done."""
    stopped = (Evaluation.State.CANCELLED, Evaluation.State.FAILED, Evaluation.State.DEAD)
    again = Evaluation.objects.filter(pk=evaluation.pk, state__in=stopped).update(
        state=Evaluation.State.QUEUED, cancel_requested=False, tries=0, error="", error_code="",
        ended_at=None, queued_at=timezone.now(),
    )  # fmt: skip
    if again:
        evaluation.trials.filter(state=Trial.State.FAILED).update(state=Trial.State.WAITING)
        audit.record("evaluation.resumed", evaluation, actor=actor)
    return bool(again)

"""Blind votes: which pair is shown to whom, what was said, and taking the last word back.

A pair is a row before it is shown, with its side drawn once: loading the page again cannot draw it
anew. Nothing that reaches the rater names a template, an engine or an arm.
"""

from __future__ import annotations

import itertools
import random
import secrets

from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import Creator, User
from generation.evaluations.pairs import alike, votable
from generation.models import Evaluation, Trial, Vote
from generation.prompts.statistics import next_pairs
from generation.services.evaluations.results import EVERY_VOTES

REPEAT_AFTER = 8
"""A repeat of an earlier pair comes after so many new ones."""
UNDO_WITHIN = 600


def pair_next(
    *, evaluation: Evaluation, rater: User, creator: Creator | None = None
) -> Vote | None:
    """The pair that waits for this rater, or a new one; None where there is nothing left to compare.

    `creator` is whom the rater is in the portal, None for the team. Every so often an earlier pair
    comes again, its sides drawn anew.
    """
    waiting = _open(evaluation, rater)
    if waiting is not None:
        return waiting
    chosen = _repeat(evaluation, rater) or _fresh(evaluation, rater, creator)
    if chosen is None:
        return None
    left, right, repeat_of = chosen
    if secrets.randbelow(2):
        left, right = right, left
    try:
        with transaction.atomic():
            return Vote.objects.create(
                evaluation=evaluation, left=left, right=right, rater=rater,
                token=secrets.token_hex(16), repeat_of=repeat_of,
            )  # fmt: skip
    except IntegrityError:  # another window of the same person was quicker
        return _open(evaluation, rater)


def _open(evaluation: Evaluation, rater: User) -> Vote | None:
    return (
        Vote.objects.filter(evaluation=evaluation, rater=rater, outcome="")
        .select_related("left__case", "right__case")
        .first()
    )


def _repeat(evaluation: Evaluation, rater: User) -> tuple[Trial, Trial, Vote] | None:
    given = list(
        Vote.objects.filter(evaluation=evaluation, rater=rater)
        .exclude(outcome="")
        .select_related("left__case", "right__case")
        .order_by("pk")
    )
    repeats = {vote.repeat_of_id for vote in given if vote.repeat_of_id}
    firsts = [vote for vote in given if vote.repeat_of_id is None]
    if len(firsts) < REPEAT_AFTER * (len(repeats) + 1):
        return None
    old = [vote for vote in firsts[:-3] if vote.pk not in repeats and vote.left.state == "done"]
    if not old:
        return None
    vote = secrets.choice(old)
    return vote.left, vote.right, vote


def _fresh(
    evaluation: Evaluation, rater: User, creator: Creator | None
) -> tuple[Trial, Trial, None] | None:
    """A pair of arms on which the ranking hangs, on the case that was compared least."""
    done = Trial.objects.filter(
        votable(creator), evaluation=evaluation, state=Trial.State.DONE,
        case__withdrawn_at__isnull=True,
    )  # fmt: skip
    arms = sorted(set(done.values_list("arm_id", flat=True)))
    if len(arms) < 2:
        return None
    votes = [
        (left, right, Vote.SCORES[Vote.Outcome(outcome)])
        for left, right, outcome in evaluation.votes.filter(repeat_of__isnull=True)
        .exclude(outcome="")
        .filter(left__arm__in=arms, right__arm__in=arms)
        .exclude(left__arm=F("right__arm"))
        .values_list("left__arm_id", "right__arm_id", "outcome")
    ]
    seen = set(
        Vote.objects.filter(evaluation=evaluation, rater=rater).values_list("left_id", "right_id")
    )
    seed = secrets.randbelow(2**31)
    wanted = next_pairs(arms, votes, 8, seed=seed)
    others = list(itertools.combinations(arms, 2))
    random.Random(seed).shuffle(others)  # noqa: S311  which pair first, no secret
    for first, second in dict.fromkeys([*wanted, *others]):
        found = _case(evaluation, done, first, second, seen, seed)
        if found is not None:
            return (*found, None)
    return None


def _case(
    evaluation: Evaluation,
    done: object,
    first: int,
    second: int,
    seen: set[tuple[int, int]],
    seed: int,
) -> tuple[Trial, Trial] | None:
    rows = (
        Trial.objects.filter(pk__in=done.values("pk"))  # type: ignore[attr-defined]
        .filter(arm_id__in=(first, second))
        .select_related("case")
    )
    by_case: dict[tuple[int, int], dict[int, Trial]] = {}
    for trial in rows:
        by_case.setdefault((trial.case_id, trial.repetition), {})[trial.arm_id] = trial
    pairs = [
        (group[first], group[second])
        for group in by_case.values()
        if len(group) == 2
        and not alike(group[first], group[second])
        and (group[first].pk, group[second].pk) not in seen
        and (group[second].pk, group[first].pk) not in seen
    ]
    if not pairs:
        return None
    counted = dict(
        Vote.objects.filter(evaluation=evaluation)
        .values_list("left__case_id")
        .annotate(n=Count("pk"))
    )
    random.Random(seed).shuffle(pairs)  # noqa: S311  which case first, no secret
    return min(pairs, key=lambda pair: counted.get(pair[0].case_id, 0))


def votes_given(evaluation_id: int) -> int:
    """Votes that count: repeats only tell of the rater."""
    rows = Vote.objects.filter(evaluation_id=evaluation_id, repeat_of__isnull=True)
    return rows.exclude(outcome="").count()


@transaction.atomic
def vote_give(*, token: str, outcome: str, rater: User) -> tuple[Vote, bool]:
    """Keep what was said of the pair; returns it and whether the table is due again.

    The same word again changes nothing; another word on a pair that is answered is refused.
    """
    vote = Vote.objects.select_related("evaluation").filter(token=token, rater=rater).first()
    if vote is None:
        raise DomainError(_("This pair is not yours to judge."), "no_pair")
    if outcome not in Vote.Outcome.values:
        raise DomainError(_("Choose left, right or neither."), "outcome")
    if vote.outcome:
        if vote.outcome != outcome:
            raise DomainError(_("This pair is judged already; take it back first."), "judged")
        return vote, False
    now = timezone.now()
    Vote.objects.filter(pk=vote.pk, outcome="").update(outcome=outcome, at=now)
    given = votes_given(vote.evaluation_id)
    return vote, given % EVERY_VOTES == 0 or given == vote.evaluation.votes_wanted


@transaction.atomic
def vote_undo(*, evaluation: Evaluation, rater: User) -> bool:
    """Take the rater's last word back, within ten minutes; False where there is none.

    The pair that was shown since is put away unanswered; the one taken back waits again as it stood.
    """
    last = (
        Vote.objects.filter(evaluation=evaluation, rater=rater)
        .exclude(outcome="")
        .order_by("-at", "-pk")
        .first()
    )
    if last is None or last.at is None:
        return False
    if (timezone.now() - last.at).total_seconds() > UNDO_WITHIN:
        return False
    Vote.objects.filter(evaluation=evaluation, rater=rater, outcome="").delete()
    Vote.objects.filter(pk=last.pk).update(outcome="", at=None, undone=F("undone") + 1)
    return True

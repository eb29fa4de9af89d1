"""What a rater sees of a pair: two pictures or texts, the shot's words, how far they are. No names."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.db.models import QuerySet
from PIL import Image

from crm.models import Creator, User
from generation.models import Evaluation, Trial, Vote


@dataclass(frozen=True)
class Pair:
    """`token` addresses it; `texts` are there instead of pictures where storyboards are compared."""

    token: str
    words: str
    action: str
    texts: tuple[str, str] | None
    given: int
    wanted: int
    mine: int


def pair_of(vote: Vote) -> Pair:
    content = vote.left.case.content
    rows = Vote.objects.filter(evaluation_id=vote.evaluation_id, repeat_of__isnull=True)
    given = rows.exclude(outcome="").count()
    mine = (
        Vote.objects.filter(evaluation_id=vote.evaluation_id, rater_id=vote.rater_id)
        .exclude(outcome="")
        .count()
    )
    texts = None
    if "text" in content:
        texts = (str(vote.left.output.get("lines", "")), str(vote.right.output.get("lines", "")))
    return Pair(
        token=vote.token,
        words=str(content.get("text") or content.get("shot", {}).get("narration", "")),
        action="",
        texts=texts,
        given=given,
        wanted=vote.evaluation.votes_wanted,
        mine=mine,
    )


def picture_of(token: str, side: str, rater: User, creator: Creator | None) -> bytes | None:
    """The picture of one side of an own pair, pixels only; None where there is none for this person."""
    vote = (
        Vote.objects.filter(token=token, rater=rater)
        .select_related("left__case__novel", "right__case__novel")
        .first()
    )
    if vote is None or side not in ("a", "b"):
        return None
    trial = vote.left if side == "a" else vote.right
    novel = trial.case.novel
    if creator is not None and novel is not None and novel.creator_id != creator.pk:
        return None
    return pixels_of(trial)


def pixels_of(trial: Trial) -> bytes | None:
    """The picture encoded anew, so that no metadata of any engine comes along."""
    if not trial.picture or trial.state != Trial.State.DONE:
        return None
    try:
        with trial.picture.open("rb") as file, Image.open(file) as picture:
            buffer = io.BytesIO()
            picture.convert("RGB").save(buffer, "PNG")
    except FileNotFoundError:
        return None
    return buffer.getvalue()


def open_to(creator: Creator) -> QuerySet[Evaluation]:
    """Evaluations that a creator is asked to vote in."""
    return Evaluation.objects.filter(in_portal=True, state=Evaluation.State.DONE).order_by("-pk")


def evaluation_of(token: str, rater: User) -> Evaluation | None:
    """Of a pair that is this rater's own."""
    vote = Vote.objects.filter(token=token, rater=rater).select_related("evaluation").first()
    return vote.evaluation if vote else None

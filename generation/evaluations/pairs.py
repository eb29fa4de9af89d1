"""What a rater sees of a pair: two pictures or texts, the shot's words, how far they are. No names."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from PIL import Image, ImageOps

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
        .select_related(
            "left__case__novel", "right__case__novel", "left__evaluation", "right__evaluation"
        )
        .first()
    )
    if vote is None or side not in ("a", "b"):
        return None
    trial = vote.left if side == "a" else vote.right
    novel = trial.case.novel
    if creator is not None and novel is not None and novel.creator_id != creator.pk:
        return None
    return pixels_of(trial)


def pixels_of(trial: Trial, longest: int | None = None) -> bytes | None:
    """The picture encoded anew, so that no metadata of any engine comes along, and in the size that
    was asked for, so that no engine is known by the sizes it likes; with `longest` no side is over it.
    """
    if not trial.picture or trial.state != Trial.State.DONE:
        return None
    asked = (trial.evaluation.width, trial.evaluation.height)
    try:
        with trial.picture.open("rb") as file, Image.open(file) as opened:
            picture: Image.Image = opened.convert("RGB")
    except FileNotFoundError:
        return None
    if picture.size != asked:
        picture = ImageOps.fit(picture, asked, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    if longest is not None:
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(buffer, "PNG")
    return buffer.getvalue()


def open_to(creator: Creator) -> QuerySet[Evaluation]:
    """Evaluations that a creator is asked to vote in."""
    return Evaluation.objects.filter(in_portal=True, state=Evaluation.State.DONE).order_by("-pk")


def alike(one: Trial, other: Trial) -> bool:
    """Whether both show the very same: that is no comparison."""
    return bool(one.output) and one.output == other.output


def votable(creator: Creator | None) -> Q:
    """Cases that this person may see: all for the team, the house's and their own for a creator."""
    if creator is None:
        return Q()
    return Q(case__novel__isnull=True) | Q(case__novel__creator=creator)


@dataclass(frozen=True)
class Invitation:
    """A creator is asked for their eye: how many they judged, how many all together, of how many."""

    mine: int
    given: int
    wanted: int


def invitation_for(creator: Creator, rater: User) -> Invitation | None:
    """The newest comparison that still wants votes and has results this creator may see."""
    for row in open_to(creator)[:5]:
        votes = Vote.objects.filter(evaluation=row, repeat_of__isnull=True).exclude(outcome="")
        given = votes.count()
        if row.votes_wanted and given >= row.votes_wanted:
            continue
        done = Trial.objects.filter(
            votable(creator), evaluation=row, state=Trial.State.DONE,
            case__withdrawn_at__isnull=True,
        )  # fmt: skip
        if done.values("arm").distinct()[:2].count() == 2:
            return Invitation(votes.filter(rater=rater).count(), given, row.votes_wanted)
    return None


def evaluation_of(token: str, rater: User) -> Evaluation | None:
    """Of a pair that is this rater's own."""
    vote = Vote.objects.filter(token=token, rater=rater).select_related("evaluation").first()
    return vote.evaluation if vote else None

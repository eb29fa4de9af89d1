"""Whose words a feature rests on, and what a creator sees of them: own words, decision, what shipped."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from crm.models import Creator, CreatorNotice
from crm.notice_reads import Channel, wants
from generation.models import AnswerNotice, Feature, FeatureAnswer, Justification
from insights.models import Evidence

WORDS = 5


def voices(feature: Feature) -> list[int]:
    """Creators whose words for a pain, or whose payment, the feature rests on."""
    rests = Justification.objects.filter(feature=feature)
    said = (
        Evidence.objects.usable()
        .filter(
            pain_id__in=rests.filter(pain__isnull=False).values("pain_id"),
            stance=Evidence.Stance.FOR,
        )
        .values_list("creator_id", flat=True)
    )
    paid = rests.filter(payment__creator__isnull=False).values_list(
        "payment__creator_id", flat=True
    )
    return sorted({*said, *(creator for creator in paid if creator is not None)})


@dataclass(frozen=True)
class OwnWords:
    text: str
    at: datetime
    interview: int


@dataclass(frozen=True)
class AnswerCard:
    """One feature as the creator it was answered to sees it; `answers` newest first."""

    title: str
    status: str
    words: tuple[OwnWords, ...]
    answers: tuple[FeatureAnswer, ...]
    new: bool


def answer_cards(creator: Creator) -> list[AnswerCard]:
    """What became of this creator's words, newest answer first; five queries whatever their number."""
    notices = list(
        AnswerNotice.objects.filter(creator=creator)
        .select_related("answer__feature", "answer__by")
        .order_by("-answer__at", "-pk")
    )
    by_feature: dict[int, list[AnswerNotice]] = defaultdict(list)
    for notice in notices:
        by_feature[notice.answer.feature_id].append(notice)
    words = own_words(creator, by_feature)
    return [
        AnswerCard(
            title=rows[0].answer.feature.title,
            status=rows[0].answer.feature.status,
            words=tuple(words[feature][:WORDS]),
            answers=tuple(row.answer for row in rows),
            new=any(row.seen_at is None for row in rows),
        )
        for feature, rows in by_feature.items()
    ]


def own_words(
    creator: Creator, features: dict[int, list[AnswerNotice]]
) -> dict[int, list[OwnWords]]:
    """Feature → this creator's quotes for the pains it rests on, newest first; nobody else's ever."""
    rests: dict[int, set[int]] = defaultdict(set)
    pairs = Justification.objects.filter(feature_id__in=features, pain__isnull=False)
    for feature, pain in pairs.values_list("feature_id", "pain_id"):
        if pain is not None:
            rests[pain].add(feature)
    rows = (
        Evidence.objects.visible_to(creator)
        .usable()
        .filter(pain_id__in=rests, stance=Evidence.Stance.FOR)
        .quotable()
        .select_related("highlight__transcript__interview")
        .defer("highlight__transcript__text")
        .order_by("-highlight__transcript__interview__at", "highlight__start", "pk")
    )
    found: dict[int, list[OwnWords]] = defaultdict(list)
    seen: set[tuple[int, int]] = set()
    for row in rows:
        interview = row.highlight.transcript.interview
        for feature in rests[row.pain_id]:
            if (feature, row.highlight_id) not in seen:
                seen.add((feature, row.highlight_id))
                words = OwnWords(row.highlight.text, interview.at, interview.pk)
                found[feature].append(words)
    return found


def unseen_answers(creator: Creator) -> int:
    return AnswerNotice.objects.filter(creator=creator, seen_at__isnull=True).count()


def wants_mail(creator: Creator) -> bool:
    return wants(creator, CreatorNotice.Kind.ANSWER, Channel.EMAIL)

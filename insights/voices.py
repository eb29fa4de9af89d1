"""Reads for the creators' voice: known pains that their words resemble, what they said so far."""

from dataclasses import dataclass

from django.db.models import QuerySet

from crm.models import Creator
from insights.assistants.words import Likeness, Weights, terms
from insights.models import Need, PainPoint, PainReport, TopPain

NEAR, OFFERED = 0.05, 3


@dataclass(frozen=True)
class PainLine:
    """A known pain as one creator sees it; the ratings are their own last word, 1 to 5 or None."""

    pk: int
    title: str
    description: str
    step: str
    importance: int | None
    satisfaction: int | None
    place: int | None


def pains_like(words: str, limit: int = OFFERED) -> list[PainPoint]:
    """Open pain points whose title and description share telling words, most alike first.

    Cosine over pairs of characters weighted by rarity; quotes are left out, because a creator must
    not read another's words between the lines.
    """
    pains = list(PainPoint.objects.open().order_by("pk"))
    texts = [
        terms(" ".join((p.title_zh, p.title_en, p.description_zh, p.description_en))) for p in pains
    ]
    if not texts or not words.strip():
        return []
    like = Likeness(texts, Weights(texts))(terms(words))
    best = sorted(like.items(), key=lambda item: (-item[1], item[0]))
    return [pains[at] for at, value in best[:limit] if value >= NEAR]


def pain_lines(creator: Creator) -> list[PainLine]:
    """Open pains in order of the work's steps, with the creator's own ratings and ranks; 3 queries."""
    said: dict[int, Need] = {}
    for need in Need.objects.filter(creator=creator).order_by("at", "pk"):
        said[need.pain_id] = need
    places = dict(TopPain.objects.filter(creator=creator).values_list("pain_id", "place"))
    pains = PainPoint.objects.open().select_related("step").order_by("step__position", "title_zh")
    return [
        PainLine(
            pk=pain.pk,
            title=pain.title,
            description=pain.description,
            step=pain.step.title if pain.step else "",
            importance=said[pain.pk].importance if pain.pk in said else None,
            satisfaction=said[pain.pk].satisfaction if pain.pk in said else None,
            place=places.get(pain.pk),
        )
        for pain in pains
    ]


def open_pains() -> QuerySet[PainPoint]:
    return PainPoint.objects.open()


def reports_visible_to(creator: Creator) -> QuerySet[PainReport]:
    """The creator's own reports, newest first, without those they took back."""
    return PainReport.objects.filter(creator=creator).readable().select_related("pain")

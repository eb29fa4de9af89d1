"""A creator says of one passage how far it may go; from the commit on it goes no further."""

from collections.abc import Callable, Collection, Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, Interview, TranscriptVersion, User
from crm.transcripts.anchoring import SOLID, Anchors
from insights.models import Evidence, Highlight, QuoteLevel, QuoteLimit
from insights.selectors import limits_of
from insights.services.exports import exports_recall

Forget = Callable[[Collection[int]], int]
"""Takes codings that may not be quoted any more; returns how many copies of them it removed."""

FORGETS: list[Forget] = []
"""Rooms that keep quotes beside their own rows put a function here when their app starts."""


@transaction.atomic
def quote_limit(
    *, creator: Creator, evidence: Evidence, level: int, actor: User | None = None
) -> QuoteLimit:
    """Let a passage be quoted as far as `level`, whoever coded it and for whichever pain point.

    It goes for every passage that shares a character with it, now and later. Who took it out in a
    file before is asked to delete the file. Raises `DomainError` for somebody else's words and for
    an unknown level; the same again is the one that is there.
    """
    return passage_limit(
        creator=creator,
        passage=evidence.highlight,
        level=level,
        actor=actor,
        link=reverse("admin:insights_pain_page", args=[evidence.pain_id]),
    )


@transaction.atomic
def passage_limit(
    *,
    creator: Creator,
    passage: Highlight,
    level: int,
    actor: User | None = None,
    link: str = "",
) -> QuoteLimit:
    """As `quote_limit`, of a passage that may have no coding; `link` leads to where it is read."""
    interview = passage.transcript.interview
    if interview.creator_id != creator.pk:
        raise DomainError(_("These are somebody else's words."), "not_yours")
    if level not in QuoteLevel.values:
        raise DomainError(_("Choose how far it may be quoted."), "no_level")
    before = QuoteLimit.objects.filter(highlight=passage).first()
    if before is not None and before.level == level:
        return before
    made = QuoteLimit.objects.create(
        highlight=passage, interview=interview, creator=creator, level=level, by=actor
    )
    told = {"level": level, "before": before.level if before else QuoteLevel.AGREED}
    audit.record("quote.limited", passage, actor=actor, data=told)
    if level > told["before"]:
        _recall(made, link or reverse("admin:insights_workspace", args=[interview.pk]))
    return made


def _recall(made: QuoteLimit, path: str) -> None:
    reached = Evidence.objects.filter(interview=made.interview_id, held__gte=made.level)
    if made.level == QuoteLevel.NOWHERE:
        hidden = set(reached.values_list("pk", flat=True))
        for forget in FORGETS:
            forget(hidden)
    link = settings.SITE_URL + path

    def letter(formats: str) -> tuple[str, str]:
        return _("Delete your copies: a creator limits a quote"), _(
            "You exported a study (%(formats)s) with a quote that its creator now lets go less far: "
            "%(level)s. Delete your copies of these files and export the study again. The pain point "
            "of the quote: %(link)s"
        ) % {"formats": formats, "level": made.get_level_display(), "link": link}

    interviews = Interview.objects.filter(pk=made.interview_id)
    exports_recall(topic=f"quote_limit:{made.pk}", interviews=interviews, letter=letter)


def limits_follow(before: TranscriptVersion, made: TranscriptVersion, anchors: Anchors) -> int:
    """Limits of passages that were not found again go for what stands in their place now.

    Only its speaker loosens a limit, so neither a correction that replaces most of the words nor one
    that takes them out and a later one that brings them back may do it. Returns the limits set.
    """
    held = limits_of(made.interview_id)
    said = set(
        Highlight.objects.filter(transcript=made, limits__isnull=False).values_list("start", "end")
    )
    places: dict[tuple[int, int], int] = {}
    for row in Highlight.objects.filter(pk__in=held).exclude(transcript=made):
        lost_now = row.transcript_id == before.pk
        found = [anchors.place(row.start, row.end)] if lost_now else []
        for place in (*found, *_again(row.text, made.text)):
            trimmed = _trimmed(made.text, place)
            # Of a passage lost long ago its speaker may have said something else since.
            if trimmed is not None and (lost_now or trimmed not in said):
                places[trimmed] = max(places.get(trimmed, 0), held[row.pk])
    creator = made.interview.creator_id
    for (start, end), level in places.items():
        passage, _new = Highlight.objects.get_or_create(
            transcript=made, start=start, end=end, defaults={"text": made.text[start:end]}
        )
        if held.get(passage.pk, 0) < level:
            QuoteLimit.objects.create(
                highlight=passage, interview_id=made.interview_id, creator_id=creator, level=level
            )
            told = {"level": level, "before": held.get(passage.pk, 0), "version": made.version}
            audit.record("quote.limit_followed", passage, data=told)
    return len(places)


def limit_join(gone: Highlight, passage: Highlight) -> None:
    """The codings of `gone` are `passage`'s now: so is its limit, where it is the stricter one."""
    held = limits_of(passage.transcript.interview_id)
    level = held.get(gone.pk, 0)
    if level > held.get(passage.pk, 0):
        QuoteLimit.objects.create(
            highlight=passage, interview_id=passage.transcript.interview_id,
            creator_id=passage.transcript.interview.creator_id, level=level,
        )  # fmt: skip
    if not gone.limits.exists():
        gone.delete()


def _again(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the very words stand; a word or two stands anywhere and says nothing."""
    at = text.find(words) if len(words) >= SOLID else -1
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + len(words))


def _trimmed(text: str, place: tuple[int, int] | None) -> tuple[int, int] | None:
    if place is None:
        return None
    start, end = place
    passage = text[start:end]
    start += len(passage) - len(passage.lstrip())
    end -= len(passage) - len(passage.rstrip())
    return (start, end) if start < end else None


def limits_settle(interview: int) -> None:
    """Read the limits of an interview again after its passages were moved."""
    if QuoteLimit.objects.filter(interview=interview).exists():
        Evidence.objects.filter(interview=interview).update(stance=F("stance"))

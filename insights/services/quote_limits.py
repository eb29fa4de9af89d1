"""A creator says of one passage how far it may go; from the commit on it goes no further."""

from collections.abc import Callable, Collection

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, Interview, User
from insights.models import Evidence, QuoteLevel, QuoteLimit
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
    if evidence.creator_id != creator.pk:
        raise DomainError(_("These are somebody else's words."), "not_yours")
    if level not in QuoteLevel.values:
        raise DomainError(_("Choose how far it may be quoted."), "no_level")
    passage = evidence.highlight
    before = QuoteLimit.objects.filter(highlight=passage).first()
    if before is not None and before.level == level:
        return before
    made = QuoteLimit.objects.create(
        highlight=passage,
        interview_id=evidence.interview_id,
        creator=creator,
        level=level,
        by=actor,
    )
    told = {"level": level, "before": before.level if before else QuoteLevel.AGREED}
    audit.record("quote.limited", evidence, actor=actor, data=told)
    if level > told["before"]:
        _recall(made, evidence)
    return made


def _recall(made: QuoteLimit, evidence: Evidence) -> None:
    reached = Evidence.objects.filter(interview=made.interview_id, held__gte=made.level)
    if made.level == QuoteLevel.NOWHERE:
        hidden = set(reached.values_list("pk", flat=True))
        for forget in FORGETS:
            forget(hidden)
    link = settings.SITE_URL + reverse("admin:insights_pain_page", args=[evidence.pain_id])

    def letter(formats: str) -> tuple[str, str]:
        return _("Delete your copies: a creator limits a quote"), _(
            "You exported a study (%(formats)s) with a quote that its creator now lets go less far: "
            "%(level)s. Delete your copies of these files and export the study again. The pain point "
            "of the quote: %(link)s"
        ) % {"formats": formats, "level": made.get_level_display(), "link": link}

    interviews = Interview.objects.filter(pk=made.interview_id)
    exports_recall(topic=f"quote_limit:{made.pk}", interviews=interviews, letter=letter)


def limits_settle(interview: int) -> None:
    """Read the limits of an interview again after its passages were moved."""
    if QuoteLimit.objects.filter(interview=interview).exists():
        Evidence.objects.filter(interview=interview).update(stance=F("stance"))

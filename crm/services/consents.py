"""Consent given and withdrawn; a withdrawal writes the wish to redact in its own transaction."""

from collections.abc import Collection
from datetime import datetime
from typing import Required, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Consent, Creator, Interview, Redaction, User

QUOTING = (Consent.Purpose.QUOTE_NAMED, Consent.Purpose.QUOTE_ANONYMOUS)
# What a creator can take back, in one wish each; taking back the record takes the quotes along.
WITHDRAWALS: dict[str, tuple[str, ...]] = {
    "name": (Consent.Purpose.QUOTE_NAMED,),
    "quotes": QUOTING,
    "record": (Consent.Purpose.RECORD, *QUOTING),
    "contact": (Consent.Purpose.CONTACT,),
    "evaluation": (Consent.Purpose.EVALUATION,),
}


class Said(TypedDict, total=False):
    """Who said it, of what (an interview, or everything), on which way in, and who wrote it down."""

    creator: Required[Creator]
    purposes: Required[Collection[str]]
    interview: Interview | None
    channel: str
    actor: User | None
    at: datetime | None


@transaction.atomic
def consent_give(**said: Unpack[Said]) -> list[Consent]:
    """Record that the creator agreed. What was redacted before stays redacted."""
    return _declare(given=True, **said)


@transaction.atomic
def consent_withdraw(**said: Unpack[Said]) -> Redaction:
    """Record that the creator takes consent back, and the wish to carry it to every descendant.

    From the commit on no query returns the words; start `redaction_execute_start` with the result
    to remove what is stored of them. The same withdrawal again gives the redaction that waits.
    """
    wish = {
        "creator": said["creator"],
        "interview": said.get("interview"),
        "purposes": sorted(said["purposes"]),
    }
    waiting = Redaction.objects.filter(
        state__in=(Redaction.State.QUEUED, Redaction.State.RUNNING), **wish
    ).first()
    if waiting is not None:
        return waiting
    _declare(given=False, **said)
    return Redaction.objects.create(by=said.get("actor"), **wish)


def _declare(
    *,
    given: bool,
    creator: Creator,
    purposes: Collection[str],
    interview: Interview | None = None,
    channel: str = Consent.Channel.STAFF,
    actor: User | None = None,
    at: datetime | None = None,
) -> list[Consent]:
    if unknown := set(purposes) - set(Consent.Purpose.values):
        raise DomainError(_("Unknown purpose: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    if not purposes:
        raise DomainError(_("Choose what the consent is for."), "no_purpose")
    if interview is not None and interview.creator_id != creator.pk:
        raise DomainError(_("This interview was with somebody else."), "wrong_interview")
    moment = at or timezone.now()
    rows = [
        Consent.objects.create(
            creator=creator,
            interview=interview,
            purpose=purpose,
            given=given,
            channel=channel,
            at=moment,
            by=actor,
        )
        for purpose in sorted(purposes)
    ]
    audit.record(
        "consent.given" if given else "consent.withdrawn",
        creator,
        actor=actor,
        data={"purposes": sorted(purposes), "interview": interview and interview.pk},
    )
    return rows

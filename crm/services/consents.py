"""Consent given and withdrawn; a withdrawal writes the wish to redact in its own transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Required, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Consent, ConsentForm, Creator, Interview, Redaction, User
from crm.selectors import consent_form_current

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
def consent_give(*, form: ConsentForm | None = None, **said: Unpack[Said]) -> list[Consent]:
    """Record that the creator agreed, to the words of `form` (else the newest).

    What was redacted before stays redacted.
    """
    return _declare(given=True, form=form, **said)


@transaction.atomic
def consent_form_publish(
    *,
    version: str,
    titles: tuple[str, str],
    texts: tuple[str, str],
    clauses: Mapping[str, tuple[str, str]],
    actor: User | None,
) -> ConsentForm:
    """Put a new version of the form in force: Chinese and English, a clause for each purpose."""
    said = [*titles, *texts, *(words for pair in clauses.values() for words in pair)]
    if set(clauses) != set(Consent.Purpose.values) or not all(words.strip() for words in said):
        raise DomainError(_("Write every text in both languages, for all five purposes."), "unsaid")
    if ConsentForm.objects.filter(version=version).exists():
        raise DomainError(_("This version exists; a change of words needs a new one."), "known")
    form = ConsentForm.objects.create(
        version=version, title_zh=titles[0], title_en=titles[1], text_zh=texts[0],
        text_en=texts[1], clauses={key: list(pair) for key, pair in clauses.items()},
        created_by=actor,
    )  # fmt: skip
    audit.record("consent_form.published", form, actor=actor, data={"version": version})
    return form


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
    form: ConsentForm | None = None,
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
    now = timezone.now()
    moment = at or now
    if moment > now:  # it would outweigh a withdrawal that comes before it
        raise DomainError(_("This time has not come yet."), "future")
    words = form or consent_form_current()
    rows = [
        Consent.objects.create(
            creator=creator,
            interview=interview,
            purpose=purpose,
            given=given,
            form_version=words.version,
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

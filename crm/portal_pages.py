"""What creators see of the records about themselves: less than the team, and only their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.models import Consent, ConsentForm, Creator, Interview, Redaction
from crm.selectors import interviews_visible_to, payments_visible_to, redactions_visible_to


@dataclass(frozen=True)
class ConsentState:
    """The last word on one purpose; `given` is None where the creator was never asked."""

    label: str
    given: bool | None
    at: datetime | None
    takes_back: str


# Purpose → the wish that takes it back (`WITHDRAWALS` of the consent service).
TAKES_BACK = {
    Consent.Purpose.RECORD: "record",
    Consent.Purpose.QUOTE_NAMED: "name",
    Consent.Purpose.QUOTE_ANONYMOUS: "quotes",
    Consent.Purpose.CONTACT: "contact",
    Consent.Purpose.EVALUATION: "evaluation",
}
WISHES = (
    ("name", _("Do not quote me by name"),
     _("Quotes stay without your name, as far as you agreed to that.")),
    ("quotes", _("Do not quote me at all"),
     _("Your words disappear from every quote, list and dossier. The team can still read the "
       "transcript and count what you reported.")),
    ("record", _("Remove what I said"),
     _("What was written down of your words becomes unreadable for everybody, you too, and no "
       "longer counts. This cannot be undone.")),
    ("contact", _("Do not contact me again"), _("We do not ask you for another interview.")),
    ("evaluation", _("Do not test with my novels"),
     _("Your novels are no longer used to compare templates and engines.")),
)  # fmt: skip
FOR_AN_INTERVIEW = ("name", "quotes", "record")
REACHED = (
    ("interviews", _("Interviews concerned")),
    ("transcripts", _("Transcripts made unreadable")),
    ("utterances", _("Turns of speech made unreadable")),
    ("recordings", _("Recordings deleted")),
    ("transcriptions", _("Machine transcripts deleted")),
    ("notes", _("Notes of the interviewer removed")),
    ("highlights", _("Marked passages made unreadable")),
    ("quotes", _("Quotes no longer shown")),
    ("suggestions", _("Suggestions of assistants removed")),
    ("answers", _("Answers of assistants rewritten without them")),
    ("files", _("Files that waited to be imported, forgotten")),
    ("reports", _("Reports of yours from the portal removed")),
    ("features", _("Decisions marked as resting on changed evidence")),
    ("alarms", _("Alarms whose quotes were taken out")),
    ("shares", _("Shared pages that are counted anew without them")),
    ("exports", _("Files taken out earlier, whose keepers were asked to delete them")),
)


@dataclass(frozen=True)
class Wish:
    """One thing that can be taken back, with what will happen."""

    key: str
    label: str
    means: str


@dataclass(frozen=True)
class Receipt:
    """What a withdrawal has reached so far; `reached` is empty until it is carried out.

    `words`: whether what was said is no longer shown; the other wishes leave the words.
    """

    pk: int
    interview: Interview | None
    withdrawn: list[str]
    words: bool
    asked_at: datetime
    done_at: datetime | None
    reached: list[tuple[str, int]]


def wishes(*, interview: bool) -> list[Wish]:
    """What can be taken back for one interview, or for everything."""
    return [
        Wish(key, str(label), str(means))
        for key, label, means in WISHES
        if not interview or key in FOR_AN_INTERVIEW
    ]


def receipts(creator: Creator) -> list[Receipt]:
    return [receipt_of(row) for row in redactions_visible_to(creator)]


def receipt_of(row: Redaction) -> Receipt:
    return Receipt(
        pk=row.pk,
        interview=row.interview,
        withdrawn=[str(Consent.Purpose(purpose).label) for purpose in row.purposes],
        words=not {Consent.Purpose.RECORD, Consent.Purpose.QUOTE_ANONYMOUS}.isdisjoint(
            row.purposes
        ),
        asked_at=row.queued_at,
        done_at=row.ended_at if row.state == Redaction.State.DONE else None,
        reached=[(str(label), row.receipt[key]) for key, label in REACHED if key in row.receipt],
    )


@dataclass(frozen=True)
class InterviewCard:
    pk: int
    at: datetime
    study: str
    status: str
    minutes: int | None
    has_transcript: bool
    consents: list[ConsentState]


@dataclass(frozen=True)
class Balance:
    """Charges less refunds and disputes, in minor units of one currency."""

    currency: str
    minor: int


def interview_cards(creator: Creator) -> list[InterviewCard]:
    """Newest first; the team's notes and codes stay with the team."""
    declared = list(creator.consents.order_by("at", "pk"))
    return [
        InterviewCard(
            pk=row.pk,
            at=row.at,
            study=str(row.study) if row.study else "",
            status=row.get_status_display(),
            minutes=row.minutes,
            has_transcript=bool(row.fingerprint) and row.usable,
            consents=consent_states(declared, row),
        )
        for row in interviews_visible_to(creator)
    ]


@dataclass(frozen=True)
class ConsentOffer:
    """One point of a form; `given`: the creator's last word on it, None where there is none."""

    purpose: str
    label: str
    clause: str
    given: bool | None


def consent_offers(
    form: ConsentForm, creator: Creator, interview: Interview | None
) -> list[ConsentOffer]:
    """The form's points with what the creator said last; for one interview only those about it."""
    states = consent_states(creator.consents.order_by("at", "pk"), interview)
    return [
        ConsentOffer(purpose.value, state.label, form.clause(purpose), state.given)
        for purpose, state in zip(Consent.Purpose, states, strict=True)
        if interview is None or TAKES_BACK[purpose] in FOR_AN_INTERVIEW
    ]


def consent_states(
    declared: Iterable[Consent], interview: Interview | None = None
) -> list[ConsentState]:
    """By purpose; of the declarations for everything and for this interview, the last counts."""
    last: dict[str, Consent] = {}
    for row in declared:
        if row.interview_id is None or (interview and row.interview_id == interview.pk):
            last[row.purpose] = row
    return [
        ConsentState(
            label=str(purpose.label),
            given=last[purpose.value].given if purpose.value in last else None,
            at=last[purpose.value].at if purpose.value in last else None,
            takes_back=TAKES_BACK[purpose],
        )
        for purpose in Consent.Purpose
    ]


def balances(creator: Creator) -> list[Balance]:
    totals: dict[str, int] = {}
    for payment in payments_visible_to(creator):
        totals[payment.currency] = totals.get(payment.currency, 0) + payment.signed_minor
    return [Balance(currency, totals[currency]) for currency in sorted(totals)]

"""What creators see of the records about themselves: less than the team, and only their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crm.models import Consent, Creator, Interview
from crm.selectors import interviews_visible_to, payments_visible_to


@dataclass(frozen=True)
class ConsentState:
    """The last word on one purpose; `given` is None where the creator was never asked."""

    label: str
    given: bool | None
    at: datetime | None


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
            has_transcript=bool(row.fingerprint),
            consents=consent_states(declared, row),
        )
        for row in interviews_visible_to(creator)
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
        )
        for purpose in Consent.Purpose
    ]


def balances(creator: Creator) -> list[Balance]:
    totals: dict[str, int] = {}
    for payment in payments_visible_to(creator):
        totals[payment.currency] = totals.get(payment.currency, 0) + payment.signed_minor
    return [Balance(currency, totals[currency]) for currency in sorted(totals)]

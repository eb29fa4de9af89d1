"""A person's yes or no to a suggestion; only a yes makes evidence, and it is that person's."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from insights.models import Evidence, Suggestion
from insights.services.highlights import pain_create, passage_tag


@transaction.atomic
def suggestion_accept(*, pk: int, actor: User) -> Suggestion:
    """Tag the passage in the name of whoever says yes. A second yes changes nothing."""
    row = _waiting(pk)
    if row.state == Suggestion.State.ACCEPTED:
        return row
    if row.state != Suggestion.State.PROPOSED:
        raise DomainError(_("Somebody has rejected this suggestion."), "decided")
    pain = row.pain or pain_create(title=row.title, actor=actor)
    there = Evidence.objects.filter(
        highlight__transcript=row.transcript_id, highlight__start=row.start,
        highlight__end=row.end, pain=pain, coder=actor,
    ).first()  # fmt: skip
    row.evidence = there or passage_tag(
        transcript=row.transcript, start=row.start, end=row.end, quote=row.text, pain=pain,
        coder=actor, stance=row.stance,
    )  # fmt: skip
    _decide(row, Suggestion.State.ACCEPTED, actor)
    return row


@transaction.atomic
def suggestion_reject(*, pk: int, actor: User) -> Suggestion:
    """Say no; the row stays, so that it is not offered again and its way is judged by it."""
    row = _waiting(pk)
    if row.state == Suggestion.State.ACCEPTED:
        raise DomainError(_("Somebody has accepted this suggestion."), "decided")
    if row.state == Suggestion.State.PROPOSED:
        _decide(row, Suggestion.State.REJECTED, actor)
    return row


def _waiting(pk: int) -> Suggestion:
    row = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("transcript__interview", "pain")
        .filter(pk=pk)
        .first()
    )
    if row is None or not row.transcript.interview.usable:
        raise DomainError(_("This suggestion is gone."), "gone")
    return row


def _decide(row: Suggestion, state: str, actor: User) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at", "evidence"])
    audit.record(
        f"suggestion.{state}", row, actor=actor,
        data={"way": row.way, "pain": row.pain_id, "evidence": row.evidence_id},
    )  # fmt: skip

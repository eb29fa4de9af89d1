"""Mistakes of the ledger: an entry of the opposite sign takes the wrong one out of force.

Nothing is edited and nothing deleted. The correction stands at the time of what it corrects, names
it, and belongs to the same order and creator, so every sum reads as if the mistake had not been.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.bills import Fact
from crm.exceptions import DomainError
from crm.models import Payment, PaymentImport, User

_KEPT = (
    "provider", "object_id", "kind", "currency", "occurred_at", "creator_id", "match_id", "payer",
    "payer_account", "refund_of", "merchant_order", "is_sample",
)  # fmt: skip


@transaction.atomic
def payment_correct(*, payment: Payment, why: str, actor: User | None) -> Payment:
    """Take an entry out of force. Raises `DomainError` where it is out of force or a correction."""
    if not why.strip():
        raise DomainError(_("Say why the entry is wrong."), code="why_missing")
    entry = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if entry.reverses or Payment.objects.filter(corrects=entry).exists():
        raise DomainError(_("This entry is out of force already."), code="not_in_force")
    made = entry_reverse(entry, why=why)
    audit.record(
        "payment.corrected", entry, actor=actor, data={"correction": made.pk, "why": why[:200]}
    )
    return made


@transaction.atomic
def import_undo(*, source: PaymentImport, actor: User | None) -> int:
    """Take everything out of force that a bill booked; returns how many corrections that took.

    The rows of the bill stay. Imported again, they come back into force.
    """
    locked = PaymentImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    wrong = Payment.objects.in_force().filter(source=locked).order_by("pk")
    made = Payment.objects.bulk_create(
        [_reversal(entry, f"undo of {locked.name}") for entry in wrong], batch_size=2000
    )
    if not made:
        raise DomainError(_("Nothing of this bill is in force."), code="nothing_to_undo")
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    audit.record("payments.undone", locked, actor=actor, data={"corrections": len(made)})
    return len(made)


def entry_reverse(entry: Payment, *, why: str) -> Payment:
    """The entry that takes this one out of force; in the caller's transaction."""
    made = _reversal(entry, why)
    made.save(force_insert=True)
    return made


def entry_renew(reversal: Payment, *, like: Payment) -> Payment:
    """Put a fact back that was taken out of force, as it was told now."""
    like.object_id, like.event_id = reversal.object_id, f"renewal:{reversal.pk}"
    like.corrects = reversal
    like.creator_id = like.creator_id or reversal.creator_id
    like.save(force_insert=True)
    return like


def entry_replace(entry: Payment, minor: int, exact: Fact | None) -> Payment:
    """Take an entry out of force and book it with another amount; `exact` is who said it."""
    reversal = entry_reverse(entry, why="the amount was told as a running total")
    like = Payment(**_same(entry), minor=minor, subject=entry.subject, notice=entry.notice)
    like.raw = dict(exact.raw) if exact else dict(entry.raw)
    made = entry_renew(reversal, like=like)
    audit.record(
        "payment.corrected", entry, data={"correction": reversal.pk, "replaced_by": made.pk}
    )
    return made


def _reversal(entry: Payment, why: str) -> Payment:
    return Payment(
        **_same(entry),
        minor=-entry.minor,
        event_id=f"correction:{entry.pk}",
        subject=why.strip()[:255],
        corrects=entry,
        reverses=True,
    )


def _same(entry: Payment) -> dict[str, object]:
    return {name: getattr(entry, name) for name in _KEPT}

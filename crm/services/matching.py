"""Who paid: said by hand once, remembered as a rule, taken back as a whole."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.matching import rule_of, unmatched_payments
from crm.models import Creator, PayerMatch, PayerName, Payment, User
from crm.services.ledger import refunds_follow_charges


@transaction.atomic
def payment_match(
    *, payment: Payment, creator: Creator | None, actor: User | None, remember: bool = True
) -> int:
    """Say who paid; with `remember` the payer becomes a rule that also matches his other rows.

    Returns how many payments were matched, refunds that follow them included. Raises `DomainError`
    where the name is another's rule, or the entry is out of force.
    """
    if not Payment.objects.in_force().filter(pk=payment.pk).exists():
        raise DomainError(_("This entry is out of force already."), code="not_in_force")
    rule, made = None, False
    if creator is not None and remember:
        rule, made = _remembered(payment, creator)
    moved = {payment.pk, *_along(payment, rule)}
    act = PayerMatch.objects.create(
        creator=creator,
        before_id=payment.creator_id,
        rule=rule if made else None,
        payer=payment.payer or payment.payer_account,
        by=actor,
    )
    Payment.objects.filter(pk__in=moved).update(creator=creator, match=act)
    act.payments_count = len(moved) + refunds_follow_charges(sorted(moved))
    act.save(update_fields=["payments_count"])
    audit.record(
        "payment.matched",
        payment,
        actor=actor,
        data={
            "creator": creator.pk if creator else None,
            "payments": act.payments_count,
            "match": act.pk,
            "rule": rule.pk if rule is not None and made else None,
        },
    )
    return act.payments_count


@transaction.atomic
def payers_match(*, chosen: Mapping[int, int], actor: User | None, remember: bool = True) -> int:
    """Match many groups of the queue at once: payment → creator. All of them, or none."""
    creators = Creator.objects.in_bulk(set(chosen.values()))
    matched = 0
    for payment in Payment.objects.filter(pk__in=chosen).order_by("pk"):
        creator = creators.get(chosen[payment.pk])
        if creator is None:
            raise DomainError(_("That creator is no longer there."), code="no_creator")
        if payment.creator_id is None:  # another of the chosen may have brought it along
            matched += payment_match(
                payment=payment, creator=creator, actor=actor, remember=remember
            )
    return matched


@transaction.atomic
def match_undo(*, match: PayerMatch, actor: User | None) -> int:
    """Take one act of matching back: its payments are whose they were, its new rule is forgotten."""
    act = PayerMatch.objects.select_for_update(of=("self",)).get(pk=match.pk)
    if act.undone_at is not None:
        raise DomainError(_("This match was taken back already."), code="undone_already")
    rule = act.rule
    count = Payment.objects.filter(match=act).update(creator=act.before, match=None)
    act.undone_at, act.rule = timezone.now(), None
    act.save(update_fields=["undone_at", "rule"])
    if rule is not None:
        rule.delete()
    audit.record(
        "payment.match_undone",
        act,
        actor=actor,
        data={"creator": act.creator_id, "payments": count},
    )
    return count


def _remembered(payment: Payment, creator: Creator) -> tuple[PayerName | None, bool]:
    wanted = rule_of(payment)
    if wanted is None:
        return None, False
    name, by_account = wanted
    rule, made = PayerName.objects.get_or_create(
        name=name, by_account=by_account, defaults={"creator": creator}
    )
    if not made and rule.creator_id != creator.pk:
        raise DomainError(
            _("“%(payer)s” already stands for %(creator)s; change that rule first.")
            % {"payer": name, "creator": rule.creator},
            code="payer_taken",
        )
    return rule, made


def _along(payment: Payment, rule: PayerName | None) -> list[int]:
    """What moves with it: of nobody's payment, all that the rule fits; else its own refunds."""
    if payment.creator_id is not None:
        back = Payment.objects.filter(
            provider=payment.provider,
            refund_of=payment.object_id,
            creator_id=payment.creator_id,
        )
        return list(back.values_list("pk", flat=True))
    if rule is None:
        return []
    said = {"payer_account" if rule.by_account else "payer": rule.name}
    return list(unmatched_payments().filter(**said).values_list("pk", flat=True))

"""Changes of a creator's tier, with their history; and what the rules propose, accepted or refused."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, TierChange, TierRefusal, TierRule, User
from crm.tier_rules import rule_for


@transaction.atomic
def creator_set_tier(
    *,
    creator: Creator,
    tier: str,
    reason: str = "",
    rule: TierRule | None = None,
    reverses: TierChange | None = None,
    actor: User | None = None,
    at: datetime | None = None,
) -> TierChange:
    """Give the creator a tier from `at` on; what was counted before keeps the tier of its time."""
    change = TierChange.objects.create(
        creator=creator, tier=tier, at=at or timezone.now(), reason=reason[:200], rule=rule,
        reverses=reverses, by=actor,
    )  # fmt: skip
    before = creator.tier
    _settle(creator, tier)
    data = {"from": before, "to": tier, **({"rule": rule.name} if rule else {})}
    audit.record("creator.tier_changed", creator, actor=actor, data=data)
    return change


@transaction.atomic
def creators_set_tiers(
    *, wanted: Mapping[Creator, str], reason: str, actor: User | None, at: datetime
) -> None:
    """`creator_set_tier` for many at one moment, in four queries and the trail's."""
    TierChange.objects.bulk_create(
        [
            TierChange(creator=one, tier=tier, at=at, reason=reason[:200], by=actor)
            for one, tier in wanted.items()
        ]
    )
    newest = {change.creator_id: change.tier for change in _newest(wanted)}
    for one, tier in wanted.items():
        data = {"from": one.tier, "to": tier}
        audit.record("creator.tier_changed", one, actor=actor, data=data)
        one.tier = newest[one.pk]
    Creator.objects.bulk_update(wanted, ["tier"])


@transaction.atomic
def tier_changes_revert(
    *, before: Mapping[Creator, str], at: datetime, reason: str, actor: User | None = None
) -> set[int]:
    """Correct the changes of one moment to the tiers before it: they were a mistake, and never count.

    Returns the keys of the creators whose tier was not changed again since; the others' stays.
    """
    people = {one.pk: one for one in before}
    wrong = [change for change in _newest(before) if change.at == at]
    for change in wrong:
        one = people[change.creator_id]
        data = {"from": change.tier, "to": before[one], "at": at.isoformat()}
        audit.record("creator.tier_corrected", one, actor=actor, data=data)
        change.tier, change.reason, change.by = before[one], reason[:200], actor
        one.tier = change.tier
    TierChange.objects.bulk_update(wrong, ["tier", "reason", "by"])
    Creator.objects.bulk_update([people[change.creator_id] for change in wrong], ["tier"])
    return {change.creator_id for change in wrong}


@transaction.atomic
def tier_change_undo(*, change: TierChange, actor: User | None = None) -> TierChange:
    """Go back to the tier before a change, by a change of its own: both stay in the history.

    What was counted in between keeps the tier it was counted in. Raises `DomainError` where the tier
    was changed again since, where this was an undoing itself, and where there was no tier before.
    """
    creator = Creator.objects.select_for_update(of=("self",)).get(pk=change.creator_id)
    newest, *before = creator.tier_changes.order_by("-at")[:2]
    if newest.pk != change.pk or change.reverses_id is not None:
        raise DomainError(
            _("The tier of %(creator)s was changed again since; change it by hand.")
            % {"creator": creator.name},
            "later",
        )
    if not before:
        raise DomainError(_("This is the first tier that is known; change it by hand."), "first")
    reason = _("Taken back: %(reason)s") % {"reason": change.reason or change.get_tier_display()}
    return creator_set_tier(
        creator=creator, tier=before[0].tier, reason=reason, reverses=change, actor=actor
    )


@transaction.atomic
def tier_refusal_undo(*, refusal: TierRefusal, actor: User | None = None) -> bool:
    """Let the rule propose it again; the refusal stays, with who took it back. False the second time."""
    done = TierRefusal.objects.filter(pk=refusal.pk, taken_back_at=None).update(
        taken_back_at=timezone.now(), taken_back_by=actor
    )
    if done:
        data = {"rule": refusal.rule.name}
        audit.record("creator.tier_refusal_undone", refusal.creator, actor=actor, data=data)
    return bool(done)


@transaction.atomic
def tier_proposal_accept(
    *, creator: Creator, rule: TierRule, actor: User | None = None
) -> TierChange:
    """Give the creator the tier that a rule proposes, with the rule named in the history.

    Raises `DomainError` where the rule no longer is the one that fits.
    """
    locked = Creator.objects.select_for_update(of=("self",)).get(pk=creator.pk)
    _still_proposed(locked, rule)
    return creator_set_tier(
        creator=locked, tier=rule.tier, reason=rule.name, rule=rule, actor=actor
    )


@transaction.atomic
def tier_proposal_refuse(
    *, creator: Creator, rule: TierRule, actor: User | None = None
) -> TierRefusal:
    """Leave the tier as it is; asked again only when the creator's numbers or the rule change."""
    locked = Creator.objects.select_for_update(of=("self",)).get(pk=creator.pk)
    _still_proposed(locked, rule)
    refusal = TierRefusal.objects.create(
        creator=locked,
        rule=rule,
        tier=rule.tier,
        followers=locked.followers,
        income_minor=locked.income_minor,
        by=actor,
    )
    audit.record("creator.tier_refused", locked, actor=actor, data={"rule": rule.name})
    return refusal


def tier_at(creator: Creator, at: datetime) -> str:
    """The tier that the creator had at that moment."""
    return (
        creator.tier_changes.filter(at__lte=at).order_by("-at").values_list("tier", flat=True)
    ).first() or creator.tier


def _newest(creators: Iterable[Creator]) -> list[TierChange]:
    """The last change of each."""
    rows = TierChange.objects.filter(creator__in=[one.pk for one in creators])
    return list(rows.order_by("creator_id", "-at", "-pk").distinct("creator_id"))


def _settle(creator: Creator, tier: str) -> None:
    """The creator's tier of today is that of the newest change."""
    newest = creator.tier_changes.order_by("-at").values_list("tier", flat=True).first()
    creator.tier = newest or tier
    creator.save(update_fields=["tier"])


def _still_proposed(creator: Creator, rule: TierRule) -> None:
    fitting = rule_for(creator)
    if fitting is None or fitting.pk != rule.pk or fitting.tier == creator.tier:
        raise DomainError(
            _("“%(rule)s” no longer proposes another tier for %(creator)s.")
            % {"rule": rule.name, "creator": creator.name},
            "not_proposed",
        )

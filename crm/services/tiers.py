"""Changes of a creator's tier, with their history."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from crm import audit
from crm.models import Creator, TierChange, User


@transaction.atomic
def creator_set_tier(
    *,
    creator: Creator,
    tier: str,
    reason: str = "",
    actor: User | None = None,
    at: datetime | None = None,
) -> TierChange:
    """Give the creator a tier from `at` on; what was counted before keeps the tier of its time."""
    change = TierChange.objects.create(
        creator=creator, tier=tier, at=at or timezone.now(), reason=reason, by=actor
    )
    newest = creator.tier_changes.order_by("-at").values_list("tier", flat=True).first()
    before, creator.tier = creator.tier, newest or tier
    creator.save(update_fields=["tier"])
    audit.record("creator.tier_changed", creator, actor=actor, data={"from": before, "to": tier})
    return change


def tier_at(creator: Creator, at: datetime) -> str:
    """The tier that the creator had at that moment."""
    return (
        creator.tier_changes.filter(at__lte=at).order_by("-at").values_list("tier", flat=True)
    ).first() or creator.tier

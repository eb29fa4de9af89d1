"""The tier at that moment, for many creators at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crm.models import Tier
from crm.selectors import tiers_then
from crm.services.tiers import creator_set_tier, tier_at
from tests.factories.crm import CreatorFactory

DAY = datetime(2026, 5, 1, tzinfo=UTC)


def test_a_tier_counts_from_the_moment_of_its_change_on(
    db: None, django_assert_num_queries: Any
) -> None:
    changed, steady = CreatorFactory(tier=Tier.ENTRY), CreatorFactory(tier=Tier.HEAD)
    for days, tier in ((30, Tier.HEAD), (10, Tier.MID)):
        creator_set_tier(creator=changed, tier=tier, at=DAY + timedelta(days=days))

    with django_assert_num_queries(2):
        tier_then = tiers_then([changed.pk, steady.pk])

    for days in (9, 10, 29, 30, 31):
        at = DAY + timedelta(days=days)
        assert tier_then(changed.pk, at) == tier_at(changed, at)
        assert tier_then(steady.pk, at) == Tier.HEAD
    assert tier_then(changed.pk, DAY + timedelta(days=10)) == Tier.MID
    assert tier_then(changed.pk, DAY + timedelta(days=30)) == Tier.HEAD

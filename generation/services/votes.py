"""A creator's points over the features that the team opened to a vote."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, User
from crm.services.tiers import tier_at
from generation.models import Feature, FeatureVote


@transaction.atomic
def votes_cast(
    *, creator: Creator, points: Mapping[int, int], actor: User | None = None
) -> dict[int, int]:
    """Replace the creator's points on the open features; others keep theirs, and no longer count.

    `points`: feature → 0 to 10. Raises `DomainError` over the budget or for a feature that is not
    open to a vote. Returns what stands now.
    """
    Creator.objects.select_for_update().get(pk=creator.pk)  # two tabs must not spend twice
    features = {row.pk: row for row in Feature.objects.filter(open_to_votes=True)}
    given = {key: value for key, value in points.items() if value}
    if set(given) - set(features):
        raise DomainError(_("One of these features is no longer open to a vote."), "not_open")
    if any(not 0 < value <= FeatureVote.BUDGET for value in given.values()):
        raise DomainError(_("Points are whole numbers from 0 to 10."), "bad_points")
    if sum(given.values()) > FeatureVote.BUDGET:
        raise DomainError(
            _("You have %(budget)s points in all; these are %(n)s.")
            % {"budget": FeatureVote.BUDGET, "n": sum(given.values())},
            "over_budget",
        )
    now = timezone.now()
    FeatureVote.objects.filter(creator=creator, feature__open_to_votes=True).delete()
    FeatureVote.objects.bulk_create(
        [
            FeatureVote(
                feature_id=key, creator=creator, points=value, tier=tier_at(creator, now), at=now
            )
            for key, value in sorted(given.items())
        ]
    )
    audit.record("features.voted", creator, actor=actor, data={str(k): v for k, v in given.items()})
    return given

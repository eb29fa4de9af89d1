"""Grounds are taken when something is decided on them; what changes under them is noticed and told."""

from collections.abc import Collection

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import audit
from crm.changes import data_state
from crm.models import User
from generation.features.grounds import differences, items_of, latest_grounds, sha256_of, stories
from generation.models import Feature, Grounds, GroundsChange, Justification, Verdict

RESTS_ON = ("evidence", "interview", "pain", "payment", "justification")
CHECKED = "pj:grounds:checked"


@transaction.atomic
def grounds_take(
    *,
    feature: Feature,
    reason: str,
    actor: User | None = None,
    verdict: Verdict | None = None,
) -> Grounds:
    """Keep what the feature rests on now; later changes are told against this."""
    items = items_of([feature.pk])[feature.pk]
    return Grounds.objects.create(
        feature=feature,
        verdict=verdict,
        reason=reason,
        items=items,
        sha256=sha256_of(items),
        by=actor,
    )


@transaction.atomic
def grounds_read(*, feature: Feature, actor: User) -> Grounds:
    """Somebody has read what changed: from now on the dossier is compared with today's evidence."""
    grounds = grounds_take(feature=feature, reason=Grounds.Reason.READ, actor=actor)
    audit.record("feature.changes_read", feature, actor=actor, data={"grounds": grounds.pk})
    return grounds


def grounds_check_if_changed() -> int:
    """What the schedule calls: compare everything, unless no row has changed since the last time."""
    state = data_state().of(RESTS_ON)
    if cache.get(CHECKED) == state:
        return 0
    changed = grounds_check()
    cache.set(CHECKED, state, None)
    return changed


@transaction.atomic
def grounds_check(*, features: Collection[int] | None = None) -> int:
    """Compare every feature with its newest grounds; returns how many have changed evidence.

    A feature whose evidence was never kept gets its grounds now. Changes that are new are told to
    the owner once the transaction is through; one that is known is not told again.
    """
    justified = Justification.objects.order_by().values_list("feature_id", flat=True).distinct()
    ids = set(justified if features is None else justified.filter(feature_id__in=features))
    now = items_of(ids)
    newest = latest_grounds(ids)
    for feature in Feature.objects.filter(pk__in=ids - set(newest)):
        grounds_take(feature=feature, reason=Grounds.Reason.JUSTIFIED)
    changed = 0
    for feature_id, grounds in newest.items():
        found = differences(grounds.items, now[feature_id])
        changed += bool(found)
        known = set(grounds.changes.values_list("item", "digest"))
        fresh = [item for item in found if (item.item, item.digest) not in known]
        if not fresh:
            continue
        told = stories(fresh, grounds.at)
        GroundsChange.objects.bulk_create(
            [
                GroundsChange(
                    grounds=grounds,
                    item=item.item,
                    kind=item.kind,
                    digest=item.digest,
                    who=told[item.item].who,
                    happened_at=told[item.item].at,
                )
                for item in fresh
            ],
            ignore_conflicts=True,  # two checks at once see the same change
        )
    transaction.on_commit(owners_tell)
    return changed


def owners_tell() -> int:
    """Write to the owner of each feature whose evidence changed, once for each change.

    The rows are claimed before the mail goes out: two workers never tell twice. Where the mail
    fails they are put back and the next check tells them.
    """
    waiting = GroundsChange.objects.filter(told_at__isnull=True)
    sent = 0
    for feature in Feature.objects.filter(grounds__changes__in=waiting).distinct():
        mine = list(waiting.filter(grounds__feature=feature).values_list("pk", flat=True))
        claimed = GroundsChange.objects.filter(pk__in=mine, told_at__isnull=True)
        if not claimed.update(told_at=timezone.now()):
            continue
        try:
            sent += _mail(feature, len(mine))
        except OSError:
            GroundsChange.objects.filter(pk__in=mine).update(told_at=None)
    return sent


def _mail(feature: Feature, changes: int) -> int:
    owner = feature.owner
    if owner is None or not owner.email:
        return 0
    url = settings.SITE_URL + reverse("admin:generation_dossier", args=[feature.key])
    with translation.override(settings.LANGUAGE_CODE):
        return send_mail(
            _("Evidence changed: %(feature)s") % {"feature": feature.title},
            ngettext(
                "%(n)s piece of evidence under “%(feature)s” was edited, removed or withdrawn since "
                "it was last judged. The dossier says what, who and when:",
                "%(n)s pieces of evidence under “%(feature)s” were edited, removed or withdrawn "
                "since it was last judged. The dossier says what, who and when:",
                changes,
            )
            % {"n": changes, "feature": feature.title}
            + f"\n\n{url}#changes\n",
            None,
            [owner.email],
        )

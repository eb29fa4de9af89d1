"""What a plan allows a month: taken before the work begins, given back where none was done."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import Creator, CreatorNotice, Plan, QuotaEntry, QuotaUse
from crm.plan_reads import KINDS, month_of, plan_of
from crm.services.creator_notices import creator_tell
from crm.subscribing import months_later

NEAR = 80  # percent of a limit at which a creator is told that it is near


@transaction.atomic
def quota_take(
    *,
    creator: Creator,
    key: str,
    runs: int = 0,
    frames: int = 0,
    characters: int = 0,
    at: datetime | None = None,
) -> QuotaEntry:
    """Take from the month's quota for `key`; what does not fit is refused whole.

    One conditional update decides, so of starts that come at once exactly as many pass as the
    limit allows. Runs in its caller's transaction, so the work and its share stand or fall
    together. Raises `DomainError`, which says what is used up and what can be done.
    """
    moment = at or timezone.now()
    wanted = {"runs": runs, "frames": frames, "characters": characters}
    plan = plan_of(creator, moment).plan
    month = month_of(moment)
    QuotaUse.objects.bulk_create([QuotaUse(creator=creator, month=month)], ignore_conflicts=True)
    fits = Q()
    for kind, amount in wanted.items():
        limit = getattr(plan, kind) if plan else None
        if limit is not None and amount:
            fits &= Q(**{f"{kind}__lte": limit - amount})
    rows = QuotaUse.objects.filter(fits, creator=creator, month=month)
    if not rows.update(**{kind: F(kind) + amount for kind, amount in wanted.items()}):
        raise _refusal(creator, plan, wanted, moment)
    if plan is not None:
        _tell(creator, plan, wanted, month)
    return QuotaEntry.objects.create(creator=creator, key=key, month=month, at=moment, **wanted)


def _tell(creator: Creator, plan: Plan, wanted: dict[str, int], month: date) -> None:
    """Say once a month and kind that it is near its end, and once that it is used up."""
    use = QuotaUse.objects.get(creator=creator, month=month)
    for kind, amount in wanted.items():
        limit, used = getattr(plan, kind), getattr(use, kind)
        if not limit or not amount or used * 100 < limit * NEAR:
            continue
        step = 100 if used >= limit else NEAR
        creator_tell(
            creator=creator,
            kind=CreatorNotice.Kind.QUOTA,
            key=f"quota:{month:%Y-%m}:{kind}:{limit}:{step}",
            path=reverse("portal:plan"),
            facts={"what": kind, "used": used, "limit": limit},
        )


def _refusal(
    creator: Creator, plan: Plan | None, wanted: dict[str, int], at: datetime
) -> DomainError:
    row = QuotaUse.objects.get(creator=creator, month=month_of(at))
    names = {"runs": _("runs"), "frames": _("pictures"), "characters": _("characters")}
    over = [
        _("%(left)s of %(limit)s %(what)s left, %(wanted)s needed")
        % {
            "left": number_format(max(0, limit - getattr(row, kind)), 0, force_grouping=True),
            "limit": number_format(limit, 0, force_grouping=True),
            "what": names[kind],
            "wanted": number_format(amount, 0, force_grouping=True),
        }
        for kind, amount in wanted.items()
        if amount and (limit := getattr(plan, kind)) is not None
        and getattr(row, kind) + amount > limit
    ]  # fmt: skip
    first = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return DomainError(
        _(
            "Your plan “%(plan)s” does not reach this month: %(over)s. Choose fewer chapters or "
            "fewer shots, change your plan under “My plan”, or wait until %(day)s."
        )
        % {
            "plan": plan.title if plan else "",
            "over": "; ".join(over),
            "day": date_format(months_later(first, 1), "DATE_FORMAT"),
        },
        "quota_used_up",
    )


@transaction.atomic
def quota_settle(
    *, creator: Creator, key: str, runs: int, frames: int, characters: int
) -> QuotaEntry | None:
    """Say what the work of `key` has really used in all; the difference goes to its month.

    May be called again: nothing changes where nothing differs. None where nothing was taken.
    """
    first = QuotaEntry.objects.filter(creator=creator, key=key).order_by("pk").first()
    if first is None:
        return None
    use = QuotaUse.objects.select_for_update().get(creator=creator, month=first.month)
    taken = quota_taken(creator=creator, key=key)
    really = {"runs": runs, "frames": frames, "characters": characters}
    change = {kind: really[kind] - taken[kind] for kind in KINDS}
    if not any(change.values()):
        return None
    for kind, amount in change.items():
        setattr(use, kind, max(0, getattr(use, kind) + amount))
    use.save(update_fields=list(KINDS))
    return QuotaEntry.objects.create(creator=creator, key=key, month=first.month, **change)


def quota_taken(*, creator: Creator, key: str) -> dict[str, int]:
    """What stands against `key` now, in all."""
    sums = QuotaEntry.objects.filter(creator=creator, key=key).aggregate(
        **{f"{kind}_sum": Sum(kind) for kind in KINDS}
    )
    return {kind: sums[f"{kind}_sum"] or 0 for kind in KINDS}

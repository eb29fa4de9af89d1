"""What a creator says a pain point is worth to them: a card of an interview, corrected in place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, Interview, User
from insights.models import Need, PainPoint

PRICES = ("too_cheap_minor", "cheap_minor", "expensive_minor", "too_expensive_minor")


@transaction.atomic
def need_record(
    *,
    interview: Interview,
    pain: PainPoint,
    importance: int,
    actor: User,
    satisfaction: int | None = None,
    with_tool: str = "",
    **prices: int | None,
) -> Need:
    """Record importance and satisfaction, 1 to 5, and the four prices in fen a month, where asked.

    One word an interview and pain point: said again it corrects the first, and the audit trail
    keeps what stood there. Raises `DomainError`.
    """
    if not interview.usable:
        raise DomainError(_("Consent to use this interview was withdrawn."), "withdrawn")
    if unknown := set(prices) - set(PRICES):
        raise TypeError(f"no such prices: {sorted(unknown)}")
    told = [prices.get(name) for name in PRICES]
    known = [price for price in told if price is not None]
    if known != sorted(known):
        raise DomainError(
            _("The prices do not rise: too cheap, cheap, expensive, too expensive."), "prices"
        )
    Creator.objects.select_for_update(of=("self",)).get(pk=interview.creator_id)
    moment = min(interview.at, timezone.now())
    row = Need.objects.filter(creator=interview.creator_id, pain=pain, at=moment).first()
    row = row or Need(creator=interview.creator, pain=pain, at=moment, tier=interview.tier_then)
    before = {} if row.pk is None else _said(row)
    row.importance, row.satisfaction = importance, satisfaction
    row.with_tool = " ".join(with_tool.split())[:80]
    for name, price in zip(PRICES, told, strict=True):
        setattr(row, name, price)
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), "invalid") from error
    row.save()
    data = {"interview": interview.pk, "before": before, "after": _said(row)}
    audit.record("need.recorded", row, actor=actor, data=data)
    return row


def _said(row: Need) -> dict[str, Any]:
    names = ("importance", "satisfaction", "with_tool", *PRICES)
    return {name: getattr(row, name) for name in names}

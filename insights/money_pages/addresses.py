"""What the money pages open: lists of creators and the bounds of a month."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from insights.money import ALL
from insights.panels import listing
from insights.selectors import tier_label


def moment(month: date) -> str:
    return timezone.make_aware(datetime.combine(month, time.min)).isoformat()


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=5)).replace(day=1)


def creators_of(key: str | date, **filters: str) -> str:
    """Creators of a tier, or those who joined in a month."""
    if isinstance(key, date):
        filters |= {"joined_on__gte": f"{key}", "joined_on__lt": f"{next_month(key)}"}
    elif key != ALL:
        filters["tier__exact"] = key
    return listing("crm_creator", **filters)


def label_of(key: str | date) -> str:
    return f"{key:%Y-%m}" if isinstance(key, date) else tier_label(key)

"""Numbers as the pages write them."""

from collections.abc import Iterable

from django import template
from django.utils.formats import number_format

from crm.money import shown

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """0.391 → "39.1%"; nothing known is a dash."""
    return "—" if value is None else f"{number_format(value * 100, 1)}%"


@register.filter
def points(value: float | None) -> str:
    """A difference of shares in percentage points, signed."""
    return "—" if value is None else f"{value * 100:+.1f}"


@register.filter
def ids(values: Iterable[int]) -> str:
    return ",".join(str(value) for value in sorted(values))


@register.filter
def money(minor: int, currency: str = "CNY") -> str:
    return shown(minor, currency)


@register.filter
def clock(milliseconds: int | None) -> str:
    """Milliseconds as 1:02:03 or 2:03."""
    if milliseconds is None:
        return ""
    seconds = milliseconds // 1000
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

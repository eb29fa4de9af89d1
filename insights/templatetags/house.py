"""Shares and sets as the evidence pages write them."""

from collections.abc import Iterable

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """0.391 → "39.1%"; nothing known is a dash."""
    return "—" if value is None else f"{number_format(round(value * 100, 1), 1)}%"


@register.filter
def points(value: float | None) -> str:
    """A difference of shares in percentage points, signed."""
    return "—" if value is None else f"{value * 100:+.1f}"


@register.filter
def ids(values: Iterable[int]) -> str:
    """Ids as a list for a change list's filter."""
    return ",".join(str(value) for value in sorted(values))

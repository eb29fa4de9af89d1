"""Shares and sets as the evidence pages write them."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.formats import number_format

from insights.figures.parts import Column, rows_of
from insights.services.assistants import ways

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


@register.filter
def numeric(columns: Sequence[Column], place: int) -> bool:
    """Whether the column at that place holds numbers."""
    return columns[place].numeric


@register.filter
def way_title(name: str) -> str:
    """An assistant's way, as a person calls it."""
    return ways.way_title(name)


@register.filter
def creators(values: Iterable[int]) -> str:
    """The address of the list of exactly these creators; empty where there are none or too many."""
    return rows_of("crm_creator", values)


@register.filter
def yuan(minor: int | None) -> str:
    """Fen as yuan for an input: 30000 → "300.00"; nothing known is empty."""
    return "" if minor is None else f"{minor / 100:.2f}"

"""Numbers of templates and their evaluations as pages show them."""

from collections.abc import Sequence

from django import template
from django.utils.formats import number_format

from engines.money import decimal_of, plain, shown

register = template.Library()


@register.filter
def micro(amount: int | float | str | None, currency: str) -> str:
    """Micro-units with their currency at full precision; a dash where there are none."""
    return (
        "—"
        if amount is None or isinstance(amount, str)
        else shown(round(amount), currency or "CNY")
    )


@register.filter
def micro_plain(amount: int | None) -> str:
    return "—" if amount is None else plain(decimal_of(amount))


@register.filter
def mean_of(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


@register.filter
def share_of(part: int, whole: int) -> str:
    """A share in whole percent; a dash of nothing."""
    return f"{part * 100 / whole:.0f}%" if whole else "—"


@register.filter
def cost_short(amount: float | None, unit: str) -> str:
    """A cost for a table or an axis: tokens as they are, micro-units in main units."""
    if amount is None:
        return "—"
    if unit == "tokens":
        return number_format(round(amount), force_grouping=True)
    return plain(decimal_of(round(amount)))

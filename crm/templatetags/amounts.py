"""How amounts and lengths of time are written on pages."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

from crm.bills.money import exponent

register = template.Library()

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}


@register.filter
def money(minor: int, currency: str) -> str:
    """Integer minor units as `¥59.00`; currencies without a sign of their own as `59.00 SEK`."""
    return _written(Decimal(minor).scaleb(-exponent(currency)), currency)


@register.filter
def price(amount: str, currency: str) -> str:
    """A decimal as text, at full precision: `0.0031` is `¥0.0031`, `0` is `¥0.00`."""
    return _written(Decimal(amount), currency)


def _written(amount: Decimal, currency: str) -> str:
    exponent_given = amount.normalize().as_tuple().exponent
    finest = -exponent_given if isinstance(exponent_given, int) else 0
    places = max(exponent(currency), finest)
    digits = number_format(abs(amount), decimal_pos=places, use_l10n=True, force_grouping=True)
    minus = "−" if amount < 0 else ""
    sign = _SIGNS.get(currency.upper())
    return f"{minus}{sign}{digits}" if sign else f"{minus}{digits} {currency}"


@register.filter
def clock(milliseconds: int) -> str:
    """Milliseconds as `1:05` or `1:02:03`; what is left of a second is dropped."""
    minutes, seconds = divmod(int(milliseconds) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

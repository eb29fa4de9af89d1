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
    places = exponent(currency)
    amount = number_format(
        Decimal(abs(minor)).scaleb(-places), decimal_pos=places, use_l10n=True, force_grouping=True
    )
    minus = "−" if minor < 0 else ""
    sign = _SIGNS.get(currency.upper())
    return f"{minus}{sign}{amount}" if sign else f"{minus}{amount} {currency}"


@register.filter
def clock(milliseconds: int) -> str:
    """Milliseconds as `1:05` or `1:02:03`; what is left of a second is dropped."""
    minutes, seconds = divmod(int(milliseconds) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

"""How amounts and lengths of time are written on pages."""

from decimal import Decimal

from django import template

from crm.money import shown, written

register = template.Library()


@register.filter
def money(minor: int, currency: str = "CNY") -> str:
    """Integer minor units as `¥59.00`; currencies without a sign of their own as `59.00 SEK`."""
    return shown(minor, currency)


@register.filter
def price(amount: str, currency: str) -> str:
    """A decimal as text, at full precision: `0.0031` is `¥0.0031`, `0` is `¥0.00`."""
    return written(Decimal(amount), currency)


@register.filter
def grouped(number: int) -> str:
    """A whole number with its thousands set apart in every language: `3,000,000`."""
    return f"{number:,}"


@register.filter
def clock(milliseconds: int) -> str:
    """Milliseconds as `1:05` or `1:02:03`; what is left of a second is dropped."""
    minutes, seconds = divmod(int(milliseconds) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

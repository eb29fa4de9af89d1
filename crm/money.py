"""Minor units as people and files read them: ¥59.00 on a page, "59.00" in JSON."""

from decimal import Decimal

from crm.bills.money import exponent

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as the currency's decimal: 5900 CNY → "59.00", 500 JPY → "500"."""
    return f"{Decimal(minor).scaleb(-exponent(currency)):.{exponent(currency)}f}"


def shown(minor: int, currency: str) -> str:
    """Minor units with sign and thousands: ¥1,234.50; a currency without a sign by its code."""
    return written(Decimal(minor).scaleb(-exponent(currency)), currency)


def written(amount: Decimal, currency: str) -> str:
    """An amount at its full precision: 0.0031 CNY is ¥0.0031, 0 is ¥0.00."""
    exponent_given = amount.normalize().as_tuple().exponent
    finest = -exponent_given if isinstance(exponent_given, int) else 0
    places = max(exponent(currency), finest)
    digits = f"{abs(amount):,.{places}f}"  # both languages write money so; Django groups no Chinese
    minus = "−" if amount < 0 else ""
    sign = _SIGNS.get(currency.upper())
    return f"{minus}{sign}{digits}" if sign else f"{minus}{digits} {currency}"

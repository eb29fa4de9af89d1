"""Minor units as people read them: ¥59.00, $12.50, and 元 in running Chinese text."""

from decimal import Decimal

ZERO_DECIMAL = frozenset({"JPY", "KRW", "VND", "CLP"})
SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "TWD": "NT$"}


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as the currency's decimal: 5900 CNY → "59.00"."""
    if currency in ZERO_DECIMAL:
        return str(minor)
    return str((Decimal(minor) / 100).quantize(Decimal("0.01")))


def shown(minor: int, currency: str) -> str:
    """With sign and thousands: 123450 CNY → "¥1,234.50"; yen are told apart from yuan by code."""
    amount = Decimal(decimal_text(abs(minor), currency))
    sign = "−" if minor < 0 else ""
    mark = SIGNS.get(currency, "")
    tail = "" if currency in SIGNS and currency != "JPY" else f" {currency}"
    return f"{sign}{mark}{amount:,}{tail}"

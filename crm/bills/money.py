"""Amounts as bills write them, to integer minor units, exactly."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

# ISO 4217 exponents other than 2; Stripe counts these currencies the same way
# (docs.stripe.com/currencies, "Zero-decimal" and "Three-decimal currencies").
_EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "JPY",
            "KMF",
            "KRW",
            "MGA",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+")
_DECORATION = re.compile(r"[¥$€£元\s]|(?<![A-Z])(?:CNY|RMB|USD|EUR|GBP|HKD|JPY)(?![A-Z])")
MAX_MINOR = 10**15


class AmountError(ValueError):
    """`code`: `bad_amount`, `sub_minor` (finer than the currency's smallest unit), `too_large`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def exponent(currency: str) -> int:
    """Decimal places of the currency's minor unit."""
    return _EXPONENTS.get(currency.upper(), 2)


def decimal_amount(text: str) -> Decimal:
    """The number in `¥1,234.50`, `￥12`, `12.3元`, `-4` or full-width digits."""
    plain = _DECORATION.sub("", unicodedata.normalize("NFKC", text).upper())
    if not _NUMBER.fullmatch(plain):
        raise AmountError("bad_amount", f"{text[:40]!r} is not an amount of money")
    return Decimal(plain.replace(",", ""))


def minor_units(text: str, currency: str) -> int:
    """Signed minor units. Never rounds: `0.005` yuan raises AmountError `sub_minor`."""
    scaled = decimal_amount(text).scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise AmountError(
            "sub_minor", f"{text[:40]!r} is finer than the smallest unit of {currency}"
        )
    if abs(scaled) > MAX_MINOR:
        raise AmountError("too_large", f"{text[:40]!r} is larger than any payment")
    return int(scaled)

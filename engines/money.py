"""Micro-units: millionths of a currency's main unit, in which single calls are priced."""

from decimal import ROUND_CEILING, Decimal

from django.utils.formats import number_format

MICRO = 1_000_000
MILLION = 1_000_000


def decimal_of(micro: int) -> Decimal:
    """300 → 0.0003"""
    return Decimal(micro).scaleb(-6)


def micro_of(amount: Decimal) -> int:
    """An amount in main units, rounded up to a micro-unit."""
    return int(amount.scaleb(6).to_integral_value(ROUND_CEILING))


def minor_of(micro: int, exponent: int = 2) -> int:
    """Minor units (fen), rounded up: for a sum that leaves the engines, never call by call."""
    step: int = MICRO // 10**exponent
    return -(-micro // step)


def plain(amount: Decimal) -> str:
    """Without zeros at the end and without an exponent: 0.0003, 12, 0."""
    text = f"{amount:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def shown(micro: int, currency: str) -> str:
    """For a page, at full precision and with the currency's code: 0.0003 CNY, 1,200.00 CNY."""
    amount = decimal_of(micro)
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{number_format(amount, decimal_pos=places, force_grouping=True)} {currency}"

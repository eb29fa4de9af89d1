"""Checks of arguments, so that every statistic refuses the same mistake in the same words."""

import math
import operator
from collections.abc import Sequence
from typing import SupportsFloat, SupportsIndex

from insights.statistics.errors import StatisticsError


def count(argument: str, value: SupportsIndex) -> int:
    """A whole number of 0 or more."""
    try:
        number = operator.index(value)
    except TypeError:
        raise StatisticsError(argument, f"{value!r} is not a count", "pass an integer") from None
    if number < 0:
        raise StatisticsError(argument, f"{number} is negative", "pass a count of 0 or more")
    return number


def positive(argument: str, value: SupportsIndex) -> int:
    """A whole number of 1 or more."""
    number = count(argument, value)
    if number == 0:
        raise StatisticsError(argument, "is 0", "pass 1 or more")
    return number


def share(argument: str, value: float) -> float:
    """A number strictly between 0 and 1, such as a confidence level."""
    if not 0.0 < value < 1.0:
        raise StatisticsError(argument, f"{value!r} is not between 0 and 1", "pass 0.95 for 95 %")
    return float(value)


def finite(argument: str, value: SupportsFloat, place: object = None) -> float:
    """A number that is neither infinite nor NaN; ``place`` names its row in the message."""
    where = "" if place is None else f" at {place}"
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise StatisticsError(
            argument,
            f"{value!r}{where} is not a number",
            "pass numbers; leave out what is missing",
        ) from None
    if not math.isfinite(number):
        raise StatisticsError(
            argument, f"{number}{where} is not finite", "leave out what is missing"
        )
    return number


def numbers(argument: str, values: Sequence[SupportsFloat]) -> list[float]:
    return [finite(argument, value, index) for index, value in enumerate(values)]


def amount(argument: str, value: SupportsFloat, place: object = None) -> float:
    """A sum of money or a price: finite and not negative."""
    number = finite(argument, value, place)
    if number < 0:
        where = "" if place is None else f" at {place}"
        raise StatisticsError(
            argument,
            f"{value}{where} is negative",
            "pass amounts of 0 or more, refunds netted",
        )
    return number


def rating(argument: str, value: SupportsFloat, place: object = None) -> int:
    """A whole rating on the scale of 1 to 5."""
    number = finite(argument, value, place)
    if number not in (1.0, 2.0, 3.0, 4.0, 5.0):
        where = "" if place is None else f" at {place}"
        raise StatisticsError(
            argument,
            f"{value}{where} is outside the scale",
            "pass whole ratings from 1 to 5",
        )
    return int(number)


def same_length(first: str, left: Sequence[object], second: str, right: Sequence[object]) -> None:
    if len(left) != len(right):
        raise StatisticsError(
            second,
            f"has {len(right)} values where {first} has {len(left)}",
            "pass the two in the same order, one value a person or unit in each",
        )

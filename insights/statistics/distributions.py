"""Quantiles of the normal and of Student's distribution, without scipy.

Student's quantile inverts the regularised incomplete beta function, computed by the continued
fraction of Press et al., Numerical Recipes (3rd ed., 2007), section 6.4, by bisection.
"""

import math
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_NORMAL = NormalDist()


def normal_quantile(probability: float) -> float:
    return _NORMAL.inv_cdf(probability)


def normal_cdf(x: float) -> float:
    return _NORMAL.cdf(x)


def two_sided_z(confidence: float) -> float:
    """1.95996 for 0.95."""
    return normal_quantile((1.0 + confidence) / 2.0)


def _continued_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, 1000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + numerator / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return value


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for 0 ≤ x ≤ 1."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _continued_fraction(a, b, x) / a
    return 1.0 - front * _continued_fraction(b, a, 1.0 - x) / b


def student_cdf(t: float, degrees: float) -> float:
    tail = 0.5 * incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t))
    return tail if t < 0 else 1.0 - tail


@lru_cache(maxsize=4096)
def two_sided_t(confidence: float, degrees: float) -> float:
    """Student's two-sided quantile: 2.2281 for 0.95 and 10 degrees of freedom."""
    target = (1.0 + confidence) / 2.0
    low, high = 0.0, 1.0
    while student_cdf(high, degrees) < target:
        high *= 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if student_cdf(middle, degrees) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0

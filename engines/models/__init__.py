"""Money guard of every call to the outside. Amounts are integer micro-units: millionths of a yuan.

A call may cost 0.0003 yuan, which in fen would be nothing or thirty times too much; in micro-units
it is 300. What leaves this app is rounded up to minor units once, over the sum.
"""

from engines.models.budgets import Budget
from engines.models.calls import PaidCall
from engines.models.health import EngineHealth
from engines.models.prices import Price
from engines.models.tallies import CallDay
from engines.models.templates import PictureTemplate

__all__ = ["Budget", "CallDay", "EngineHealth", "PaidCall", "PictureTemplate", "Price"]

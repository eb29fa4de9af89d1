from engines.admin.calls import PaidCallAdmin
from engines.admin.guards import ReadOnlyAdmin, guarded
from engines.admin.money import BudgetAdmin, EngineHealthAdmin, PriceAdmin

__all__ = [
    "BudgetAdmin",
    "EngineHealthAdmin",
    "PaidCallAdmin",
    "PriceAdmin",
    "ReadOnlyAdmin",
    "guarded",
]

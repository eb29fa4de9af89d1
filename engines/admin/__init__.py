from engines.admin.calls import PaidCallAdmin
from engines.admin.guards import ReadOnlyAdmin, guarded
from engines.admin.money import BudgetAdmin, EngineHealthAdmin, PriceAdmin
from engines.admin.paging import LargePaginator
from engines.admin.templates import PictureTemplateAdmin

__all__ = [
    "BudgetAdmin",
    "EngineHealthAdmin",
    "LargePaginator",
    "PaidCallAdmin",
    "PictureTemplateAdmin",
    "PriceAdmin",
    "ReadOnlyAdmin",
    "guarded",
]

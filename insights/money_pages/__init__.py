"""The money pages panel by panel: drawing, table, the rows behind each number, and what it means."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from insights.money_pages.pains import pains
from insights.money_pages.prices import prices
from insights.money_pages.rates import rates
from insights.money_pages.retention import definition, retention
from insights.money_pages.revenue import revenue
from insights.panels import Panel

__all__ = ["PAGES", "Page", "definition"]


@dataclass(frozen=True)
class Page:
    """A page of the money: its panels are built from a currency (and, for prices, a pain)."""

    key: str
    title: Promise
    build: Callable[..., list[Panel]]


PAGES = {
    page.key: page
    for page in (
        Page("rates", gettext_lazy("Who pays"), rates),
        Page("retention", gettext_lazy("How long they stay"), retention),
        Page("revenue", gettext_lazy("What it brings"), revenue),
        Page("prices", gettext_lazy("Said and paid"), prices),
        Page("pains", gettext_lazy("Pains and payers"), pains),
    )
}
"""In the order of the tabs; the page of retention by feature is the generation room's."""

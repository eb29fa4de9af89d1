"""Which figures there are, and how the address of a page asks for one."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from insights.figures import (
    agreement,
    landscape,
    pain,
    penetration,
    prices,
    ranking,
    saturation,
    steps,
    tools,
)
from insights.figures.parts import Figure
from insights.findings.selection import Selection, selection_of

PAGES = {
    "landscape": _("Pain landscape"),
    "ranking": _("Ranking by tier"),
    "saturation": _("Saturation"),
    "penetration": _("AI by workflow step"),
    "tools": _("AI tools by tier"),
    "steps": _("Effort by workflow step"),
    "agreement": _("Agreement of coders"),
    "prices": _("Price sensitivity"),
}
TITLES = {**PAGES, "pain": _("Pain point")}
"""All that can be downloaded and shared; a pain point has its page elsewhere."""
EXTRA = {"pain": ("pain",), "prices": ("pain", "tier"), "agreement": ("round",)}
"""Parameters of a page beyond study and days."""
_PLAIN: dict[str, Callable[[Selection], Figure]] = {
    "landscape": landscape.figure,
    "ranking": ranking.figure,
    "saturation": saturation.figure,
    "penetration": penetration.figure,
    "tools": tools.figure,
    "steps": steps.figure,
}


def params_of(key: str, params: Mapping[str, str]) -> dict[str, str]:
    """What of an address belongs to the page, to be kept in links. Raises `DomainError`."""
    kept = selection_of(params).params
    extra = {name: params.get(name, "")[:20] for name in EXTRA.get(key, ())}
    return kept | {name: value for name, value in extra.items() if value}


def figure_of(key: str, params: Mapping[str, str]) -> Figure:
    """The figure of a page with its filters. Raises `DomainError`; KeyError for an unknown page."""
    selection = selection_of(params)
    if key == "prices":
        return prices.figure(selection, _key(params.get("pain")), params.get("tier") or "all")
    if key == "pain":
        return pain.figure(selection, _key(params.get("pain")))
    if key == "agreement":
        return agreement.figure(selection, _key(params.get("round")))
    return _PLAIN[key](selection)


def _key(value: str | None) -> int | None:
    return int(value) if value and value.isdigit() and len(value) < 19 else None

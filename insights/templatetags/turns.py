"""A transcript as the workspace shows it, in sheets of turns: what is far off costs no layout."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.templatetags.amounts import clock

register = template.Library()

SHEET = 24
"""Turns of a sheet: one box that the browser lays out when it comes near. One a turn would be
watched a thousand times in every frame, one for all would be laid out whole before it is seen."""

_TURN = (
    '<p class="pj-utterance" id="u{}"{}{}><span class="pj-who"><span class="pj-name">{}</span>{}'
    '</span><span class="pj-said" data-start="{}">{}</span></p>'
)
Turn = tuple[int, str, int | None, int | None, int, str]
"""Index, speaker, start and end in milliseconds, first code point, words."""


@register.simple_tag
def sheets(turns: Iterable[Turn]) -> SafeString:
    """The turns as HTML. Formatted here: as a template's loop it takes four times as long."""
    rows = list(turns)
    pages = ((_sheet(rows[at : at + SHEET]),) for at in range(0, len(rows), SHEET))
    return format_html_join("\n", '<div class="pj-sheet">{}</div>', pages)


def _sheet(turns: Sequence[Turn]) -> SafeString:
    return format_html_join("", _TURN, map(_cells, turns))


def _cells(turn: Turn) -> tuple[object, ...]:
    index, speaker, begins, ends, start, text = turn
    return (
        index,
        "" if begins is None else format_html(' data-ms="{}"', begins),
        "" if ends is None else format_html(' data-end-ms="{}"', ends),
        speaker or "—",
        "" if begins is None else format_html(" <time>{}</time>", clock(begins)),
        start,
        text,
    )

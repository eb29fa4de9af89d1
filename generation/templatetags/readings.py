"""Why a place was repaired or a file left out, in the reader's language; readers speak in codes."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

_BROKEN = _("bytes that are no character of this encoding")
_CUT = _("a character that is cut off")
# What Python's decoders say.
REPAIRS = {
    "invalid start byte": _BROKEN,
    "invalid continuation byte": _BROKEN,
    "illegal multibyte sequence": _BROKEN,
    "illegal encoding": _BROKEN,
    "illegal UTF-16 surrogate": _BROKEN,
    "character maps to <undefined>": _BROKEN,
    "unexpected end of data": _CUT,
    "incomplete multibyte sequence": _CUT,
    "truncated data": _CUT,
    "NUL character": _("a zero byte"),
}
LEFT_OUT = {
    "not_text": _("no text file"),
    "empty": _("empty"),
    "unreadable": _("no readable text in it"),
    "missing": _("named by the book, but not in the file"),
    "outside_order": _("outside the reading order of the book"),
}


@register.filter
def repair_reason(reason: str) -> str:
    """The reason of a repair; one that no decoder here gives stays as it is."""
    return str(REPAIRS.get(reason, reason))


@register.filter
def left_out_reason(code: str) -> str:
    return str(LEFT_OUT[code])

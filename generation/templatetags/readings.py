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
# Why a part of a text engine's work was left to the rules, and why a run with one ended.
UNUSED = {
    "broken": _("shots whose answer stayed unusable"),
    "broken_items": _("unusable items in answers"),
    "unknown_people": _("names that are nobody's"),
    "budget_spent": _("shots beyond the cap"),
    "in_doubt": _("shots whose call is in doubt"),
    "paid_without_answer": _("shots that were paid for and not answered"),
}
FAULTS = {
    "unreachable": _("The text engine could not be reached."),
    "resting": _("The text engine failed several times and is let rest for a minute."),
    "busy": _("The text engine was too busy."),
    "exhausted": _("The text engine's account is exhausted."),
    "no_balance": _("The text engine's account is empty."),
    "bad_key": _("The text engine refused our key."),
    "no_price": _("The text engine has no price yet."),
    "wrong_currency": _("The text engine is priced in another currency than the cap."),
}


@register.filter
def unused_reason(code: str) -> str:
    return str(UNUSED.get(code, _("shots whose call got no answer (%s)") % code))


@register.filter
def engine_fault(code: str) -> str:
    """What ended a run with a text engine; nothing for any other code."""
    return str(FAULTS.get(code, ""))


@register.filter
def repair_reason(reason: str) -> str:
    """The reason of a repair; one that no decoder here gives stays as it is."""
    return str(REPAIRS.get(reason, reason))


@register.filter
def left_out_reason(code: str) -> str:
    return str(LEFT_OUT[code])

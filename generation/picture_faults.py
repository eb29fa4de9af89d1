"""Why a picture engine brought no picture, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_AWAY = gettext_lazy("The picture engine could not be reached.")
_BROKE = gettext_lazy("The picture engine broke; whether it billed is not known.")
_CONTENT = gettext_lazy(
    "The picture engine's content rules refused this request; change the shot's words."
)
_REFUSED = gettext_lazy("The picture engine refused the request.")
_UNREADABLE = gettext_lazy("What the picture engine sent cannot be read as a picture.")
FAULTS: dict[str, Promise] = {
    "unreachable": _AWAY,
    "resting": gettext_lazy("The picture engine failed several times and is let rest for a minute."),
    "busy": gettext_lazy("The picture engine was too busy."),
    "exhausted": gettext_lazy("The picture engine's account is exhausted."),
    "no_balance": gettext_lazy("The picture engine's account is empty."),
    "bad_key": gettext_lazy("The picture engine refused our key."),
    "no_price": gettext_lazy("The picture engine has no price yet."),
    "wrong_currency": gettext_lazy("The picture engine is priced in another currency than the cap."),
    "budget_spent": gettext_lazy("The cap is reached."),
    "content_refused": _CONTENT,
    "bad_request": _REFUSED, "forbidden": _REFUSED, "refused": _REFUSED, "too_large": _REFUSED,
    "not_found": gettext_lazy("The picture engine does not know this model or address."),
    "server_error": _BROKE,
    "timeout": gettext_lazy("The picture engine took too long; whether it billed is not known."),
    "lost": gettext_lazy("The answer was lost on its way; whether it was billed is not known."),
    "in_doubt": gettext_lazy("Whether this picture was billed is not known; a person decides."),
    "in_flight": gettext_lazy("Another batch asks for the same picture and does not end."),
    "paid_without_answer": gettext_lazy(
        "This was paid for before and brought no answer; it is not bought again."
    ),
    "picture_lost": gettext_lazy(
        "This picture was paid for before and its file is gone; choose another seed."
    ),
    "lost_job": gettext_lazy("The job is gone from the picture engine: deleted, or lost in a restart."),
    "interrupted": gettext_lazy("Somebody broke the picture off at the engine."),
    "cancelled": gettext_lazy("The picture was broken off as asked."),
    "bad_graph": gettext_lazy("The picture engine refused the workflow; its template needs mending."),
    "graph_broke": gettext_lazy("The workflow broke at the picture engine."),
    "failed_often": gettext_lazy("The picture engine failed five times at this picture."),
    "foreign_number": gettext_lazy("The picture engine is too old to be followed safely."),
    "out_of_memory": gettext_lazy("The picture engine has not enough memory for this size."),
    "no_picture": gettext_lazy("The picture engine answered without a picture."),
    "picture_gone": gettext_lazy("The picture's file is gone from the engine."),
    "moving_picture": gettext_lazy("The picture engine sent a moving picture; a still one is needed."),
    "picture_too_large": gettext_lazy("The picture engine sent a picture that is too large."),
    "broken_picture": _UNREADABLE, "empty_picture": _UNREADABLE,
    "rubbish": _UNREADABLE, "too_large_an_answer": _UNREADABLE, "upload": _UNREADABLE,
    "no_answer": _UNREADABLE,
    "strange_address": gettext_lazy("The picture engine named an address that is not fetched."),
}  # fmt: skip

# Whose engineer's words name the node of the workflow; these are shown too.
NODE_NAMED = frozenset({"bad_graph", "graph_broke"})


def fault_words(code: str) -> str:
    """A sentence for a code, with the code where nobody knows it."""
    known = FAULTS.get(code)
    return str(known) if known else _("The picture engine failed (%(code)s).") % {"code": code}

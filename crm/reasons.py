"""Why a row of a bill was not booked, in the reader's language; the parsers speak in codes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS = {
    "money_out": _("Money out, not income."),
    "money_in": _("Money in, not an expense."),
    "zero": _("The amount is zero."),
    "neutral": _("Neutral: the money stays with the same owner."),
    "other_refund": _("A refund of the account's own payment, not of a charge in this ledger."),
    "pending": _("No money moved yet: pending."),
    "not_completed": _("No money moved: not completed."),
    "repeated": _("It repeats an earlier row of the same file."),
    "bad_time": _("The time cannot be read."),
    "missing_id": _("The row has no transaction number, so it could be booked twice."),
    "not_a_payment": _("Not a payment: no money of ours moved."),
    "sub_minor": _("The amount has parts smaller than the currency's smallest unit."),
    "bad_currency": _("The currency is not known."),
}


def reason_text(item: Mapping[str, Any]) -> str:
    """The reason of an ignored or rejected row {row, code, reason}; unknown codes as parsed."""
    known = REASONS.get(str(item.get("code", "")))
    return str(known) if known is not None else str(item["reason"])

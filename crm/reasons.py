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
    "bad_amount": _("The amount cannot be read."),
    "too_large": _("The amount is larger than any payment."),
    "unknown_status": _("The status is not known."),
    "unknown_direction": _("The direction of the money is not known."),
    "negative_amount": _("The amount is negative; this bill writes the direction in words."),
    "negative_charge": _("A charge must be positive."),
    "rounded_id": _(
        "A spreadsheet has rounded the transaction number. Import the file as downloaded."
    ),
    "columns": _("The row has another number of columns than the header."),
    "refund_exceeds": _("The refund is larger than the charge."),
    "other_merchant": _("For another merchant's account."),
    "other_mode": _("From the test mode, not from the live account."),
    "other_provider": _("The order was opened with another provider."),
    "wrong_amount": _("Another amount than ordered."),
    "wrong_currency": _("Another currency than ordered."),
    "differs_from_ledger": _("The ledger has this order with another amount."),
    "refund_total_does_not_fit": _("The refunds do not add up to the total that was told."),
    "not_captured": _("The money was not taken."),
    "refund_not_completed": _("The refund is not completed."),
}


def reason_text(item: Mapping[str, Any]) -> str:
    """The reason of an ignored or rejected row {row, code, reason}; unknown codes as parsed."""
    known = REASONS.get(str(item.get("code", "")))
    return str(known) if known is not None else str(item["reason"])

"""Why a row of a bill was not booked, in the reader's language; the parsers speak in codes."""

import re
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
    "unsigned": _("Without a signature."),
    "bad_signature": _("The signature does not hold."),
    "weak_signature": _("Signed in a way that is not accepted."),
    "unknown_key": _("Signed with a key that is not the pinned one."),
    "stale": _("Sent more than five minutes ago, or the clocks differ."),
    "future": _("Sent more than five minutes ahead of our clock."),
    "bad_timestamp": _("The time of sending cannot be read."),
    "malformed": _("Not in the shape that the provider documents."),
    "not_json": _("Not in the shape that the provider documents."),
    "not_an_object": _("Not in the shape that the provider documents."),
    "not_an_event": _("Not in the shape that the provider documents."),
    "not_a_form": _("Not in the shape that the provider documents."),
    "not_a_text": _("Not in the shape that the provider documents."),
    "field_twice": _("Not in the shape that the provider documents."),
    "bad_id": _("Not in the shape that the provider documents."),
    "refund_of_nothing": _("A refund that does not say of which charge."),
    "unknown_algorithm": _("Sealed in a way that is not known."),
    "cannot_be_opened": _("It cannot be opened with our key."),
}


def reason_text(item: Mapping[str, Any]) -> str:
    """The reason of an ignored or rejected row {row, code, reason}; unknown codes as parsed."""
    known = REASONS.get(str(item.get("code", "")))
    return str(known) if known is not None else str(item["reason"])


WARNINGS = [
    (
        r"The refund is taken from the status; .*",
        _("The refund is taken from the status. Where another bill holds it as a row of its own, "
          "do not book that row too."),
    ),
    (
        r"The refund is taken from Amount Refunded; .*",
        _("The refund is taken from “Amount Refunded”; the balance export names each refund."),
    ),
    (
        r"The status reports a refund without its amount; .*",
        _("The status reports a refund without its amount. Book the refund by hand."),
    ),
    (
        r"The status reports a refund larger than the charge; .*",
        _("The status reports a refund larger than the charge. No refund was booked."),
    ),
    (
        r"The summary at the end is missing; .*",
        _("The summary at the end is missing. The bill may be cut off."),
    ),
    (r"The summary line has no values\.", _("The summary line has no values.")),
    (
        r"The summary mixes currencies; .*",
        _("The summary mixes currencies and was not compared."),
    ),
    (
        r"The file declares (?P<said>\d+) rows for (?P<label>.+) and holds (?P<is>\d+)\.",
        _("%(label)s: the file says %(said)s rows and holds %(is)s."),
    ),
    (
        r"The file declares (?P<said>.+) for (?P<label>.+) and its rows add up to (?P<is>.+)\.",
        _("%(label)s: the file says %(said)s and its rows add up to %(is)s."),
    ),
]  # fmt: skip
_PLACE = re.compile(r"row (\d+): (.*)", re.DOTALL)


def warning_text(said: str) -> str:
    """A warning of a parser, as it is kept (`row 20: …`), in the reader's language."""
    place = _PLACE.fullmatch(said)
    sentence = place[2] if place else said
    for pattern, words in WARNINGS:
        if found := re.fullmatch(pattern, sentence):
            named = found.groupdict()
            if "label" in named:
                named["label"] = label_text(named["label"])
            sentence = str(words) % named if named else str(words)
            break
    return (
        str(_("Row %(row)s: %(why)s") % {"row": place[1], "why": sentence}) if place else sentence
    )


def label_text(label: str) -> str:
    """What a total of the file is of: the file's own word, or all its rows."""
    return str(_("All rows")) if label == "all rows" else label

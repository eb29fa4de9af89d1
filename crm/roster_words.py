"""What lists of creators are about and why a row was left out, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from crm.rosters import RosterError

FIELDS = {
    "name": _("pen name"),
    "handle": _("handle"),
    "platform": _("platform"),
    "tier": _("tier"),
    "followers": _("followers"),
    "income_minor": _("monthly income (yuan)"),
    "contact": _("contact"),
    "city": _("city"),
    "language": _("language"),
    "status": _("status"),
    "joined_on": _("known since"),
    "payer_name": _("name on the bill"),
    "note": _("note"),
}
BECOMES = {
    "new": _("Will be added"),
    "update": _("Will be updated"),
    "duplicate": _("Known already"),
    "rejected": _("Left out"),
}
_REFUSALS = {
    "empty": _("The file is empty. Export the list again."),
    "no_header": _(
        "No row holds column names. Put a row with names such as “pen name” above the list."
    ),
    "no_rows": _("There is nothing below the column names in row %(row)s. Export the list again."),
    "too_many_rows": _("%(detail)s rows are too many at once. Split the file below 10,000 rows."),
    "unclosed_quote": _(
        "A quotation mark opened in row %(row)s is never closed. Export the list again."
    ),
    "unknown_field": _("There is no field %(detail)s."),
    "field_twice": _("Two columns are chosen for “%(field)s”. Choose one."),
    "no_name": _("No column is chosen for the pen name. Choose one."),
}
_UNREADABLE = {
    "nul": _("There is a NUL byte, as binary files have. Delete it, or save the list as xlsx."),
    "empty": _("The file is empty. Export the list again."),
    "binary": _("The file is no list: it is no text and no workbook. Save it as csv or xlsx."),
    "undecodable": _(
        "The file's encoding cannot be told. Open it in an editor and save it as UTF-8."
    ),
    "archive": _("The file is an archive but no workbook. Unpack it and choose the csv or xlsx."),
    "damaged_archive": _("The workbook is damaged. Open it in Excel or WPS and save it again."),
    "encrypted_archive": _("The workbook is encrypted. Save it again without a password."),
    "archive_too_large": _("The workbook unpacks to more than is allowed. Save it as csv."),
}
_REASONS = {
    "name_missing": _("The pen name is empty. Fill it in."),
    "too_many_cells": _(
        "The row has more cells than there are columns (“%(cell)s”). Put numbers with commas in "
        "quotation marks."
    ),
    "a_total": _("“%(cell)s” is the sum of the rows above, nobody's name. Leave the row out."),
    "a_formula": _("“%(cell)s” is a formula without its value. Paste the values and save again."),
    "digits_lost": _(
        "Excel has shortened “%(cell)s” and lost its digits. Make the column text and type it again."
    ),
    "too_long": _("“%(cell)s…” is too long for “%(field)s”. Shorten it."),
    "not_text": _("“%(field)s” holds characters that are no text. Type it again."),
    "not_a_number": _("“%(cell)s” is no number for “%(field)s”. Write it as 18600 or 1.86w."),
    "a_range": _("“%(cell)s” is a range. Write one number for “%(field)s”."),
    "not_followers": _("“%(cell)s” cannot be a number of followers. Write a whole number."),
    "not_money": _("“%(cell)s” is no amount in yuan. Write it with at most two decimals."),
    "not_a_tier": _("“%(cell)s” is no tier. Write head, mid or entry."),
    "not_a_status": _("“%(cell)s” is no status. Write lead, active, paused or left."),
    "not_a_language": _("“%(cell)s” is no language that we have. Write zh or en."),
    "not_a_day": _("“%(cell)s” is no day for “%(field)s”. Write it as 2026-05-20."),
    "same_as_row": _("The same person stands in row %(cell)s. Keep one of the two rows."),
    "several": _("%(cell)s creators are called so. Add the handle, so that it is clear who."),
    "payer_taken": _("“%(cell)s” already stands for another creator on bills. Leave it out here."),
    "handle_taken": _(
        "The handle is %(cell)s's, who has another name and platform. Correct one of them."
    ),
}


def refusal_text(error: RosterError) -> str:
    """Why nothing of the file can be booked, with the remedy and the row that is to blame, if one is."""
    if error.code == "unreadable":
        told = str(_UNREADABLE[error.detail])
        row = _("Row %(row)s: %(why)s") % {"row": error.row, "why": told}
        return str(row) if error.row else told
    field = str(FIELDS.get(error.detail, error.detail))
    return str(_REFUSALS[error.code]) % {"detail": error.detail, "row": error.row, "field": field}


def rejected_text(code: str, field: str, cell: str) -> str:
    """Why a row was left out, with the remedy."""
    return str(_REASONS[code]) % {"field": FIELDS.get(field, field), "cell": cell}

"""What was left out of an exchange and why, in the reader's language; the parsers speak in codes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from insights.exchange import ExchangeError

REFUSALS = {
    "empty": _("The file is empty. Export it again."),
    "not_xml": _("The project's XML cannot be read: %(detail)s. Export it again."),
    "doctype": _(
        "The XML declares its own document type, which could make it read other files or grow "
        "without end. Remove the DOCTYPE and try again."
    ),
    "not_refi": _(
        "This is no REFI-QDA file: its root is <%(root)s>. Export a project (.qdpx) or a "
        "codebook (.qdc)."
    ),
    "no_document": _(
        "The archive holds no project (.qde); it holds %(parts)s. Export it as REFI-QDA project."
    ),
    "leaves_archive": _(
        "The archive names a file outside of itself (%(part)s), so nothing of it was read. Ask "
        "whoever sent it for a clean export."
    ),
    "damaged_archive": _("The archive cannot be read: %(detail)s"),
    "encrypted_archive": _("The archive cannot be read: %(detail)s"),
    "archive_too_large": _("The archive unpacks to too much: %(detail)s"),
}
REMARKS = {
    "pictures": _("%(count)s pictures have no words and were left out."),
    "pdf_areas": _("%(count)s areas of PDF pages were left out; passages of their text came in."),
    "passages_without_text": _("%(count)s passages have no text here and were left out."),
    "passages_outside": _("%(count)s passages lie outside of their text and were left out."),
    "docx_text": _(
        "%(count)s texts were only there as Word documents; check that their passages begin where "
        "they should."
    ),
    "inclusive_ends": _("The file counts the last character as inside; the ends were moved by one."),
    "utf16_offsets": _("The file counts UTF-16 units; the places were counted anew."),
    "memos": _("%(count)s memos were left out."),
    "links": _("%(count)s links were left out."),
    "graphs": _("%(count)s diagrams were left out."),
    "empty_sources": _("%(count)s texts are empty and were left out."),
    "only_names": _("%(count)s passages hold nothing but a speaker's name and were left out."),
    "names_inside": _(
        "%(count)s passages reach over a speaker's name; the quote keeps what was said."
    ),
    "moved_passages": _(
        "%(count)s passages do not fit the transcript that is already here and were left out."
    ),
    "unknown_codes": _("%(count)s codings name a code that the file does not have."),
    "shared_sources": _("%(count)s texts belong to several cases; the first named one counts."),
    "guessed_tier": _("%(count)s new creators have no tier in the file; they were booked as %(detail)s."),
    "known_sources": _("%(count)s texts were here before; nothing was doubled."),
    "withdrawn_sources": _(
        "%(count)s texts are of interviews whose consent was withdrawn and were left out."
    ),
    "no_transcript": _("%(count)s interviews have no transcript."),
    "withheld_interviews": _(
        "%(count)s interviews stay here: the consent to record them was withdrawn."
    ),
    "withheld_quotes": _("%(count)s quotes stay here: the consent does not allow to quote them."),
    "pseudonyms": _(
        "%(count)s creators go out under a code because they did not agree to be named; names that "
        "somebody says aloud in a transcript are still in it."
    ),
    "older_versions": _(
        "%(count)s quotes belong to an older version of their transcript and stay here."
    ),
}
MISSING = {
    "absent": _("not in the archive"),
    "outside": _("outside of the archive, and nothing outside is read"),
    "unreadable": _("not readable as text"),
    "no_text": _("without a text"),
}


def refusal(error: ExchangeError) -> str:
    """Why nothing of the file was read, with the remedy."""
    return str(REFUSALS[error.code]) % error.values


def remark_text(item: Mapping[str, Any]) -> str:
    """A remark {code, count, detail} in words."""
    return str(REMARKS[str(item["code"])]) % {"count": item["count"], "detail": item["detail"]}


def missing_text(item: Mapping[str, Any]) -> str:
    """A missing source {name, path, reason} in words."""
    name = item["name"] or item["path"] or "?"
    where = f" ({item['path']})" if item["path"] and item["name"] else ""
    return f"{name}{where}: {MISSING[str(item['reason'])]}"

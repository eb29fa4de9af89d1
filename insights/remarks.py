"""What was left out of an exchange and why, in the reader's language; the parsers speak in codes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from insights.exchange import ExchangeError

REFUSALS = {
    "empty": _("The file is empty. Export it again."),
    "not_xml": _("The project's XML cannot be read: %(detail)s. Export it again."),
    "too_deep": _(
        "The project's XML is nested deeper than 250 levels, which no codebook needs. Export it "
        "again with a flatter code tree."
    ),
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
    "damaged_archive": _(
        "The archive is damaged or was cut off on its way. Export it again and send it whole."
    ),
    "encrypted_archive": _("The archive has a password. Save it again without one."),
    "archive_too_large": _(
        "The archive unpacks to more than is read at once (64 MB a file, 200 MB and 2,000 files in "
        "all). Save the project again without images and recordings, or split it."
    ),
}
REMARKS = {
    "pictures": _("Pictures left out, having no words: %(count)s."),
    "pdf_areas": _("Areas of PDF pages left out (passages of their text came in): %(count)s."),
    "passages_without_text": _("Passages left out because their text is not here: %(count)s."),
    "passages_outside": _("Passages left out because they lie outside of their text: %(count)s."),
    "docx_text": _(
        "Texts that were there only as Word documents; check that their passages begin where they "
        "should: %(count)s."
    ),
    "inclusive_ends": _(
        "The file counts the last character as inside; the ends were moved by one."
    ),
    "utf16_offsets": _("The file counts UTF-16 units; the places were counted anew."),
    "memos": _("Memos left out: %(count)s."),
    "links": _("Links left out: %(count)s."),
    "graphs": _("Diagrams left out: %(count)s."),
    "empty_sources": _("Empty texts left out: %(count)s."),
    "only_names": _("Passages left out, holding only a speaker's name: %(count)s."),
    "names_inside": _(
        "Passages that reach over a speaker's name; the quote keeps what was said: %(count)s."
    ),
    "moved_passages": _(
        "Passages left out because they do not fit the transcript that is here: %(count)s."
    ),
    "unknown_codes": _("Codings left out because the file lacks their code: %(count)s."),
    "shared_sources": _("Texts in several cases; the first named case counts: %(count)s."),
    "guessed_tier": _("New creators without a tier in the file, booked as %(detail)s: %(count)s."),
    "known_sources": _("Texts that were here before and were not doubled: %(count)s."),
    "withdrawn_sources": _("Texts left out because consent was withdrawn: %(count)s."),
    "no_transcript": _("Interviews without a transcript: %(count)s."),
    "withheld_interviews": _(
        "Interviews that stay here because the consent to record was withdrawn: %(count)s."
    ),
    "withheld_quotes": _(
        "Quotes that stay here because the consent does not allow quoting: %(count)s."
    ),
    "unshared_interviews": _(
        "Interviews that stay here because nobody agreed to be quoted outside the team: %(count)s."
    ),
    "team_only_interviews": _(
        "For the team alone: interviews in it whose words may not be quoted outside: %(count)s."
    ),
    "team_only": _("For the team alone: quotes in it that may not be quoted outside: %(count)s."),
    "pseudonyms": _(
        "Creators who go out under a code because they did not agree to be named (names said aloud "
        "in a transcript are still in it): %(count)s."
    ),
    "older_versions": _(
        "Quotes that stay here because they belong to an older version of their transcript: "
        "%(count)s."
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

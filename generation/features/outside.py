"""A dossier as it leaves the team: the quotes that may be quoted outside, the numbers of all."""

from collections.abc import Callable
from dataclasses import replace

from generation.features.dossier import Dossier
from generation.features.quotes import Quote, QuoteGroup
from insights.models import Evidence
from insights.outward import SHARED, Outside
from insights.querysets import EvidenceQuerySet


def for_paper(found: Dossier) -> Dossier:
    """The dossier as a page of the team, its anonymous quotes with what stands on paper. Five queries."""
    rows = _rows(found, Evidence.objects.quotable())
    outside = Outside(rows)
    printed = {row.pk: outside.printed(row) for row in rows}

    def group(item: QuoteGroup) -> QuoteGroup:
        quotes = [replace(q, printed=printed.get(q.evidence, "")) for q in item.quotes]
        return replace(item, quotes=tuple(quotes))

    return _with_groups(found, group)


def for_outside(found: Dossier) -> Dossier:
    """The dossier without the quotes that nobody agreed to being shown outside, each counted.

    Who is quoted anonymously has their own name black in their words. Five queries.
    """
    rows = _rows(found, Evidence.objects.shareable())
    outside = Outside(rows)
    said = {row.pk: outside.said(row).text for row in rows}
    return _with_groups(found, lambda group: _group(group, said))


def _rows(found: Dossier, among: EvidenceQuerySet) -> list[Evidence]:
    quotes = [
        quote.evidence
        for part in found.pain_parts
        for group in part.groups
        for quote in group.quotes
    ]
    rows = among.filter(pk__in=quotes)
    return list(rows.select_related("highlight", "interview", "creator"))


def _with_groups(found: Dossier, change: Callable[[QuoteGroup], QuoteGroup]) -> Dossier:
    return replace(
        found,
        pain_parts=tuple(
            replace(part, groups=tuple(change(group) for group in part.groups))
            for part in found.pain_parts
        ),
    )


def _group(group: QuoteGroup, said: dict[int, str]) -> QuoteGroup:
    stays: list[Quote] = [
        replace(quote, text=said[quote.evidence])
        for quote in group.quotes
        if quote.evidence in said and quote.consent in SHARED
    ]
    return replace(group, quotes=tuple(stays), withheld=len(group.quotes) - len(stays))

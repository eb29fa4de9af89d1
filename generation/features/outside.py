"""A dossier as it leaves the team: the quotes that may be quoted outside, the numbers of all."""

from dataclasses import replace

from generation.features.dossier import Dossier
from generation.features.quotes import Quote, QuoteGroup
from insights.models import Evidence
from insights.outward import SHARED, outward


def for_outside(found: Dossier) -> Dossier:
    """The dossier without the quotes that nobody agreed to being shown outside, each counted.

    Who is quoted anonymously has their own name black in their words. One query.
    """
    quotes = [
        quote.evidence
        for part in found.pain_parts
        for group in part.groups
        for quote in group.quotes
    ]
    rows = Evidence.objects.filter(pk__in=quotes).shareable()
    said = {
        row.pk: outward(row).text
        for row in rows.select_related("highlight", "interview", "creator")
    }
    return replace(
        found,
        pain_parts=tuple(
            replace(part, groups=tuple(_group(group, said) for group in part.groups))
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

"""Highlights by their words, through an index of their own."""

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from insights.models import Highlight
from insights.search.grams import grams_of
from insights.search.wording import pattern


def quoted(words: str) -> QuerySet[Highlight]:
    """Highlights whose text contains `words` letter by letter, letter case aside."""
    known = "pingju_grams(text) @> %s::bigint[] AND "
    found = RawSQL(  # noqa: S611  the words are bound
        f"SELECT id FROM insights_highlight WHERE {known}text ILIKE %s",  # noqa: S608
        [grams_of(words), pattern(words)],
    )
    return Highlight.objects.filter(pk__in=found)

"""Search over everything that was said: substring-exact from one character, Chinese and English.

*Exact.* A hit contains the query letter by letter, letter case aside, as `ILIKE` has it: `%`, `_`
and quotes are letters like others. Full-width and half-width forms and traditional and simplified
characters are different letters, because what is quoted must be what was said; `variants=True`
asks for those spellings as well.

*Fast.* An index holds each character of an utterance, each pair and, where no Han is involved, each
three in a row (`pingju_grams`, made by a migration); it finds candidates and the text decides. What
the server knows of how common those are (`grams`) says whether to begin with the newest interviews.

*Ranked.* Up to `RANK_CAP` hits: passages that carry evidence first, then the newest interview, in
the order in which it was said. More hits than that are listed newest first: a word so common is
narrowed by filters, not by rank.
"""

from insights.search.context import Coding, Passage, passages_of
from insights.search.finding import COUNT_CAP, RANK_CAP, Found, Hit, search
from insights.search.quotes import quoted
from insights.search.wording import Filters, marked, spellings, start_of

__all__ = [
    "COUNT_CAP",
    "RANK_CAP",
    "Coding",
    "Filters",
    "Found",
    "Hit",
    "Passage",
    "marked",
    "passages_of",
    "quoted",
    "search",
    "spellings",
    "start_of",
]

"""A quote as it leaves the team: with the speaker's name only where they agreed to it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.models import Creator, Quoting
from insights.models import Evidence

SHARED = (Quoting.NAMED, Quoting.ANONYMOUS)
BLACK = "\u2588"  # as of words that were removed
_SHORTEST = 2  # a name of one letter stands in every other word


@dataclass(frozen=True)
class Outward:
    """`who` is the speaker's name, or that they are not named."""

    text: str
    who: str
    named: bool


def outward(row: Evidence, *, alias: str = "") -> Outward:
    """The words and their speaker; `alias` stands for a speaker who is not named.

    Reads highlight, interview and creator. Raises ValueError for what may not leave the team: rows
    come from `shareable()`.
    """
    if row.quoting not in SHARED:
        raise ValueError(f"coding {row.pk} may not be quoted outside the team")
    if row.quoting == Quoting.NAMED:
        return Outward(row.highlight.text, row.creator.name, True)
    text = nameless(row.highlight.text, row.creator)
    return Outward(text, alias or _("anonymous"), False)


def nameless(text: str, creator: Creator) -> str:
    """The text with the creator's own names in it made black, letter by letter."""
    for name in (creator.name, creator.handle, creator.handle.lstrip("@")):
        if len(name) >= _SHORTEST:
            text = re.sub(re.escape(name), BLACK * len(name), text, flags=re.IGNORECASE)
    return text

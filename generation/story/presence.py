"""Who of the names that the rules found is somebody: named often enough, and one who speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from generation.story.known import Known, given_name
from generation.story.local_roles import ROLE
from generation.story.mentions import Mention
from generation.story.names import Evidence
from generation.story.people import SHORT_TEXT
from generation.story.words import is_common_word

__all__ = ["present"]

# Who is named so often in a book where so much is spoken says something himself: one in so many
# times at least, if his name is a word of the dictionary too.
_OFTEN_NAMED, _TALKATIVE = 60, 600
_SPEAKS, _SPEAKS_SELDOM = 14, 400


def present(
    known: Sequence[Known], found: Sequence[Mention], evidence: Evidence
) -> tuple[list[Known], list[Mention]]:
    """People who are mentioned, the most mentioned first; a doubtful name must come twice."""
    counts = Counter(mention.who for mention in found)
    first: dict[int, int] = {}
    for mention in found:
        first[mention.who] = min(first.get(mention.who, mention.start), mention.start)
    order = [
        who
        for who in sorted(counts, key=lambda who: (-counts[who], first[who], known[who].name))
        if _is_certain(known[who], counts[who], evidence)
    ]
    if order == list(range(len(known))):
        return list(known), list(found)
    place = {who: rank for rank, who in enumerate(order)}
    kept = [known[who] for who in order]
    return kept, [Mention(m.start, m.end, place[m.who]) for m in found if m.who in place]


def _is_certain(person: Known, count: int, evidence: Evidence) -> bool:
    if person.kind == ROLE:
        # 丞相 speaks once and is talked of a hundred times: it stands for people with names.
        return person.weight * 60 >= count
    spoken = sum(evidence.cues[alias] for alias in person.aliases)
    if person.kind in ("name", "nick") and not _is_somebody(person, count, spoken, evidence):
        return False
    if count >= 2 or person.kind != "name" or evidence.narrator["length"] <= SHORT_TEXT:
        return True
    spoke = evidence.cues[person.name] > 0 and evidence.tags[person.name] > 0
    return spoke or evidence.called[person.name] > 0


def _is_somebody(person: Known, count: int, spoken: int, evidence: Evidence) -> bool:
    """Whether who is named so often speaks as often as people do: not 梁山泊, nor 朋友.

    Tells nothing of a text in which few speak.
    """
    if count < _OFTEN_NAMED or evidence.cues.total() < _TALKATIVE:
        return True
    plain = all(not given_name(alias) for alias in person.aliases)
    return spoken * (_SPEAKS if plain and is_common_word(person.name) else _SPEAKS_SELDOM) >= count

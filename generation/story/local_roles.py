"""People without a name are bound to their scenes: the 国王 of one chapter is not that of another.

A role word (老者, 国王, 妖精) names whoever plays the role just now. Its mentions are parted where
the text does not speak of it for long, and each part is somebody of their own, with a look, a seed
and an id; none of them is among the main cast.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from generation.story.known import Known
from generation.story.lexicon import roles
from generation.story.mentions import Mention

__all__ = ["ROLE", "bind_to_scenes"]

ROLE = "role"
# Code points without a mention after which a role is somebody else's: some two chapters' scenes.
_GAP = 6_000
# A part that grows longer than this ends at the next smaller gap.
_LONGEST, _SMALL_GAP = 20_000, 1_000


def bind_to_scenes(
    folded: str, known: Sequence[Known], found: Sequence[Mention]
) -> tuple[list[Known], list[Mention]]:
    """The people and mentions with every role parted, the most mentioned first."""
    people: list[Known] = []
    if not any(person.kind == ROLE for person in known):
        return list(known), list(found)
    by_role: dict[int, list[Mention]] = defaultdict(list)
    for mention in found:
        if known[mention.who].kind == ROLE:
            by_role[mention.who].append(mention)
    places: dict[int, int] = {}
    for who, person in enumerate(known):
        if person.kind != ROLE:
            places[who] = len(people)
            people.append(person)
    kept = [Mention(m.start, m.end, places[m.who]) for m in found if m.who in places]
    for who in sorted(by_role):
        for nth, part in enumerate(_parts(by_role[who])):
            kept += [Mention(m.start, m.end, len(people)) for m in part]
            people.append(_player(folded, known[who], part, nth))
    return _ranked(people, kept)


def _parts(mentions: Sequence[Mention]) -> list[list[Mention]]:
    parts: list[list[Mention]] = []
    for mention in sorted(mentions, key=lambda m: m.start):
        gap = mention.start - parts[-1][-1].end if parts else _GAP + 1
        long = bool(parts) and mention.start - parts[-1][0].start > _LONGEST
        if gap > _GAP or (long and gap > _SMALL_GAP):
            parts.append([])
        parts[-1].append(mention)
    return parts


def _player(folded: str, role: Known, part: Sequence[Mention], nth: int) -> Known:
    """Who plays `role` in this part, called by the word that comes most often there."""
    words = Counter(folded[m.start : m.end] for m in part)
    name = min(words, key=lambda word: (-words[word], word))
    traits = dict(roles()[name].traits) if name in roles() else dict(role.traits)
    return replace(
        role,
        name=name,
        aliases=set(words) | {name},
        traits=traits,
        key=f"{role.name}#{nth}" if nth else role.name,
    )


def _ranked(people: list[Known], found: list[Mention]) -> tuple[list[Known], list[Mention]]:
    counts = Counter(mention.who for mention in found)
    first: dict[int, int] = {}
    for mention in found:
        first[mention.who] = min(first.get(mention.who, mention.start), mention.start)
    order = sorted(counts, key=lambda who: (-counts[who], first[who], people[who].name))
    place = {who: rank for rank, who in enumerate(order)}
    return [people[who] for who in order], [
        Mention(m.start, m.end, place[m.who]) for m in found if m.who in place
    ]

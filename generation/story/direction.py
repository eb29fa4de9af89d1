"""What a reader of a chapter says of its shots, and how the reduce step follows it.

Whoever it comes from (a model today), it is advice: people are resolved against the cast of the
whole book, what cannot be resolved is dropped, and what is not said the rules decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict

from generation.story.mentions import Mention, Mentions
from generation.story.script import fold

if TYPE_CHECKING:
    from generation.story.casting import Casting
    from generation.story.dialogue import Line

__all__ = ["Direction", "Directions", "Receipt", "ShotTold", "join_people"]


class ShotTold(TypedDict, total=False):
    """One shot. `cast` rows are [who, pose, expression], "" for what is not said; absent keys too."""

    framing: str
    movement: str
    cast: list[list[str]]
    action: str


class Receipt(TypedDict):
    """What one window of the text cost; `kept`: the answer was paid for before."""

    start: int
    end: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_micro: int
    currency: str
    kept: bool


class Directions(TypedDict):
    """A chapter's. Who is a letter of `people`, which gives places where that one is named, or a
    name as it stands in the text. `shots` are by their start, `said` rows are [start, end, who] with
    "" for nobody, `same` pairs of one person, `unused` counts of what could not be used, by reason.
    """

    people: dict[str, list[list[int]]]
    same: list[list[str]]
    shots: dict[str, ShotTold]
    said: list[list[Any]]
    receipts: list[Receipt]
    unused: dict[str, int]


@dataclass(frozen=True, slots=True)
class Direction:
    """A chapter's directions with its people resolved to places in the cast."""

    shots: Mapping[str, ShotTold]
    said: Sequence[Sequence[Any]]
    people: Mapping[str, int]
    by_name: Mapping[str, int]

    @classmethod
    def of(cls, told: Directions | None, casting: Casting) -> Direction:
        if told is None:
            return cls({}, (), {}, {})
        people = {}
        for letter, places in told["people"].items():
            who = _named_at(places, casting.mentions)
            if who is not None:
                people[letter] = who
        return cls(told["shots"], told["said"], people, names_of(casting))

    def who(self, reference: str) -> int | None:
        """The place in the cast of a letter or a name; None for nobody known."""
        found = self.people.get(reference)
        return found if found is not None else self.by_name.get(fold(reference))

    def spoken(self, lines: Sequence[Line]) -> list[Line]:
        """The lines with the speakers that were told."""
        if not self.said:
            return list(lines)
        heard = []
        for line in lines:
            for start, end, reference in self.said:
                if start <= line.start < end:
                    who = self.who(reference) if reference else None
                    if who is not None or not reference:
                        line = replace(line, who=who, how="told")
            heard.append(line)
        return heard

    def shot(self, start: int) -> ShotTold:
        return self.shots.get(str(start), {})

    def seen(self, told: ShotTold) -> dict[int, tuple[str, str]] | None:
        """Who is seen, with pose and expression ("" where not told); None where it is not told."""
        if "cast" not in told:
            return None
        found: dict[int, tuple[str, str]] = {}
        for reference, pose, expression in told["cast"]:
            who = self.who(reference)
            if who is not None and who not in found:
                found[who] = (pose, expression)
        return found if found or not told["cast"] else None


def names_of(casting: Casting) -> dict[str, int]:
    """Every name and alias; what two people share belongs to the more important one."""
    found: dict[str, int] = {}
    for who, person in enumerate(casting.people):
        for name in (person.name, *person.aliases):
            found.setdefault(fold(name), who)
    return found


def _named_at(places: Sequence[Sequence[int]], mentions: Mentions) -> int | None:
    """Whom the whole book's cast names at most of these places."""
    votes: Counter[int] = Counter()
    for start, end in places:
        votes.update({mention.who for mention in mentions.within(start, end)})
    return min(votes, key=lambda who: (-votes[who], who)) if votes else None


def join_people(
    casting: Casting, told: Sequence[Directions], apart: Collection[tuple[str, str]] = ()
) -> Casting:
    """People whom readers took for one are joined, but never those whom the user holds `apart`.

    Two are joined where more than half of the chapters that list both say so, so that neither the
    order of chapters nor one rash reader decides.
    """
    if not any(chapter["same"] for chapter in told):
        return casting
    claims: Counter[tuple[int, int]] = Counter()
    listed: Counter[tuple[int, int]] = Counter()
    for chapter in told:
        direction = Direction.of(chapter, casting)
        there = sorted(set(direction.people.values()))
        pairs = {_pair(direction, one, other) for one, other in chapter["same"]} - {None}
        claims.update(pair for pair in pairs if pair)
        listed.update({(a, b) for a in there for b in there if a < b} | {p for p in pairs if p})
    found = names_of(casting)
    barred = {frozenset((found.get(fold(one)), found.get(fold(other)))) for one, other in apart}
    agreed = sorted(
        pair
        for pair, count in claims.items()
        if 2 * count > listed[pair] and frozenset(pair) not in barred
    )
    return _joined(casting, agreed) if agreed else casting


def _pair(direction: Direction, one: str, other: str) -> tuple[int, int] | None:
    a, b = direction.who(one), direction.who(other)
    return None if a is None or b is None or a == b else (min(a, b), max(a, b))


def _joined(casting: Casting, pairs: Sequence[tuple[int, int]]) -> Casting:
    home = list(range(len(casting.people)))
    for a, b in pairs:
        low, high = sorted((_root(home, a), _root(home, b)))
        home[high] = low
    roots = [_root(home, who) for who in home]
    people = []
    for who in sorted(set(roots)):
        group = [casting.people[other] for other, root in enumerate(roots) if root == who]
        first, rest = group[0], group[1:]
        names = [*first.aliases, *(n for one in rest for n in (one.name, *one.aliases))]
        joined = replace(
            first,
            aliases=tuple(dict.fromkeys(name for name in names if name != first.name)),
            mentions=sum(one.mentions for one in group),
            first_at=min(one.first_at for one in group),
            offsets=tuple(sorted(span for one in group for span in one.offsets)),
        )
        people.append((who, joined))
    people.sort(key=lambda item: (-item[1].mentions, item[1].first_at, item[1].name))
    place = {who: rank for rank, (who, _) in enumerate(people)}
    return replace(
        casting,
        people=tuple(person for _, person in people),
        mentions=Mentions(
            [Mention(m.start, m.end, place[roots[m.who]]) for m in casting.mentions.all]
        ),
        genders=tuple(casting.genders[who] for who, _ in people),
        givens={
            name: sorted({place[roots[who]] for who in owners})
            for name, owners in casting.givens.items()
        },
    )


def _root(home: list[int], who: int) -> int:
    while home[who] != who:
        who = home[who]
    return who

"""Which people are one person, by how the book speaks of them: no list of well-known names needed.

A name that is called out (“悟空，…”) belongs to whoever answers; who says 吾乃张翼德也 is 张翼德; 齐天大圣孙悟空
is one; 老君 is 太上老君. Against it speaks that the two talk to, or are listed beside, each other.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from generation.story.characters import RARE_AS_NAME
from generation.story.hearsay import Votes, hear, read_names
from generation.story.known import Known, given_name
from generation.story.mentions import Mention, Mentions
from generation.story.words import is_role

__all__ = ["join_by_speech"]


# So often must a called name be answered by one and the same, and what share of the answers is his.
_ANSWERS, _ANSWER_SHARE = 4, 0.5
_SURE_SHARE = 0.7
_SAID_SO = 2
_SIDE_BY_SIDE = 3
_NEAR_ENOUGH, _NEAR_SHARE, _ALIKE = 150, 0.06, 0.95
# What may speak against a joining, as a share of what speaks for it.
_DOUBT = 0.15
# A title that three people bear (天王) is nobody's alone.
_BEARERS = 3
_NAMING_KINDS = frozenset(["name", "nick", "titled"])


class _Claim(NamedTuple):
    """`weight` speaks for it that the two are one; so much against it does not matter: `doubt`."""

    weight: int
    doubt: float
    one: int
    other: int


def join_by_speech(
    folded: str,
    people: Sequence[Known],
    found: Sequence[Mention],
    quoted: Sequence[tuple[int, int]],
) -> tuple[list[Known], list[Mention]]:
    """The people with those joined that are one, and their mentions; the most mentioned keeps his
    place. Roles, relatives and the narrator are left as they are."""
    open_to = {who for who, person in enumerate(people) if person.kind in _NAMING_KINDS}
    if len(open_to) < 2:
        return list(people), list(found)
    mentions = Mentions(found)
    votes = Votes()
    hear(folded, mentions, quoted, votes)
    read_names(folded, mentions, votes)
    counts = Counter(mention.who for mention in found)
    roots = _grouped(people, open_to, votes, counts)
    if all(root == who for who, root in enumerate(roots)):
        return list(people), list(found)
    return _merged(people, found, roots, counts)


def _grouped(
    people: Sequence[Known], open_to: set[int], votes: Votes, counts: Counter[int]
) -> list[int]:
    """For each person the place of the one that he is joined to."""
    roots = list(range(len(people)))
    groups = {who: {who} for who in open_to}
    for claim in sorted(_claims(people, open_to, votes, counts), reverse=True):
        a, b = roots[claim.one], roots[claim.other]
        if a == b or _differ(people, groups[a], groups[b]):
            continue
        if sum(votes.against(x, y) for x in groups[a] for y in groups[b]) > claim.doubt:
            continue
        low, high = sorted((a, b), key=lambda who: (-counts[who], who))
        groups[low] |= groups.pop(high)
        for who in groups[low]:
            roots[who] = low
    return roots


def _claims(
    people: Sequence[Known], open_to: set[int], votes: Votes, counts: Counter[int]
) -> Iterator[_Claim]:
    answers: Counter[int] = Counter()
    for (name, _), count in votes.called.items():
        answers[name] += count
    for (name, who), count in votes.called.items():
        share = count / answers[name]
        if name != who and count >= _ANSWERS and share >= _ANSWER_SHARE and {name, who} <= open_to:
            sure = count >= 2 * _ANSWERS and share >= _SURE_SHARE
            yield _Claim(count, count * (2 if sure else _DOUBT), name, who)
    for (one, other), count in votes.same.items():
        courtesy = _is_courtesy(people[one], people[other])
        enough, doubt = (1, 2.0) if courtesy else (_SAID_SO, count * _DOUBT)
        if count >= enough and {one, other} <= open_to and not _both_full(people, one, other):
            yield _Claim(5 + count, doubt, one, other)
    beside: Counter[int] = Counter(
        who for pair, count in votes.side.items() if count > 1 for who in pair
    )
    for (one, other), count in votes.side.items():
        alone = beside[one] == beside[other] == 1  # 文殊菩萨 and 观音菩萨: 菩萨 is nobody's
        if count >= _SIDE_BY_SIDE and alone and {one, other} <= open_to:
            if not (_is_formal(people[one]) and _is_formal(people[other])):
                yield _Claim(count, count * _DOUBT, one, other)
    yield from _never_together(open_to, votes)
    yield from _endings(people, open_to, counts)


def _never_together(open_to: set[int], votes: Votes) -> Iterator[_Claim]:
    """Two who speak in the same scenes, to the same people and never after each other: 三藏, 唐僧."""
    partners: dict[int, Counter[int]] = defaultdict(Counter)
    for (one, other), count in votes.next.items():
        partners[one][other] += count
        partners[other][one] += count
    for (one, other), count in votes.near.items():
        follows = votes.next[one, other]
        if count < _NEAR_ENOUGH or follows > count * _NEAR_SHARE or not {one, other} <= open_to:
            continue
        if _alike(partners[one], partners[other]) >= _ALIKE:
            yield _Claim(count // 10, count * _DOUBT, one, other)


def _alike(ones: Counter[int], others: Counter[int]) -> float:
    """The cosine of two people's counts of partners in talk."""
    product = sum(count * others[who] for who, count in ones.items())
    return product / (math.hypot(*ones.values()) * math.hypot(*others.values()) or 1.0)


def _both_full(people: Sequence[Known], one: int, other: int) -> bool:
    """张宝 and 张角: two full names are two people, 刘表 and 刘景升 may be one."""
    names = people[one].name, people[other].name
    full = all(given_name(name) and name[0] not in RARE_AS_NAME for name in names)
    return full and not _is_courtesy(people[one], people[other])


def _is_courtesy(one: Known, other: Known) -> bool:
    """One surname, one given name of one character and one of two."""
    ones, others = given_name(one.name), given_name(other.name)
    family = one.name[: len(one.name) - len(ones)]
    same = bool(ones and others) and other.name.startswith(family)
    return same and {len(ones), len(others)} == {1, 2}


def _endings(people: Sequence[Known], open_to: set[int], counts: Counter[int]) -> Iterator[_Claim]:
    """老君 is 太上老君, where not several bear the title; 玉帝 is 玉皇大帝."""
    by_alias = {
        alias: who for who in sorted(open_to, reverse=True) for alias in people[who].aliases
    }
    longer: dict[int, set[int]] = defaultdict(set)
    for who in sorted(open_to):
        for alias in people[who].aliases:
            for size in range(2, len(alias)):
                short = by_alias.get(alias[-size:])
                if short is not None and short != who:
                    longer[short].add(who)
            if len(alias) >= 4 and (short := by_alias.get(alias[0] + alias[-1])) not in (None, who):
                longer[short or 0].add(who)
    for short, bearers in longer.items():
        if len(bearers) < _BEARERS:
            for who in bearers:
                # 猪八戒 is but 八戒, and is taken for somebody beside him now and then.
                rarer = min(counts[short], counts[who])
                yield _Claim(6, max(1, rarer * _DOUBT), short, who)


def _is_formal(person: Known) -> bool:
    return bool(given_name(person.name)) or person.kind == "titled"


def _differ(people: Sequence[Known], ones: set[int], others: set[int]) -> bool:
    """Whether two groups are of different genders, or both have a surname with a courtesy name."""
    genders = [
        {people[w].traits["gender"] for w in g if "gender" in people[w].traits}
        for g in (ones, others)
    ]
    if genders[0] and genders[1] and genders[0] != genders[1]:
        return True
    return any(people[w].formal for w in ones) and any(people[w].formal for w in others)


def _merged(
    people: Sequence[Known], found: Sequence[Mention], roots: Sequence[int], counts: Counter[int]
) -> tuple[list[Known], list[Mention]]:
    members: dict[int, list[int]] = defaultdict(list)
    for who, root in enumerate(roots):
        members[root].append(who)
    joined = [_one(people, root, members[root], counts) for root in members]
    totals = Counter({root: sum(counts[who] for who in members[root]) for root in members})
    order = sorted(range(len(joined)), key=lambda i: (-totals[list(members)[i]], i))
    heads = list(members)
    place = {heads[i]: rank for rank, i in enumerate(order)}
    return [joined[i] for i in order], [Mention(m.start, m.end, place[roots[m.who]]) for m in found]


def _one(people: Sequence[Known], root: int, group: Sequence[int], counts: Counter[int]) -> Known:
    """The person that a group is: under the formal name where one has it, else the most mentioned's."""
    group = sorted(group, key=lambda who: (-counts[who], who))
    full = [people[who] for who in group if given_name(people[who].name)]
    plain = [person for person in full if not is_role(given_name(person.name))]
    formal = [person for person in plain if person.formal]
    first = next(iter(formal or plain), people[root])
    # 刘表 is the name, 刘景升 what others call him.
    shorter = [p for p in plain if _is_courtesy(p, first) and len(p.name) < len(first.name)]
    first = next(iter(shorter), first)
    if len(group) == 1:
        return people[root]
    traits: dict[str, str] = {}
    for who in group:
        traits = people[who].traits | traits
    return replace(
        first,
        aliases=set().union(*(people[who].aliases for who in group)),
        traits=traits | first.traits,
        weight=sum(people[who].weight for who in group),
        kind="name" if first.kind == "titled" else first.kind,
    )

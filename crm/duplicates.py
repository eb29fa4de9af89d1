"""Who may be one person under two records: pairs with the reasons, the surest first."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.models import Creator, CreatorsDiffer, PayerName
from crm.near_names import near_pairs
from crm.rosters import handle_key, name_key

REASONS = {
    "contact": _("same contact"),
    "handle": _("same handle"),
    "payer": _("one pays under the other's name"),
    "name": _("same pen name"),
    "near": _("similar pen name"),
}
_WEIGHTS = {"contact": 5, "handle": 4, "payer": 3, "name": 3, "near": 1}
NEAR = 0.5  # of the trigrams of two names
MOST = 500  # pairs of similar names that are looked at


@dataclass(frozen=True)
class Pair:
    """Two creators (the one known longer first) and why they may be one."""

    first: Creator
    second: Creator
    reasons: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return [str(REASONS[reason]) for reason in self.reasons]


def duplicates(of: Creator | None = None) -> list[Pair]:
    """Pairs that resemble each other and that nobody has said to differ; of one creator, or all.

    Three queries, whatever the number of creators.
    """
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    people = {one.pk: one for one in Creator.objects.defer("note")}
    _together(
        found, "contact", ((key, one.pk) for one in people.values() for key in _contacts(one))
    )
    _together(
        found,
        "handle",
        ((handle_key(one.handle), one.pk) for one in people.values() if one.handle),
    )
    _together(found, "name", ((name_key(one.name), one.pk) for one in people.values()))
    _payers(found, people)
    for first, second in _near(people):
        found[first, second].add("near")
    differ = set(CreatorsDiffer.objects.values_list("first_id", "second_id"))
    pairs = [
        Pair(people[a], people[b], _reasons(reasons))
        for (a, b), reasons in found.items()
        if (a, b) not in differ and (of is None or of.pk in (a, b))
    ]
    return sorted(
        pairs,
        key=lambda pair: (-sum(_WEIGHTS[r] for r in pair.reasons), pair.first.pk, pair.second.pk),
    )


def _reasons(reasons: set[str]) -> tuple[str, ...]:
    if "name" in reasons:
        reasons = reasons - {"near"}
    return tuple(sorted(reasons, key=lambda reason: -_WEIGHTS[reason]))


def _together(
    found: dict[tuple[int, int], set[str]], reason: str, keyed: Iterable[tuple[str, int]]
) -> None:
    groups: dict[str, set[int]] = defaultdict(set)
    for key, pk in keyed:
        if key:
            groups[key].add(pk)
    for group in groups.values():
        members = sorted(group)
        if len(members) > 12:  # what so many share says nothing of who they are
            continue
        for place, first in enumerate(members):
            for second in members[place + 1 :]:
                found[first, second].add(reason)


def _contacts(one: Creator) -> list[str]:
    """Addresses and numbers in a contact: `微信 mobai_88, 138-0013-8000` has two."""
    text = one.contact.casefold()
    mails = re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", text)
    numbers = [re.sub(r"\D", "", part) for part in re.findall(r"\+?\d[\d\s-]{5,}\d", text)]
    names = re.findall(r"(?<![\w.@+-])[a-z][\w-]{5,19}(?![\w@.-])", text)
    return [*mails, *(number[-11:] for number in numbers if len(number) >= 7), *names]


def _payers(found: dict[tuple[int, int], set[str]], people: dict[int, Creator]) -> None:
    by_name = defaultdict(list)
    for one in people.values():
        by_name[name_key(one.name)].append(one.pk)
    for name, owner in PayerName.objects.values_list("name", "creator_id"):
        for pk in by_name.get(name_key(name), ()):
            if pk != owner:
                found[min(pk, owner), max(pk, owner)].add("payer")


def _near(people: dict[int, Creator]) -> list[tuple[int, int]]:
    names = {pk: name_key(one.name) for pk, one in people.items() if len(one.name) > 2}
    return near_pairs(names, least=NEAR, most=MOST)

"""A person whom the text names, and the register of who owns which alias."""

from __future__ import annotations

from dataclasses import dataclass, field

from generation.story.lexicon import surnames

__all__ = ["Known", "Register", "given_name"]


@dataclass(slots=True)
class Known:
    """One person: every alias (in simplified characters) and what is known of the looks.

    `shown` is the name that a reader gave him, "" where it is the text's own. `key` tells him from
    another of the same name, where a role is somebody else's in another part of the book.
    """

    name: str
    aliases: set[str] = field(default_factory=set)
    traits: dict[str, str] = field(default_factory=dict)
    kind: str = "name"
    weight: int = 0
    formal: bool = False
    shown: str = ""
    key: str = ""


def given_name(full: str) -> str:
    """刘备 → 备, 诸葛亮 → 亮, 顾明舟 → 明舟; "" where there is no surname."""
    single, double = surnames()
    if len(full) in (3, 4) and full[:2] in double:
        return full[2:]
    return full[1:] if len(full) in (2, 3) and full[0] in single else ""


class Register:
    """People by number, and who owns each alias; an alias has one owner at a time."""

    def __init__(self) -> None:
        self.members: dict[int, Known] = {}
        self.owner: dict[str, int] = {}
        self._next = 0

    def add(self, person: Known) -> None:
        key, self._next = self._next, self._next + 1
        person.aliases = {a for a in person.aliases if a == person.name or a not in self.owner}
        self.members[key] = person
        for alias in person.aliases:
            self.owner[alias] = key

    def find(self, alias: str) -> Known | None:
        key = self.owner.get(alias)
        return None if key is None else self.members[key]

    def give(self, person: Known, alias: str) -> None:
        """Make `alias` one of `person`; whoever was only called so is the same person.

        An alias that is the formal name of somebody else, or known to be theirs, stays there.
        """
        key = self.owner[person.name]
        other_key = self.owner.get(alias)
        if other_key == key:
            return
        if other_key is not None:
            other = self.members[other_key]
            if other.formal or other.kind == "known" or alias != other.name:
                return
            if person.kind == "role" or other.kind == "role":
                return
            person.aliases |= other.aliases
            person.weight += other.weight
            for theirs in other.aliases:
                self.owner[theirs] = key
            del self.members[other_key]
            return
        person.aliases.add(alias)
        self.owner[alias] = key

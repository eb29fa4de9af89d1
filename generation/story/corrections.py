"""What a reader corrects of the cast, remembered by name and applied whenever it is found anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from generation.story.people import Known
from generation.story.script import fold

__all__ = ["KINDS", "Correction", "Look", "corrected", "look_for"]

Kind = Literal["merge", "split", "rename", "remove", "add"]
KINDS: tuple[Kind, ...] = ("merge", "split", "rename", "remove", "add")


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction.

    merge: `name` is the same person as `other`, whose name stays. split: `name`, an alias of
    `other`, is somebody else. rename: `name` is to be called `other`. remove: `name` is nobody.
    add: `name` is a person. Names are those found in the text, in any script.
    """

    kind: Kind
    name: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The traits that somebody chose for a character, and words that come after what they say."""

    traits: Mapping[str, Any]
    further: str = ""


def look_for(name: str, aliases: Iterable[str], looks: Mapping[str, Look]) -> Look | None:
    """The look chosen under this name, else under an alias (he was joined or is called otherwise)."""
    told = {fold(other): look for other, look in looks.items()}
    return next((told[fold(one)] for one in (name, *aliases) if fold(one) in told), None)


def corrected(known: Iterable[Known], corrections: Sequence[Correction]) -> list[Known]:
    """`known` after the corrections, in their order; what names nobody there changes nothing."""
    people = list(known)
    for correction in corrections:
        name, other = fold(correction.name), fold(correction.other)
        match correction.kind:
            case "merge":
                _merge(people, name, other)
            case "split":
                _split(people, name, other)
            case "rename":
                if person := _find(people, name):
                    person.shown = correction.other
            case "remove":
                if person := _find(people, name):
                    people.remove(person)
            case "add":
                if not _find(people, name):
                    people.append(Known(name, {name}, kind="corrected"))
    return people


def _find(people: Sequence[Known], name: str) -> Known | None:
    """Who is called so: by name first, then by what he is shown as, then by an alias."""
    for person in people:
        if person.name == name:
            return person
    shown = [person for person in people if person.shown and fold(person.shown) == name]
    return next(iter(shown or [person for person in people if name in person.aliases]), None)


def _merge(people: list[Known], name: str, other: str) -> None:
    gone, stays = _find(people, name), _find(people, other)
    if gone is None or stays is None or gone is stays:
        return
    stays.aliases |= gone.aliases
    stays.weight += gone.weight
    for trait, value in gone.traits.items():
        stays.traits.setdefault(trait, value)
    people.remove(gone)


def _split(people: list[Known], name: str, other: str) -> None:
    person = _find(people, other)
    # The name by which a person is known cannot be taken from him; rename him instead.
    if person is None or name not in person.aliases or name == person.name:
        return
    person.aliases.discard(name)
    people.append(Known(name, {name}, kind="corrected"))

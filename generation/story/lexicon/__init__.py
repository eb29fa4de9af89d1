"""Word lists of the story room: surnames, titles, roles, and people of well-known novels.

A lexicon only helps: names that it does not hold are found by the rules of `names`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from generation.story.script import fold

__all__ = [
    "KnownPerson",
    "Role",
    "known_people",
    "roles",
    "stopwords",
    "surnames",
    "titles",
]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of a well-known work, with traits that every reader of it would expect."""

    work: str
    name: str
    aliases: tuple[str, ...]
    traits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A person known only by what he or she is: 老者, 店小二, 国王."""

    word: str
    traits: tuple[tuple[str, str], ...]


def _rows(name: str) -> list[list[str]]:
    content = (files(__package__) / name).read_text(encoding="utf-8")
    return [
        fold(line).split("\t")
        for line in content.splitlines()
        if line.strip() and not line.startswith("#")
    ]


def _traits(basics: str, others: str = "") -> tuple[tuple[str, str], ...]:
    keys = ("gender", "age", "species")
    found = [(key, value) for key, value in zip(keys, basics.split(), strict=False)]
    found += [(key, value) for key, _, value in (pair.partition("=") for pair in others.split())]
    return tuple((key, value) for key, value in found if value != "unknown")


@cache
def known_people() -> tuple[KnownPerson, ...]:
    """People of well-known novels with their courtesy names and titles."""
    return tuple(
        KnownPerson(work, name, tuple(aliases.split()), _traits(basics, rest[0] if rest else ""))
        for work, name, aliases, basics, *rest in _rows("people.tsv")
    )


@cache
def roles() -> dict[str, Role]:
    """Role words, such as 老者 or 店小二, and how such a person usually looks."""
    return {
        word: Role(word, _traits(basics, rest[0] if rest else ""))
        for word, basics, *rest in _rows("roles.tsv")
    }


@cache
def titles() -> dict[str, tuple[tuple[str, str], ...]]:
    """Titles that follow a surname (先生, 夫人), with the gender and age that they tell."""
    return {title: _traits(basics) for title, basics in _rows("titles.tsv")}


@cache
def surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Surnames of one character, and of two."""
    words = " ".join(row[0] for row in _rows("surnames.txt")).split()
    single = frozenset(words[0])
    return single, frozenset(word for word in words[1:] if len(word) == 2)


@cache
def stopwords() -> frozenset[str]:
    """Words that look like names and are none."""
    return frozenset(" ".join(row[0] for row in _rows("stopwords.txt")).split())

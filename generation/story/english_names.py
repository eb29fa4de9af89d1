"""Which English names are one person's: Mr. Holmes, Sherlock Holmes and Holmes; Tom and Thomas Sawyer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from generation.story.given_names import given_gender, pet_names
from generation.story.known import Known

__all__ = ["FEMALE", "MALE", "TITLES", "Name", "join_names"]

FEMALE = frozenset(
    """Mrs Ms Miss Lady Aunt Auntie Sister Mother Madame Madam Mademoiselle Countess Princess Queen Mistress
    Duchess Dame Widow Signora Baroness Granny""".split()  # noqa: SIM905
)
MALE = frozenset(
    """Mr Sir Lord Uncle Captain Colonel Father Brother Monsieur Count Prince King Master Major General
    Lieutenant Sergeant Inspector Squire Admiral Duke Baron Reverend Rev Signor Herr Mister Esquire""".split()  # noqa: SIM905
)
TITLES = FEMALE | MALE | {"Dr", "Doctor", "Professor", "Judge", "Cousin", "President", "Saint"}
# Titles that stand before a given name; those of a rank are part of the name.
_FAMILIAR = frozenset(
    ["Miss", "Mr", "Master", "Mistress", "Ms", "Mrs", "Cousin", "Dr", "Madam", "Brother"]
)
_SAME_TITLE = {"Doctor": "Dr", "Mister": "Mr", "Rev": "Reverend"}
_PARTICLES = frozenset(["Van", "Von", "De", "Du", "Le", "La", "Del", "St", "St."])
# What describes somebody and is no given name.
_EPITHETS = frozenset(
    """White Black Red Blue Green Grey Gray Old Young Little Big Great Good Poor Mad Long Mock Wild Blind Fat
    Tall Dear Brave Holy Aged""".split()  # noqa: SIM905
)
# Whom a name mostly means that several bear: so many times as often as the next.
_DOMINANT = 3
# Who is called by his given name so often, beside a Mr. of his surname, is the son.
_FAMILIARLY, _MISTER = 20, ("Mr.", "Mr")
# A full name that comes so often is what somebody is called by here.
_OFTEN, _TITLED_SHARE = 3, 0.25


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts; `given` or `surname` is "" where it has none, both where it is one bare word."""

    words: str
    title: str
    given: str
    surname: str

    @property
    def bare(self) -> bool:
        return not self.title and not (self.given and self.surname)

    @property
    def gender(self) -> str:
        if self.title in FEMALE:
            return "female"
        if self.title in MALE:
            return "male"
        return given_gender(self.given or (self.surname if self.bare else ""))

    @classmethod
    def of(cls, words: str, is_given: Iterable[str] = ()) -> Name:
        """The parts of `words`; `is_given` are words that the book uses as given names."""
        parts = words.split()
        title = parts[0].rstrip(".")
        if title in TITLES and len(parts) > 1:
            title, parts = _SAME_TITLE.get(title, title), parts[1:]
        else:
            title = ""
        while len(parts) > 1 and parts[0] in _EPITHETS:
            parts = parts[1:]
        if len(parts) == 1 or parts[0].capitalize() in _PARTICLES:
            word = " ".join(parts)
            calls_by_given = title and (given_gender(word) or word in is_given)
            return cls(words, title, word if calls_by_given else "", "" if calls_by_given else word)
        particle = (i for i, part in enumerate(parts) if i and part.capitalize() in _PARTICLES)
        return cls(words, title, parts[0], " ".join(parts[next(particle, len(parts) - 1) :]))


@dataclass(slots=True)
class _Person:
    names: list[Name] = field(default_factory=list)
    count: int = 0
    familiar: bool = False

    @property
    def givens(self) -> set[str]:
        return {name.given for name in self.names if name.given}

    @property
    def surnames(self) -> set[str]:
        return {name.surname for name in self.names if name.surname}

    @property
    def gender(self) -> str:
        told = [name.gender for name in self.names if name.gender]
        return max(set(told), key=lambda gender: (told.count(gender), gender)) if told else ""

    @property
    def is_son(self) -> bool:
        """Whether he is called by his given name and by Mr. never: Frederick, beside Mr. Hale."""
        return self.familiar and not any(name.title for name in self.names)

    @property
    def ranked(self) -> bool:
        """Whether somebody is known by rank or kin only: Lady Catherine, Aunt Polly."""
        return all(name.title and name.title not in _FAMILIAR for name in self.names)


def join_names(accepted: Mapping[str, int], seen: Mapping[str, int], *, short: bool) -> list[Known]:
    """People for the names in `accepted` (with their counts); of the other names in `seen` those
    become aliases that can only be theirs. `short`: the text is so short that once is often."""
    firsts = {
        w.split()[0] for w in seen if len(w.split()) > 1 and w.split()[0].rstrip(".") not in TITLES
    }
    lasts = {word.split()[-1] for word in seen if len(word.split()) > 1}
    is_given = {word for word in firsts if word not in _EPITHETS and word not in lasts}
    names = {words: Name.of(words, is_given) for words in accepted}
    people: list[_Person] = []
    _full(names.values(), accepted, people)
    for person in people:
        titled = max(
            (seen.get(f"{title} {name}", 0) for name in person.surnames for title in _MISTER),
            default=0,
        )
        by_given = sum(seen.get(given, 0) for given in person.givens)
        formal = any(
            Name.of(w).title and person.givens & set(w.split())
            for w in seen
            if set(w.split()) & person.surnames
        )
        person.familiar = by_given >= _FAMILIARLY and by_given * 4 > titled and not formal
    for name in _ordered(
        (n for n in names.values() if n.title and not (n.given and n.surname)), accepted
    ):
        _add(name, accepted[name.words], _bearer(name, people), people)
    for name in _ordered((n for n in names.values() if n.bare), accepted):
        _add(name, accepted[name.words], _meant(name.surname or name.given, people), people)
    others = [
        Name.of(words, is_given) for words in sorted(seen) if words not in accepted and " " in words
    ]
    for name in others:
        if owner := _surely(name, people):
            owner.names.append(name)
    _single_words(people, set(accepted), seen)
    return [_known(person, accepted, short=short) for person in people if person.count]


def _ordered(names: Iterable[Name], counts: Mapping[str, int]) -> list[Name]:
    return sorted(
        names, key=lambda name: (-len(name.words.split()), -counts[name.words], name.words)
    )


def _add(name: Name, count: int, person: _Person | None, people: list[_Person]) -> None:
    if person is None:
        person = _Person()
        people.append(person)
    person.names.append(name)
    person.count += count


def _full(names: Iterable[Name], counts: Mapping[str, int], people: list[_Person]) -> None:
    """Given name and surname: Thomas Sawyer and Tom Sawyer are one."""
    for name in _ordered((n for n in names if n.given and n.surname), counts):
        same = [
            p
            for p in people
            if name.surname in p.surnames
            and any(_same_given(g, name.given) for g in p.givens)
            and {p.gender, name.gender} != {"male", "female"}
        ]
        _add(name, counts[name.words], same[0] if same else None, people)


def _same_given(one: str, other: str) -> bool:
    return one == other or other in pet_names().get(one, ()) or one in pet_names().get(other, ())


def _bearer(name: Name, people: list[_Person]) -> _Person | None:
    """Whom Mr. Darcy, Miss Jane or Sir Henry is."""
    learned = name.title and not name.gender  # Judge Thatcher is not Becky
    fitting = [p for p in people if p.gender in ("", name.gender) or not name.gender]
    fitting = [p for p in fitting if p.gender != "female"] if learned else fitting
    if name.given:
        if name.gender and given_gender(name.given) not in ("", name.gender):
            return None  # Mrs. Joe
        exact = [p for p in fitting if name.given in p.givens]
        ranked = [p for p in exact if any(n.title == name.title for n in p.names)]
        if name.title not in _FAMILIAR:
            return ranked[0] if len(ranked) == 1 else None
        near = exact or [p for p in fitting if any(_same_given(g, name.given) for g in p.givens)]
        return _dominant([p for p in near if not p.ranked])
    family = [p for p in fitting if name.surname in p.surnames]
    married = [p for p in family if any(n.title in ("Mrs", "Madame") for n in p.names)]
    if name.title in ("Mrs", "Madame"):
        return married[0] if len(married) == 1 else None
    if name.gender == "female":
        family = [p for p in family if p not in married and p.gender == "female" and not p.ranked]
        same = [p for p in family if any(n.title == name.title for n in p.names)]
        return same[0] if len(same) == 1 else (family[0] if len(family) == 1 else None)
    return _dominant([p for p in family if not p.is_son])


def _dominant(options: list[_Person]) -> _Person | None:
    """The only one, or one who is named far oftener than the next."""
    ranked = sorted(options, key=lambda person: -person.count)
    if len(ranked) > 1 and ranked[0].count < _DOMINANT * ranked[1].count:
        return None
    return ranked[0] if ranked else None


def _meant(word: str, people: list[_Person]) -> _Person | None:
    """Whom a bare word means: a given name, else the man of a surname, else its only woman."""
    titled = [p for p in people if any(n.title == word for n in p.names)]
    if word in TITLES:
        return titled[0] if len(titled) == 1 else None
    if word in pet_names() or given_gender(word) or not any(word in p.surnames for p in people):
        told = given_gender(word)
        fitting = [p for p in people if not told or p.gender in ("", told)]
        exact = [p for p in fitting if word in p.givens]
        plain = [p for p in exact if not p.ranked] or exact
        if plain:
            return _dominant(plain)
        near = [p for p in fitting if any(_same_given(g, word) for g in p.givens) and not p.ranked]
        if len(near) == 1:
            return near[0]
    family = [p for p in people if word in p.surnames]
    men = [p for p in family if p.gender != "female"]
    if (
        word
        and not family
        and (inside := [p for p in people if any(word in n.words.split() for n in p.names)])
    ):
        return inside[0] if len(inside) == 1 else None
    return _dominant(men) if men else (family[0] if len(family) == 1 else None)


def _surely(name: Name, people: list[_Person]) -> _Person | None:
    """Whose a rare form of a name is: Miss Eliza Bennet."""
    if name.given and name.surname:
        fitting = [
            p
            for p in people
            if p.gender in ("", name.gender) or not name.gender
            if name.surname in p.surnames and any(_same_given(g, name.given) for g in p.givens)
        ]
        return fitting[0] if len(fitting) == 1 else None
    return _bearer(name, people) if name.title else None


def _single_words(people: list[_Person], accepted: set[str], seen: Mapping[str, int]) -> None:
    """Darcy, seldom alone, is Mr. Darcy where nobody else bears the word; Lizzy is Elizabeth."""
    bearers: dict[str, list[_Person]] = defaultdict(list)
    for person in people:
        for word in {word for name in person.names for word in name.words.split()}:
            bearers[word].append(person)
    for word, persons in sorted(bearers.items()):
        alone = word not in accepted and seen.get(word, 0) and word.rstrip(".") not in TITLES
        if alone and len(persons) == 1 and word not in _EPITHETS:
            persons[0].names.append(Name(word, "", "", word))
    for short in sorted(set(pet_names()) & set(seen) - accepted - set(bearers)):
        if owner := _meant(short, people):
            owner.names.append(Name(short, "", short, ""))


def _known(person: _Person, counts: Mapping[str, int], *, short: bool) -> Known:
    """The person under the full name where it comes often enough, else as he is mostly called."""
    names = sorted(person.names, key=lambda name: (-counts.get(name.words, 0), name.words))
    total = sum(counts.get(name.words, 0) for name in names)
    full = [name for name in names if " " in name.words and not name.title]
    full.sort(key=lambda name: name.words.split()[0] in _EPITHETS)
    titled = [n for n in names if n.title]
    best = next((name for name in names if name.words not in TITLES), names[0])
    if full and (short or counts.get(full[0].words, 0) >= _OFTEN):
        best = full[0]
    elif titled and counts.get(titled[0].words, 0) >= _TITLED_SHARE * total:
        best = titled[0]
    traits = {"species": "human"}
    if person.gender:
        traits["gender"] = person.gender
    if any(
        name.title in ("King", "Queen", "Prince", "Princess") for name in names
    ) or best.words in ("King", "Queen"):
        traits["headgear"] = "crown"
    if best.words in FEMALE | MALE and "gender" not in traits:
        traits["gender"] = "female" if best.words in FEMALE else "male"
    return Known(best.words, {name.words for name in names}, traits, weight=person.count)

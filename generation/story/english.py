"""People of an English novel: capitalised names that speak and act, joined by shared words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from generation.story.given_names import given_gender, pet_names
from generation.story.mentions import Mention
from generation.story.names import Evidence, outside_of
from generation.story.people import Known
from generation.story.quotes import Quote

__all__ = ["collect_english", "decide_english", "find_english_mentions"]

_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|Aunt|Uncle|Captain|Colonel|Professor|Father|Sister|"
    r"Brother|Madame|Monsieur|Count|Countess|Prince|Princess|King|Queen|Master|Mistress)"
)
_NAME = re.compile(
    rf"\b(?:(?:Mr|Mrs|Ms|Dr|St)\.\s+|{_TITLE}\s+)?[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)?"
    r"(?:\s+(?:[A-Z]\.\s+)?[A-Z][a-z]+(?:-[A-Z][a-z]+)?){0,2}"
)
_STOP = frozenset(
    """
    The A An And But Or So If Then When While Where Why What Which Who Whom Whose How This
    That These Those There Here It Its He She They We You I His Her Their Our Your My Me Him
    Them Us Oh Ah Yes No Not Nor Now Well Why Just Very As At By For From In Into Of On Onto
    To With Without Up Down Out Off Over Under After Before Again Once One Two Three Four
    Five Six Seven Eight Nine Ten All Any Some Every Each Both Either Neither Never Ever
    Always Only Even Still Yet Perhaps Indeed Please Thank Good Great Little Poor Dear Come
    Go Let Do Did Does Don Is Are Was Were Be Been Have Has Had Can Could Will Would Shall
    Should May Might Must Chapter Part Book Volume Monday Tuesday Wednesday Thursday Friday
    Saturday Sunday January February July September October November December English French
    German Latin American Christmas God Heaven Lord Sir Madam Miss Mr Mrs Dr Said Suddenly
    Soon Next Last First Second Everybody Nobody Somebody Everything Nothing Something Half
    Such More Most Much Many Other Another Same Which However Therefore Besides Meanwhile
    Presently Nearly Almost Quite Rather Really Certainly London England Paris France Europe
    America India
    """.split()  # noqa: SIM905
)
_MONTHS = frozenset(["March", "April", "May", "June", "August"])
_SPEECH = (
    r"(?:said|says|asked|replied|answered|cried|exclaimed|shouted|whispered|added|continued|"
    r"remarked|thought|called|began|muttered|repeated|interrupted|inquired|observed|growled|"
    r"sighed|screamed|roared|returned|pleaded|murmured|demanded|declared|laughed|sobbed)"
)
_ACTS = re.compile(
    rf"\s+(?:{_SPEECH}|was|were|had|went|looked|did|could|would|came|took|turned|smiled|nodded|"
    r"stood|sat|got|felt|knew|made|gave|seemed|walked|ran|opened|put|shook|rose)\b"
)
_SAID_BEFORE = re.compile(rf"\b{_SPEECH}\s+(?:the\s+|poor\s+|old\s+|little\s+)*$")
_SAID_AFTER = re.compile(rf"\s+(?:\w+ly\s+)?{_SPEECH}\b")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|from|near|towards?|through|across)\s+(?:the\s+)?$")
_FEMALE = frozenset(
    [
        "Mrs",
        "Ms",
        "Miss",
        "Lady",
        "Aunt",
        "Sister",
        "Madame",
        "Countess",
        "Princess",
        "Queen",
        "Mistress",
    ]
)
_MALE = frozenset(
    [
        "Mr",
        "Sir",
        "Lord",
        "Uncle",
        "Captain",
        "Colonel",
        "Father",
        "Brother",
        "Monsieur",
        "Count",
        "Prince",
        "King",
        "Master",
    ]
)


def collect_english(text: str, start: int, end: int, spoken: Sequence[Quote]) -> Evidence:
    """Evidence of a chapter: cues (speaks), heads (acts), tags (stands amid a sentence), called
    (seen at all), titled (after in, at, from)."""
    evidence = Evidence()
    body = text[start:end]
    narrative = outside_of(text, start, end, spoken)
    evidence.narrator["length"] = len(narrative)
    evidence.narrator["我"] = len(re.findall(r"\bI\b", narrative))
    for match in _NAME.finditer(body):
        name = _trim(match[0])
        if not name:
            continue
        at = match.start() + match[0].find(name.split()[0])
        before = body[max(0, at - 40) : at]
        after = body[match.end() : match.end() + 30]
        evidence.called[name] += 1
        if _SAID_BEFORE.search(before) or _SAID_AFTER.match(after):
            evidence.cues[name] += 1
        if _ACTS.match(after):
            evidence.heads[name] += 1
        if before.rstrip()[-1:].isalnum() or before.rstrip()[-1:] in (",", ";"):
            evidence.tags[name] += 1
        if _PLACE_BEFORE.search(before):
            evidence.titled[name] += 1
    return evidence


def _trim(words: str) -> str:
    """The name within a run of capitalised words: stop words fall off at both ends."""
    parts = words.split()
    while (
        parts
        and parts[0] in _STOP
        and not (len(parts) > 1 and parts[0].rstrip(".") in _FEMALE | _MALE)
    ):
        parts = parts[1:]
    while parts and parts[-1] in _STOP:
        parts = parts[:-1]
    if not parts or (parts[0].rstrip(".") in ("Mr", "Mrs", "Ms", "Dr") and len(parts) == 1):
        return ""
    return " ".join(parts)


def decide_english(evidence: Evidence) -> list[Known]:
    """Accepted people with their aliases."""
    accepted: dict[str, int] = {}
    for name in sorted(evidence.called):
        cues, acts, amid = evidence.cues[name], evidence.heads[name], evidence.tags[name]
        places, seen = evidence.titled[name], evidence.called[name]
        if len(name) < 2 or name in _MONTHS or (places * 2 > seen and not cues):
            continue
        titled = name.split()[0].rstrip(".") in _FEMALE | _MALE and len(name.split()) > 1
        if (
            (cues and amid + cues >= 2)
            or (acts >= 2 and amid >= 2)
            or (titled and seen >= 1 and amid)
            or (given_gender(name.split()[0]) and seen >= 2 and cues + acts >= 1)
        ):
            accepted[name] = seen
    for name in sorted(evidence.called):
        # Elizabeth Bennet comes once, Elizabeth often: the longer form is hers.
        bearers = [word for word in name.split() if word in accepted]
        often = evidence.called[name] >= 2 or evidence.narrator["length"] < 5_000
        if " " in name and name not in accepted and len(bearers) == 1 and often:
            if evidence.heads[name] + evidence.tags[name] + evidence.cues[name]:
                accepted[name] = evidence.called[name]
    people = [
        Known(name, {name}, _traits(name), weight=accepted[name])
        for name in _longest_first(accepted)
    ]
    joined = _join_pet_names(_join(people), evidence)
    _add_single_words(joined, evidence)
    return joined


def _add_single_words(people: list[Known], evidence: Evidence) -> None:
    """Darcy, seldom alone, is Mr. Darcy where nobody else bears the word."""
    bearers: dict[str, list[Known]] = defaultdict(list)
    for person in people:
        for word in person.name.split():
            bearers[word].append(person)
    alone = {person.name for person in people}
    for word, persons in sorted(bearers.items()):
        if (
            len(persons) == 1
            and word not in alone
            and evidence.called[word]
            and word.rstrip(".") not in _FEMALE | _MALE
        ):
            persons[0].aliases.add(word)


def _longest_first(accepted: dict[str, int]) -> list[str]:
    return sorted(accepted, key=lambda name: (-len(name.split()), -accepted[name], name))


def _traits(name: str) -> dict[str, str]:
    words = name.split()
    first = words[0].rstrip(".")
    traits: dict[str, str] = {"species": "human"}
    if first in _FEMALE:
        traits["gender"] = "female"
    elif first in _MALE:
        traits["gender"] = "male"
    elif gender := given_gender(words[1] if first == "Dr" and len(words) > 2 else words[0]):
        traits["gender"] = gender
    if first in ("King", "Queen", "Prince", "Princess"):
        traits["headgear"] = "crown"
    return traits


def _join(people: list[Known]) -> list[Known]:
    """Rabbit is the White Rabbit, Darcy is Mr. Darcy, where only one person bears the word."""
    longer: dict[str, list[Known]] = defaultdict(list)
    joined: list[Known] = []
    for person in people:
        words = person.name.split()
        if len(words) == 1:
            bearers = longer.get(person.name, [])
            if len(bearers) == 1 and not _is_husband(person, bearers[0]):
                bearers[0].aliases |= person.aliases
                bearers[0].weight += person.weight
                continue
        joined.append(person)
        for word in words:
            if word.rstrip(".") not in _FEMALE | _MALE and len(words) > 1:
                longer[word].append(person)
    return joined


def _is_husband(person: Known, bearer: Known) -> bool:
    """Joe is not Mrs. Joe."""
    male = given_gender(person.name) == "male"
    return male and bearer.traits.get("gender") == "female" and bearer.name.startswith("M")


def _join_pet_names(people: list[Known], evidence: Evidence) -> list[Known]:
    """Lizzy is Elizabeth, where nobody else bears either name."""
    by_word: dict[str, list[Known]] = defaultdict(list)
    for person in people:
        for word in person.name.split():
            by_word[word].append(person)
    kept = []
    for person in people:
        full = [
            p for name in pet_names().get(person.name, ()) for p in by_word[name] if p is not person
        ]
        if len(full) == 1:
            full[0].aliases |= person.aliases
            full[0].weight += person.weight
        else:
            kept.append(person)
    taken = {alias for person in kept for alias in person.aliases}
    for short, names in sorted(pet_names().items()):
        full = [p for name in names for p in by_word[name] if p in kept]
        if evidence.called[short] and short not in taken and len(full) == 1:
            full[0].aliases.add(short)
    return kept


def find_english_mentions(
    text: str,
    spans: Sequence[tuple[int, int]],
    people: Sequence[Known],
    quoted: Sequence[tuple[int, int]],
) -> list[Mention]:
    """Mentions by longest name at word boundaries; the narrator's I counts outside of quotes."""
    owner = {alias: i for i, person in enumerate(people) for alias in sorted(person.aliases)}
    narrator = owner.pop("I", None)
    found: list[Mention] = []
    if owner:
        ordered = sorted(owner, key=lambda alias: (-len(alias), alias))
        body = "|".join(re.escape(alias).replace(r"\ ", r"\s+") for alias in ordered)
        pattern = re.compile(rf"(?<![\w])(?=[A-Z])(?:{body})(?![\w])")
        for start, end in spans:
            for match in pattern.finditer(text, start, end):
                alias = " ".join(match[0].split())
                found.append(Mention(match.start(), match.end(), owner[alias]))
    if narrator is not None:
        inside = iter(quoted)
        quote = next(inside, None)
        for start, end in spans:
            for match in re.compile(r"\bI\b").finditer(text, start, end):
                while quote and quote[1] <= match.start():
                    quote = next(inside, None)
                if not quote or match.start() < quote[0]:
                    found.append(Mention(match.start(), match.end(), narrator))
    return found

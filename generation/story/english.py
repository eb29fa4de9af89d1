"""People of an English novel: capitalised names that speak and act, joined by shared words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generation.story.english_names import TITLES, join_names
from generation.story.given_names import given_gender
from generation.story.mentions import Mention
from generation.story.names import Evidence, outside_of
from generation.story.people import Known
from generation.story.quotes import Quote

__all__ = ["collect_english", "decide_english", "find_english_mentions"]

_LOWER = "a-zà-öø-ÿœ"
_WORD = rf"(?:St\.\s+|(?:de|du|von|van)\s+)?(?:Mc|Mac|[OD]['’])?[A-Z][{_LOWER}]+(?:[-'’][A-Z][{_LOWER}]+)?"
_NAME = re.compile(
    rf"\b(?:(?:Mr|Mrs|Ms|Dr|Rev)\.?\s+|(?:{'|'.join(sorted(TITLES))})\s+)?{_WORD}"
    rf"(?:\s+(?:[A-Z]\.\s+)?{_WORD}){{0,2}}"
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
    Whereupon Having Though Upon Because Thus Sometimes Nevertheless Meantime During Thou Aye Look Like Whether
    Presently Nearly Almost Quite Rather Really Certainly London England Paris France Europe
    America India
    """.split()  # noqa: SIM905
)
_SHORT = 5_000
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
_PLACE_BEFORE = re.compile(
    r"\b(?:(?:in|(?<!look )(?<!looked )(?<!looking )(?<!glanced )(?<!stared )(?<!smiled )(?<!laughed )(?<!pointed )at|near|towards?|through|across|around|round|about|leave|left|leaving|reach(?:ed)?|quit(?:ted)?|"
    r"(?:come|came|coming|go|goes|going|gone|went|return(?:ed|ing)?|back|way|road|journey|drive|drove|walk(?:ed)?|"
    r"ride|rode|off|removed?|driven|sent|up|down|on)\s+to|(?:come|came|coming|back|return(?:ed)?|miles|letter|arrived)\s+from|"
    r"(?:town|city|village|streets?|people|inhabitants|parish|port|county|neighbourhood|house|river)\s+of)"
    r"\s+(?:the\s+)?)$",
    re.IGNORECASE,
)
# What a name ends with that is a place's or a thing's.
_PLACE_WORDS = frozenset(
    """Street Road Lane Square Hall House Park Abbey Institution Heights Kirk Castle River Island Islands Bridge Church
    Inn Hotel Court Bay Hill Hills Grange Manor Town City Station Mews Chambers Wood Woods Company University College
    Cottage Farm Sea Ocean Cape Coast Valley Avenue Terrace Row Gardens Garden Place Lodge Priory Harbour Gate
    Mountain Mountains Lake Bank Whale Ship States County Club Academy School Cathedral Tower Prison Yard""".split()  # noqa: SIM905
)
# What people come from, and what kings are called: nobody in particular.
_NOBODY = frozenset(
    """Majesty Highness Lordship Ladyship Excellency Honour Honor Grace Indian Indians Arabian Italian Russian Spanish
    Turkish Irish Scotch Scottish Dutch Greek Roman Christian Jewish Negro Negroes Bible Gospel Parliament Providence
    Fate Nature Death Love Time Law Sabbath Easter Michaelmas North South East West Papa Mamma Mama Ma Pa""".split()  # noqa: SIM905
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
    while parts and parts[0] in _STOP and not (len(parts) > 1 and parts[0].rstrip(".") in TITLES):
        parts = parts[1:]
    while parts and parts[-1] in _STOP:
        parts = parts[:-1]
    if not parts or (parts[0].rstrip(".") in ("Mr", "Mrs", "Ms", "Dr") and len(parts) == 1):
        return ""
    return " ".join(parts)


def decide_english(evidence: Evidence) -> list[Known]:
    """Accepted people with their aliases."""
    accepted = {
        name: evidence.called[name]
        for name in sorted(evidence.called)
        if _speaks_or_acts(name, evidence)
    }
    short = evidence.narrator["length"] < _SHORT
    for name in sorted(evidence.called):
        # Elizabeth Bennet comes once, Elizabeth often: the longer form is hers.
        bearers = [word for word in name.split() if word in accepted]
        often = evidence.called[name] >= 2 or short
        if (
            " " in name
            and name not in accepted
            and len(bearers) == 1
            and often
            and not _is_place(name, evidence)
        ):
            if evidence.heads[name] + evidence.tags[name] + evidence.cues[name]:
                accepted[name] = evidence.called[name]
    accepted = {name: count for name, count in accepted.items() if not _is_family(name, accepted)}
    families = {name.split()[-1] for name in accepted if name.split()[0].rstrip(".") in TITLES}
    seen = {
        name: count
        for name, count in evidence.called.items()
        if name in families or not _is_place(name, evidence)
    }
    people = join_names(accepted, seen, short=short)
    titled = {
        word.rstrip(".")
        for person in people
        for word in person.name.split()[:1]
        if " " in person.name
    }
    # The Captain of a book with three captains is whoever is there.
    return [person for person in people if person.name not in TITLES or person.name not in titled]


def _speaks_or_acts(name: str, evidence: Evidence) -> bool:
    cues, acts, amid = evidence.cues[name], evidence.heads[name], evidence.tags[name]
    seen = evidence.called[name]
    if len(name) < 2 or name in _MONTHS or name in _NOBODY or _is_place(name, evidence):
        return False
    titled = name.split()[0].rstrip(".") in TITLES and len(name.split()) > 1
    return bool(
        (cues and amid + cues >= 2)
        or (acts >= 2 and amid >= 2)
        or (titled and (amid or seen >= 2))
        or (given_gender(name.split()[0]) and seen >= 2 and cues + acts >= 1)
    )


def _is_place(name: str, evidence: Evidence) -> bool:
    """Whether people go there, live in it, and it hardly ever speaks."""
    words = name.split()
    cues, places, seen = evidence.cues[name], evidence.titled[name], evidence.called[name]
    titled = words[0].rstrip(".") in TITLES and len(words) > 1
    if words[-1] in _PLACE_WORDS and (seen < 3 if titled else cues * 8 < seen):
        return True
    if titled or cues * 12 >= seen:
        return False
    hardly_acts = cues * 50 <= seen and evidence.heads[name] * 16 < seen
    return places > 1 and (places * 4 > seen or (hardly_acts and places * 10 > seen))


def _is_family(name: str, accepted: dict[str, int]) -> bool:
    """The Stapletons are several."""
    return name.endswith("s") and name[:-1] in accepted and accepted[name] < accepted[name[:-1]]


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

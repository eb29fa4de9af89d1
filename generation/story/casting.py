"""The cast: evidence of all chapters to people with ids, mentions, looks and seeds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from generation.story.coreference import join_by_speech
from generation.story.corrections import Correction, corrected
from generation.story.english import decide_english, find_english_mentions
from generation.story.known import Known
from generation.story.local_roles import ROLE, bind_to_scenes
from generation.story.looks import MAIN_CAST, appearances, stable_number
from generation.story.mentions import Mention, Mentions, find_mentions, givens_of
from generation.story.model import Person
from generation.story.names import Evidence
from generation.story.people import decide
from generation.story.presence import present
from generation.story.traits import observe
from generation.story.words import KIN
from generation.story.world import World, animal_of

__all__ = ["Casting", "assemble"]

# How people are told of in the board, where not by name.
KINDS_OF_PERSON = {ROLE: "role", "narrator": "narrator"}

# A first-person novel has a narrator where 我 is at least this share of what is not quoted.
_NARRATOR_SHARE = {"zh": 0.006, "en": 0.003}
_FEMALE_CHARS = frozenset(
    "溪晴妤柔娟丽婷芳雪萍兰娜婉妮娇媛婕妍嫣蓉蕾薇莲菊梅娥姝婵妃娘姑姬妹姐嫂婆姨妈奶母倩茜燕莺凤霞秀琴静怡欣颖琳璐瑶璇"
)
_MALE_CHARS = frozenset(
    "强军刚勇伟杰涛斌磊鹏龙虎彪雄武豪毅峰辉建国栋梁志松柏浩宇俊父爷叔伯哥弟公翁郎"
)
_GENDER_REACH = 60
_HE, _SHE = (
    re.compile(rf"(?<=[，。！？；：、…\s”」』]){pronoun}(?!们)") for pronoun in ("他", "她")
)


@dataclass(frozen=True, slots=True)
class Casting:
    """People in order of importance, and all their mentions (who = place in `people`)."""

    people: tuple[Person, ...]
    mentions: Mentions
    genders: tuple[str, ...]
    givens: dict[str, list[int]]


def assemble(
    text: str,
    folded: str,
    spans: Sequence[tuple[int, int]],
    evidence: Evidence,
    quoted: Sequence[tuple[int, int]],
    *,
    title: str,
    language: str,
    sha: str,
    world: World,
    corrections: Sequence[Correction] = (),
    whole: Sequence[tuple[int, int]] = (),
) -> Casting:
    """The cast of the chapters at `spans`, decided by the text and the reader's corrections.

    Looks are read in all chapters, at `whole`, so that a run of one chapter has the same as another.
    """
    english = language == "en"
    known = decide_english(evidence) if english else decide(evidence, title)
    narrator = _narrator(evidence, english)
    for person in known if narrator else ():
        # 大哥 of a narrator is always the same one.
        person.kind = "kin" if person.kind == ROLE and person.aliases & KIN else person.kind
    known, found = _named(folded, spans, known + narrator, evidence, quoted, english, corrections)
    kept, found = present(known, found, evidence)
    kept, found = bind_to_scenes(folded, kept, found)
    mentions = Mentions(found)
    read, told_by = spans, mentions
    if whole and list(whole) != list(spans):
        read, told_by = whole, _everywhere(folded, spans, whole, kept, mentions, evidence, english)
    old = not english and not world.modern
    genders = _genders(folded, kept, told_by, quoted, english, old)
    seen = observe(folded, read, told_by, english=english, genders=genders)
    people = _persons(text, folded, kept, mentions, genders)
    traits = []
    for person, gender in zip(kept, genders, strict=True):
        known_traits = dict(person.traits)
        if gender:
            known_traits.setdefault("gender", gender)
        species, animal = animal_of(person.name, world)
        if species and known_traits.get("species", "human") in ("human", "unknown", species):
            known_traits["species"] = species
            if animal:
                known_traits["animal"] = animal
        traits.append((person.key or person.name, known_traits))
    main = _main(kept)
    looks = appearances(traits, seen, sha=sha, world=world, english=english, main=main)
    finished = tuple(
        Person(
            id=person.id,
            name=person.name,
            aliases=person.aliases,
            mentions=person.mentions,
            first_at=person.first_at,
            offsets=person.offsets,
            main=rank in main,
            kind=KINDS_OF_PERSON.get(known_person.kind, "named"),
            appearance=look,
            seed=stable_number(sha, known_person.key or known_person.name, "seed") % 2**31,
        )
        for rank, (person, look, known_person) in enumerate(zip(people, looks, kept, strict=True))
    )
    told = tuple(look["traits"]["gender"].replace("unknown", "") for look in looks)
    return Casting(finished, mentions, told, {} if english else givens_of(kept))


def _named(
    folded: str,
    spans: Sequence[tuple[int, int]],
    known: list[Known],
    evidence: Evidence,
    quoted: Sequence[tuple[int, int]],
    english: bool,
    corrections: Sequence[Correction],
) -> tuple[list[Known], list[Mention]]:
    """The people, joined by how they are spoken of and then as the reader says, and their mentions."""

    def find(people: Sequence[Known]) -> list[Mention]:
        if english:
            return find_english_mentions(folded, spans, people, quoted)
        return find_mentions(folded, spans, people, evidence.cues, quoted)

    found = find(known)
    if not english:
        known, found = join_by_speech(folded, known, found, quoted)
    if corrections:
        known = corrected(known, corrections)
        found = find(known)
    return known, found


def _everywhere(
    folded: str,
    spans: Sequence[tuple[int, int]],
    whole: Sequence[tuple[int, int]],
    kept: Sequence[Known],
    mentions: Mentions,
    evidence: Evidence,
    english: bool,
) -> Mentions:
    """Mentions in all chapters of those who have a name; roles belong to the chapters they are in."""
    named = [who for who, person in enumerate(kept) if person.kind not in (ROLE, "narrator")]
    people = [kept[who] for who in named]
    there = set(spans)
    others = [span for span in whole if span not in there]
    if english:
        found = find_english_mentions(folded, others, people, ())
    else:
        found = find_mentions(folded, others, people, evidence.cues, ())
    elsewhere = [Mention(m.start, m.end, named[m.who]) for m in found]
    return Mentions([*mentions.all, *elsewhere])


def _main(kept: Sequence[Known]) -> set[int]:
    """The places of the main cast: those with a name, the most mentioned first."""
    named = [who for who, person in enumerate(kept) if person.kind != ROLE]
    return set(named[:MAIN_CAST])


def _narrator(evidence: Evidence, english: bool) -> list[Known]:
    count, length = evidence.narrator["我"], evidence.narrator["length"]
    share = _NARRATOR_SHARE["en" if english else "zh"]
    if length and count >= 5 and count / length >= share:
        word = "I" if english else "我"
        return [Known(word, {word}, kind="narrator")]
    return []


def _persons(
    text: str, folded: str, kept: Sequence[Known], mentions: Mentions, genders: Sequence[str]
) -> list[Person]:
    offsets: list[list[tuple[int, int]]] = [[] for _ in kept]
    forms: list[Counter[str]] = [Counter() for _ in kept]
    spelled: list[dict[str, str]] = [{} for _ in kept]
    for mention in mentions.all:
        word = folded[mention.start : mention.end]
        offsets[mention.who].append((mention.start, mention.end))
        forms[mention.who][word] += 1
        spelled[mention.who].setdefault(word, text[mention.start : mention.end])
    people = []
    for person, places, counts, spelling in zip(kept, offsets, forms, spelled, strict=True):
        name = person.name
        if person.shown:
            shown = person.shown
        elif name in spelling:
            shown = spelling[name]
        elif (at := folded.find(name)) >= 0:
            shown = text[at : at + len(name)]
        else:
            shown = spelling[min(counts, key=lambda word: (-counts[word], word))]
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        aliases = [" ".join(spelling[word].split()) for word in ranked]
        people.append(
            Person(
                id="p" + sha256((person.key or person.name).encode()).hexdigest()[:10],
                name=" ".join(shown.split()),
                aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != shown)),
                mentions=len(places),
                first_at=places[0][0],
                offsets=tuple(places),
            )
        )
    return people


def _genders(
    folded: str,
    kept: Sequence[Known],
    mentions: Mentions,
    quoted: Sequence[tuple[int, int]],
    english: bool,
    old: bool = False,
) -> list[str]:
    """Gender by lexicon and title, else by pronouns that follow mentions, else by the name. `old`: the
    story is not of our time, and who is nowhere said to be a woman is a man."""
    he: Counter[int] = Counter()
    she: Counter[int] = Counter()
    modern = english or "她" in folded
    starts = [start for start, _ in quoted]
    budget: Counter[int] = Counter()
    for mention, following in (
        zip(mentions.all, [*mentions.all[1:], None], strict=True) if mentions.all else ()
    ):
        if not modern or budget[mention.who] >= 200 or kept[mention.who].traits.get("gender"):
            continue
        budget[mention.who] += 1
        stop = min(mention.end + _GENDER_REACH, following.start if following else len(folded))
        quote = bisect_left(starts, mention.end)
        if quote < len(starts):
            if not english and starts[quote] <= stop:
                # 林知夏抬头。“好。”她说: who opens the words behind the quote spoke it.
                after = folded[quoted[quote][1] : quoted[quote][1] + 2]
                he[mention.who] += after[:1] == "他" and after[1:] != "们"
                she[mention.who] += after[:1] == "她" and after[1:] != "们"
            stop = min(stop, starts[quote])
        words = folded[mention.end : stop]
        if english:
            lowered = f" {words.lower()} "
            he[mention.who] += sum(lowered.count(f" {w} ") for w in ("he", "his", "him", "himself"))
            she[mention.who] += sum(lowered.count(f" {w} ") for w in ("she", "her", "herself"))
        else:
            # Who opens a clause is the one named before; whom a verb has is somebody else.
            he[mention.who] += len(_HE.findall(words))
            she[mention.who] += len(_SHE.findall(words))
    everybody = (sum(he.values()), sum(she.values()))
    genders = []
    for who, person in enumerate(kept):
        told = person.traits.get("gender", "")
        if not told:
            told = _of_pronouns(he[who], she[who], everybody, english)
        genders.append(told or _gender_of_name(person.name, modern and not old))
    return genders


def _of_pronouns(he: int, she: int, everybody: tuple[int, int], english: bool) -> str:
    """The gender that the pronouns after somebody's name tell. In English they may well be those of
    the heroine who is talked of everywhere: there the share counts beside that of everybody else."""
    if he == she:
        return ""
    if not english:
        return "female" if she > he else "male"
    if he + she < 2:
        return ""
    share = she / (he + she)
    others = everybody[0] - he + everybody[1] - she
    base = (everybody[1] - she) / others if others else 0.5
    if share > 0.5:
        return "female" if share >= base - 0.1 else ("male" if share < base - 0.3 else "")
    return "male"


def _gender_of_name(name: str, modern: bool) -> str:
    tail = name[-2:]
    if any(char in _FEMALE_CHARS for char in tail[-1:]) or name.endswith(
        ("夫人", "氏", "姑娘", "小姐")
    ):
        return "female"
    if tail[-1:] in _MALE_CHARS:
        return "male"
    # In classical novels most people without any sign of it are men.
    return "" if modern or not name or name[0].isascii() or name == "我" else "male"

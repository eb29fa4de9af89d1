"""Which names are one person's: courtesy names, given names, surnames with a title."""

from __future__ import annotations

from collections import defaultdict

from generation.story.characters import BAD_FIRST, BAD_LAST, RARE_AS_NAME, THINGS
from generation.story.known import Known, Register, given_name
from generation.story.lexicon import surnames, titles
from generation.story.names import Evidence, is_stopword
from generation.story.words import is_common_word, is_role

__all__ = [
    "join_given_names",
    "join_links",
    "join_offices",
    "join_surnames",
    "join_titles",
    "join_trimmed",
]

_FAR, _LARGE_FAMILY, _FAR_ABOVE = 6, 4, 10
_SMALL_WORDS = frozenset("子儿郎君公生姑哥姐爷")
# Offices: two of them with one surname may be one man, where no full name has that surname.
_OFFICES = frozenset(
    [
        "大人",
        "老爷",
        "抚台",
        "宫保",
        "藩台",
        "臬台",
        "道台",
        "制台",
        "府台",
        "知府",
        "知县",
        "知州",
        "太尊",
        "大令",
        "中丞",
        "太守",
        "县令",
        "丞相",
        "尚书",
        "御史",
        "将军",
        "元帅",
        "都督",
        "太尉",
        "员外",
        "局长",
        "处长",
        "主任",
        "经理",
        "董事长",
        "总",
        "董",
        "队长",
        "警官",
        "老师",
        "教授",
        "医生",
        "大夫",
        "律师",
    ]
)


def join_links(people: Register, evidence: Evidence) -> None:
    """刘备，字玄德 → 玄德 and 刘玄德 are aliases of 刘备."""
    for pair, _ in sorted(evidence.links.items(), key=lambda item: (-item[1], item[0])):
        name, _, style = pair.partition("|")
        person = people.find(name)
        if person is None or is_stopword(style) or is_role(style) or style[-1] in BAD_LAST:
            continue
        if is_common_word(style) and not evidence.cues[style]:
            continue
        person.formal = person.formal or bool(given_name(name) and len(style) <= 2)
        family = name[: len(name) - len(given_name(name))]
        people.give(person, style)
        known_by = 3 * (evidence.cues[name] + evidence.heads[name])
        if not given_name(name) and evidence.cues[style] > known_by and style in person.aliases:
            person.name = style  # 铁英, whom everybody calls 老残
        if len(style) <= 2 and family and family != name:
            people.give(person, family + style)


def join_surnames(people: Register, evidence: Evidence) -> None:
    """子谨 is 王子谨, where the text has just one such name with a surname."""
    stands = {name: n for name, n in evidence.heads.items() if len(name) in (3, 4)}
    longer: dict[str, list[str]] = defaultdict(list)
    for name, count in stands.items():
        given = given_name(name)
        if (
            len(given) == 2
            and name[0] not in RARE_AS_NAME
            and (count >= 3 or evidence.cues[name] >= 2)
        ):
            longer[given].append(name)
    for person in list(people.members.values()):
        plain = person.kind == "name" and len(person.name) == 2 and not given_name(person.name)
        full = longer.get(person.name, []) if plain else []
        if len(full) != 1 or full[0] in people.owner:
            continue
        people.give(person, full[0])
        person.name = full[0]


def join_trimmed(people: Register, evidence: Evidence) -> None:
    """黄龙 is 黄龙子, where nobody else's name begins so and 黄龙 has no look-alike with a surname."""
    named = [p for p in people.members.values() if p.kind in ("name", "known", "nick")]
    for person in named:
        shorter = person.name[:-1]
        other = people.find(shorter)
        if len(person.name) != 3 or person.name[-1] not in _SMALL_WORDS or other is None:
            continue
        if other is person or other.kind not in ("name", "nick") or other.formal:
            continue
        others = [p for p in named if p.name.startswith(shorter) and p not in (person, other)]
        # 许大 and 许大哥 are one man; 刘备 and 刘备子 (his son) are two.
        as_often = evidence.cues[person.name] * 4 >= evidence.cues[shorter]
        if not others and other.aliases == {shorter} and as_often:
            people.give(person, shorter)


def join_offices(people: Register) -> None:
    """庄抚台 is 庄宫保: one surname, offices that one man may hold, and no full name to bear them."""
    by_family: dict[str, list[Known]] = defaultdict(list)
    for person in people.members.values():
        family, title = person.name[:1], person.name[1:]
        if person.kind == "titled" and title in _OFFICES:
            by_family[family].append(person)
    for family, persons in sorted(by_family.items()):
        ranked = sorted(persons, key=lambda p: (-p.weight, p.name))
        full = [p for p in people.members.values() if p.kind in ("name", "known")]
        if len(ranked) == 2 and not any(p.name[:1] == family and given_name(p.name) for p in full):
            people.give(ranked[0], ranked[1].name)


def join_given_names(people: Register, evidence: Evidence) -> None:
    """明舟 is 顾明舟 where no other 明舟 is there and the two characters are no common word."""
    by_given: dict[str, list[Known]] = defaultdict(list)
    for person in people.members.values():
        if person.kind in ("name", "known") and len(given_name(person.name)) == 2:
            by_given[given_name(person.name)].append(person)
    for given in sorted(by_given):
        persons = [p for p in by_given[given] if p.name in people.owner]
        designation = people.find(given)
        role = is_role(given) and (designation is None or designation.kind == "role")
        persons = _by_far(persons, evidence)
        if len(persons) != 1 or is_stopword(given) or role:
            continue
        if not evidence.cues[given] and (is_common_word(given) or given[-1] in BAD_LAST):
            continue
        people.give(persons[0], given)


def _by_far(persons: list[Known], evidence: Evidence) -> list[Known]:
    """叔宝 is 秦叔宝, although there is a 陈叔宝 too: the one named far oftener than the next."""

    def stands(person: Known) -> int:
        return evidence.heads[person.name] + evidence.tags[person.name] + evidence.cues[person.name]

    ranked = sorted(persons, key=lambda person: (-stands(person), person.name))
    far = len(ranked) > 1 and stands(ranked[0]) >= _FAR * max(1, stands(ranked[1]))
    return ranked[:1] if far else ranked


def join_titles(people: Register, evidence: Evidence) -> None:
    """顾总 is 顾明舟 where one person of note bears the surname; 顾太太 is somebody of her own."""
    by_family: dict[str, list[Known]] = defaultdict(list)
    for person in people.members.values():
        given = given_name(person.name)
        if given and person.kind in ("name", "known"):
            by_family[person.name[: -len(given)]].append(person)
    known_titles = titles()
    _, double = surnames()
    for word, count in sorted(evidence.titled.items()):
        family = word[:2] if word[:2] in double else word[:1]
        title = word[len(family) :]
        cued = evidence.cues[word] > 0
        if word in people.owner or count + 2 * cued < 2 or is_stopword(word):
            continue
        if not (cued or evidence.heads[word] or evidence.tags[word]) or is_common_word(word):
            continue
        if family in BAD_FIRST or ((family in RARE_AS_NAME or family in THINGS) and not cued):
            continue
        traits = dict(known_titles[title])
        bearer = _bearer(by_family[family], traits, title)
        # Who is called by his title far oftener than by his name is somebody else of that family.
        if bearer and (bearer.formal or 2 * bearer.weight >= count):
            people.give(bearer, word)
            if gender := traits.get("gender"):
                bearer.traits.setdefault("gender", gender)
        elif len(title) > 1 or title in "氏妈婆嫂姐" or cued:
            people.add(Known(word, {word}, traits, "titled", count))


def _bearer(family: list[Known], traits: dict[str, str], title: str) -> Known | None:
    """The one person that a surname with a title can only mean."""
    if title in (
        "夫人",
        "太太",
        "奶奶",
        "氏",
        "妈",
        "嫂",
        "嫂子",
        "婶",
        "妃",
        "皇后",
        "太后",
        "王妃",
    ):
        return None
    gender = traits.get("gender")
    # 庄子 and 孟子 are sages, spoken of.
    family = [p for p in family if given_name(p.name) != "子"]
    fitting = [p for p in family if not gender or p.traits.get("gender", gender) == gender]
    fitting = [p for p in fitting if not _of_other_age(p.traits.get("age"), traits.get("age"))]
    ranked = sorted(fitting, key=lambda person: (-person.weight, person.name))
    if not ranked:
        return None
    # Of a large family, or an office, only somebody far above the others can be meant.
    many = title in _OFFICES or (len(ranked) > _LARGE_FAMILY and title != "公")
    far = (_FAR_ABOVE if many else 4) * max(1, ranked[1].weight if len(ranked) > 1 else 0)
    alone = len(ranked) == 1 or ranked[0].weight >= far
    return ranked[0] if alone else None


def _of_other_age(known: str | None, told: str | None) -> bool:
    """林大娘 is not 黛玉, and 邢姑娘 not 邢夫人."""
    young, old = {"child", "youth"}, {"middle_aged", "elder"}
    return (known in young and told in old) or (known in old and told in young)

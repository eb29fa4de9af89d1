"""Who the people of a Chinese novel are: evidence of all chapters to names with joined aliases."""

from __future__ import annotations

from collections import Counter, defaultdict

import rjieba

from generation.story.characters import BAD_LAST, FOLLOWERS, RARE_AS_NAME, THINGS
from generation.story.joining import (
    join_given_names,
    join_links,
    join_offices,
    join_surnames,
    join_titles,
    join_trimmed,
)
from generation.story.known import Known, Register, given_name
from generation.story.lexicon import KnownPerson, known_people, roles
from generation.story.names import Evidence, is_stopword
from generation.story.plausible import (
    GROUP,
    OFTEN,
    VERBAL,
    given_characters,
    is_full,
    is_place,
    is_verb_and_object,
    may_be_name,
)
from generation.story.words import (
    epithet_and_title,
    is_common_word,
    is_role,
    is_unheard_of,
    same_role,
    tag_of,
)

__all__ = ["SHORT_TEXT", "Known", "active_work", "decide", "given_name"]

_PLACE_END = frozenset(
    "山洞城州府县国寺庙江河关寨村庄宫殿楼门桥湖海岛峰岭谷镇乡市省路街巷院园阁塔店屯坡郡营界口岸"
    "军兵马车船剑刀枪戟弓箭棒书诗经酒茶饭"
)
SHORT_TEXT = 50_000
# So often, and so large a share of all that is spoken, must one role word speak to be somebody.
_DESIGNATED, _DESIGNATED_SHARE = 60, 0.06
_VERB_TAGS = frozenset("vadzilc")
_PARTICLES = frozenset("不必敢能肯得故以其足须尝曾如若是在为有无此之此")


def active_work(evidence: Evidence, title: str = "") -> str:
    """The well-known novel that this evidence and title belong to, or ""."""
    seen = Counter(evidence.tags)
    seen.update(evidence.cues)
    for name, count in evidence.heads.items():
        if count > seen[name]:
            seen[name] = count
    scores: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for person in known_people():
        names = [n for n in (person.name, *person.aliases) if len(n) >= 2]
        total = sum(seen[name] for name in names)
        if total:
            scores[person.work][0] += 1
            scores[person.work][1] += total
    named = sum(n for w, n in evidence.tags.items()) + sum(evidence.cues.values())
    best = ""
    best_key = (0, 0)
    for work in sorted(scores):
        persons, total = scores[work]
        in_title = work in title
        if ((persons >= 3 and total * 12 >= named) or in_title) and (persons, total) > best_key:
            best, best_key = work, (persons, total)
    return best


def decide(evidence: Evidence, title: str = "") -> list[Known]:
    """People with their aliases; mentions are not counted yet, so some may turn out absent."""
    work = active_work(evidence, title)
    people = Register()
    for person in known_people():
        if person.work == work:
            people.add(_from_lexicon(person, evidence))
    taken = set(people.owner)
    for name, weight in _accept(evidence, taken).items():
        people.add(Known(name, {name}, weight=weight))
    for known in [
        *_designations(evidence, set(people.owner)),
        *_nicknames(evidence, set(people.owner)),
    ]:
        people.add(known)
    join_links(people, evidence)
    join_surnames(people, evidence)
    join_given_names(people, evidence)
    join_titles(people, evidence)
    join_trimmed(people, evidence)
    join_offices(people)
    for known in _roles(evidence, set(people.owner)):
        people.add(known)
    return list(people.members.values())


def _from_lexicon(person: KnownPerson, evidence: Evidence) -> Known:
    aliases = {person.name, *(a for a in person.aliases if len(a) >= 2)}
    weight = sum(evidence.cues[a] + evidence.tags[a] for a in aliases)
    return Known(person.name, aliases, dict(person.traits), "known", weight, formal=True)


def _accept(evidence: Evidence, taken: set[str]) -> dict[str, int]:
    """Names that the rules find, with the weight of their evidence."""
    extension = _extensions(evidence.heads)
    doing = _doing(evidence.heads)
    givens = given_characters(evidence)
    linked = {pair.split("|")[0] for pair in evidence.links}
    candidates = set(evidence.cues) | set(evidence.called)
    candidates |= {n for n, c in evidence.tags.items() if c >= 2}
    rare = 3 if evidence.narrator["length"] > SHORT_TEXT else 1
    candidates |= {n for n, c in evidence.heads.items() if c >= rare and is_full(n)}
    candidates |= linked
    accepted: dict[str, int] = {}
    for name in sorted(candidates, key=lambda n: (-len(n), n)):
        if name in taken or not 2 <= len(name) <= 4 or not may_be_name(name, evidence, givens):
            continue
        weight = _weight(name, evidence, extension, doing, linked)
        if weight >= 3:
            accepted[name] = weight
    return _without_run_ons(accepted, evidence, taken)


def _weight(
    name: str,
    evidence: Evidence,
    extension: dict[str, int],
    doing: Counter[str],
    linked: set[str],
) -> int:
    cues, tags, heads = evidence.cues[name], evidence.tags[name], evidence.heads[name]
    if not cues and name[-1] in _PLACE_END and doing[name] < 2 and len(name) > 2:
        return 0
    if tag_of(name)[:1] in _VERB_TAGS and cues < OFTEN and evidence.called[name] < 2:
        return 0  # 劳驾, 高呼
    introduced = name in linked or evidence.called[name] > 0
    if not is_full(name):
        # A word that is no surname and given name must speak, and more than once.
        if evidence.called[name] and name in linked:
            return 3 * cues + 3  # 姓铁名英
        is_noun = (tags > 0 or tag_of(name)[:1] == "n") and not is_verb_and_object(name)
        plain = not set(name) & VERBAL and len(name) <= 3 and cues >= 5
        if tags >= OFTEN and evidence.called[name] and tag_of(name) == "nr":
            return 2 * cues + tags  # 美猴王
        is_noun = is_noun or epithet_and_title(name) or is_unheard_of(name)
        return 2 * cues if cues >= 2 and (is_noun or plain) else 0
    if heads and extension.get(name, 0) * 10 > heads * 6 and not (cues or introduced):
        return 0
    if not cues and not introduced:
        plain = name[0] in RARE_AS_NAME and not _is_plausible(name, tags)
        known_by_given = tags >= 3 and evidence.cues[given_name(name)] >= 2
        if plain or name[-1] in _PLACE_END or (heads < 1 and not known_by_given):
            return 0
        if name[0] in THINGS and (tags < 3 or heads < 3):
            return 0
        if is_common_word(name):
            return 0
        if evidence.narrator["length"] > SHORT_TEXT:
            # Who never does anything in a whole novel is a thing, or a phrase.
            acts = doing[name]
            by_given = evidence.cues[given_name(name)] >= 2
            enough = tags + heads // 6 >= 1 and (acts > 0 or by_given or len(name) == 4)
        else:
            # In a short text a name may come once: then it must have three characters and act.
            acts = doing[name]
            enough = (tags > 0 and heads > 0) or heads >= 2 or (acts > 0 and len(name) == 3)
            heads += 2 * (acts > 0)
        if not enough:
            return 0
    if cues < 2 and not introduced and is_common_word(name):
        return 0
    return 3 * cues + min(tags, 50) + min(heads, 50) + 3 * introduced


def _is_plausible(name: str, tags: int) -> bool:
    """何秀兰 may be a name where 何不早 is none: the segmenter tags it, and no particle follows."""
    return name[0] in "何于安武连" and len(name) == 3 and tags > 0 and name[1] not in _PARTICLES


def _doing(heads: Counter[str]) -> Counter[str]:
    """How often a verb or particle follows each run."""
    found: Counter[str] = Counter()
    for run, count in heads.items():
        if run[-1] in FOLLOWERS:
            found[run[:-1]] += count
    return found


def _extensions(heads: Counter[str]) -> dict[str, int]:
    """For each run how often the likeliest longer one stands that is no verb's start."""
    best: dict[str, int] = {}
    for run, count in heads.items():
        if len(run) >= 3 and run[-1] not in FOLLOWERS and count > best.get(run[:-1], 0):
            best[run[:-1]] = count
    return best


def _without_run_ons(
    accepted: dict[str, int], evidence: Evidence, taken: set[str]
) -> dict[str, int]:
    """Drop 赵云引 beside 赵云 and 闻曹操 beside 曹操: a name that stands far oftener, run on."""

    def stands(name: str) -> int:
        return evidence.heads[name] + evidence.cues[name] + evidence.tags[name]

    kept: dict[str, int] = {}
    for name, weight in accepted.items():
        shorter, tail = name[:-1], name[1:]
        if len(tail) >= 2 and tail in taken:
            continue
        if evidence.called[name] == 0:
            known_start = len(shorter) >= 2 and (
                shorter in taken or shorter in accepted or shorter in evidence.titled
            )
            if known_start and (stands(name) * 2 < stands(shorter) or name[-1] in FOLLOWERS):
                continue
            known_end = len(tail) >= 2 and tail in accepted and is_full(tail)
            # 申东造 beside 东造 is no run-on, although there is a surname 东.
            surname = name[0] not in RARE_AS_NAME and tail[0] in THINGS and len(name) == 3
            if known_end and stands(name) < stands(tail) and not surname:
                continue
        if any(name[:i] in taken for i in range(2, len(name))):
            continue
        kept[name] = weight
    return kept


def _designations(evidence: Evidence, taken: set[str]) -> list[Known]:
    """行者 of a book in which nobody speaks so often: a role word that one person alone is called by."""
    enough = max(_DESIGNATED, _DESIGNATED_SHARE * evidence.cues.total())
    return [
        Known(word, {word}, weight=count)
        for word, count in sorted(evidence.cues.items())
        if count >= enough and word not in taken and is_role(word) == word
    ]


def _nicknames(evidence: Evidence, taken: set[str]) -> list[Known]:
    """阿翠, 老栓, 小金子: a prefix and one character or two, where it speaks or acts often."""
    found = []
    extension = _extensions(evidence.heads)
    for name in sorted(evidence.heads):
        if len(name) not in (2, 3) or name[0] not in "阿老小" or name in taken:
            continue
        if extension.get(name, 0) * 5 > evidence.heads[name] * 3:
            continue  # 老先 of 老先生
        if is_stopword(name) or is_role(name) or name[-1] in BAD_LAST or rjieba.has_word(name):
            continue
        if name[:2] in taken or name[-1] in FOLLOWERS or is_place(name, evidence):
            continue
        cues, heads, tags = evidence.cues[name], evidence.heads[name], evidence.tags[name]
        # 小金 is not there beside 小金子, nor 小金子道 beside 小金子.
        longer = max((evidence.heads[name + char] for char in "子儿姐哥"), default=0)
        if len(name) == 2 and longer * 2 > heads:
            continue
        if cues * 3 + heads + tags >= 4 if len(name) == 2 else cues and heads >= 3:
            found.append(Known(name, {name}, weight=heads, kind="nick"))
    return found


def _roles(evidence: Evidence, taken: set[str]) -> list[Known]:
    """老者, 店小二: people without a name, where they speak. Words for the same are one person."""
    spoken: Counter[str] = Counter()
    for subject, count in evidence.cues.items():
        if subject in taken:
            continue
        role = is_role(subject)
        listed = role in roles() or not (is_stopword(role) or set(role) & GROUP)
        if role and listed and role not in taken:
            spoken[role] += count
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(spoken, key=lambda word: (-spoken[word], word)):
        groups[same_role().get(word, word)].append(word)
    found = []
    for words in groups.values():
        known = next((roles()[word] for word in words if word in roles()), None)
        traits = dict(known.traits) if known else {}
        weight = sum(spoken[word] for word in words)
        found.append(Known(words[0], set(words), traits, "role", weight))
    return sorted(found, key=lambda person: person.name)

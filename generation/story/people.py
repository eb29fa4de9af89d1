"""Who the people of a Chinese novel are: evidence of all chapters to names with joined aliases."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import rjieba

from generation.story.lexicon import KnownPerson, known_people, roles, surnames, titles
from generation.story.names import FOLLOWERS, Evidence, is_role, is_stopword

__all__ = ["SHORT_TEXT", "Known", "active_work", "decide", "given_name"]

_PLACE_END = frozenset(
    "山洞城州府县国寺庙江河关寨村庄宫殿楼门桥湖海岛峰岭谷镇乡市省路街巷院园阁塔店屯坡郡营界口岸"
    "军兵马车船剑刀枪戟弓箭棒书诗经酒茶饭"
)
SHORT_TEXT = 50_000
# 红绳 and 红头巾 are worn, not people, although 红 is a surname too.
_COLOURS = frozenset("红黄白金蓝黑紫青绿")
_WORN = frozenset("绳巾袍衫裙带帽靴鞋袄襟袖褂甲衣")
_KIN = frozenset("总董哥姐叔姨婶嫂伯爷妈婆氏翁")
_GROUP = frozenset("们等众辈")
# Surnames that stand at the start of a clause mostly as verbs and particles, or as things.
_RARE_AS_NAME = frozenset(
    "莫那都全满安何于时能应从成须闻束饶管幸连越齐武别单解计查多当经通容谈谢方相盖须得有如终步居平阎封来支"
    "任堵却可令使宣言问向空且冷冲印习广隆蒙蔽充利便索曲牧年初爱商"
)
_THINGS = frozenset(
    "黄白金石花山水云木钟马高龙牛羊鱼凤童左席路江万祖师国公车宫家东古文明宁祝雷毛叶寿柏松柳桂桑景宝房农乌巫弓谷凌"
)
_PARTICLES = frozenset("不必敢能肯得故以其足须尝曾如若是在为有无此之此")
_VERBAL = frozenset("声口心手笑冷欢吹叫礼气呵怒喜哭急忙慌跪拜")
_BAD_FIRST = frozenset(
    "一二两三四五六七八九十百千万几众诸各每此其那这某何谁我你他她它吾汝尔彼又却则且若虽但把被将令使对向与往从"
)
# Verbs that end no given name: 苏婉走 in 苏婉走了 is 苏婉, who walks.
_ACTS = frozenset("走坐站看想问说笑哭喊拿拉推抬皱叹盯愣蹲躺抱靠跑跪爬扶摇点望听吃喝骂打")
# What stands inside a sentence, not inside a given name: 钟是早 is a clock that is fast.
_BAD_INSIDE = frozenset("是不了的在就都也和把被很太更最又还没有着过吗呢吧么那这起拿取抬推")
_BAD_LAST = frozenset(
    "曰道说问的了着过是在不也又把被之者上下中里前后时间声心口手头眼面身言语话事处边闻见听看来去得个家很太更最真已曾正被把有没无会能要想将与及或并且"
)


@dataclass(slots=True)
class Known:
    """One person: every alias (in simplified characters) and what is known of the looks.

    `shown` is the name that a reader gave him, "" where it is the text's own.
    """

    name: str
    aliases: set[str] = field(default_factory=set)
    traits: dict[str, str] = field(default_factory=dict)
    kind: str = "name"
    weight: int = 0
    formal: bool = False
    shown: str = ""


def given_name(full: str) -> str:
    """刘备 → 备, 诸葛亮 → 亮, 顾明舟 → 明舟; "" where there is no surname."""
    single, double = surnames()
    if len(full) in (3, 4) and full[:2] in double:
        return full[2:]
    return full[1:] if len(full) in (2, 3) and full[0] in single else ""


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
    people = _Register()
    for person in known_people():
        if person.work == work:
            people.add(_from_lexicon(person, evidence))
    taken = set(people.owner)
    for name, weight in _accept(evidence, taken).items():
        people.add(Known(name, {name}, weight=weight))
    for known in _nicknames(evidence, set(people.owner)):
        people.add(known)
    _join_links(people, evidence)
    _join_given_names(people, evidence)
    _join_titles(people, evidence)
    for known in _roles(evidence, set(people.owner)):
        people.add(known)
    return list(people.members.values())


class _Register:
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


def _from_lexicon(person: KnownPerson, evidence: Evidence) -> Known:
    aliases = {person.name, *(a for a in person.aliases if len(a) >= 2)}
    weight = sum(evidence.cues[a] + evidence.tags[a] for a in aliases)
    return Known(person.name, aliases, dict(person.traits), "known", weight, formal=True)


def _is_full(name: str) -> bool:
    return bool(given_name(name))


def _accept(evidence: Evidence, taken: set[str]) -> dict[str, int]:
    """Names that the rules find, with the weight of their evidence."""
    extension = _extensions(evidence.heads)
    linked = {pair.split("|")[0] for pair in evidence.links}
    candidates = set(evidence.cues) | set(evidence.called)
    candidates |= {n for n, c in evidence.tags.items() if c >= 2}
    rare = 3 if evidence.narrator["length"] > SHORT_TEXT else 1
    candidates |= {n for n, c in evidence.heads.items() if c >= rare and _is_full(n)}
    candidates |= linked
    accepted: dict[str, int] = {}
    for name in sorted(candidates, key=lambda n: (-len(n), n)):
        if name in taken or not 2 <= len(name) <= 4 or not _may_be_name(name, evidence):
            continue
        weight = _weight(name, evidence, extension, linked)
        if weight >= 3:
            accepted[name] = weight
    return _without_run_ons(accepted, evidence, taken)


def _weight(name: str, evidence: Evidence, extension: dict[str, int], linked: set[str]) -> int:
    cues, tags, heads = evidence.cues[name], evidence.tags[name], evidence.heads[name]
    introduced = name in linked or evidence.called[name] > 0
    if not _is_full(name):
        # A word that is no surname and given name must speak, and more than once.
        is_noun = tags > 0 or _tag(name)[:1] == "n"
        plain = not set(name) & _VERBAL and len(name) <= 3 and cues >= 5
        return 2 * cues if cues >= 2 and (is_noun or plain) else 0
    if heads and extension.get(name, 0) * 10 > heads * 6 and not cues:
        return 0
    if not cues and not introduced:
        plain = name[0] in _RARE_AS_NAME and not _is_plausible(name, tags)
        if plain or name[-1] in _PLACE_END or heads < 1:
            return 0
        if name[0] in _THINGS and (tags < 3 or heads < 3):
            return 0
        if _is_common_word(name):
            return 0
        if evidence.narrator["length"] > SHORT_TEXT:
            enough = tags + heads // 6 >= 1
        else:
            # In a short text a name may come once: then it must have three characters and act.
            acts = sum(evidence.heads[name + char] for char in FOLLOWERS)
            enough = (tags > 0 and heads > 0) or heads >= 2 or (acts > 0 and len(name) == 3)
            heads += 2 * (acts > 0)
        if not enough:
            return 0
    if cues < 2 and not introduced and _is_common_word(name):
        return 0
    return 3 * cues + min(tags, 50) + min(heads, 50) + 3 * introduced


def _is_plausible(name: str, tags: int) -> bool:
    """何秀兰 may be a name where 何不早 is none: the segmenter tags it, and no particle follows."""
    return name[0] in "何于安武连" and len(name) == 3 and tags > 0 and name[1] not in _PARTICLES


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
        if evidence.called[name] == 0:
            known_start = len(shorter) >= 2 and (shorter in taken or shorter in accepted)
            if known_start and (stands(name) * 2 < stands(shorter) or name[-1] in FOLLOWERS):
                continue
            known_end = len(tail) >= 2 and tail in accepted and _is_full(tail)
            if (known_end and stands(name) < stands(tail)) or (len(tail) >= 2 and tail in taken):
                continue
        if any(name[:i] in taken for i in range(2, len(name))):
            continue
        kept[name] = weight
    return kept


def _may_be_name(name: str, evidence: Evidence) -> bool:
    if is_stopword(name) or is_role(name) or set(name) & _GROUP:
        return False
    if (
        len(name) >= 3
        and name[-1] in _ACTS
        and not evidence.cues[name]
        and not evidence.called[name]
    ):
        return False
    if set(name[1:]) & _BAD_INSIDE and evidence.cues[name] < 2 and not evidence.called[name]:
        return False
    if name[0] in _COLOURS and set(name[1:]) & _WORN and not evidence.cues[name]:
        return False
    if len(name) > 2 and (is_stopword(name[:2]) or is_role(name[:2])):
        return False
    if name in evidence.titled and (name[-1] in _KIN or name[-2:] in titles()):
        return False
    if name[0] in _BAD_FIRST:
        sure = evidence.cues[name] or (len(name) == 3 and evidence.tags[name])
        if not (name[0] in "万那何" and _is_full(name) and sure):
            return False
    if name[-1] in _BAD_LAST and evidence.called[name] == 0:
        # 祁守更道 time and again, and never 祁守道.
        speaks = evidence.cues[name] >= 3 and not evidence.cues[name[:-1]]
        if not (speaks and len(name) == 3 and _is_full(name)):
            return False
    return all("\u4e00" <= char <= "\u9fff" for char in name)


def _tag(name: str) -> str:
    """The dictionary's part of speech for `name`, "" where it is no single word."""
    tagged = rjieba.tag(name)
    return tagged[0][1] if len(tagged) == 1 and rjieba.has_word(name) else ""


def _is_common_word(name: str) -> bool:
    """Whether the segmenter's dictionary holds `name` as something other than a person."""
    return _tag(name)[:2] not in ("", "nr")


def _nicknames(evidence: Evidence, taken: set[str]) -> list[Known]:
    """阿翠, 老栓, 小栓: a prefix and one character, where it speaks or acts often."""
    found = []
    for name in sorted(evidence.heads):
        if len(name) != 2 or name[0] not in "阿老小" or name in taken:
            continue
        if is_stopword(name) or is_role(name) or name[-1] in _BAD_LAST or rjieba.has_word(name):
            continue
        if evidence.cues[name] * 3 + evidence.heads[name] + evidence.tags[name] >= 4:
            found.append(Known(name, {name}, weight=evidence.heads[name], kind="nick"))
    return found


def _join_links(people: _Register, evidence: Evidence) -> None:
    """刘备，字玄德 → 玄德 and 刘玄德 are aliases of 刘备."""
    for pair, _ in sorted(evidence.links.items(), key=lambda item: (-item[1], item[0])):
        name, _, style = pair.partition("|")
        person = people.find(name)
        if person is None or is_stopword(style) or is_role(style) or style[-1] in _BAD_LAST:
            continue
        if _is_common_word(style) and not evidence.cues[style]:
            continue
        person.formal = True
        family = name[: len(name) - len(given_name(name))]
        people.give(person, style)
        if len(style) <= 2 and family and family != name:
            people.give(person, family + style)


def _join_given_names(people: _Register, evidence: Evidence) -> None:
    """明舟 is 顾明舟 where no other 明舟 is there and the two characters are no common word."""
    by_given: dict[str, list[Known]] = defaultdict(list)
    for person in people.members.values():
        if person.kind in ("name", "known") and len(given_name(person.name)) == 2:
            by_given[given_name(person.name)].append(person)
    for given in sorted(by_given):
        persons = [p for p in by_given[given] if p.name in people.owner]
        if len(persons) != 1 or is_stopword(given) or is_role(given):
            continue
        if not evidence.cues[given] and (_is_common_word(given) or given[-1] in _BAD_LAST):
            continue
        people.give(persons[0], given)


def _join_titles(people: _Register, evidence: Evidence) -> None:
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
        if not (cued or evidence.heads[word] or evidence.tags[word]) or rjieba.has_word(word):
            continue
        if family in _BAD_FIRST or ((family in _RARE_AS_NAME or family in _THINGS) and not cued):
            continue
        traits = dict(known_titles[title])
        person_or_none = _bearer(by_family[family], traits, title)
        if person_or_none:
            people.give(person_or_none, word)
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
    fitting = [p for p in family if not gender or p.traits.get("gender", gender) == gender]
    ranked = sorted(fitting, key=lambda person: (-person.weight, person.name))
    if not ranked:
        return None
    alone = len(ranked) == 1 or ranked[0].weight >= 4 * max(1, ranked[1].weight)
    return ranked[0] if alone else None


def _roles(evidence: Evidence, taken: set[str]) -> list[Known]:
    """老者, 店小二: people without a name, where they speak."""
    spoken: Counter[str] = Counter()
    for subject, count in evidence.cues.items():
        if subject in taken:
            continue
        role = is_role(subject)
        if role and role not in taken:
            spoken[role] += count
    return [
        Known(word, {word}, dict(roles()[word].traits), "role", spoken[word])
        for word in sorted(spoken)
    ]

"""Evidence for people's names in a chapter of Chinese: the map step, free of thresholds.

What counts: a word before "道：" or another verb of saying; a surname with one or two characters
at the start of a clause; a name tag of the segmenter; "姓X名Y", "X，字Y", "人称Y"; a surname before a
title. `generation.story.people` adds the evidence of all chapters up and decides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import rjieba

from generation.story.characters import BAD_LAST, FOLLOWERS, RARE_AS_NAME
from generation.story.lexicon import stopwords, surnames, titles
from generation.story.quotes import Quote
from generation.story.speech import speech_subject, strip_modifiers, subject_after

__all__ = ["Evidence", "collect"]

_CLAUSE_HEAD = re.compile(
    r"(?:(?<=[，。！？：；、…\s“”‘’「」『』\"—])|^)"
    r"(?:却说|且说|话说|只见|忽见|那|这|是|若|但|而|与|和|见|被|将|使|令|请|命)?([一-龥]{2,5})"
)
_UNMARKED = re.compile(r"(?:(?<=[，。！？：；\s])|^)([一-龥]{1,10}?)(?:说|道|曰|问|答)[，：]")
_NAMED = re.compile(
    r"姓(?P<family>[一-龥]{1,2})，?[单双]?名(?:唤|叫|做|作)?(?:一个)?(?P<given>[一-龥]{1,2}?)字?"
    r"(?:，?(?:表)?字(?P<style>[一-龥]{1,2}))?(?:，?(?:别|又|自)?号(?P<nick>[一-龥]{2,4}))?"
    r"(?:，后(?:来)?改(?:字)?(?P<later>[一-龥]{2}))?(?=[，。；：、！”\"\s的者])"
)
# 大家都叫他老残, 人人称他张善人: of who was named in full not long before.
_CALLED_BY_ALL = re.compile(
    r"(?:都|皆|俱|人人|因此|遂|便)(?:叫|唤|称|称呼)[他她](?:为|做|作)?[“‘「『\"]?"
    r"(?P<style>[一-龥]{2,4})(?=[，。；：、！”’」』\"\s])"
)
_CALLED_BEFORE = re.compile(
    r"(?:名叫|名唤|叫做|唤做|唤作|人称)[“‘「『\"]?(?P<name>[一-龥]{2,4})[”’」』\"]?[，。](?:此人|其人|他|她)?[原本]?$"
)
_NAMED_REACH = 600
# These two have a name before them, see _BEFORE.
_STYLED = re.compile(r"，?(?:表)?字(?P<style>[一-龥]{2})(?=[，。；：、！”\"\s也])")
_NICKNAMED = re.compile(
    r"，?(?:江湖|人|人皆|绰|诨|外|别|道|自)(?:上)?(?:人称|称|名|号|唤作|唤做)(?:叫做|唤做|唤作|为)?"
    r"(?:他|她|我|你)?(?:是|为|做|作)?[“‘「『\"]?(?P<style>[一-龥]{2,5})(?=[，。；：、！”’」』\"\s])"
)
_BEFORE = re.compile(r"(?P<name>[一-龥]{2,4}?)(?:者)?$")
_CALLED = re.compile(
    r"(?:遂称|自称|尊为|号称|号为|号作|封为|封做|封作|官封|称为|称作|诨名|混名|别名|绰号|外号|道号|名叫|名唤|名为|名字叫|名字是|叫做|叫作|唤作|唤做|他叫|她叫|我叫|我是|名曰|取名|法名|本名|乳名|小名)"
    r"[“‘「『\"]?(?P<name>[一-龥]{2,4})(?=[，。；：、！？”’」』\"\s的])"
)
# 为首乃魏将焦炳也: a name behind an office.
_INTRODUCED = re.compile(
    r"(?:乃|为首|原来是|却是|正是)[^，。：；“]{0,8}?(?:将|士|守|令|尉|吏|官|史|曹|军|校|部下)"
    r"(?P<name>[一-龥]{2,3})(?=也|，|。|！)"
)
_NO_GIVEN = frozenset(
    "报或又王帝后公侯君主卿妃妻父母兄弟子女众皆答对问人臣将士兵也故乃遂因谓既诗歌书文词赞者我吾他她你汝它谁何都俱"
    "某僧道神仙怪妖鬼魔佛官吏童叟翁婆娘爷哥姐老"
)
# How far before its cue a given name is looked for in full, and how often.
_NAMED_BEFORE, _LOOKS = 3_000, 12
_NICK_PREFIX = "阿老小"


@dataclass(slots=True)
class Evidence:
    """Counts of one chapter; every value is JSON-serialisable and adds up over chapters."""

    cues: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)
    titled: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    narrator: Counter[str] = field(default_factory=Counter)

    def add(self, other: Evidence) -> None:
        """Sum in place; the order of additions does not matter."""
        for name in self.__slots__:
            getattr(self, name).update(getattr(other, name))

    def add_dict(self, data: Mapping[str, Mapping[str, int]]) -> None:
        """As `add`, of what to_dict gives."""
        for name in self.__slots__:
            getattr(self, name).update(data.get(name, {}))

    def to_dict(self) -> dict[str, dict[str, int]]:
        """Sorted, so that equal evidence gives equal bytes."""
        return {name: dict(sorted(getattr(self, name).items())) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, dict[str, int]]) -> Evidence:
        """The inverse of to_dict."""
        return cls(**{name: Counter(data.get(name, {})) for name in cls.__slots__})


def collect(folded: str, start: int, end: int, spoken: Sequence[Quote]) -> Evidence:
    """Evidence of the chapter [start, end) of a text in simplified characters."""
    body = folded[start:end]
    evidence = Evidence()
    speakers = _from_cues(folded, start, spoken, evidence.cues)
    _from_clause_heads(body, evidence.heads)
    _from_tags(body, evidence.tags)
    _from_patterns(body, evidence)
    _from_given_names(body, speakers, evidence)
    for match in _place_after_verb().finditer(body):
        evidence.places[match[1]] += 1
    if len(spoken) * 2_000 < len(body):
        _from_unmarked(body, evidence.cues)
    outside = outside_of(folded, start, end, spoken)
    evidence.narrator["我"] = outside.count("我")
    evidence.narrator["length"] = len(outside)
    for match in _titled().finditer(body):
        evidence.titled[match[0]] += 1
    return evidence


def _from_tags(body: str, tags: Counter[str]) -> None:
    """Words that the segmenter takes for names. Of those without a surname, that come but once in a
    chapter, most are run-ons of a verb; each word is tagged once, which is quicker by half."""
    firsts = _first_characters()
    words = {
        word: count
        for word, count in Counter(rjieba.cut(body)).items()
        if 2 <= len(word) <= 4 and (count > 1 or word[0] in firsts)
    }
    for word, tag in rjieba.tag("\n".join(words)):
        if tag[:2] == "nr" and word in words:
            tags[word] += words[word]


@cache
def _first_characters() -> frozenset[str]:
    single, double = surnames()
    return single | {name[0] for name in double}


def outside_of(text: str, start: int, end: int, spoken: Iterable[Quote]) -> str:
    """The words of [start, end) that nobody speaks."""
    parts: list[str] = []
    at = start
    for quote in spoken:
        parts.append(text[at : quote.start])
        at = quote.end
    parts.append(text[at:end])
    return "\n".join(parts)


def _from_cues(
    folded: str, start: int, spoken: Sequence[Quote], cues: Counter[str]
) -> list[tuple[int, str]]:
    """Counts who is said to speak; returns where by a given name of one character, and which."""
    last_end = start
    by_given: list[tuple[int, str]] = []
    for quote in spoken:
        clause = folded[max(last_end, quote.start - 30) : quote.start]
        last_end = quote.end
        if subject := speech_subject(clause):
            cues[subject] += 1
            if len(subject) == 1:
                by_given.append((quote.start - start, subject))
            elif named := _behind_office(subject):
                cues[named] += 1
        after = folded[quote.end : quote.end + 16]
        if subject := subject_after(after):
            cues[subject] += 1
    return by_given


def _behind_office(subject: str) -> str:
    """部将马延 → 马延, 长史杨仪 → 杨仪; "" for anything else."""
    single, double = surnames()
    for size in (3, 2):
        office, name = subject[:-size], subject[-size:]
        if name[-1] in FOLLOWERS or name[-1] in _NO_GIVEN:
            continue
        if len(office) == 2 and (name[0] in single or name[:2] in double):
            if rjieba.tag(office)[0][1][:1] == "n" and rjieba.has_word(office):
                return name
    return ""


def _from_given_names(body: str, speakers: Sequence[tuple[int, str]], evidence: Evidence) -> None:
    """乃魏将焦炳…炳曰: who speaks by a given name of one character has been named in full before."""
    single, double = surnames()
    for at, given in speakers:
        if given in _NO_GIVEN or given in FOLLOWERS:
            continue
        place, low = body.rfind(given, 0, at - 1), max(0, at - _NAMED_BEFORE)
        for _ in range(_LOOKS):
            place = body.rfind(given, low, place)
            if place < 1:
                break
            size = 2 if body[place - 2 : place] in double else 1
            name = body[place - size : place + 1]
            stands = evidence.heads[name] + evidence.tags[name] + evidence.called[name]
            if (size == 2 or name[0] in single) and name[0] not in RARE_AS_NAME and stands:
                evidence.called[name] += 1
                break


def _from_unmarked(body: str, cues: Counter[str]) -> None:
    """大哥说，… in a chapter without quotation marks."""
    for match in _UNMARKED.finditer(body):
        if subject := strip_modifiers(match[1]):
            cues[subject] += len(subject) <= 5


def _from_clause_heads(body: str, heads: Counter[str]) -> None:
    single, double = surnames()
    for match in _CLAUSE_HEAD.finditer(body):
        run = match[1]
        if run[:2] in double:
            sizes: tuple[int, ...] = (3, 4, 5)
        elif run[0] in single:
            sizes = (2, 3, 4)
        elif run[0] in _NICK_PREFIX:
            sizes = (2, 3)
        else:
            continue
        for size in sizes:
            if len(run) >= size:
                heads[run[:size]] += 1


def _from_patterns(body: str, evidence: Evidence) -> None:
    single, double = surnames()
    named: list[tuple[int, str]] = []
    for match in _NAMED.finditer(body):
        full = match["family"] + match["given"]
        evidence.called[full] += 1
        named.append((match.end(), full))
        others = [match[part] for part in ("style", "nick", "later") if match[part]]
        if before := _CALLED_BEFORE.search(body, max(0, match.start() - 16), match.start()):
            others.append(before["name"])
        for other in others:
            evidence.links[f"{full}|{other}"] += 1
    if named:
        for match in _CALLED_BY_ALL.finditer(body):
            end, full = max(
                (n for n in named if n[0] <= match.start()), default=(-_NAMED_REACH, "")
            )
            if full and match.start() - end <= _NAMED_REACH:
                evidence.links[f"{full}|{match['style']}"] += 1
    for pattern in (_STYLED, _NICKNAMED):
        for match in pattern.finditer(body):
            before = _BEFORE.search(body, max(0, match.start() - 5), match.start())
            name = _from_surname(before["name"], single, double) if before else ""
            if name and not set(name + match["style"]) & set("姓名字称号叫"):
                evidence.links[f"{name}|{match['style']}"] += 1
    for match in _INTRODUCED.finditer(body):
        name = match["name"]
        if name[-1] in BAD_LAST or name[-1] in FOLLOWERS:
            continue
        if name[0] in single and (len(name) == 2 or name[:2] not in double):
            evidence.called[name] += 1
    for match in _CALLED.finditer(body):
        evidence.called[match["name"]] += 1


def _from_surname(run: str, single: frozenset[str], double: frozenset[str]) -> str:
    """The last name-shaped end of a run of characters: 乃刘备 → 刘备."""
    for size in (4, 3, 2):
        tail = run[-size:]
        if len(run) >= size and (
            (size >= 3 and tail[:2] in double) or (size <= 3 and tail[0] in single)
        ):
            return tail
    return run if len(run) == 2 else ""


@cache
def _place_after_verb() -> re.Pattern[str]:
    """守陈仓, 至寿春: what stands between a verb of place and the end of the clause."""
    families = "".join(sorted(surnames()[0])) + "阿老小"
    return re.compile(
        r"(?:在|至|到|往|入|出|取|守|攻|屯|赴|投|奔|离|过|围|袭|回|据|失)"
        rf"([{families}][一-龥]{{1,2}})(?=[，。、；！城县郡关路而])"
    )


@cache
def _titled() -> re.Pattern[str]:
    single, double = surnames()
    tails: dict[str, list[str]] = defaultdict(list)
    for word in sorted(titles(), key=lambda word: (-len(word), word)):
        tails[word[0]].append(word[1:])
    endings = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in tails.items())
    # Sets of first characters before the alternatives: most places are passed over at once.
    doubles = (
        rf"(?=[{''.join(sorted({word[0] for word in double}))}])(?:{'|'.join(sorted(double))})"
    )
    single_or_double = rf"(?:{doubles}|[{''.join(sorted(single))}])"
    return re.compile(rf"{single_or_double}(?=[{''.join(sorted(tails))}])(?:{endings})")


def is_stopword(word: str) -> bool:
    """Whether `word` is known to be no name."""
    return word in stopwords()

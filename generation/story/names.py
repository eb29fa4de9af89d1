"""Evidence for people's names in a chapter of Chinese: the map step, free of thresholds.

What counts: a word before "道：" or another verb of saying; a surname with one or two characters
at the start of a clause; a name tag of the segmenter; "姓X名Y", "X，字Y", "人称Y"; a surname before a
title. `generation.story.people` adds the evidence of all chapters up and decides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

import rjieba

from generation.story.characters import BAD_LAST, RARE_AS_NAME
from generation.story.lexicon import stopwords, surnames, titles
from generation.story.quotes import Quote

__all__ = ["FOLLOWERS", "SPEECH", "Evidence", "collect", "speech_subject"]

_VERBS = (
    r"(?:回答|答应|答道|说道|问道|叫道|喊道|骂道|笑道|喝道|叹道|应道|奏道|哭道|嚷道|吼道|劝道|解释|补充|开口|低语|"
    r"嘀咕|呢喃|嘟囔|嘟哝|追问|反问|质问|询问|吩咐|命令|提醒|催促|感叹|感慨|惊呼|怒吼|呵斥|嘲讽|打断|接口|接话|"
    r"附和|强调|承认|坦白|宣布|吟道|念道|曰|道|说|问|答|云|言|叫|喊|骂|喝|奏|禀|吟|念|唱|嚷|吼|呼|叹|笑)"
)
SPEECH = _VERBS + r"(?:道|着|了|曰)?"
# Only the last verb: in 长叹曰 it is 曰, and 长叹 is left to the modifiers.
_SPEECH_TAIL = re.compile(rf"{_VERBS}(?:着|了)?[：:，,]?\s*$")
_MODIFIER = re.compile(
    r"(?:闻言|闻知|闻之|闻|听了|听罢|听说|听见|听|见了|见状|见|看罢|看了|听完|慌了|陪着|陪|依言|依|"
    r"厉声高|厉声大|高声大|放声大|厉|高|大|大笑|冷笑|微笑|苦笑|轻笑|嘻笑|陪笑|含笑|强笑|笑着|笑而|笑了笑|笑|大怒|发怒|怒而|怒|恼|大喝|喝|大叫|高叫|叫|厉声|"
    r"高声|低声|轻声|沉声|朗声|大声|小声|柔声|冷声|颤声|齐声|应声|连声|失声|放声|连忙|慌忙|急忙|赶忙|赶紧|忙|急|慌|又|便|就|乃|"
    r"因|遂|亦|也|却|即|方|才|再|先|后|则|只|还|都|俱|皆|自|独|复|忽|忽然|突然|谢|拜谢|拜|告|问|答|应|叹|长叹|叹息|叹气|哭|大哭|"
    r"泣|流泪|垂泪|含泪|惊|大惊|失惊|喜|大喜|欢喜|谏|进|出|骂|大骂|谓|回答|回报|回|点头|摇头|摆手|挥手|仰天|抚掌|拍手|鼓掌|"
    r"拱手|抱拳|顿首|叩头|叩首|磕头|稽首|合掌|躬身|欠身|上前|近前|向前|下马|马上|在马上|心中|暗|暗想|暗自|密|跪|跪下|跪而|"
    r"起|起身|起来|坐下|站起|转身|回头|抬头|低头|皱眉|咬牙|红着脸|奏|启|启奏|禀|从容|正色|慨然|欣然|愕然|忿然|愤然|勃然|"
    r"淡淡|淡淡地|冷冷|冷冷地|缓缓|缓缓地|慢慢|慢慢地|轻轻|轻轻地|平静地|认真地|无奈地|疑惑地|不满地|[一-龥]{2}地|"
    r"[一-龥]着(?:脸|眼|头|气|眉头|牙|嘴|声音|嗓子)?|忍不住|不由得|不禁|一边|继续|接着|随即|随后|立刻|立即|马上|终于|只好|只得|这才|故意|假意|再三|再拜|而|曰|道|说)$"
)
_OBJECT = re.compile(
    r"(?:对着|对|向|谓|与|问|叫|唤|告|劝|命|教|令|朝|冲|跟|看着|望着|瞪着|盯着|谢|辞|指|顾|骂|责|召|引|扯|拉|拜|给)"
)
_CLAUSE_HEAD = re.compile(
    r"(?:(?<=[，。！？：；、…\s“”‘’「」『』\"—])|^)"
    r"(?:却说|且说|话说|只见|忽见|那|这|是|若|但|而|与|和|见|被|将|使|令|请|命)?([一-龥]{2,5})"
)
_UNMARKED = re.compile(r"(?:(?<=[，。！？：；\s])|^)([一-龥]{1,10}?)(?:说|道|曰|问|答)[，：]")
_BREAK = '，。！？：；、…\n\u3000 “”‘’「」『』"—,.!?;:'
_NAMED = re.compile(
    r"姓(?P<family>[一-龥]{1,2})，?(?:双)?名(?:唤|叫|做|作)?(?P<given>[一-龥]{1,2})"
    r"(?:，?(?:表)?字(?P<style>[一-龥]{1,2}))?(?=[，。；：、！”\"\s的者])"
)
# These two have a name before them, see _BEFORE.
_STYLED = re.compile(r"，?(?:表)?字(?P<style>[一-龥]{2})(?=[，。；：、！”\"\s也])")
_NICKNAMED = re.compile(
    r"，?(?:江湖|人|人皆|绰|诨|外|别|道|自)(?:上)?(?:人称|称|名|号|唤作|唤做)(?:叫做|唤做|唤作|为)?"
    r"[“‘「『\"]?(?P<style>[一-龥]{2,5})(?=[，。；：、！”’」』\"\s])"
)
_BEFORE = re.compile(r"(?P<name>[一-龥]{2,4}?)(?:者)?$")
_CALLED = re.compile(
    r"(?:名叫|名唤|名为|名字叫|名字是|叫做|叫作|唤作|唤做|他叫|她叫|我叫|我是|名曰|取名|法名|本名|乳名|小名)"
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
# A character after a name that begins a verb or a particle: 林清说 is no longer name than 林清.
FOLLOWERS = frozenset(
    "曰道说问笑看想走站坐点摇的是在不也又把被从向对和与一没有见听大怒喜忙令引乃遂即自亦急入出至到回归上"
    "下拜谢骂喝叫唤呼命使遣差拔挺拍纵勒奔之欲既已方了着过来去才便就却只都还将要会能可无非此其为以于而且"
    "接拿拉推转抬低皱叹哭喊应答点伸指望盯愣沉微冷淡轻缓慢从举放端靠倚蹲躺抱挥这那我你他她它们兄弟等勿皆欲"
)


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
    for (word, tag), count in Counter(rjieba.tag(body)).items():
        if tag[:2] == "nr" and 2 <= len(word) <= 4:
            evidence.tags[word] += count
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
        if subject := _subject_after(after):
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
        if subject := _strip_modifiers(match[1]):
            cues[subject] += len(subject) <= 5


def speech_subject(clause: str) -> str:
    """Who is said to speak at the end of `clause` ("玄德谢曰：" → 玄德), or "" where nobody is."""
    tail = _SPEECH_TAIL.search(clause)
    if not tail:
        return ""
    head = clause[: tail.start()]
    for part in reversed(re.split(rf"[{_BREAK}]", head)[-3:]):
        subject = _strip_modifiers(part)
        if subject:
            return subject if len(subject) <= 5 else _leading_name(subject)
    return ""


def _leading_name(words: str) -> str:
    """顾北辰从走廊尽头走过来 → 顾北辰: a surname first, and a verb after two more characters."""
    single, double = surnames()
    for size in (4, 3, 2):
        if words[size] in FOLLOWERS and (
            (size >= 3 and words[:2] in double) or (size <= 3 and words[0] in single)
        ):
            return words[:size]
    return ""


def _subject_after(after: str) -> str:
    """“…”张三说。 — but not “…”玄德曰：“, which belongs to the next quote."""
    match = re.match(rf"([一-龥]{{2,10}}?){SPEECH}([，。！,.])", after)
    return _strip_modifiers(match[1]) if match else ""


def _strip_modifiers(part: str) -> str:
    part = part.strip()
    if _OBJECT.match(part):
        return ""
    for _ in range(6):
        cut = _OBJECT.search(part, 1)
        if cut and cut.start() > 0:
            part = part[: cut.start()]
        shorter = _MODIFIER.sub("", part)
        if shorter == part:
            break
        part = shorter
    for lead in (
        "却说",
        "且说",
        "话说",
        "只见",
        "忽见",
        "那",
        "这",
        "时",
        "早有",
        "忽有",
        "忽",
        "早",
    ):
        if part.startswith(lead) and len(part) > len(lead) + 1:
            part = part[len(lead) :]
    return part


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
    for match in _NAMED.finditer(body):
        full = match["family"] + match["given"]
        evidence.called[full] += 1
        if match["style"]:
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

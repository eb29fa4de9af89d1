"""Who is said to speak: the subject of a verb of saying before or after a quote."""

from __future__ import annotations

import re

from generation.story.characters import FOLLOWERS
from generation.story.lexicon import surnames

__all__ = ["SPEECH", "speech_subject", "strip_modifiers", "subject_after"]

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
_BREAK = '，。！？：；、…\n\u3000 “”‘’「」『』"—,.!?;:'


def speech_subject(clause: str) -> str:
    """Who is said to speak at the end of `clause` ("玄德谢曰：" → 玄德), or "" where nobody is."""
    tail = _SPEECH_TAIL.search(clause)
    if not tail:
        return ""
    head = clause[: tail.start()]
    for part in reversed(re.split(rf"[{_BREAK}]", head)[-3:]):
        subject = strip_modifiers(part)
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


def subject_after(after: str) -> str:
    """“…”张三说。 — but not “…”玄德曰：“, which belongs to the next quote."""
    match = re.match(rf"([一-龥]{{2,10}}?){SPEECH}([，。！,.])", after)
    return strip_modifiers(match[1]) if match else ""


def strip_modifiers(part: str) -> str:
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

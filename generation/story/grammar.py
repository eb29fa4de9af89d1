"""How a language says who speaks: cues before and after a quote, objects, pronouns, groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import rjieba

from generation.story.speech import SPEECH

__all__ = ["AND_OTHERS", "CHINESE", "POSSESSIVE", "Grammar", "is_noun"]


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a language says who speaks."""

    cue_before: re.Pattern[str]
    cue_after: re.Pattern[str]
    stops: str
    clause: re.Pattern[str]
    object_before: re.Pattern[str]
    male: re.Pattern[str]
    female: re.Pattern[str]
    group: re.Pattern[str]
    stranger: re.Pattern[str]
    same: re.Pattern[str]
    answer: re.Pattern[str]
    question: re.Pattern[str]


# 他们, 他三人, 他的母亲 and 他娘 are not 他.
_NOT_ALONE = (
    r"们|[二两三四五六七八九十几]|的(?!脸|眼|声|手|嘴|心|目光|表情|神)|母|父|娘|爹|妈|爸|妻|哥|弟|姐|妹|儿|女|"
    r"老婆|老公|丈夫|媳妇|家|叔|伯|舅|姑|姨|爷|奶|师|人"
)
CHINESE = Grammar(
    cue_before=re.compile(rf"(?:[：:]|{SPEECH}[，,]?)\s*$"),
    cue_after=re.compile(
        rf"^[，,]?\s*(?P<head>[^，。！？：；\n“”「」『』\"]{{0,18}}?){SPEECH}(?P<end>[，。！？；：,.!?\s]|$)"
    ),
    stops="。！？!?\n",
    clause=re.compile(r"[，；：,;:—…\s]"),
    object_before=re.compile(
        r"(?:对着|对|向|谓|问|叫|唤|告|劝|命|教|令|朝着|朝|冲着|冲|看着|望着|瞪着|盯着|瞪|看|谢|辞|指着|顾|骂|"
        r"召|扯住|拉住|拉着|拜见|拜|被|把|将|给|见|听|听见|闻|搂住|抱住|扶起|请|为|说与|与|和|同|责|之于|从|"
        r"[一-龥](?:定|住)|报|禀|奏|启|谏|迎|送|救|杀|打|笑|怪|恨|引|领|带|让|待|等|使|寻|找|随|跟|保|递与|回复|回报)"
        r"(?:了|着|过|得|到|住)?(?:众|那|这|诸|几|一|个|位|名|员)*$"
    ),
    male=re.compile(rf"^(?:只见|那|原来|却|又|正|忽)*他(?!{_NOT_ALONE})"),
    female=re.compile(rf"^(?:只见|那|原来|却|又|正|忽)*她(?!{_NOT_ALONE})"),
    group=re.compile(
        r"众|声音|二人|三人|两人|几人|齐声|一齐|一同|皆|俱|大家|他们|她们|我们|诸将|左右|人人|群"
    ),
    stranger=re.compile(
        r"(?:人|者|兵|士|卒|官|吏|仆|童|妇|翁|婆|妖|怪|鬼|神|生|客|僧|道士|和尚|少年|女子|丫头|丫鬟|小二|侍者|军|将)"
        r"(?=[^的]{0,4}$)"
    ),
    same=re.compile(r"^[，。]?\s*(?:又|再|接着|继续|顿了顿|停了停|说着|说罢|说完|因又|复)"),
    answer=re.compile(r"(?:答|回|应|对)(?:道|曰|说|答|称|声)?[：:，]?\s*$"),
    question=re.compile(r"(?:又|再|复|便|还|接着)*(?:追|反|查)?问(?:道|曰|说)?[：:，]?"),
)
_DOING = frozenset(
    "登拔上下入出举挺提持仗按掷开勒纵回起立坐拍抚顿叩跪掩挥摇点低抬睁咬握执扣推闭转捶跌"
)
# 张三的母亲 is not 张三, but 张三的脸色 is.
# Nor is 掌柜的 in 掌柜的道 somebody of his.
POSSESSIVE = re.compile(
    r"的(?!脸|眼|声|手|嘴|心|目光|表情|神色|神情|语气|身|道|说|问|答|笑|听|也|便|就|又|回|叹|见|忙|连|[，：])"
)
AND_OTHERS = re.compile(
    r"(?:[、和与及][^，。]{1,6})?(?:等|[二三两四]人|众人|皆|俱|齐声|一齐|一同|们)"
)


@cache
def is_noun(words: str) -> bool:
    """Whether a word or two before a saying verb are its subject (其妻曰) and no verb (登城曰)."""
    tagged = rjieba.tag(words)
    last, tag = tagged[-1]
    if last in (
        "帝",
        "后",
        "妃",
        "妻",
        "女",
        "母",
        "父",
        "子",
        "兄",
        "弟",
        "主",
        "王",
        "公",
        "左右",
    ):
        return True
    if words[0] in _DOING:
        return False
    if len(words) > 2:
        # 紫虚上人, 探路小卒: nouns, and no verb among them.
        return tag[:1] == "n" and all(part[:1] not in "vdapcur" for _, part in tagged)
    return tag[:1] == "n" or (len(words) == 1 and tag[:1] not in ("v", "d", "a", "p", "c"))

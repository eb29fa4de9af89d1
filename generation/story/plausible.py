"""Whether a run of characters may be the name of somebody, by what it is made of and stands beside."""

from __future__ import annotations

from generation.story.characters import BAD_FIRST, BAD_LAST, FOLLOWERS, RARE_AS_NAME
from generation.story.known import given_name
from generation.story.lexicon import surnames, titles
from generation.story.names import Evidence, is_stopword
from generation.story.words import epithet_and_title, is_function_word, is_role, tag_of

__all__ = [
    "GROUP",
    "OFTEN",
    "VERBAL",
    "given_characters",
    "is_full",
    "is_place",
    "is_verb_and_object",
    "may_be_name",
]

# 红绳 and 红头巾 are worn, not people, although 红 is a surname too.
_COLOURS = frozenset("红黄白金蓝黑紫青绿")
_WORN = frozenset("绳巾袍衫裙带帽靴鞋袄襟袖褂甲衣")
_NOT_FIRST = frozenset("那这")
# 八戒 and 三藏 begin with a number, and 如来 ends with a verb: so often nothing but a name speaks.
_NUMBERS = frozenset("一二三四五六七八九十百千万")
OFTEN = 15
# In a text of this length whoever matters is named more than once as a name.
_BOOK = 50_000
# Places that nobody is called after.
_STORES = frozenset("店阁楼寺庙观县府宫殿镇村庄街巷湖")
_KIN = frozenset("总董哥姐叔姨婶嫂伯爷妈婆氏翁公")
GROUP = frozenset("们等众辈")
VERBAL = frozenset(
    "声口心手笑冷欢吹叫礼气呵怒喜哭急忙慌跪拜呼喝喊吼嚷啸说写站著着看想走坐听念唱拿指瞧"
)
# Two of them together.
_PAIRS = ("姊妹", "兄弟", "父子", "夫妻", "夫妇", "母子", "母女", "主仆", "师徒", "弟兄", "姐妹")
# Verbs that end no given name: 苏婉走 in 苏婉走了 is 苏婉, who walks.
_ACTS = frozenset("走坐站看想问说笑哭喊拿拉推抬皱叹盯愣蹲躺抱靠跑跪爬扶摇点望听吃喝骂打")
# What stands inside a sentence, not inside a given name: 钟是早 is a clock that is fast.
_BAD_INSIDE = frozenset("谓诸众报是不了的在就都也和把被很太更最又还没有着过吗呢吧么那这起拿取抬推")


def _is_double(name: str) -> bool:
    return name[:2] in surnames()[1] and len(name) > 2


def is_full(name: str) -> bool:
    return bool(given_name(name))


def _is_sentence(name: str, evidence: Evidence, givens: set[str]) -> bool:
    """Whether `name` is the start of a sentence: 卓大怒, 曹军大败, 于门外, 张二人."""
    sure = evidence.cues[name] >= 2 or evidence.called[name] > 0
    if not is_full(name):
        # Of words that are in the dictionary only those for people may be names.
        words = ("", "nr", "nz", "n", "ng", "j")
        return evidence.cues[name] < 5 and tag_of(name)[:2] not in words
    if len(name) == 3 and (name[1] in "军兵" or name[1:] == "二人" or name[1:] == "三人"):
        return True
    if name[-1] == "人" and not sure:
        return True
    # 于门外 is a preposition and a place.
    if name[0] in RARE_AS_NAME and len(name) == 3 and tag_of(name[1:])[:1] in ("s", "f", "t"):
        return True
    spoke, first = evidence.cues[name], evidence.cues[name[0]]
    if len(name) == 3 and first >= 20 and spoke * 10 < first and not evidence.tags[name]:
        return True
    if sure or spoke:
        return False
    # 操 and 卓 speak, so 操从其 and 卓大怒 are about them; 于操 and 闻操 are too.
    by_given = (
        evidence.cues[name[0]] >= 2
        and (evidence.tags[name] < 3 or evidence.cues[name[0]] >= 20)
        and name[0] in givens
    )
    to_given = name[0] in RARE_AS_NAME and evidence.cues[name[1:]] >= 2 and evidence.tags[name] < 3
    return by_given or to_given


def given_characters(evidence: Evidence) -> set[str]:
    """Characters that are the given name of somebody with a surname: 操 of 曹操."""
    single, double = surnames()
    return {"公", "帝", "后"} | {
        name[-1]
        for name, count in evidence.heads.items()
        if count >= 3
        and name[0] not in RARE_AS_NAME
        and ((len(name) == 2 and name[0] in single) or (len(name) == 3 and name[:2] in double))
    }


def is_verb_and_object(name: str) -> bool:
    """勒马 and 扬鞭 stand before 曰 and are nobody."""
    return tag_of(name[0])[:1] == "v" and tag_of(name[-1])[:1] in ("n", "v")


def is_place(name: str, evidence: Evidence) -> bool:
    """Whether people go there, and it does not act or speak."""
    went = evidence.places[name]
    if len(name) == 3 and name[-1] in _STORES and not evidence.cues[name]:
        return True
    known = evidence.cues[name] or evidence.called[name] * 2 > went
    return went >= 2 and not known and went * 3 >= evidence.heads[name]


def _is_surname_and_word(name: str, evidence: Evidence) -> bool:
    """明贼寇, 尚一瞧: a surname's character and a common word, that nobody is called."""
    given = given_name(name)
    known = evidence.tags[name] or evidence.called[name] or evidence.cues[name] >= 2
    if known or len(given) != 2 or evidence.narrator["length"] <= _BOOK:
        return False
    tag = tag_of(given)
    plain = tag[:1] in tuple("vdmrcpuftzan") and tag[:2] != "nr"
    return plain or set(given) <= _ACTS | VERBAL | set("一不")


def may_be_name(name: str, evidence: Evidence, givens: set[str]) -> bool:
    if is_stopword(name) or set(name) & GROUP or name[0] == "群":
        return False
    if name[-1] == "报" or (name[-1] == "者" and not is_full(name)):
        return False
    if name.endswith(_PAIRS):
        return False
    if is_function_word(name) and evidence.called[name] < 2 and evidence.tags[name] < OFTEN:
        return False
    if _is_surname_and_word(name, evidence):
        return False
    if is_role(name):
        # 大王 is a role, and 辟寒大王 a name where the text says that somebody is called so.
        sure = evidence.called[name] or evidence.cues[name] >= 3
        return bool(sure and epithet_and_title(name))
    if _is_sentence(name, evidence, givens) or is_place(name, evidence):
        return False
    sure = evidence.cues[name] > 0 or evidence.called[name] > 0
    if not sure and name[-1] in FOLLOWERS and tag_of(name)[:2] != "nr":
        # 许大 does this and that, where 卓大 is angry (卓大怒) each time.
        following = [evidence.heads[name + char] for char in FOLLOWERS]
        ranked = name[-1] == "大" and sum(following) >= 4
        if not ranked or max(following) * 2 > evidence.heads[name]:
            return False
    tail = name[1:]
    if name[0] in RARE_AS_NAME and len(tail) == 2 and not evidence.cues[name]:
        # 蒙玉帝 is the emperor, thanked.
        if evidence.cues[tail] >= 5 and evidence.tags[tail] >= 5 * evidence.tags[name]:
            return False
    if name[0] in RARE_AS_NAME and not (
        evidence.cues[name] >= 2 or evidence.tags[name] or evidence.called[name]
    ):
        return False
    if len(name) >= 3 and name[-1] in _ACTS and not sure:
        return False
    if set(name[1:]) & _BAD_INSIDE and evidence.cues[name] < 2 and not evidence.called[name]:
        return False
    if name[0] in _COLOURS and set(name[1:]) & _WORN and not evidence.cues[name]:
        return False
    if len(name) > 2 and not _is_double(name) and (is_stopword(name[:2]) or is_role(name[:2])):
        if not (evidence.called[name] and evidence.tags[name] >= OFTEN):
            return False
    if name in evidence.titled and (name[-1] in _KIN or name[-2:] in titles()):
        return False
    if name[0] in _NOT_FIRST and not (evidence.cues[name] >= 3 and not evidence.cues[name[1:]]):
        return False  # 那唐僧, 这孩子
    if name[0] in BAD_FIRST and not _is_double(name):
        sure = (evidence.cues[name] >= 2 or len(name) == 3) and evidence.tags[name]
        spoken = evidence.cues[name] >= OFTEN and name[0] in _NUMBERS and name[-1] not in "人个位"
        if not spoken and not (name[0] in "万那何" and is_full(name) and sure):
            return False
    if name[-1] in BAD_LAST and evidence.called[name] == 0:
        # 祁守更道 time and again, and never 祁守道.
        speaks = evidence.cues[name] >= 3 and not evidence.cues[name[:-1]]
        often = evidence.cues[name] >= OFTEN and not set(name) & VERBAL
        if not (speaks and (often or (len(name) == 3 and is_full(name)))):
            return False
    return all("\u4e00" <= char <= "\u9fff" for char in name)

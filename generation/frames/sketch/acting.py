"""What the words of a shot add to a pose: tears, an embrace, a drink, a cloud to fly on, a thing held.

A storyboard knows a dozen poses; its action says more. Only what the pose allows is taken from the
words, so that a picture never contradicts the shot's own pose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.frames.sketch.riding import Mount, mount_of
from generation.frames.sketch.stage import Setting

_READ = 160  # code points of the narration that are looked at where the action is short

_WEEP = re.compile(
    r"哭|泣|流泪|落泪|垂泪|泪流|眼泪|掩面|\bwept|\bweep|\bsob|\bcr(?:y|ied|ying)\b|\btears?\b"
)
_EMBRACE = re.compile(
    r"抱住|拥抱|搂|相拥|相抱|扑进|扑过去，?抱|\bembrac|\bhugg?|in (?:his|her) arms"
)
_FLY = re.compile(r"腾云|驾云|驾起|筋斗云|祥云|飞身|半空|纵云|云头|\bflew\b|\bflying\b|\bsoar")
_DRINK = re.compile(r"饮|喝|酒|茶|干杯|敬酒|\bdr(?:ank|ink)|\btea\b|\bwine\b|\bsip")
_READING = re.compile(r"看书|读书|念书|念经|看信|读信|翻书|\bread(?:ing)?\b")
_WAVE = re.compile(r"招手|挥手|摆手|举手|\bwav(?:ed|ing)\b|raised (?:his|her) hand")
_COWER = re.compile(r"发抖|战兢|躲|缩|瑟|吓|\btrembl|\bshiver|\bhid\b|\bcower|\bshrank")
_HELD: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (thing, re.compile(words))
    for thing, words in (
        ("gun", r"激光枪|手枪|枪口|拔出枪|\bgun\b|\bpistol|\brevolver"),
        ("phone", r"手机|电话|\bphone\b|\btelephone"),
        ("lantern", r"灯笼|提灯|马灯|\blantern|\blamp\b"),
        ("torch", r"火把|\btorch"),
        (
            "letter",
            r"书信|信封|来信|封信|写信|圣旨|公文|状子|文书|一纸|\bletter\b|\bscroll\b|\bparchment",
        ),
        ("flower", r"一朵|花枝|鲜花|\bflower|\bros(?:e|es)\b"),
        ("money", r"银子|银两|元宝|铜钱|黄金|\bcoins?\b|\bmoney\b|\bpurse\b"),
        ("bowl", r"面条|煮面|碗|饭|粥|药|汤|\bbowl\b|\bsoup\b|\bbroth\b"),
        ("peach", r"蟠桃|仙桃|桃子|果子|人参果|\bapples?\b|\bpeach|\bfruit"),
        ("cup", r"酒|茶|杯|\bcups?\b|\btea\b|\bwine\b|\bglass of"),
        ("sword", r"宝剑|长剑|拔剑|仗剑|提刀|大刀|钢刀|\bsword|\bknife\b|\bdagger"),
        ("book", r"书本|书卷|经书|书包|课本|\bbook\b"),
    )
)
# Held in a hand already; a second thing in the same hand would be nonsense.
_HANDS_FULL = frozenset({"sword", "staff", "spear", "fan", "book", "umbrella"})


@dataclass(frozen=True)
class Act:
    """How somebody is drawn: a pose of the sketch engine, the thing in the near hand or "", what is
    ridden."""

    pose: str
    thing: str = ""
    mount: Mount | None = None


def words_of(shot: Mapping[str, object]) -> str:
    """The words that tell what happens, lower case."""
    action, told = shot.get("action"), shot.get("narration")
    first = action if isinstance(action, str) else ""
    second = told[:_READ] if isinstance(told, str) else ""
    return f"{first} {second}".lower()


def acts(
    shot: Mapping[str, object],
    entries: Sequence[Mapping[str, object]],
    accessories: Sequence[str],
    setting: Setting,
) -> list[Act]:
    """What everybody in the shot does; `accessories` are what each of them carries anyway."""
    words = words_of(shot)
    result = [
        _act(entry, words, accessory, setting)
        for entry, accessory in zip(entries, accessories, strict=True)
    ]
    if len(entries) == 2 and _EMBRACE.search(words):
        poses = [act.pose for act in result]
        if not set(poses) & {"fight", "ride", "lie", "write", "point", "run"}:
            return [Act("embrace"), Act("embrace")]
    for order, act in enumerate(result):
        held = [other.thing for other in result[:order] if other.thing]
        if act.thing and act.thing in held:  # the words name one thing, not one for everybody
            result[order] = Act(act.pose if act.pose != "drink" else "stand")
    return result


def _act(entry: Mapping[str, object], words: str, accessory: str, setting: Setting) -> Act:
    told, mood = entry.get("pose"), entry.get("expression")
    pose = told if isinstance(told, str) else "stand"
    if pose == "ride":
        mount = mount_of(words, setting)
        return Act("stand") if mount is None else Act(mount.pose, mount=mount)
    free = accessory not in _HANDS_FULL
    if free and mood == "sad" and pose in ("stand", "walk", "talk", "hold") and _WEEP.search(words):
        return Act("weep")
    if pose in ("walk", "run", "stand") and _FLY.search(words):
        return Act("fly")
    if mood == "afraid" and pose in ("stand", "walk", "talk") and _COWER.search(words):
        return Act("cower")
    if free and pose == "sit":
        if _DRINK.search(words):
            return Act("sit_drink", "cup")
        if _READING.search(words):
            return Act("sit_drink", "book")
    if free and pose == "hold":
        return Act("carry", next((thing for thing, of in _HELD if of.search(words)), ""))
    if pose in ("stand", "talk") and mood == "happy" and _WAVE.search(words):
        return Act("wave")
    if free and pose in ("stand", "talk") and mood == "thoughtful":
        return Act("think")
    return Act(pose)

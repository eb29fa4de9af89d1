"""Prompts written by code: count words, framing, each fixed look as it stands, action, place, style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from generation.story.model import StoryError

__all__ = [
    "TEMPLATES",
    "PromptTemplate",
    "SettingWords",
    "Subject",
    "acting_words",
    "common_words",
    "count_words",
    "setting_words",
    "style_for",
    "subject_words",
    "template_named",
    "write",
]


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """A version of a prompt template; `name` is "name@version", `english` the language it writes.
    `styles` are by period, or by period and culture ("classical-west")."""

    name: str
    english: bool
    styles: dict[str, str] = field(default_factory=dict)
    negative: str = ""


class Subject(NamedTuple):
    """A character as the prompt names it."""

    name: str
    summary: str
    gender: str
    age: str
    species: str
    pose: str
    expression: str
    slot: str
    state: str = ""


TEMPLATES: dict[str, PromptTemplate] = {
    "offline-zh@1": PromptTemplate(
        "offline-zh@1",
        english=False,
        styles={
            "classical": "国风工笔插画，线条清晰，色彩统一，电影构图",
            "fantasy": "国风仙侠插画，线条清晰，色彩统一，电影构图",
            "modern": "现代写实漫画，线条清晰，色彩统一，电影构图",
            "scifi": "科幻概念插画，线条清晰，色彩统一，电影构图",
            "classical-west": "欧洲古典插画，线条清晰，色彩统一，电影构图",
            "fantasy-west": "西方奇幻插画，线条清晰，色彩统一，电影构图",
        },
        negative="多余的人物，人物重复，脸部变形，手指畸形，多余肢体，文字，水印，签名，模糊，低画质，服装颜色错误",
    ),
    "offline-en@1": PromptTemplate(
        "offline-en@1",
        english=True,
        styles={
            "classical": "period storybook illustration, clean lines, consistent colours, cinematic composition",
            "fantasy": "fantasy storybook illustration, clean lines, consistent colours, cinematic composition",
            "modern": "modern graphic novel, clean lines, consistent colours, cinematic composition",
            "scifi": "science fiction concept art, clean lines, consistent colours, cinematic composition",
        },
        negative="extra people, duplicated person, deformed face, bad hands, extra limbs, text, watermark, "
        "signature, blurry, low quality, wrong clothing colour",
    ),
}

_FRAMING = {
    "extreme_long": ("大远景", "extreme long shot"), "long": ("远景", "long shot"), "full": ("全景", "full shot"),
    "medium": ("中景", "medium shot"), "medium_close_up": ("中近景", "medium close-up"),
    "close_up": ("近景特写", "close-up"), "extreme_close_up": ("大特写", "extreme close-up"),
}  # fmt: skip
_POSE = {
    "stand": ("站立", "standing"), "sit": ("坐着", "sitting"), "walk": ("行走", "walking"), "run": ("奔跑", "running"),
    "kneel": ("跪拜", "kneeling"), "bow": ("行礼", "bowing"), "point": ("抬手指向前方", "pointing"), "fight": ("搏斗", "fighting"),
    "ride": ("骑马", "riding a horse"), "lie": ("躺卧", "lying down"), "write": ("书写", "writing"),
    "hold": ("手持物件", "holding something"), "talk": ("说话", "talking"),
}  # fmt: skip
_EXPRESSION = {
    "neutral": ("神情平静", "calm"), "happy": ("面带笑容", "smiling"), "angry": ("神情愤怒", "angry"), "sad": ("神情悲伤", "sad"),
    "surprised": ("神情惊讶", "surprised"), "afraid": ("神情恐惧", "afraid"), "determined": ("神情坚定", "determined"),
    "thoughtful": ("若有所思", "thoughtful"),
}  # fmt: skip
_SLOT = {
    "left": ("左侧", "on the left"),
    "centre": ("中间", "in the centre"),
    "right": ("右侧", "on the right"),
    "": ("", ""),
}
_DAYTIME = {
    "day": ("白天", "daylight"),
    "night": ("夜晚", "night"),
    "dawn": ("清晨", "dawn"),
    "dusk": ("黄昏", "dusk"),
}
_WEATHER = {
    "rain": ("下雨", "rain"),
    "snow": ("下雪", "snow"),
    "fog": ("有雾", "fog"),
    "wind": ("大风", "wind"),
    "clear": ("", ""),
}
_PLACE = {
    "hall": ("厅堂", "hall"), "room": ("室内", "room"), "street": ("街道", "street"), "forest": ("树林", "forest"),
    "mountain": ("山间", "mountains"), "river": ("水边", "riverside"), "palace": ("宫殿", "palace"), "battlefield": ("战场", "battlefield"),
    "inn": ("客店", "inn"), "temple": ("寺庙", "temple"), "field": ("田野", "fields"), "city": ("城中", "city"), "sea": ("海边", "sea"),
    "cave": ("山洞", "cave"), "study": ("书房", "study"), "courtyard": ("庭院", "courtyard"), "gate": ("门前", "gateway"),
    "boat": ("船上", "boat"), "camp": ("营帐", "camp"), "sky": ("云端", "sky"), "plain": ("平野", "open plain"),
}  # fmt: skip
# What these kinds of place are today.
_PLACE_NOW = {
    "inn": ("店内", "café, restaurant or hotel"), "study": ("办公或学习的房间", "office or study"),
    "palace": ("宏伟的建筑内", "grand building"),
}  # fmt: skip
_NUMERALS = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


def template_named(template: str | PromptTemplate, english: bool) -> PromptTemplate:
    """The template called `template`; the default one gives way to its English twin.

    Raises StoryError `template` where no template has that name.
    """
    if isinstance(template, PromptTemplate):
        return template
    if template == "offline-zh@1" and english:
        return TEMPLATES["offline-en@1"]
    if template not in TEMPLATES:
        raise StoryError(
            "template",
            f"No prompt template is called {template!r}: choose one of {', '.join(sorted(TEMPLATES))} "
            "or pass a PromptTemplate.",
            template=template,
        )
    return TEMPLATES[template]


def write(
    template: PromptTemplate,
    subjects: Sequence[Subject],
    *,
    framing: str,
    action: str,
    setting: dict[str, Any],
    place: str | None,
) -> dict[str, str]:
    """The `prompt` of a shot. Equal input gives equal words; looks stand in it verbatim."""
    en = template.english
    told = [subject_words(subject, en, several=len(subjects) > 1) for subject in subjects]
    words = _parts(template, subjects, told, framing, action, setting, place)
    return {
        "template": template.name,
        "positive": words,
        "negative": template.negative,
    }


def common_words(
    template: PromptTemplate,
    subjects: Sequence[Subject],
    *,
    framing: str,
    action: str,
    setting: dict[str, Any],
    place: str | None,
) -> str:
    """The same without what is said of each character: how many there are still comes first."""
    return _parts(template, subjects, [], framing, action, setting, place)


def _parts(
    template: PromptTemplate,
    subjects: Sequence[Subject],
    told: Sequence[str],
    framing: str,
    action: str,
    setting: dict[str, Any],
    place: str | None,
) -> str:
    en = template.english
    said = setting_words(template, framing=framing, setting=setting, place=place)
    parts = [count_words(subjects, en), said.framing, *told]
    if action:
        parts.append(f"action: {action}" if en else f"画面内容：{action}")
    parts.append(f"place: {said.place}" if en else f"地点：{said.place}")
    parts += [said.daytime, said.weather, said.crowd, said.style]
    return ("; " if en else "；").join(part for part in parts if part)


class SettingWords(NamedTuple):
    """What is said of a shot beside its people and what they do; "" where there is nothing to say."""

    framing: str
    place: str
    daytime: str
    weather: str
    crowd: str
    style: str


def setting_words(
    template: PromptTemplate, *, framing: str, setting: dict[str, Any], place: str | None
) -> SettingWords:
    en = template.english
    now = _PLACE_NOW if setting["period"] in ("modern", "scifi") else {}
    kind = now.get(setting["place_type"], _PLACE[setting["place_type"]])[en]
    named = place if place and place.casefold() != kind else ""
    where = f"{named} ({kind})" if named and en else f"{named}（{kind}）" if named else kind
    crowd = "a crowd in the background" if en else "背景有人群"
    return SettingWords(
        framing=_FRAMING[framing][en],
        place=where,
        daytime=_DAYTIME[setting["daytime"]][en],
        weather=_WEATHER[setting["weather"]][en],
        crowd=crowd if setting["crowd"] else "",
        style=style_for(template, setting),
    )


def style_for(template: PromptTemplate, setting: Mapping[str, Any]) -> str:
    """The style for a period, in the culture that the story plays in where the template has one."""
    period = setting["period"]
    named = template.styles.get(f"{period}-{setting.get('culture') or ''}")
    return named or template.styles.get(period) or template.styles["classical"]


def acting_words(subject: Subject, english: bool) -> tuple[str, str]:
    """Pose and expression."""
    return _POSE[subject.pose][english], _EXPRESSION[subject.expression][english]


def count_words(subjects: Sequence[Subject], english: bool) -> str:
    """两名男子，一名女子 or "2boys, 1girl": how many people the picture must have, no more."""
    if not subjects:
        return "no humans" if english else "空镜，无人物"
    counts: dict[str, int] = {}
    for subject in subjects:
        counts[subject.gender] = counts.get(subject.gender, 0) + 1
    parts = []
    for gender in ("male", "female", "unknown"):
        number = counts.get(gender, 0)
        if not number:
            continue
        if english:
            word = {"male": "boy", "female": "girl", "unknown": "other"}[gender]
            parts.append(f"{number}{word}{'s' if number > 1 else ''}")
        else:
            word = {"male": "男子", "female": "女子", "unknown": "人物"}[gender]
            spelled = _NUMERALS[number] if number < len(_NUMERALS) else str(number)
            parts.append(f"{spelled}名{word}")
    return (", " if english else "，").join(parts)


@lru_cache(maxsize=16_384)
def subject_words(subject: Subject, english: bool, *, several: bool) -> str:
    """What is said of one character: the fixed look verbatim, then where, how and in what mood."""
    slot = _SLOT[subject.slot][english] if several else ""
    doing = acting_words(subject, english)
    if english:
        tail = ", ".join(part for part in (slot, *doing, subject.state) if part)
        return f"{subject.name}: {subject.summary}, {tail}"
    tail = "，".join(part for part in (slot, *doing, subject.state) if part)
    return f"{subject.name}：{subject.summary}，{tail}"

"""Whose look a described trait is: modifiers before a name, clause subjects, strangers named later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generation.story import Person, cast, chapters
from generation.story.mentions import Mention, Mentions
from generation.story.traits import observe

SAMPLE = Path(__file__).parents[2] / "generation" / "starter" / "zh-hans.txt"
INK = "沈砚", "陆九"
FERRY = "清晨，江边起了雾。青衣少年沈砚背着竹箱站在渡口，白发老者陆九撑着伞走来。"


def _told(text: str, *names: str, english: bool = False) -> set[tuple[str, str, str]]:
    """(name, trait, value) for all that `text` tells of the people with these names."""
    pattern = re.compile("|".join(sorted(names, key=len, reverse=True)))
    found = Mentions(Mention(*m.span(), names.index(m[0])) for m in pattern.finditer(text))
    seen = observe(text, [(0, len(text))], found, english=english)
    return {(names[item.who], item.trait, item.value) for item in seen}


def _of(text: str, trait: str, *names: str, english: bool = False) -> dict[str, str]:
    told = sorted(_told(text, *names, english=english))
    return {name: value for name, kind, value in told if kind == trait}


def test_modifiers_before_a_name_belong_to_the_name_that_follows() -> None:
    assert _of(FERRY, "hair_colour", *INK) == {"陆九": "white"}
    assert _of(FERRY, "colours", *INK) == {"沈砚": "#1c8c95"}
    assert _of(FERRY, "accessory", *INK) == {"陆九": "umbrella"}
    assert _of(FERRY, "age", *INK) == {"沈砚": "youth", "陆九": "elder"}
    assert _of(FERRY, "gender", *INK) == {"沈砚": "male", "陆九": "male"}


@pytest.mark.parametrize(
    ("text", "trait", "expected"),
    [
        ("沈砚回头，身长八尺的陆九走来。", "build", {"陆九": "strong"}),
        ("沈砚回头，一袭红衣的陆九走来。", "colours", {"陆九": "#b3202a"}),
        ("沈砚看着白发陆九。", "hair_colour", {"陆九": "white"}),
        ("沈砚身后跟着一身绿袍、手持折扇的陆九。", "accessory", {"陆九": "fan"}),
        ("沈砚身后跟着一身绿袍、手持折扇的陆九。", "colours", {"陆九": "#2e7d4f"}),
        ("沈砚低头。那白发老者正是陆九。", "hair_colour", {"陆九": "white"}),
        ("沈砚让路给道姑陆九。", "gender", {"陆九": "female"}),
        ("沈砚让路给妇人陆九。", "age", {"陆九": "adult"}),
        ("沈砚扶起陆九姑娘。", "gender", {}),
    ],
)
def test_modifiers_pass_over_whoever_was_named_before(
    text: str, trait: str, expected: dict[str, str]
) -> None:
    assert _of(text, trait, *INK) == expected


@pytest.mark.parametrize(
    "text",
    [
        "沈砚坐下，一个白发老者走来。",
        "沈砚坐下。一个老者走来，满头白发。",
        "沈砚坐下。那道人白发垂肩，笑了一笑。",
        "沈砚坐在桥头，忽有一人，白发垂肩。",
        "沈砚看见一个白发老者。",
        "沈砚身后站着一个白发老者。",
        "沈砚坐下，船家撑着篙，白发如雪。",
        "沈砚说：“你们看，白发！”",
        "沈砚抬头，墙上挂着一幅白发老者。",
    ],
)
def test_a_clause_with_its_own_subject_keeps_its_traits(text: str) -> None:
    assert _of(text, "hair_colour", *INK) == {}


@pytest.mark.parametrize(
    "text",
    [
        "沈砚满头白发。",
        "沈砚拄着杖走来，满头白发。",
        "沈砚坐下。他满头白发，不说话。",
        "沈砚看着陆九，满头白发被风吹乱。",
        "陆九走了。沈砚坐下，望着江水，一头白发。",
        "沈砚的白发被陆九看见了。",
        "沈砚是个白发老者。",
        "雨停了，沈砚坐下。\n\n他今年不小了，满头白发。",
        "陆九道：“走。”沈砚点头，满头白发。",
        "有个老人姓沈，名叫沈砚，满头白发。",
    ],
)
def test_a_clause_about_somebody_attaches_backwards(text: str) -> None:
    assert _of(text, "hair_colour", *INK) == {"沈砚": "white"}


@pytest.mark.parametrize(
    "text",
    [
        "沈砚见陆九满头白发，吃了一惊。",
        "沈砚见陆九走来，满头白发。",
        "沈砚抬头，堂上一人，满头白发，视之，乃陆九也。",
        "沈砚立马阵前，中央白发老者，乃军师、太傅陆九。",
    ],
)
def test_whoever_is_seen_has_the_traits_not_who_sees(text: str) -> None:
    assert _of(text, "hair_colour", *INK) == {"陆九": "white"}


@pytest.mark.parametrize(
    "text",
    [
        "沈砚见李某鹤发童颜，问其姓名。",
        "沈砚投一村庄安歇。庄主出迎，须发皆白。",
        "沈砚领了一个满头白发的进来。",
        "沈砚回头，只见队里二十四人，满头白发。",
    ],
)
def test_the_look_of_nameless_people_is_nobodys(text: str) -> None:
    assert _of(text, "hair_colour", *INK) == {}


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("沈砚没有戴眼镜。", "accessory"),
        ("沈砚不是白发。", "hair_colour"),
        ("沈砚并没有白发。", "hair_colour"),
        ("沈砚的头发像白发一样。", "hair_colour"),
        ("沈砚像个白发老者。", "hair_colour"),
        ("沈砚好似披着红衣一般。", "colours"),
        ("沈砚没有胡子。", "beard"),
        ("沈砚从不穿西装。", "clothes"),
    ],
)
def test_negations_and_similes_give_nothing(text: str, trait: str) -> None:
    assert _of(text, trait, *INK) == {}


def test_what_the_text_denies_is_not_invented_either() -> None:
    text = "沈砚没有胡子。沈砚说：“走。”沈砚没有戴帽子，也没有带雨伞。沈砚说：“好。”"
    look = {person.name: person for person in cast(text, chapters(text))}["沈砚"].appearance
    assert (look["traits"]["beard"], look["traits"]["accessory"]) == ("none", "none")
    assert {"beard", "accessory"} <= set(look["invented"])


def test_a_stranger_who_is_named_afterwards_has_the_traits() -> None:
    text = (
        "沈砚站在渡口。雾里走来一个高瘦的老者，满头白发，穿一件灰麻衣。\n\n沈砚一惊。\n\n"
        "陆九道：“走罢。”"
    )
    told = _told(text, *INK)
    assert {("陆九", "hair_colour", "white"), ("陆九", "build", "slim")} <= told
    assert {("陆九", "age", "elder"), ("陆九", "gender", "male")} <= told
    assert not [trait for name, trait, _ in told if name == "沈砚"]


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("二十二岁", "youth"),
        ("七八岁", "child"),
        ("三十五六岁", "adult"),
        ("五十来岁", "middle_aged"),
        ("七十余岁", "elder"),
        ("十七岁", "youth"),
        ("19岁", "youth"),
    ],
)
def test_ages_are_read_from_numbers(words: str, age: str) -> None:
    assert _of(f"沈砚{words}，不爱说话。", "age", *INK) == {"沈砚": age}


def test_the_age_of_another_time_tells_nothing() -> None:
    assert _of("那是沈砚六岁那年的事。沈砚二十岁时亡故。", "age", *INK) == {}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("靛蓝短袄", "#4b4f7a"),
        ("藏青长衫", "#12324f"),
        ("鸦青色的袍子", "#424c50"),
        ("绛红罗裙", "#6d1b2f"),
        ("绛紫锦袍", "#9c2f6f"),
        ("赭红官袍", "#a8492f"),
        ("秋香色小袄", "#a59440"),
        ("缃色衫子", "#f0c239"),
        ("月白长衫", "#e8e4d8"),
        ("铜绿小褂", "#4f9d84"),
        ("灰麻衣", "#7a8791"),
    ],
)
def test_traditional_colour_words_have_their_colour(word: str, value: str) -> None:
    assert _of(f"沈砚穿着一件{word}。", "colours", *INK) == {"沈砚": value}


def test_sources_are_where_the_words_stand() -> None:
    text = "𠮷😀" + FERRY
    found = Mentions(Mention(m.start(), m.end(), 0) for m in re.finditer("沈砚", text))
    seen = observe(text, [(0, len(text))], found, english=False)
    assert [text[s.start : s.end] for s in seen if s.trait == "colours"] == ["青衣"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Diana smiled at red-haired Anne.", {"Anne": "red"}),
        ("Diana met the red-haired girl Anne at noon.", {"Anne": "red"}),
        ("Anne had red hair.", {"Anne": "red"}),
        ("Diana saw an old man with white hair.", {}),
        ("Anne did not have red hair.", {}),
        ("Anne looked like a white-haired witch.", {}),
        ("Diana came in. Anne followed; her red hair was wet.", {"Anne": "red"}),
    ],
)
def test_english_traits_follow_the_same_rules(text: str, expected: dict[str, str]) -> None:
    assert _of(text, "hair_colour", "Anne", "Diana", english=True) == expected


@pytest.fixture(scope="module")
def sample() -> dict[str, Person]:
    text = SAMPLE.read_text(encoding="utf-8")
    return {person.name: person for person in cast(text, chapters(text))}


SAMPLE_LOOKS: dict[str, dict[str, tuple[str, str]]] = {
    # trait: (value, words of the text)
    "桑未迟": {"hair": ("short", "头发剪得很短"), "colours": ("#4b4f7a", "靛蓝短袄"), "age": ("youth", "二十二岁")},
    "铜豆": {
        "hair": ("twin_buns", "两只发髻"), "hair_colour": ("brown", "头发是青铜的颜色"),
        "colours": ("#4f9d84", "铜绿小褂"), "age": ("child", "七八岁"), "gender": ("male", "男孩"),
    },
    "蔺书行": {
        "hair_colour": ("black", "乌发"), "hair": ("topknot", "乌发束"), "colours": ("#e8e4d8", "月白长衫"),
        "accessory": ("glasses", "眼镜"), "clothes": ("robe", "长衫"),
    },
    "郗衡": {
        "hair_colour": ("grey", "两鬓却已经灰白"), "colours": ("#a8492f", "赭红官袍"), "build": ("slim", "高瘦"),
        "clothes": ("robe", "官袍"), "age": ("adult", "三十五六岁"), "accessory": ("sword", "腰刀"),
    },
    "余九娘": {"colours": ("#2b2d33", "黑短打"), "headgear": ("headband", "头巾"), "gender": ("female", "女人")},
    "阮千帆": {
        "hair_colour": ("white", "银发"), "colours": ("#6b3fa0", "紫色锦袍"), "clothes": ("robe", "锦袍"),
        "age": ("middle_aged", "五十来岁"),
    },
    "祁守更": {
        "hair_colour": ("white", "白须"), "beard": ("long", "白须"), "colours": ("#7a8791", "灰麻衣"),
        "age": ("elder", "老人"),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLE_LOOKS)
def test_the_sample_cast_looks_as_the_text_says(name: str, sample: dict[str, Person]) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    look = sample[name].appearance
    told = {}
    for trait, (start, end) in look["sources"].items():
        value = look["traits"][trait]
        told[trait] = (value[0] if trait == "colours" else value, text[start:end])
    assert {trait: told.get(trait) for trait in SAMPLE_LOOKS[name]} == SAMPLE_LOOKS[name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("桑未迟", "铜水滴坠"),
        ("铜豆", "红绳"),
        ("郗衡", "乌木指套"),
        ("余九娘", "银鱼坠子"),
        ("阮千帆", "沉香念珠"),
        ("祁守更", "黑眼罩"),
    ],
)
def test_ornaments_outside_of_the_vocabulary_are_in_the_summary(
    name: str, words: str, sample: dict[str, Person]
) -> None:
    assert words in sample[name].appearance["summary"]


def test_worn_things_are_not_people(sample: dict[str, Person]) -> None:
    assert not {"红绳", "红头巾"} & set(sample)


@pytest.mark.parametrize(
    ("text", "trait", "expected"),
    [
        # Worn, and not only named.
        ("Anne wore a heavy golden crown.", "headgear", {"Anne": "crown"}),
        ("Anne rubbed the crown of her head.", "headgear", {}),
        ("Anne paid half a crown.", "headgear", {}),
        ("Anne leaned over the hood of the car.", "headgear", {}),
        ("Anne fanned herself.", "accessory", {"Anne": "fan"}),
        ("Anne was a fan of the team.", "accessory", {}),
        ("Anne took off her reading glasses.", "accessory", {"Anne": "glasses"}),
        ("Anne filled two glasses of milk.", "accessory", {}),
        ("Anne began to dress.", "clothes", {}),
        ("Anne came down in a blue dress.", "clothes", {"Anne": "dress"}),
        ("Anne came down in a blue dress.", "colours", {"Anne": "#1f4e9e"}),
        ("Anne wore a dark green wool coat.", "colours", {"Anne": "#2e7d4f"}),
        ("Anne gave the door a coat of red paint.", "colours", {}),
        ("Anne was clean-shaven.", "beard", {"Anne": "none"}),
        ("Anne wore her black hair in a braid.", "hair", {"Anne": "braid"}),
        # The sentence that goes on, and the one that begins with a pronoun.
        ("Anne wore a black suit and round spectacles, and she carried a leather bag.",
         "accessory", {"Anne": "glasses"}),
        ("Anne kept the light for years.\n\nShe was tall, and her red hair was wet.",
         "hair_colour", {"Anne": "red"}),
        ("Anne kept the light. A man came up the stairs with white hair.", "hair_colour", {}),
        ("Anne was forty, tall and thin.", "age", {"Anne": "middle_aged"}),
    ],
)  # fmt: skip
def test_english_clothes_and_colours_are_those_that_somebody_wears(
    text: str, trait: str, expected: dict[str, str]
) -> None:
    assert _of(text, trait, "Anne", "Diana", english=True) == expected


def test_she_is_the_woman_named_before_and_not_the_man_between() -> None:
    text = "Anne met Paul at the gate. She wore a green coat. He had a white beard."
    found = Mentions(
        Mention(*m.span(), ("Anne", "Paul").index(m[0])) for m in re.finditer("Anne|Paul", text)
    )
    seen = observe(text, [(0, len(text))], found, english=True, genders=["female", "male"])
    told = {(("Anne", "Paul")[item.who], item.trait) for item in seen}
    assert told == {("Anne", "clothes"), ("Anne", "colours"), ("Paul", "beard")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_beards_hats_and_things_in_hand_are_never_guessed(language: str) -> None:
    names = ("沈砚", "陆九", "周远", "何成", "苏青") if language == "zh" else ("Paul", "Mark", "John", "Luke", "Peter")  # fmt: skip
    said = "“走吧。”{0}说。{0}推开门，走了出去。" if language == "zh" else "“Come,” said {0}. {0} opened the door and went out.\n\n"  # fmt: skip
    text = "".join(said.format(name) for name in names * 4)
    people = cast(text, chapters(text))
    assert {person.name for person in people} >= set(names)
    for person in people:
        traits = person.appearance["traits"]
        assert {traits["beard"], traits["headgear"], traits["accessory"]} == {"none"}

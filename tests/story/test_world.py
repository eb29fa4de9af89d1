"""What is invented of somebody's looks fits the world of the book, its animals and its children."""

from __future__ import annotations

from typing import Any

import pytest

from generation.story import as_text, storyboard
from generation.story.world import World, animal_of, world_of

WESTERN = (
    "‘Come here,’ said Mr. Barrow to Molly. The poor child looked up. ‘I will not,’ said Molly. "
    "‘Hush!’ cried the Badger, and the Duchess laughed. ‘We are late,’ said the Duchess. "
    "Mr. Barrow took his coat. ‘Good day,’ said the Badger to Mr. Barrow. Molly ran to the gate. "
    "‘Wait for me!’ cried Molly. It was Tobias, the Lizard, who laughed. ‘Never,’ said Tobias. "
)
QING = (
    "抚台大人坐了轿子，拖着辫子的差人喝道。洋人的铁路，大烟的气味。宫保说：“请。”道台答道：“是。”"
    * 20
)
FOREIGN = "汤姆·索亚对哈克·芬说：“走。”贝琪·撒切尔笑道：“等等。”牧师在教堂里，绅士坐着马车。" * 20
ANCIENT = "曹参曰：“善。”萧何曰：“可。”将军上马，丞相入朝，陛下大喜。" * 20


def _looks(text: str) -> dict[str, dict[str, Any]]:
    return {p["name"]: p["appearance"] for p in storyboard(as_text(text)).cast}


@pytest.mark.parametrize(
    ("text", "language", "culture"),
    [
        (WESTERN, "en", "west"),
        (QING, "zh-Hans", "qing"),
        (FOREIGN, "zh-Hans", "west"),
        (ANCIENT, "zh-Hans", "china"),
    ],
)
def test_the_culture_is_told_by_the_whole_book(text: str, language: str, culture: str) -> None:
    assert world_of(text, language).culture == culture


def test_nobody_of_an_english_book_wears_a_topknot_or_a_robe_of_the_han() -> None:
    for look in _looks(WESTERN).values():
        assert look["traits"]["hair"] not in ("topknot", "twin_buns")
        assert look["traits"]["clothes"] not in ("hanfu", "robe", "monk_robe")


def test_a_child_is_a_child_by_the_words_of_the_text() -> None:
    look = _looks(WESTERN)["Molly"]
    start, end = look["sources"]["age"]
    assert (look["traits"]["age"], WESTERN[start:end]) == ("child", "child")
    assert look["summary"].startswith("girl") or look["summary"].startswith("child")


def test_animals_are_drawn_as_animals_without_beards_and_hats() -> None:
    looks = _looks(WESTERN)
    assert (looks["Badger"]["traits"]["species"], looks["Badger"]["traits"]["animal"]) == (
        "fox",
        "badger",
    )
    assert looks["Tobias"]["traits"]["animal"] == "lizard"
    for name in ("Badger", "Tobias"):
        traits = looks[name]["traits"]
        assert (traits["beard"], traits["headgear"], traits["accessory"]) == ("none",) * 3
        assert traits["animal"] in looks[name]["summary"]


@pytest.mark.parametrize(
    ("name", "period", "told"),
    [
        ("黄狮精", "fantasy", ("fox", "狮")),
        ("老鼋", "fantasy", ("dragon", "鼋")),
        ("白骨精", "fantasy", ("demon", "")),
        ("灵吉菩萨", "fantasy", ("spirit", "")),
        ("程灵素", "classical", ("", "")),
        ("March Hare", "classical", ("rabbit", "hare")),
        ("Mr. Barrow", "classical", ("", "")),
    ],
)
def test_a_name_tells_the_animal_only_where_there_are_such(
    name: str, period: str, told: tuple[str, str]
) -> None:
    assert animal_of(name, World(period, "china")) == told


def test_one_word_about_an_age_does_not_make_a_magistrate_a_child() -> None:
    often = "张知县身材魁梧。张知县道：“带上来。”张知县头戴乌纱。张知县笑了。" * 8
    look = _looks("张知县升堂，小男孩张知县跪下。" + often)["张知县"]
    assert look["traits"]["age"] == "middle_aged"

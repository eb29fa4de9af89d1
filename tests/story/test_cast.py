from __future__ import annotations

import opencc
import pytest

from generation.story import Person, as_text, cast, chapters, storyboard
from generation.story.looks import MAIN_CAST
from tests.story.samples import WEB_NOVEL


def _cast(text: str) -> dict[str, Person]:
    return {person.name: person for person in cast(text, chapters(text))}


def test_people_of_an_unknown_web_novel_are_found_and_nobody_else() -> None:
    assert set(_cast(WEB_NOVEL)) == {"顾明舟", "顾小婉", "许天成", "林若溪", "医生"}


def test_given_names_and_titles_are_joined_to_the_full_name() -> None:
    people = _cast(WEB_NOVEL)
    assert "明舟" in people["顾明舟"].aliases
    assert "小婉" in people["顾小婉"].aliases
    assert "许总" in people["许天成"].aliases


def test_traditional_characters_give_the_same_people() -> None:
    traditional = opencc.OpenCC("s2t").convert(WEB_NOVEL)
    hans, hant = _cast(WEB_NOVEL), _cast(traditional)
    assert [p.mentions for p in hans.values()] == [p.mentions for p in hant.values()]
    assert "顧明舟" in hant


def test_mentions_are_where_the_offsets_say() -> None:
    for person in cast(WEB_NOVEL, chapters(WEB_NOVEL)):
        names = {person.name, *person.aliases}
        assert {WEB_NOVEL[a:b] for a, b in person.offsets} <= names
        assert person.mentions == len(person.offsets)
        assert person.first_at == person.offsets[0][0]


def test_a_name_inside_a_longer_name_or_word_is_no_mention() -> None:
    text = (
        "林清说：“走。”林清玄说：“等等。”林清点头。林清玄摇头。林清走了。林清玄留下。"
        "树林里很静。林清坐下。林清玄道：“累了。”"
    )
    people = _cast(text)
    assert people["林清"].mentions == 4
    assert people["林清玄"].mentions == 4
    assert "林" not in {alias for p in people.values() for alias in p.aliases}


def test_courtesy_names_are_joined_by_what_the_text_says() -> None:
    text = (
        "其人姓沈名昭，字伯远，青州人也。伯远见了，大喜。沈昭曰：“善。”沈伯远笑曰：“可。”"
        "时有卢俭，字子安，为太守。子安问曰：“何事？”卢俭不答。沈昭又曰：“走。”"
    )
    people = _cast(text)
    assert {"伯远", "沈伯远"} <= set(people["沈昭"].aliases)
    assert "子安" in people["卢俭"].aliases


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (
            {"悟空", "行者", "孙行者", "大圣", "美猴王", "齐天大圣"},
            "悟空道：“师父。”行者笑道：“八戒。”八戒道：“沙僧。”沙僧道：“唐僧。”三藏道：“悟空。”"
            "孙行者跳起，大圣喝道：“妖精！”美猴王来了。齐天大圣是也。孙悟空道：“好。”",
        ),
        (
            {"玄德", "刘备", "刘玄德"},
            "玄德曰：“云长。”关羽曰：“诺。”张飞曰：“哥哥。”孔明曰：“主公。”刘备拜谢。"
            "刘玄德大哭。曹操曰：“玄德。”",
        ),
    ],
)
def test_people_of_well_known_novels_have_one_identity(names: set[str], text: str) -> None:
    owners = [p for p in cast(text, chapters(text)) if names & {p.name, *p.aliases}]
    assert len(owners) == 1
    assert names <= {owners[0].name, *owners[0].aliases}


def test_well_known_nicknames_mean_nothing_in_another_novel() -> None:
    people = _cast("陈平说：“那位行者走远了。”李梅说：“大圣庙在前面。”陈平点头。李梅笑了。")
    assert set(people) == {"陈平", "李梅"}


def test_places_are_not_people() -> None:
    text = "林城很大。林城有三座桥。江城在北方。他到了林城。江城下雨。林城的人都认识赵志强。赵志强说：“好。”"
    assert set(_cast(text)) == {"赵志强"}


def test_the_first_person_narrator_is_a_person() -> None:
    text = "我推开门，看见王小虎坐在那里。我说：“你来了。”王小虎说：“来了。”我坐下，我倒了茶，我们都没有说话。"
    assert _cast(text)["我"].mentions == 4


def test_looks_come_from_the_text_with_their_source() -> None:
    people = _cast(WEB_NOVEL)
    look = people["林若溪"].appearance
    assert (look["traits"]["clothes"], look["traits"]["accessory"]) == ("dress", "umbrella")
    start, end = look["sources"]["clothes"]
    assert WEB_NOVEL[start:end] == "连衣裙"
    assert "clothes" not in look["invented"]
    assert people["许天成"].appearance["traits"]["accessory"] == "glasses"


def test_every_trait_is_either_sourced_or_marked_as_invented() -> None:
    for person in cast(WEB_NOVEL, chapters(WEB_NOVEL)):
        look = person.appearance
        assert set(look["traits"]) == set(look["sources"]) | set(look["invented"])
        assert not set(look["sources"]) & set(look["invented"])


def test_nobody_of_the_main_cast_wears_the_colour_of_another() -> None:
    surnames = "赵钱孙李周吴郑冯陈褚蒋沈韩杨朱秦尤许吕施曹严陶姜戚谢邹喻苏潘葛奚范彭鲁韦"
    text = "".join(f"{s}志远说：“我是{s}志远。”{s}志远走了。" for s in surnames)
    people = cast(text, chapters(text))
    assert len(people) == len(surnames)
    colours = [p.appearance["traits"]["colours"][0] for p in people[:MAIN_CAST]]
    assert len(set(colours)) == MAIN_CAST


def test_the_cast_of_a_selection_counts_the_selection() -> None:
    board = storyboard(as_text(WEB_NOVEL), select=[1])
    names = {p["name"]: p for p in board.cast}
    second = chapters(WEB_NOVEL)[1]
    assert names["林若溪"]["first_at"] >= second.start
    assert "医生" not in names


def test_english_people_are_found_with_their_short_names() -> None:
    text = (
        "“Good day,” said Mr. Darcy. Elizabeth Bennet looked at Darcy. “Indeed,” said Elizabeth. "
        "The White Rabbit came in, and the Rabbit looked at Elizabeth. “Oh,” said the Rabbit. "
        "They went to London, and in London they stayed. He was in London with Darcy."
    )
    people = _cast(text)
    assert "Darcy" in people["Mr. Darcy"].aliases
    assert "Elizabeth" in people["Elizabeth Bennet"].aliases
    assert "Rabbit" in people["White Rabbit"].aliases
    assert "London" not in people

from __future__ import annotations

import pytest

from generation.story.scenes import setting_of


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ("沈舟走进舰桥，屏幕亮着。", "舰桥", "room"),
        ("他回到上海，天黑了。", "上海", "city"),
        ("她赶到市第一医院，走廊里很静。", "市第一医院", "room"),
        ("他走进机场大厅。", "机场大厅", "hall"),
        ("她跑进教学楼。", "教学楼", "study"),
        ("三人来到清风桥，水声很大。", "清风桥", "river"),
        ("众人行至黑水河，天色将晚。", "黑水河", "river"),
        ("两人走上天桥，车在下面。", "天桥", "street"),
    ],
)
def test_a_place_is_what_its_whole_word_means(text: str, place: str, kind: str) -> None:
    told = setting_of(text, text, 0, len(text), english=False)
    assert (told["place"], told["place_type"]) == (place, kind)

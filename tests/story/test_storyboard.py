from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from generation.story import (
    Cancelled,
    Storyboard,
    StoryError,
    as_text,
    chapters,
    default_density,
    map_chapter,
    read,
    reduce_drafts,
    storyboard,
    validate,
)
from generation.story.staging import boxes
from tests.story.samples import EXPLICIT, WEB_NOVEL, labelled

CLASSICAL = labelled(EXPLICIT["classical"])[0]
ODD = {
    "one character": "一",
    "only blank lines": "\n\n  \n\u3000\n",
    "empty chapter bodies": "第一章 甲\n第二章 乙\n\n\n第三章 丙",
    "carriage returns": WEB_NOVEL.replace("\n", "\r\n"),
    "no punctuation": "天地玄黄宇宙洪荒" * 400,
    "only punctuation": "。！？……" * 300,
    "unclosed quotes": "“" * 50 + "他说" + "「" * 50,
    "emoji and rare characters": "😀𠀀👩‍👩‍👧é" * 200 + "。",
    "english": "Chapter 1\n\n“Hello,” said Tom. Mr. Smith came in.\n\nChapter 2\n\nTom left.",
    "one long line": WEB_NOVEL.replace("\n", "") * 3,
    "classical": CLASSICAL,
}


def _canonical(board: Storyboard) -> str:
    return json.dumps(board.to_dict(), ensure_ascii=False, sort_keys=True)


@pytest.mark.parametrize("name", sorted(ODD))
@pytest.mark.parametrize("density", [None, 3.0, 90.0])
def test_partitions_are_exact_on_every_input(name: str, density: float | None) -> None:
    book = as_text(ODD[name])
    board = storyboard(book, density=density).to_dict()
    assert validate(board, book.text) == []


def test_random_texts_are_partitioned_exactly() -> None:
    rng = random.Random(5)
    alphabet = "天地人曰道说：，。！？“”「」\n \u3000第一章回X😀𠀀ab."
    for _ in range(20):
        text = "".join(rng.choices(alphabet, k=rng.randrange(1, 400)))
        book = as_text(text)
        assert validate(storyboard(book, density=rng.choice([2, 20, 150])).to_dict(), text) == []


def test_the_board_follows_the_published_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = Path(__file__).parents[3] / "shared/contracts/storyboard.schema.json"
    if not path.exists():
        pytest.skip("the contract lies in ../shared/contracts, which is not here")
    schema = json.loads(path.read_text(encoding="utf-8"))
    for text in ODD.values():
        jsonschema.validate(storyboard(as_text(text)).to_dict(), schema)


def test_drafts_in_any_order_give_the_same_board_as_one_process() -> None:
    book = as_text(WEB_NOVEL)
    split = chapters(book.text)
    whole = storyboard(book)
    density = default_density(len(book.text), book.language)
    drafts = [map_chapter(book.text, c, language=book.language, density=density) for c in split]
    drafts = json.loads(json.dumps(drafts))
    for seed in range(4):
        random.Random(seed).shuffle(drafts)
        assert _canonical(reduce_drafts(book, split, drafts)) == _canonical(whole)


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import json, sys; from generation.story import as_text, storyboard; "
        "print(json.dumps(storyboard(as_text(sys.stdin.read())).to_dict(), sort_keys=True))"
    )
    root = Path(__file__).parents[2]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=WEB_NOVEL.encode(),
            capture_output=True,
            check=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_a_draft_of_another_text_is_refused() -> None:
    book = as_text(WEB_NOVEL)
    split = chapters(book.text)
    draft = map_chapter(book.text, split[0])
    other = as_text(WEB_NOVEL.replace("顾明舟", "顾明川"))
    with pytest.raises(StoryError) as caught:
        reduce_drafts(other, chapters(other.text), [draft])
    assert caught.value.code == "stale_draft"


def test_a_selection_lists_all_chapters_and_shoots_only_its_own() -> None:
    book = as_text(WEB_NOVEL)
    board = storyboard(book, select={1}).to_dict()
    assert len(board["chapters"]) == 2
    assert {scene["chapter"] for scene in board["scenes"]} == {1}
    assert validate(board, book.text) == []


@pytest.mark.parametrize("density", [5.0, 10.0, 20.0, 40.0])
def test_density_is_what_the_user_asked_for(density: float) -> None:
    text = "他走进院子，看了看四周。树上有一只鸟，叫了两声就飞走了。天色渐渐暗了下来！" * 120
    board = storyboard(text, density=density)
    assert len(board.shots) * 1000 / len(text) == pytest.approx(density, rel=0.2)


def test_short_quotes_stay_in_one_shot() -> None:
    text = "顾明舟说：“走吧。天要黑了。快点。”" * 30
    for shot in storyboard(text, density=60).shots:
        assert shot["narration"].count("“") == shot["narration"].count("”")


def test_narration_has_only_words_of_the_source_and_time_to_be_read() -> None:
    board = storyboard(WEB_NOVEL)
    for shot in board.shots:
        own = WEB_NOVEL[shot["start"] : shot["end"]].strip()
        assert own.endswith(shot["narration"])
        heading = own.removesuffix(shot["narration"]).strip()
        assert heading in {"", *(chapter["title"] for chapter in board.chapters)}  # on its card
        assert shot["duration_ms"] >= 1200
    longest = max(board.shots, key=lambda s: len(s["narration"]))
    assert longest["duration_ms"] > 5_000


def test_fixed_looks_stand_verbatim_in_every_prompt() -> None:
    board = storyboard(WEB_NOVEL)
    people = {p["id"]: p for p in board.cast}
    shown = 0
    for shot in board.shots:
        for entry in shot["cast"]:
            shown += 1
            assert people[entry["id"]]["appearance"]["summary"] in shot["prompt"]["positive"]
        if not shot["cast"]:
            assert shot["prompt"]["positive"].startswith("空镜")
    assert shown > 10
    assert len({shot["prompt"]["negative"] for shot in board.shots}) == 1


def test_people_keep_their_side_over_a_dialogue() -> None:
    text = "".join(
        f"林清玄走近苏晚晴，说：“第{i}次了。”苏晚晴看着林清玄，说：“我知道，第{i}次。”"
        for i in range(12)
    )
    order = set()
    for shot in storyboard(text, density=10).shots:
        if len(shot["cast"]) == 2:
            order.add(tuple(entry["id"] for entry in shot["cast"]))
            left, right = shot["cast"]
            assert left["box"][0] < right["box"][0]
    assert len(order) == 1


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("framing", ["extreme_long", "long", "full", "medium", "close_up"])
def test_boxes_stay_in_the_frame_and_apart(count: int, framing: str) -> None:
    placed = boxes(count, framing)
    assert all(x >= 0 and y >= 0 and x + w <= 1.0001 and y + h <= 1.0001 for x, y, w, h in placed)
    for (x, _, w, _), (following, *_) in itertools.pairwise(placed):
        assert x + w <= following + 0.0001


def test_progress_is_told_and_a_cancelled_run_stops() -> None:
    steps: list[tuple[str, int, int]] = []
    storyboard(WEB_NOVEL, on_progress=lambda *step: steps.append(step))
    assert ("map", 2, 2) in steps
    assert ("shots", 2, 2) in steps
    with pytest.raises(Cancelled):
        storyboard(WEB_NOVEL, cancelled=lambda: True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"select": [9]}, "chapters"),
        ({"select": []}, "chapters"),
        ({"density": 0.0}, "density"),
        ({"template": "nothing@9"}, "template"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_bad_arguments_get_one_clear_error(arguments: dict[str, object], code: str) -> None:
    with pytest.raises(StoryError) as caught:
        storyboard(WEB_NOVEL, **arguments)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(StoryError) as caught:
        storyboard("")
    assert caught.value.code == "empty"


def test_a_board_survives_json() -> None:
    board = storyboard(WEB_NOVEL)
    assert Storyboard.from_dict(json.loads(_canonical(board))) == board


def test_validate_names_what_is_wrong() -> None:
    board = json.loads(_canonical(storyboard(WEB_NOVEL)))
    board["shots"][1]["start"] += 1
    board["shots"][2]["narration"] = "原文没有的话"
    faults = validate(board, WEB_NOVEL)
    assert any("starts at" in fault for fault in faults)
    assert any("narration" in fault for fault in faults)


def test_the_title_comes_from_the_file_name_or_the_first_line() -> None:
    assert read("正文。".encode(), "books/三国演义.txt").title == "三国演义"
    assert read("正文。".encode("gb18030"), "老残游记.gb18030.txt").title == "老残游记"
    assert read("《山中记》（全本）作者：某\n\n第一章\n文".encode()).title == "山中记"


def test_languages_are_told_apart() -> None:
    assert read("他们说这个国家的学问。".encode()).language == "zh-Hans"
    assert read("他們說這個國家的學問。".encode()).language == "zh-Hant"
    assert read(b"They said so, and went home.").language == "en"

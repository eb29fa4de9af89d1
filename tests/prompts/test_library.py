"""The shipped library, and how a template becomes a prompt."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from engines.chat import ChatAnswer, ChatRequest, Message, PaidAnswer, Usage
from generation import story
from generation.prompts import words
from generation.prompts.compiling import board_with, compile_shot, instructions_of, told_by
from generation.prompts.diffing import changes
from generation.prompts.errors import PromptError
from generation.prompts.families import FAMILIES, clip_tokens
from generation.prompts.library import editions, shipped, shipped_named
from generation.prompts.rubric import judge, probes
from generation.prompts.syntax import names, parse, render, tidy
from generation.prompts.templates import Template, template_from
from generation.story.chat import wording
from generation.story.prompts import TEMPLATES, Subject, write
from tests.prompts.stories import story_text

EARLIER = [edition.template for group in editions().values() for edition in group[:-1]]
PICTURES = [template for template in shipped().values() if template.makes == "picture"]


def compiled(template: Template, people: int, language: str = "", **shot: Any) -> Any:
    language = language or template.language
    return compile_shot(
        template, {**probes.shot(people, language), **shot}, cast=probes.cast(language),
        scene=probes.scene(language),
    )  # fmt: skip


def test_the_library_has_24_templates_and_every_kind() -> None:
    library = shipped().values()

    assert len(PICTURES) >= 24
    assert sum(template.makes == "storyboard" for template in library) >= 4
    assert {template.family for template in library} == set(FAMILIES)
    assert {template.language for template in library} == {"zh", "en"}
    assert len({template.style for template in library}) >= 12
    assert len({template.digest for template in library if template.family != "sketch"}) == sum(
        template.family != "sketch" for template in library
    )


@pytest.mark.parametrize("template", shipped().values(), ids=lambda template: template.key)
def test_every_shipped_template_passes_the_standard(template: Template) -> None:
    report = judge(template)

    assert [str(finding) for finding in report.failures] == []
    assert report.score >= 90


@pytest.mark.parametrize("template", PICTURES, ids=lambda template: template.key)
def test_a_prompt_says_count_and_looks_and_nothing_unfilled(template: Template) -> None:
    made = compiled(template, 2)

    assert made.positive.index(made.facts.values["count"]) < made.positive.index(
        made.facts.values["framing"]
    )
    for one in made.facts.people:
        assert made.positive.count(one.look) == 1
    assert not any(mark in made.positive + made.negative for mark in ("{{", "}}", "[[", "]]"))
    assert made == compiled(template, 2)


def test_an_empty_value_takes_its_group_along() -> None:
    body = "{{count}}[[, {{weather}}]][[, in {{place}}]]."

    assert render(body, {"count": "two men", "weather": "", "place": "an inn"}) == (
        "two men, in an inn."
    )


def test_marks_that_do_not_match_are_refused_with_their_line() -> None:
    for body in ("{{count}", "a\n]] b", "[[a [[b]]", "[[a"):
        with pytest.raises(PromptError) as refused:
            parse(body)
        assert refused.value.code == "syntax"
    with pytest.raises(PromptError, match="moon"):
        render("{{moon}}", {"sun": ""})
    assert names("{{ count }}{{place}}{{count}}") == ("count", "place")


def test_words_of_a_novel_call_no_variable_and_close_no_fence() -> None:
    for template in PICTURES:
        if "action" not in names(template.body):
            continue
        made = compiled(template, 1, action=probes.ATTACK[template.language])
        assert "</novel>" not in made.positive
        assert "{{" not in made.positive
        for mark in ("「", "」", "«", "»"):
            assert made.positive.count(mark) == template.body.count(mark)


def test_what_cannot_be_said_in_the_templates_language_is_left_out_and_named() -> None:
    made = compiled(shipped()["impasto-en"], 2, "zh")

    assert set(made.left_out) == {"action", "place", "names"}
    assert made.positive.isascii()
    assert "teal robe" in made.positive


def test_a_board_gets_every_prompt_from_the_template() -> None:
    language = "zh"
    board = {
        "cast": list(probes.cast(language).values()), "scenes": [probes.scene(language)],
        "shots": [probes.shot(n, language) for n in range(4)],
    }  # fmt: skip

    made = board_with(shipped()["gongbi-zh"], board)

    assert {shot["prompt"]["template"] for shot in made["shots"]} == {"gongbi-zh@1"}
    assert made["shots"][0]["prompt"]["positive"].startswith("空镜，无人物")
    assert "prompt" not in board["shots"][0]


def test_a_director_replaces_the_instructions_and_nothing_else() -> None:
    asked: list[ChatRequest] = []

    def complete(request: ChatRequest) -> PaidAnswer:
        asked.append(request)
        return PaidAnswer(ChatAnswer("", "stop", Usage(), "m"), 0, "CNY", kept=False)

    own = ChatRequest(
        (Message("system", "old"), Message("user", "<novel>雪</novel>")), wording.SCHEMA
    )
    told_by(shipped()["director-vertical-zh"], complete)(own)

    assert asked[0].messages[0].content == instructions_of(shipped()["director-vertical-zh"])
    assert replace(asked[0], messages=own.messages) == own
    with pytest.raises(PromptError, match="makes pictures"):
        instructions_of(PICTURES[0])


def test_clip_is_estimated_rather_high() -> None:
    # Counted with OpenAI's bpe_simple_vocab_16e6: 8, 6 and 3 tokens.
    assert 8 <= clip_tokens("a photo of a cat, best quality") <= 10
    assert 6 <= clip_tokens("1girl, solo, long hair") <= 8
    assert clip_tokens("水墨") >= 3


def test_a_long_prompt_is_cut_where_the_encoder_stops() -> None:
    family = FAMILIES["tags"]

    assert family.within("red hat") == "red hat"
    assert family.tokens(family.within("red hat, " * 200)) <= family.limit
    assert len(family.within("red hat, " * 200, family.window)) < 9 * 200


def test_changes_join_to_both_texts() -> None:
    old, new = "{{count}}，中景。国风水墨。", "{{count}}，特写。国风水墨，留白。"

    parts = changes(old, new)

    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "removed") == new
    assert parts[0].text.startswith("{{count}}")


def test_a_template_goes_into_a_file_and_comes_back() -> None:
    for template in shipped().values():
        assert template_from(json.loads(json.dumps(template.to_dict()))) == template


def test_a_wrong_file_is_refused_by_place_and_field() -> None:
    good = PICTURES[0].to_dict()
    for change, word in (
        ({"key": "Ink Wash"}, "key"), ({"family": "magic"}, "family"), ({"version": True}, "version"),
        ({"body": " "}, "body"), ({"title": {"zh": "水墨"}}, "title"), ({"colour": 1}, "colour"),
        ({"family": "chat"}, "storyboard"), ({"settings": []}, "settings"),
    ):  # fmt: skip
        with pytest.raises(PromptError, match=f"row 3.*{word}"):
            template_from({**good, **change}, "row 3")
    with pytest.raises(PromptError, match="lacks body"):
        template_from({name: value for name, value in good.items() if name != "body"})


@pytest.mark.parametrize("template", EARLIER, ids=lambda template: template.name)
def test_what_was_shipped_before_passes_the_standard_and_is_found_by_its_number(
    template: Template,
) -> None:
    assert judge(template).good
    assert shipped_named(template.name) == template
    assert shipped()[template.key].digest != template.digest


def board_of(number: int) -> dict[str, Any]:
    return story.storyboard(story_text(number), title="客栈").to_dict()


@pytest.mark.parametrize("number", range(6))
def test_the_usual_template_writes_what_the_story_room_writes(number: int) -> None:
    board = board_of(number)
    made = board_with(shipped()["usual-zh"], board)

    assert len(board["shots"]) > 3
    for theirs, ours in zip(board["shots"], made["shots"], strict=True):
        assert ours["prompt"]["positive"] == tidy(theirs["prompt"]["positive"])
        assert ours["prompt"]["negative"] == theirs["prompt"]["negative"]


def test_the_usual_template_has_every_word_of_the_story_room_in_both_languages() -> None:
    poses, moods = (sorted(words_of) for words_of in (words.POSE, words.EXPRESSION))
    for key, name in (("usual-zh", "offline-zh@1"), ("usual-en", "offline-en@1")):
        template = shipped()[key]
        cast = probes.cast(template.language)
        for turn, (framing, place) in enumerate(product(words.FRAMING, words.PLACE)):
            entries = [
                {"id": who, "pose": poses[(turn + n) % 13], "expression": moods[(turn + n) % 8]}
                for n, who in enumerate(sorted(cast)[: turn % 4])
            ]
            setting = {
                "place_type": place, "crowd": bool(turn % 2),
                "period": sorted(words.PERIOD)[turn % 4], "daytime": sorted(words.DAYTIME)[turn % 4],
                "weather": sorted(words.WEATHER)[turn % 5],
            }  # fmt: skip
            shot = {
                "framing": framing,
                "cast": entries,
                "action": probes.ACTIONS[template.language],
            }
            scene = {"place": None, "setting": setting}
            theirs = write(
                TEMPLATES[name], [subject(cast, entry, entries) for entry in entries],
                framing=framing, action=shot["action"], setting=setting, place=None,
            )  # fmt: skip
            made = compile_shot(template, shot, cast=cast, scene=scene)
            assert made.positive == theirs["positive"]
            assert made.negative == theirs["negative"]


def subject(cast: Any, entry: Any, entries: list[Any]) -> Subject:
    person, place = cast[entry["id"]], entries.index(entry)
    middle = place / (len(entries) - 1) if len(entries) > 1 else 0.5
    slot = "left" if middle < 0.34 else "right" if middle > 0.66 else "centre"
    traits = person["appearance"]["traits"]
    return Subject(
        person["name"], person["appearance"]["summary"], traits["gender"], "adult", "human",
        entry["pose"], entry["expression"], slot if len(entries) > 1 else "",
    )  # fmt: skip


def test_names_with_and_without_version_are_found() -> None:
    assert shipped_named("ink-wash-zh") is shipped()["ink-wash-zh"]
    assert shipped_named("ink-wash-zh@1") is shipped()["ink-wash-zh"]
    assert shipped_named("ink-wash-zh@2") is None
    assert shipped_named("no such") is None


def test_the_storyboard_command_writes_the_templates_prompts(tmp_path: Path) -> None:
    novel = tmp_path / "雪.txt"
    novel.write_text("第一章\n沈砚身穿青色长衫，推门走进客栈。沈砚说道：“来壶热酒。”\n", "utf-8")

    call_command("storyboard", str(novel), out=str(tmp_path / "out"), template="mono-board-zh")

    board = json.loads((tmp_path / "out" / "storyboard.json").read_text("utf-8"))
    assert {shot["prompt"]["template"] for shot in board["shots"]} == {"mono-board-zh@1"}
    assert "铅笔与灰色马克笔" in board["shots"][0]["prompt"]["positive"]


def test_the_storyboard_command_needs_a_model_for_a_director(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    novel = tmp_path / "雪.txt"
    novel.write_text("第一章\n雪停了。\n", "utf-8")

    with pytest.raises(SystemExit) as left:
        call_command("storyboard", str(novel), out=str(tmp_path / "out"), template="director-zh")

    assert left.value.code == 2
    assert "--text ENGINE" in capsys.readouterr().err

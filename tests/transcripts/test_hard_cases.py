"""Files as they come, not as they should be: odd names, ranges, tables, and what machines add."""

import io
from typing import Any

import docx
import pytest

from crm.transcripts import TranscriptError, detect, parse
from tests.transcripts.samples import FEISHU, IFLYTEK, TENCENT


def read(text: str | bytes, name: str = "a.txt") -> Any:
    [transcript] = parse(text if isinstance(text, bytes) else text.encode(), name)
    return transcript


def said(text: str | bytes, name: str = "a.txt") -> list[tuple[str, str]]:
    return [(item.speaker, item.text) for item in read(text, name).utterances]


@pytest.mark.parametrize(
    "name",
    ["[外部] 林小满", "小满🌸（作者）", "作者：林小满", "作者:林小满", "𠮷野𪚥", "Lin Xiao Man"],
)
def test_a_speaker_of_feishu_may_be_called_nearly_anything(name: str) -> None:
    speakers = [speaker for speaker, _words in said(FEISHU.replace("林小满", name))]

    assert speakers == [name, "周远", name]


@pytest.mark.parametrize("name", ["阿九：作者", "阿九🐱(北京)", "【外部】阿九"])
def test_a_speaker_of_tencent_may_be_called_nearly_anything(name: str) -> None:
    transcript = read(TENCENT.replace("阿九", name))

    assert (transcript.format, transcript.utterances[1].speaker) == ("tencent", name)


def test_times_beyond_a_hundred_hours_are_times() -> None:
    transcript = read(FEISHU.replace("00:01:02.005", "101:01:02.005"))

    assert transcript.utterances[-1].start_ms == 363_662_005


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("许知 00:00:01-00:00:14\n聊聊。\n\n阿九 00:00:15-00:01:50\n用过。\n", "iflytek"),
        ("许知 [00:01 - 00:14]\n聊聊。\n\n阿九 [00:15 - 01:50]\n用过。\n", "meet"),
        ("00:00:01 --> 00:00:14 许知\n聊聊。\n\n00:00:15 --> 00:01:50 阿九\n用过。\n", "clock"),
        ("[00:01 - 00:14] 许知：聊聊。\n[00:15 - 01:50] 阿九：用过。\n", "plain"),
    ],
)
def test_a_range_of_time_gives_a_turn_both_its_ends(text: str, format: str) -> None:
    transcript = read(text)

    assert transcript.format == format
    assert [(u.speaker, u.start_ms, u.end_ms, u.text) for u in transcript.utterances] == [
        ("许知", 1000, 14_000, "聊聊。"),
        ("阿九", 15_000, 110_000, "用过。"),
    ]


@pytest.mark.parametrize("header", ["{name} [{time}]", "{time} {name}", "[{time}] {name}"])
def test_time_and_speaker_stand_in_either_order_and_bracket(header: str) -> None:
    turns = [("许知", "00:01"), ("阿九", "00:15"), ("许知", "02:00")]
    text = "\n\n".join(f"{header.format(name=n, time=t)}\n说的话" for n, t in turns)

    assert said(text) == [(name, "说的话") for name, _time in turns]


def test_lines_of_a_time_and_words_are_no_speakers() -> None:
    with pytest.raises(TranscriptError) as refused:
        parse(
            "[00:00.000 --> 00:02.000]  你好\n[00:02.000 --> 00:04.000]  再见\n".encode(), "a.txt"
        )

    assert (refused.value.code, refused.value.line) == ("unknown_format", 1)


@pytest.mark.parametrize(
    "more",
    [
        "\n关键词：分镜、古风\n\n全文摘要：\n讲了分镜。\n自己画。\n\n以上内容由AI生成，仅供参考\n",
        "\nAI总结\n- 分镜自己画\n",
        "\n待办事项：\n- 张三：发样张\n\n会议纪要\n1. 分镜\n",
        "\nSummary\nThey draw.\n",
    ],
)
@pytest.mark.parametrize(
    "sample",
    [IFLYTEK.split("以上")[0], FEISHU, TENCENT, "访谈者：哪步？\n创作者：分镜。\n访谈者：谢谢。\n"],
)
def test_what_a_machine_wrote_below_the_speech_is_nobodys_word(sample: str, more: str) -> None:
    assert said(sample + more) == said(sample)


def test_a_paragraph_of_speech_that_sums_up_stays_speech() -> None:
    text = "访谈者：说说。\n\n创作者：说两点。\n\n总结：没钱。\n\n访谈者：谢谢。\n"

    assert said(text)[1] == ("创作者", "说两点。\n\n总结：没钱。")


def test_a_summary_above_the_speech_is_neither_title_nor_words() -> None:
    text = FEISHU.replace("关键词:", "智能纪要:\n讨论了分镜。\n待办:\n- 周远 整理\n\n关键词:")

    transcript = read(text)

    assert said(text) == said(FEISHU)
    assert (transcript.title, transcript.rejected) == ("", ())


def test_labels_in_markdown_and_with_a_role_in_brackets_are_speakers() -> None:
    assert said("**访谈者**：你好。\n**创作者：** 四话。\n**访谈者**：好。\n") == [
        ("访谈者", "你好。"), ("创作者", "四话。"), ("访谈者", "好。"),
    ]  # fmt: skip
    assert [who for who, _words in said("林小满（作者）：你好\n周远（研究员）：好\n林小满（作者）：嗯\n")] == [
        "林小满（作者）", "周远（研究员）", "林小满（作者）",
    ]  # fmt: skip


def test_a_first_line_of_blanks_in_a_youtube_cue_is_not_its_end() -> None:
    cues = (
        "WEBVTT\nKind: captions\nLanguage: zh\n\n"
        "00:00:00.000 --> 00:00:02.000 align:start position:0%\n \n大家<00:00:00.500><c>好</c>\n\n"
        "00:00:02.000 --> 00:00:02.010 align:start position:0%\n大家好\n \n\n"
        "00:00:02.010 --> 00:00:04.000 align:start position:0%\n大家好\n讲<00:00:03.000><c>分镜</c>\n\n"
        "00:00:04.000 --> 00:00:04.010 align:start position:0%\n讲分镜\n \n"
    )

    transcript = read(cues, "a.vtt")

    assert [(u.start_ms, u.text) for u in transcript.utterances] == [
        (0, "大家好"),
        (2010, "讲分镜"),
    ]
    assert transcript.rejected == ()


def test_numbers_of_subrip_cues_without_blank_lines_are_no_words() -> None:
    cue = "{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}\n"
    text = "".join(cue.format(n=n, text=words) for n, words in enumerate(["一", "42", "三"], 1))

    assert said(text, "a.srt") == [("", "一"), ("", "42"), ("", "三")]


def test_subrip_with_points_is_subrip_and_bracketed_names_are_speakers() -> None:
    cue = "{n}\n00:00:0{n}.000 --> 00:00:0{n}.900\n[{who}] 好\n\n"
    text = "".join(cue.format(n=n, who=who) for n, who in enumerate(["张三", "李四", "张三"], 1))

    transcript = read(text, "a.srt")

    assert (transcript.format, transcript.notes) == ("srt", ())
    assert transcript.speakers == ("张三", "李四")


SCRIPT = """[Script Info]
Title: 访谈

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.50,Default,甲,0,0,0,,你好，{\\i1}我{\\i0}是甲\\N第二行
Comment: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,注
Dialogue: 0,0:00:03.00,0:00:02.00,Default,乙,0,0,0,,好
Dialogue: 0,0:00:xx,0:00:04.00,Default,乙,0,0,0,,坏
Dialogue: 0,0:00:05.00,0:00:06.00,Default,乙,0,0,0,,{\\p1}
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_substation_subtitles_give_actors_words_and_named_lines(encoding: str) -> None:
    transcript = read(SCRIPT.encode(encoding), "a.ass")

    assert [(u.speaker, u.start_ms, u.end_ms, u.text) for u in transcript.utterances] == [
        ("甲", 1000, 2500, "你好，我是甲\n第二行"),
        ("乙", 3000, None, "好"),
    ]
    assert [(item.line, item.code) for item in transcript.rejected] == [
        (13, "bad_time"), (14, "empty_text"),
    ]  # fmt: skip


def test_a_table_after_blank_lines_is_a_table_and_one_without_its_columns_no_dialogue() -> None:
    assert said('\n\ntranscript_id,text\na,"User: 好\nAssistant: 嗯"\n', "a.csv") == [
        ("User", "好"), ("Assistant", "嗯"),
    ]  # fmt: skip
    with pytest.raises(TranscriptError) as refused:
        parse('who,what\nx,"User: 好"\ny,"User: 嗯"\n'.encode(), "a.csv")
    assert refused.value.code == "missing_column"


def word(*rows: tuple[str, ...], before: str = "") -> bytes:
    document = docx.Document()
    document.add_paragraph(before)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_a_table_of_a_word_document_is_a_dialogue_by_its_columns() -> None:
    data = word(
        ("序号", "时间", "发言人", "内容"), ("1", "00:01", "甲", "你好：真的"),
        ("2", "00:05", "", "接着说\n第二段"), ("3", "00:09 - 00:11", "乙", "再见"), before="访谈",
    )  # fmt: skip

    transcript = read(data, "a.docx")

    assert [(u.speaker, u.start_ms, u.text) for u in transcript.utterances] == [
        ("甲", 1000, "你好：真的"), ("甲", 5000, "接着说\n第二段"), ("乙", 9000, "再见"),
    ]  # fmt: skip


def test_a_table_of_notes_beside_a_dialogue_stays_in_reading_order() -> None:
    data = word(("问：你好？\n答：好。", "旁注"), ("问：二？\n答：三。", "旁注二"))

    assert said(data, "a.docx")[0] == ("问", "你好？")
    assert "旁注" not in read(data, "a.docx").speakers


def test_no_caption_is_taken_for_a_speaker_with_a_time() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n一\n\n接着\n\n2\n00:00:03,000 --> 00:00:04,000\n二\n"

    assert [guess.format for guess in detect(text, "a.srt")] == ["srt"]
    assert [(item.line, item.code) for item in read(text, "a.srt").rejected] == [
        (5, "missing_time")
    ]

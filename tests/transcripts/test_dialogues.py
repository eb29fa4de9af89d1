from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.transcripts import TranscriptError, detect, parse
from tests.transcripts import samples

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _read(text: str, name: str = "a.txt", encoding: str = "utf-8", format: str = "auto"):
    [transcript] = parse(text.encode(encoding), name, format=format)
    return transcript


def _said(transcript):
    return [(u.speaker, u.start_ms, u.text) for u in transcript.utterances]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (samples.IFLYTEK, "iflytek"),
        (samples.FEISHU, "feishu"),
        (samples.TENCENT, "tencent"),
        (samples.OTTER, "otter"),
        (samples.MEET, "meet"),
        (samples.PLAIN_ZH, "plain"),
        (samples.PLAIN_EN, "plain"),
        (samples.ROLLING_VTT, "vtt"),
    ],
)
def test_each_format_is_detected_with_a_line_that_shows_it(text, format):
    guesses = detect(text, "unnamed.txt")

    assert guesses[0].format == format
    assert guesses[0].score > 0.5
    assert guesses[0].sample_line == text.split("\n")[guesses[0].line - 1].strip()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_iflytek_is_read_in_every_encoding_without_its_title_and_footer(encoding):
    transcript = _read(samples.IFLYTEK, encoding=encoding)

    assert transcript.title == "访谈记录-腰部创作者"
    assert _said(transcript) == [
        ("说话人1", 0, "你好，先介绍一下你自己吧。"),
        ("说话人2", 7_000, "我写古风小说，大概六年了。\n分镜都是自己画的：先草图，再上色。"),
        ("说话人1", 4_360_000, "明白了😀，𠮷野家那段很有意思。"),
    ]
    assert [u.line for u in transcript.utterances] == [3, 6, 10]
    assert transcript.rejected == ()
    assert transcript.language == "zh"


def test_offsets_count_code_points_with_emoji_and_rare_characters():
    transcript = _read(samples.IFLYTEK)

    assert len(transcript.offsets) == 3
    for utterance, (start, end) in zip(transcript.utterances, transcript.offsets, strict=True):
        assert transcript.text[start:end] == utterance.text
    assert transcript.offsets[-1][1] == len(transcript.text)


def test_feishu_date_and_keywords_are_not_utterances():
    transcript = _read(samples.FEISHU)

    assert transcript.recorded_at == datetime(2024, 5, 12, 14, 30, tzinfo=SHANGHAI)
    assert _said(transcript) == [
        ("林小满", 1_234, "最头疼的是串脸，三张图三个人。"),
        ("周远", 9_870, "你怎么解决？"),
        ("林小满", 62_005, "重画。比如：先锁定发型，\n再锁定衣服。"),
    ]
    assert "关键词" not in transcript.text
    assert "分镜、串脸" not in transcript.text


def test_tencent_takes_both_bracket_widths_and_following_lines():
    transcript = _read(samples.TENCENT)

    assert transcript.title == "工具使用访谈"
    assert transcript.recorded_at == datetime(2024, 6, 1, 10, 0, tzinfo=SHANGHAI)
    assert _said(transcript) == [
        ("许知", 1_000, "今天聊聊你用过的工具。"),
        ("阿九", 15_000, "我用过两个：一个画图，一个写字。"),
        ("许知", 120_000, "好的\n谢谢"),
    ]


def test_otter_footer_is_dropped():
    transcript = _read(samples.OTTER)

    assert _said(transcript)[-1] == ("Ann Lee", 3_729_000, "Great.")
    assert transcript.speakers == ("Ann Lee", "Ben Ode")
    assert "otter.ai" not in transcript.text
    assert transcript.language == "en"


def test_meet_names_the_time_in_brackets():
    assert _said(_read(samples.MEET)) == [
        ("陈默", 2_000, "我们开始吧。"),
        ("韩雪", 602_000, "好，我先说：一集两分钟。"),
        ("陈默", 631_000, "谢谢。"),
    ]


def test_a_clock_time_in_speech_does_not_start_a_turn():
    text = samples.IFLYTEK.replace("先草图，再上色。", "先草图，再上色。\n我们约在 10:30\n就这样")

    transcript = _read(text)

    assert transcript.speakers == ("说话人1", "说话人2")
    assert transcript.utterances[1].text.endswith("我们约在 10:30\n就这样")


def test_a_colon_inside_a_turn_does_not_start_a_turn():
    transcript = _read(samples.PLAIN_ZH)

    assert [u.speaker for u in transcript.utterances] == ["访谈者", "创作者", "访谈者", "创作者"]
    assert (
        transcript.utterances[1].text
        == "四话。\n流程是这样：写稿、分镜、成图。\n注意：只有分镜收费。"
    )


def test_links_notes_and_clock_times_stay_in_the_english_turn():
    transcript = _read(samples.PLAIN_EN)

    assert transcript.speakers == ("Interviewer", "Maya Fox")
    assert transcript.utterances[1].text == (
        "Faces. Note: always faces.\nSee https://example.org/a:b for one."
    )
    assert transcript.utterances[2].text == "And at 10:30 you stop?"


def test_two_people_who_speak_once_each_are_both_speakers():
    transcript = _read("张三：你好\n李四：我想说：好\n")

    assert _said(transcript) == [("张三", None, "你好"), ("李四", None, "我想说：好")]


def test_prose_before_the_first_speaker_is_named_not_dropped():
    text = "访谈\n" + "这一段是很长的说明" * 12 + "\n\n" + samples.PLAIN_ZH

    transcript = _read(text)

    assert [(item.line, item.code) for item in transcript.rejected] == [(2, "before_first_speaker")]


def test_a_chosen_format_that_does_not_fit_says_what_is_missing():
    with pytest.raises(TranscriptError) as caught:
        parse(samples.PLAIN_ZH.encode(), "a.txt", format="feishu")

    assert caught.value.code == "no_utterances"
    assert "format" in caught.value.message


def test_prose_without_speakers_is_refused_with_a_remedy():
    with pytest.raises(TranscriptError) as caught:
        parse("从前有座山，山里有座庙。\n庙里有个老和尚。\n".encode(), "故事.txt")

    assert caught.value.code == "unknown_format"
    assert "speaker" in caught.value.message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n \n\t\n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
    ],
)
def test_files_that_are_no_text_are_refused(data, code):
    with pytest.raises(TranscriptError) as caught:
        parse(data, "访谈.txt")

    assert caught.value.code == code


def test_a_nul_byte_is_named_with_its_line():
    with pytest.raises(TranscriptError) as caught:
        parse("研究员：好吗？\n墨白：好\x00的\n".encode(), "访谈.txt")

    assert (caught.value.code, caught.value.line) == ("binary", 2)
    # In a long file a single one is repaired, and listed with its place.
    (read,) = parse(("研究员：好吗？\n墨白：好\x00的" + "的" * 1000).encode(), "访谈.txt")
    assert [item.reason for item in read.repairs] == ["NUL character"]


def test_an_unknown_format_name_lists_the_known_ones():
    with pytest.raises(TranscriptError, match="iflytek"):
        parse(b"x", "a.txt", format="word-perfect")


def test_the_same_words_give_the_same_fingerprint_in_any_layout():
    plain = _read("张三：你好 呀\n\n李四：好\n\n张三：嗯\n")
    windows = _read("张三： 你好  呀\r\n李四：好\r\n张三：嗯\r\n", encoding="gb18030")
    other = _read("张三：你好 呀\n李四：不好\n张三：嗯\n")

    assert plain.fingerprint == windows.fingerprint
    assert plain.fingerprint != other.fingerprint


_WORDS = st.text(
    alphabet=st.sampled_from("画分镜脸好吗，。abc 😀𠮷"), min_size=1, max_size=30
).filter(lambda text: text.strip() == text and text.strip("，。 "))


_HEADERS = {
    "iflytek": "{who} {h:02d}:{m:02d}:{s:02d}\n{text}",
    "feishu": "{who} {h:02d}:{m:02d}:{s:02d}.000 \n{text}",
    "tencent": "{who}({h:02d}:{m:02d}:{s:02d}): {text}",
    "otter": "{who}  {h}:{m:02d}:{s:02d}  \n{text}",
    "meet": "{who} ({h:02d}:{m:02d}:{s:02d})\n{text}",
}


@settings(deadline=None, max_examples=40)
@given(
    turns=st.lists(
        st.tuples(st.sampled_from(["说话人1", "林小满"]), _WORDS), min_size=1, max_size=9
    ),
    gap=st.integers(min_value=0, max_value=5_000),
)
@pytest.mark.parametrize("format", sorted(_HEADERS))
def test_any_export_of_turns_reads_back_as_those_turns(format, turns, gap):
    blocks = [
        _HEADERS[format].format(
            who=who, text=text, h=n * gap // 3600, m=n * gap // 60 % 60, s=n * gap % 60
        )
        for n, (who, text) in enumerate(turns)
    ]
    transcript = _read("标题\n\n" + "\n\n".join(blocks) + "\n", format=format)

    assert [(u.speaker, u.text) for u in transcript.utterances] == turns
    assert [u.start_ms for u in transcript.utterances] == [
        n * gap * 1000 for n in range(len(turns))
    ]
    assert transcript.rejected == ()
    for utterance, (start, end) in zip(transcript.utterances, transcript.offsets, strict=True):
        assert transcript.text[start:end] == utterance.text


@pytest.mark.parametrize(
    "line",
    [
        "张" + "\t" * 3_000,
        "2024年" + " " * 3_000 + "x",
        ":" * 3_000,
        "关键词" + " " * 3_000,
        "张 " * 3_000 + "：好",
    ],
)
def test_a_hostile_line_is_refused_without_searching_all_of_it(line):
    assert _outcome(line.encode(), "a.txt", "auto") in {"unknown_format", "no_speakers"}


def _outcome(data: bytes, name: str, format: str) -> str:
    """What came out: the code of the refusal, or `read`. Any other exception fails the test."""
    try:
        parse(data, name, format=format)
    except TranscriptError as error:
        return error.code
    return "read"


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=300), name=st.sampled_from(["a.txt", "a.vtt", "a.srt", "a.csv"]))
def test_arbitrary_bytes_are_read_or_refused_with_a_code(data, name):
    assert _outcome(data, name, "auto")


@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet='张李:：0123456789 \n(),.->WEBVT关键词"', max_size=200))
def test_arbitrary_near_transcripts_are_read_or_refused_with_a_code(text):
    for format in ("auto", "iflytek", "feishu", "tencent", "meet", "plain", "vtt", "sbv", "csv"):
        assert _outcome(text.encode(), "a.txt", format)


def test_a_guest_who_speaks_once_is_a_speaker():
    text = "张三：你好\n\n李四：好\n\n王五：我补充一下：有三点\n\n张三：嗯\n\n李四：再见\n"

    assert _read(text).speakers == ("张三", "李四", "王五")
    assert _read("张三：你好\n李四：好\n张三：再见\n").speakers == ("张三", "李四")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize("format", ["iflytek", "feishu", "tencent", "plain", "meet"])
def test_a_sample_of_each_format_comes_back_to_the_character_in_each_encoding(format, encoding):
    turns = [
        ("訪問者", 0, "最花時間的是哪一步？"),
        ("墨白", 7_000, "分鏡要畫三天，\n畫完還要重畫。"),
        ("訪問者", 72_000, "然後呢？"),
        ("墨白", 3_725_000, "然後就放棄了。"),
    ]
    written = _WRITTEN[format](turns)

    [read] = parse(written.encode(encoding), "訪談.txt")

    assert read.format == format
    assert read.repairs == ()
    times = [None] * 4 if format == "plain" else [start for _who, start, _said in turns]
    assert [(u.speaker, u.start_ms, u.text) for u in read.utterances] == [
        (who, time, said) for (who, _start, said), time in zip(turns, times, strict=True)
    ]


def _stamp(ms, hours):
    minutes, seconds = divmod(ms // 1000, 60)
    if not hours and minutes < 60:
        return f"{minutes:02}:{seconds:02}"
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


_WRITTEN = {
    "iflytek": lambda turns: (
        "訪談記錄\n\n"
        + "\n\n".join(f"{who} {_stamp(ms, False)}\n{said}" for who, ms, said in turns)
        + "\n\n以上內容由AI生成，僅供參考\n"
    ),
    "feishu": lambda turns: (
        "2024年5月12日|34分鐘 20秒\n\n關鍵詞:\n分鏡、重畫\n\n"
        + "\n\n".join(f"{who} {_stamp(ms, True)}.000 \n{said}" for who, ms, said in turns)
        + "\n"
    ),
    "tencent": lambda turns: "".join(
        f"{who}({_stamp(ms, True)}): {said}\n\n" for who, ms, said in turns
    ),
    "plain": lambda turns: "".join(f"{who}：{said}\n" for who, _ms, said in turns),
    "meet": lambda turns: "\n\n".join(
        f"{who} ({_stamp(ms, False)})\n{said}" for who, ms, said in turns
    ),
}

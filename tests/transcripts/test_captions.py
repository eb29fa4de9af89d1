import pytest

from crm.transcripts import TranscriptError, parse
from tests.transcripts import samples


def _read(text: str, name: str):
    [transcript] = parse(text.encode(), name)
    return transcript


def test_rolling_captions_are_not_doubled():
    transcript = _read(samples.ROLLING_VTT, "a.vtt")

    assert [u.text for u in transcript.utterances] == ["我们先画草图", "然后上色", "最后配音"]
    assert transcript.utterances[0].start_ms == 0
    assert transcript.utterances[1].start_ms == 2_010


def test_rolling_srt_without_word_times_is_recognised_by_its_overlaps():
    words = ["第一句", "第二句", "第三句", "第四句", "第五句", "第六句"]
    cues = []
    for number, (above, below) in enumerate(zip(["", *words], words, strict=False)):
        text = f"{above}\n{below}" if above else below
        cues.append(f"{number + 1}\n00:00:0{number},000 --> 00:00:0{number + 1},000\n{text}\n")

    transcript = _read("\n".join(cues), "a.srt")

    assert [u.text for u in transcript.utterances] == words


def test_words_that_grow_on_screen_are_said_once():
    cues = ["WEBVTT\n"]
    for number, text in enumerate(["我", "我先", "我先画", "我先画图", "我先画图再写"]):
        cues.append(f"00:0{number}.000 --> 00:0{number + 1}.000\n{text}\n")

    transcript = _read("\n".join(cues), "a.vtt")

    assert [u.text for u in transcript.utterances] == ["我先画图再写"]
    assert transcript.utterances[0].end_ms == 5_000


def test_a_repeated_answer_in_ordinary_subtitles_stays_twice():
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n对。\n\n2\n00:00:02,000 --> 00:00:03,000\n对。\n\n"
        "3\n00:00:04,000 --> 00:00:05,000\n那就这样。\n\n4\n00:00:05,000 --> 00:00:06,000\n好。\n"
    )

    assert [u.text for u in _read(text, "a.srt").utterances] == [
        "对。",
        "对。",
        "那就这样。",
        "好。",
    ]


def test_voice_spans_become_speakers_and_one_cue_may_hold_two():
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v 张三>你好 &amp; 欢迎</v>\n<v.loud 李四>2 &lt; 3！</v>\n"

    transcript = _read(text, "a.vtt")

    assert [(u.speaker, u.text) for u in transcript.utterances] == [
        ("张三", "你好 & 欢迎"),
        ("李四", "2 < 3！"),
    ]


def test_zoom_prefixes_become_speakers():
    text = (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n张三: 开始吧\n\n"
        "2\n00:00:03.000 --> 00:00:05.000\n李四: 我说三点: 快、准、稳\n"
    )

    assert [(u.speaker, u.text) for u in _read(text, "a.vtt").utterances] == [
        ("张三", "开始吧"),
        ("李四", "我说三点: 快、准、稳"),
    ]


def test_a_rare_colon_in_captions_is_not_a_speaker():
    cues = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}\n\n"
        for n, text in enumerate(["说明：先看图", "第二句", "第三句", "第四句"], 1)
    )

    assert [u.speaker for u in _read(cues, "a.srt").utterances] == ["", "", "", ""]


def test_bad_cues_are_named_by_line_and_the_others_kept():
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n一\n\n2\n00:00:0x,000 --> 00:00:03,000\n二\n\n"
        "3\n没有时间\n\n4\n00:00:04,000 --> 00:00:05,000\n\n5\n00:00:09,000 --> 00:00:08,000\n五\n"
    )

    transcript = _read(text, "a.srt")

    assert [u.text for u in transcript.utterances] == ["一", "五"]
    assert [(item.line, item.code) for item in transcript.rejected] == [
        (6, "bad_time"),
        (9, "missing_time"),
        (13, "empty_text"),
    ]
    assert [(item.line, item.code) for item in transcript.notes] == [(16, "end_before_start")]
    assert transcript.utterances[-1].end_ms is None


def test_a_file_without_any_cue_names_the_line():
    with pytest.raises(TranscriptError) as caught:
        parse(b"1\nsome text\n", "a.srt")

    assert (caught.value.code, caught.value.line) == ("missing_time", 1)


def test_content_decides_over_the_name():
    transcript = _read("WEBVTT\n\n00:01.000 --> 00:02.000\n好\n", "wrong.srt")

    assert transcript.format == "vtt"


def test_the_language_of_the_header_wins():
    text = "WEBVTT\nLanguage: fr\n\n00:01.000 --> 00:02.000\nBonjour\n"

    assert _read(text, "a.vtt").language == "fr"


def test_srt_and_vtt_of_one_interview_share_a_fingerprint():
    vtt = _read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n你好\n\n00:03.000 --> 00:04.000\n再见\n", "a.vtt"
    )
    srt = _read(
        "1\n00:00:01,000 --> 00:00:02,000\n你好\n\n2\n00:00:03,000 --> 00:00:04,000\n再见\n",
        "a.srt",
    )

    assert vtt.fingerprint == srt.fingerprint

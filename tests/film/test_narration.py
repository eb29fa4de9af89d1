from __future__ import annotations

import re
import wave
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.speech.rehearsal import VOICES
from generation.film import (
    NARRATOR,
    FilmError,
    Mark,
    Sounding,
    Spoken,
    assign,
    compose,
    headings_of,
    pieces_of,
    read_aloud,
    render_film,
    subtitles,
    timeline,
)
from generation.film.audio import decode_audio
from generation.film.narration import BETWEEN_MS, LEAD_MS, TAIL_MS, voice_starts, voices_of
from tests.film.samples import SMALL, make_board


def write_speech(path: Path, parts: list[tuple[float, float]], rate: int = 24_000) -> Path:
    """Stretches of (seconds, level); level 0 is a pause."""
    sound = [
        np.sin(2 * np.pi * 200 * np.arange(round(seconds * rate)) / rate) * level
        for seconds, level in parts
    ]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.concatenate(sound) * 32767).astype("<i2").tobytes())
    return path


def spoken_board(tmp_path: Path) -> tuple[dict[str, Any], str]:
    """One shot: 他说：“你回来了。” 她笑了。 — the line is c1's."""
    text = "他说：“你回来了。”\n她笑了。"
    board = make_board(tmp_path, 1)
    shot = board["shots"][0]
    shot |= {"start": 0, "end": len(text), "narration": "他说：“你回来了。”她笑了。"}
    shot["lines"] = [{"speaker": "c1", "start": 3, "end": 10}]
    return board, text


def test_a_shot_is_cut_where_somebody_begins_and_stops_to_speak(tmp_path: Path) -> None:
    board, text = spoken_board(tmp_path)
    narration = board["shots"][0]["narration"]
    pieces = [(one.speaker, narration[one.start : one.end]) for one in pieces_of(board, text)]
    assert pieces == [(NARRATOR, "他说："), ("c1", "“你回来了。”"), (NARRATOR, "她笑了。")]


def test_a_rewritten_narration_is_the_narrators(tmp_path: Path) -> None:
    board, text = spoken_board(tmp_path)
    board["shots"][0]["narration"] = "她回来了，他很高兴。"
    assert [(one.speaker, one.start, one.end) for one in pieces_of(board, text)] == [
        (NARRATOR, 0, 10)
    ]


def test_marks_alone_are_nobodys_piece(tmp_path: Path) -> None:
    board, text = spoken_board(tmp_path)
    board["shots"][0]["lines"] = [{"speaker": "c1", "start": 4, "end": 9}]
    narration = board["shots"][0]["narration"]
    assert "".join(narration[one.start : one.end] for one in pieces_of(board, text)) == narration
    board["shots"][0]["narration"] = "……"
    assert pieces_of(board, text) == []


def person(name: str, mentions: int, sex: str, age: str, seed: int = 0) -> dict[str, Any]:
    traits = {"gender": sex, "age": age}
    return {"id": f"id-{name}", "name": name, "mentions": mentions, "seed": seed,
            "appearance": {"summary": "", "traits": traits}}  # fmt: skip


CAST = [
    person("沈砚", 30, "male", "adult"),
    person("苏青", 20, "female", "youth"),
    person("小童", 5, "male", "child"),
]


def test_voices_fit_sex_and_age_and_differ_where_they_can() -> None:
    told = assign(CAST, VOICES, {})
    # Rather the narrator's voice for a man than a child's.
    assert told == {NARRATOR: "low", "id-沈砚": "low", "id-苏青": "girl", "id-小童": "boy"}


def test_a_settled_voice_stays_whatever_the_cast_becomes() -> None:
    settled = {"": "high", "沈砚": "girl", "苏青": "gone"}
    told = assign(CAST, VOICES, settled)
    assert (told[NARRATOR], told["id-沈砚"]) == ("high", "girl")
    assert told["id-苏青"] in {voice.id for voice in VOICES}
    again = assign([*CAST, person("新人", 99, "female", "adult")], VOICES, settled)
    assert again["id-沈砚"] == "girl"


def test_an_engine_without_a_voice_is_refused() -> None:
    with pytest.raises(LookupError):
        assign(CAST, (), {})


def test_pieces_are_trimmed_made_equally_loud_and_put_in_a_row(tmp_path: Path) -> None:
    quiet = write_speech(tmp_path / "a.wav", [(0.5, 0), (1.0, 0.05), (0.7, 0)])
    loud = write_speech(tmp_path / "b.wav", [(1.0, 0.7)])
    text = "他说你回来了"
    pieces = [
        Sounding(quiet, read_aloud(text[:2], {}), 0),
        Sounding(loud, read_aloud(text[2:], {}), 2),
    ]
    told = compose(pieces, tmp_path / "shot.wav")

    with wave.open(str(tmp_path / "shot.wav")) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 48_000)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    assert told.duration_ms == pytest.approx(LEAD_MS + BETWEEN_MS + TAIL_MS + 2000, abs=60)
    assert sound.size / 48 == pytest.approx(told.duration_ms, abs=1)
    first, second = sound[9600:48000], sound[-48_000:-19_200]
    assert np.sqrt(np.mean(first**2)) == pytest.approx(np.sqrt(np.mean(second**2)), rel=0.1)
    assert [(mark.start, mark.end) for mark in told.marks] == [(0, 2), (2, 6)]
    assert told.marks[1].start_ms == pytest.approx(LEAD_MS + 1000 + BETWEEN_MS, abs=50)


def test_a_silent_piece_is_named(tmp_path: Path) -> None:
    path = write_speech(tmp_path / "a.wav", [(1.0, 0)])
    with pytest.raises(FilmError, match=r"a\.wav cannot be used \(it is silent\)"):
        compose([Sounding(path, read_aloud("他", {}), 0)], tmp_path / "shot.wav")


def test_words_that_the_engine_times_are_found_in_what_is_written(tmp_path: Path) -> None:
    path = write_speech(tmp_path / "a.wav", [(0.1, 0), (2.0, 0.3)])
    written = "1998年，单于来了"
    words = (("一九九八年", 100, 900), ("蝉于", 1000, 1400), ("来了", 1400, 2000))
    piece = Sounding(path, read_aloud(written, {"单于": "蝉于"}), 0, words)
    marks = compose([piece], tmp_path / "shot.wav").marks
    assert [written[mark.start : mark.end] for mark in marks] == ["1998年", "单于", "来了"]
    # 80 ms of the leading silence were cut away.
    assert [mark.start_ms - LEAD_MS for mark in marks] == pytest.approx([20, 920, 1320], abs=3)


def test_without_word_times_a_clause_begins_after_the_pause_that_is_heard(tmp_path: Path) -> None:
    # Five syllables slowly, a pause, five quickly: by length alone the cut would be at 1.5 s.
    parts = [(1.9, 0.3), (0.3, 0), (0.8, 0.3)]
    path = write_speech(tmp_path / "a.wav", parts)
    piece = Sounding(path, read_aloud("他走了很久，终于到家了", {}), 0)
    first, second = compose([piece], tmp_path / "shot.wav").marks
    assert first.end_ms - LEAD_MS == pytest.approx(1900, abs=40)
    assert second.start_ms - LEAD_MS == pytest.approx(2200, abs=40)


def voiced_board(tmp_path: Path) -> tuple[dict[str, Any], list[Spoken | None]]:
    board = make_board(tmp_path, 1)
    board["shots"][0]["narration"] = "雪下了一夜。他在门外站了很久。"
    marks = (Mark(0, 6, 120, 1800), Mark(6, 15, 2300, 4000))
    return board, [Spoken(4320, marks)]


def test_captions_come_when_their_words_are_heard(tmp_path: Path) -> None:
    board, spoken = voiced_board(tmp_path)
    plan = timeline(board, spec=SMALL, spoken=spoken)
    clip = next(clip for clip in plan.clips if clip.shot == 0)
    cues = [(cue.text, cue.start_ms - clip.start_ms) for cue in clip.cues]
    assert cues[0][0].startswith("雪下了一夜")
    at = next(start for text, start in cues if text.startswith("他在门外"))
    assert at == 2300
    assert clip.cues[-1].end_ms == clip.end_ms


def test_karaoke_steps_go_word_by_word_within_their_cue(tmp_path: Path) -> None:
    board, spoken = voiced_board(tmp_path)
    for cue in timeline(board, spec=SMALL, spoken=spoken).cues:
        moments = [at for at, _said in cue.steps]
        counts = [said for _at, said in cue.steps]
        assert all(a < b for a, b in pairwise(moments))
        assert all(a < b for a, b in pairwise(counts))
        assert cue.start_ms <= moments[0]
        assert moments[-1] < cue.end_ms
        assert counts[-1] == sum(map(len, cue.lines))
    assert all(not cue.steps for cue in timeline(board, spec=SMALL).cues)


@pytest.mark.parametrize("kind", ["ass", "vtt"])
def test_karaoke_files_tell_when_each_word_is_said(
    tmp_path: Path, kind: Any, tone: Callable[..., Path]
) -> None:
    from dataclasses import replace

    import pysubs2

    board, spoken = voiced_board(tmp_path)
    text = subtitles(board, kind, spec=replace(SMALL, caption_style="karaoke"), spoken=spoken)
    assert ("{\\k" in text) if kind == "ass" else ("<00:00:0" in text)
    # pysubs2 keeps the time stamps that players take out
    text = re.sub(r"<[\d:.]+>", "", text)
    plain = subtitles(board, kind, spec=SMALL, spoken=spoken)
    read = [pysubs2.SSAFile.from_string(one) for one in (text, plain)]
    said = [["".join(event.plaintext.split()) for event in file] for file in read]
    assert said[0] == said[1]


def test_a_narration_that_leaves_out_what_stands_around_it_keeps_its_speakers(
    tmp_path: Path,
) -> None:
    board, text = spoken_board(tmp_path)
    shot = board["shots"][0]
    for kept, said in (
        ("“你回来了。”她笑了。", [("c1", "“你回来了。”"), (NARRATOR, "她笑了。")]),
        ("他说：“你回来了。”", [(NARRATOR, "他说："), ("c1", "“你回来了。”")]),
    ):
        shot["narration"] = kept
        pieces = [(one.speaker, kept[one.start : one.end]) for one in pieces_of(board, text)]
        assert pieces == said


def chaptered(tmp_path: Path) -> dict[str, Any]:
    """Three chapters of one shot each: the second's shot says its heading, the third is not filmed."""
    board = make_board(tmp_path, 2)
    first, second = board["shots"]
    second["scene"] = 1
    second["narration"] = "第二章 夜\n" + second["narration"]
    board["scenes"] = [
        {**board["scenes"][0], "index": index, "chapter": index, "start": shot["start"], "end": shot["end"]}
        for index, shot in enumerate((first, second))
    ]  # fmt: skip
    board["chapters"] = [
        {"index": 0, "title": "第一章 叩门", "start": 0, "end": first["end"]},
        {"index": 1, "title": "第二章 夜", "start": second["start"], "end": second["end"]},
        {"index": 2, "title": "第三章 归", "start": second["end"], "end": second["end"] + 9},
    ]
    return board


def test_a_heading_is_said_with_its_card_and_never_again_in_the_shot(tmp_path: Path) -> None:
    board = chaptered(tmp_path)
    # The second chapter's shot was told with its heading, as all were once; the third is not filmed.
    assert [(one.chapter, one.shot, one.speaker) for one in headings_of(board)] == [
        (0, None, NARRATOR)
    ]
    board["novel"]["title"] = "第一章 叩门"
    assert headings_of(board) == []  # it has no card


def test_a_card_stays_until_its_heading_is_said_and_is_heard_from_its_start(tmp_path: Path) -> None:
    board = chaptered(tmp_path)
    path = write_speech(tmp_path / "heading.wav", [(2.5, 0.3)])
    voices = voices_of(None, {0: path})
    plan = timeline(board, spec=SMALL, headings=voices.announced)
    title, card, shot = plan.clips[:3]
    assert (title.kind, card.kind, shot.kind) == ("title", "chapter", "shot")
    assert card.duration_ms == pytest.approx(2500, abs=100)
    assert voice_starts(plan, voices) == ((card.start_ms, path),)
    # The captions follow: they begin where the shots are, and none shows the heading.
    told = subtitles(board, "srt", spec=SMALL, headings=voices.announced)
    assert told.startswith("1\n00:00:05,")
    assert "叩门" not in told


def test_the_heading_is_heard_in_the_film_while_its_card_is_seen(tmp_path: Path) -> None:
    board = chaptered(tmp_path)
    path = write_speech(tmp_path / "heading.wav", [(2.0, 0.3)])
    out = tmp_path / "film.mp4"
    render_film(board, tmp_path, out, spec=SMALL, headings={0: path})
    sound = np.concatenate([part.mean(axis=0) for part in decode_audio(out)])
    loud = np.flatnonzero(np.abs(sound) > 0.02) / 48_000
    assert loud[0] == pytest.approx(2.5, abs=0.1)
    assert loud[-1] == pytest.approx(4.5, abs=0.1)


def test_a_missing_heading_names_its_chapter(tmp_path: Path) -> None:
    with pytest.raises(FilmError) as caught:
        voices_of(None, {3: tmp_path / "gone.wav"})
    assert (caught.value.code, caught.value.parameters["chapter"]) == ("voice_missing", 3)

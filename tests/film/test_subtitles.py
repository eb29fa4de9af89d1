from __future__ import annotations

from pathlib import Path
from typing import Any

import pysubs2
import pytest
import webvtt

from generation.film import Spoken, subtitles, timeline
from tests.film.samples import SMALL, make_board


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass"])
def test_each_kind_reads_back_as_the_films_cues(board: dict[str, Any], kind: Any) -> None:
    cues = timeline(board, spec=SMALL).cues
    file = pysubs2.SSAFile.from_string(subtitles(board, kind, spec=SMALL))
    assert [event.plaintext for event in file] == [cue.text for cue in cues]
    # ASS counts hundredths of a second.
    slack = 10 if kind == "ass" else 0
    for event, cue in zip(file, cues, strict=True):
        assert abs(event.start - cue.start_ms) <= slack
        assert abs(event.end - cue.end_ms) <= slack


def test_vtt_is_read_by_a_strict_reader(tmp_path: Path, board: dict[str, Any]) -> None:
    path = tmp_path / "film.vtt"
    path.write_text(subtitles(board, "vtt", spec=SMALL), encoding="utf-8")
    captions = webvtt.read(str(path))
    assert len(captions) == len(timeline(board, spec=SMALL).cues)


def test_ass_carries_the_films_size_and_caption_style(board: dict[str, Any]) -> None:
    file = pysubs2.SSAFile.from_string(subtitles(board, "ass", spec=SMALL))
    assert (file.info["PlayResX"], file.info["PlayResY"]) == ("216", "384")
    assert file.styles["Default"].outline > 0


def test_voice_lengths_move_the_cues(board: dict[str, Any]) -> None:
    text = subtitles(board, spec=SMALL, spoken=[Spoken(5000), None, None, None])
    file = pysubs2.SSAFile.from_string(text)
    assert file[-1].end == timeline(board, spec=SMALL).cues[-1].end_ms + 4000


def test_braces_and_backslashes_cannot_become_style_commands(tmp_path: Path) -> None:
    board = make_board(tmp_path, 1)
    board["shots"][0]["narration"] = r"他写道{\b1}换行\N了。"
    file = pysubs2.SSAFile.from_string(subtitles(board, "ass", spec=SMALL))
    assert "".join(file[0].plaintext.split()) == "他写道｛＼b1｝换行＼N了。"

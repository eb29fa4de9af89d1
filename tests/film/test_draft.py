from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyJianYingDraft as jianying
import pytest
from PIL import Image

from generation.film import FilmError, Spoken, render_film, timeline, write_draft
from generation.film.audio import Soundtrack, audio_ms
from generation.film.draft import MEDIA, PLACEHOLDER, placement, simplified
from generation.film.motion import Box, plan
from tests.film.samples import SMALL, write_tone


def content_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "draft_content.json").read_text(encoding="utf-8"))


def test_the_library_reads_the_draft_back_with_all_tracks(
    tmp_path: Path, board: dict[str, Any], tone: Callable[..., Path]
) -> None:
    voice = [tone("v.wav", 1.2), None, None, None]
    music = tone("m.wav", 2.0)
    folder = write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL, voice=voice, music=music)
    plan_ = timeline(board, spec=SMALL, spoken=[Spoken(1200), None, None, None])
    script = jianying.DraftFolder(str(tmp_path)).load_template("draft")
    assert (script.width, script.height, script.fps) == (216, 384, 10)
    assert script.duration == plan_.duration_ms * 1000
    counts = {track.name: len(track.segments) for track in script.imported_tracks}
    assert counts == {
        "画面": len(plan_.clips),
        "字幕": len(plan_.cues),
        "AI 标识": 1,
        "配音": 1,
        "音乐": -(-plan_.duration_ms // 2000),
    }
    assert folder == tmp_path / "draft"


def test_segments_lie_where_the_film_has_them(tmp_path: Path, board: dict[str, Any]) -> None:
    content = content_of(write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL))
    plan_ = timeline(board, spec=SMALL)
    pictures, captions, label = content["tracks"]

    def spans(track: dict[str, Any]) -> list[tuple[int, int]]:
        ranges = [segment["target_timerange"] for segment in track["segments"]]
        return [(at["start"] // 1000, (at["start"] + at["duration"]) // 1000) for at in ranges]

    assert spans(pictures) == [(clip.start_ms, clip.end_ms) for clip in plan_.clips]
    assert spans(captions) == [(cue.start_ms, cue.end_ms) for cue in plan_.cues]
    assert spans(label) == [(0, plan_.duration_ms)]
    texts = [json.loads(text["content"])["text"] for text in content["materials"]["texts"]]
    assert texts == [*(cue.text for cue in plan_.cues), "AI 生成"]


def test_media_are_inside_the_draft_and_named_relative_to_it(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    folder = write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL)
    content = content_of(folder)
    paths = [video["path"] for video in content["materials"]["videos"]]
    assert len(paths) == 7
    for path in paths:
        assert path.startswith(f"{PLACEHOLDER}/{MEDIA}/")
        assert (folder / MEDIA / path.rsplit("/", 1)[1]).is_file()
    text = (folder / "draft_content.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    meta = json.loads((folder / "draft_meta_info.json").read_text(encoding="utf-8"))
    listed = {value["file_Path"] for value in meta["draft_materials"][0]["value"]}
    assert listed == {f"./{MEDIA}/{path.rsplit('/', 1)[1]}" for path in paths}
    assert (folder / "draft_info.json").read_text(encoding="utf-8") == text


def test_movement_becomes_key_frames_and_scene_changes_become_dissolves(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    content = content_of(write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL))
    shots = content["tracks"][0]["segments"][2:6]
    properties = [
        {
            frames["property_type"]: [at["values"][0] for at in frames["keyframe_list"]]
            for frames in shot["common_keyframes"]
        }
        for shot in shots
    ]
    push, pan, still, tilt = properties
    assert push["KFTypeScaleX"][1] > push["KFTypeScaleX"][0]
    assert pan["KFTypePositionX"][0] != pan["KFTypePositionX"][1]
    assert still == {}
    assert tilt["KFTypePositionY"][0] != tilt["KFTypePositionY"][1]
    transitions = content["materials"]["transitions"]
    assert [at["name"] for at in transitions] == ["叠化"] * 4


def test_the_music_makes_way_for_the_voice_in_the_draft_as_in_the_film(
    tmp_path: Path, board: dict[str, Any], tone: Callable[..., Path]
) -> None:
    spec = replace(SMALL, title_card=False, credits=False)
    voice = [None, tone("v.wav", 1.2), None, None]
    music = tone("m.wav", 1.5)
    folder = write_draft(board, tmp_path, tmp_path / "d", spec=spec, voice=voice, music=music)
    plan_ = timeline(board, spec=spec, spoken=[None, Spoken(1200), None, None])
    track = next(track for track in content_of(folder)["tracks"] if track["name"] == "音乐")
    drawn: list[tuple[float, float]] = []
    for segment in track["segments"]:
        (volume,) = segment["common_keyframes"]
        assert volume["property_type"] == "KFTypeVolume"
        begin = segment["target_timerange"]["start"]
        drawn += [
            ((begin + at["time_offset"]) / 1000, at["values"][0]) for at in volume["keyframe_list"]
        ]

    heard = list(Soundtrack(plan_.duration_ms, ((1000, voice[1]),), music).music_levels())
    level = np.interp([at for at, _level in heard], *zip(*drawn, strict=True))
    assert np.abs(level - [level for _at, level in heard]).max() < 0.011
    under, before = np.interp([1900, 990], *zip(*drawn, strict=True))
    assert under / before < 0.3  # 12 dB is a quarter
    assert len(drawn) < len(heard)


def test_levels_are_simplified_within_the_tolerance() -> None:
    points = [(at * 100, abs(at % 40 - 20) / 20) for at in range(200)]
    kept = simplified(points, 0.01)
    line = np.interp([at for at, _level in points], *zip(*kept, strict=True))
    assert np.abs(line - [level for _at, level in points]).max() <= 0.02
    assert len(kept) < 20
    assert (kept[0], kept[-1]) == (points[0], points[-1])


def test_placement_covers_the_canvas_as_the_film_does() -> None:
    picture, film = (300, 400), (216, 384)
    box = plan("static", picture, film, (0.5, 0.5)).start
    scale, x, y = placement(box, picture, film)
    assert scale * min(216 / 300, 384 / 400) * 400 == pytest.approx(384)
    assert (x, y) == (pytest.approx(0), pytest.approx(0))
    # A view of the right lower quarter pushes the picture to the left and up by half itself.
    assert placement(Box(0.5, 0.5, 0.5, 0.5), film, film) == (2.0, -1.0, 1.0)


def test_the_same_inputs_give_the_same_draft(tmp_path: Path, board: dict[str, Any]) -> None:
    folders = [write_draft(board, tmp_path, tmp_path / name, spec=SMALL) for name in ("a", "b")]
    first, second = (content_of(folder) for folder in folders)
    assert first == second
    ids = [segment["id"] for track in first["tracks"] for segment in track["segments"]]
    assert len(set(ids)) == len(ids)


def test_an_untouched_draft_is_replaced(tmp_path: Path, board: dict[str, Any]) -> None:
    write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL)
    write_draft(board, tmp_path, tmp_path / "draft", spec=replace(SMALL, title_card=False))
    assert len(content_of(tmp_path / "draft")["tracks"][0]["segments"]) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draft", "frames"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("draft_content.json", "draft_encrypted"),
        ("draft_info.json", "draft_encrypted"),
        ("my notes.txt", "draft_exists"),
        (".pingju.json", "draft_exists"),
    ],
)
def test_a_draft_that_someone_changed_or_encrypted_is_left_alone(
    tmp_path: Path, board: dict[str, Any], name: str, code: str
) -> None:
    folder = write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL)
    (folder / name).write_bytes(b"\x00\xfeencrypted")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(FilmError, match="draft") as caught:
        write_draft(board, tmp_path, folder, spec=SMALL)
    assert caught.value.code == code
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_draft_has_the_fields_and_kinds_of_the_librarys_own_template(
    tmp_path: Path, board: dict[str, Any], tone: Callable[..., Path]
) -> None:
    """The library states its schema as the draft that it begins with; ours fills it in."""
    voice = [tone("v.wav", 1.2), None, None, None]
    folder = write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL, voice=voice)
    shell = Path(jianying.__file__).parent / "assets"
    for ours, theirs in (
        (content_of(folder), "draft_content_template.json"),
        (json.loads((folder / "draft_meta_info.json").read_text("utf-8")), "draft_meta_info.json"),
    ):
        pattern = json.loads((shell / theirs).read_text("utf-8"))
        assert misfits(ours, pattern) == []
    ids = {
        material["id"]
        for kind in content_of(folder)["materials"].values()
        for material in kind
        if isinstance(material, dict) and "id" in material
    }
    for track in content_of(folder)["tracks"]:
        ends = 0
        for segment in track["segments"]:
            span = segment["target_timerange"]
            assert span["start"] >= ends
            ends = span["start"] + span["duration"]
            assert segment["material_id"] in ids


def misfits(ours: Any, pattern: Any, at: str = "") -> list[str]:
    """Places where a field of the pattern is missing or of another kind."""
    if isinstance(pattern, dict) and pattern:
        if not isinstance(ours, dict):
            return [at]
        return [
            wrong
            for key, value in pattern.items()
            for wrong in (
                misfits(ours[key], value, f"{at}.{key}") if key in ours else [f"{at}.{key}"]
            )
        ]
    numbers = (int, float)
    same = isinstance(ours, type(pattern)) or (
        isinstance(ours, numbers) and isinstance(pattern, numbers)
    )
    return [] if same or pattern is None or ours is None else [at]


def test_a_missing_frame_is_named_and_no_draft_is_left(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    (tmp_path / "frames/0.png").unlink()
    with pytest.raises(FilmError, match="frame of shot 0 is missing"):
        write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL)
    assert not (tmp_path / "draft").exists()


def test_cards_are_pictures_of_the_films_size(tmp_path: Path, board: dict[str, Any]) -> None:
    folder = write_draft(board, tmp_path, tmp_path / "draft", spec=SMALL)
    cards = sorted((folder / MEDIA).glob("card_*.png"))
    assert len(cards) == 3
    for card in cards:
        with Image.open(card) as picture:
            assert picture.size == SMALL.size


def test_music_that_jianying_does_not_read_is_turned_into_what_it_reads(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    film = tmp_path / "clip.mp4"  # a video that somebody takes for music
    music = write_tone(tmp_path / "m.wav", 2.0)
    render_film(board, tmp_path, film, spec=SMALL, music=music)
    ogg = tmp_path / "m.ogg"
    with av.open(str(ogg), "w") as file:
        stream = file.add_stream("libopus", rate=48_000, layout="mono")
        for frame in av.open(str(music)).decode(audio=0):
            for part in av.AudioResampler("s16", "mono", 48_000, 960).resample(frame):
                file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    for number, source in enumerate((film, ogg)):
        draft = write_draft(board, tmp_path, tmp_path / f"d{number}", spec=SMALL, music=source)
        again = write_draft(board, tmp_path, tmp_path / f"e{number}", spec=SMALL, music=source)
        names = {path.name for path in (draft / "materials").iterdir()}
        assert {name for name in names if name.startswith("music")} == {"music.m4a"}
        assert audio_ms(draft / "materials/music.m4a") == pytest.approx(audio_ms(source), abs=60)
        made = [folder / "materials/music.m4a" for folder in (draft, again)]
        assert made[0].read_bytes() == made[1].read_bytes()

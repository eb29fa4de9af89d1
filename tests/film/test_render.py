from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from generation.film import Cancelled, FilmError, FilmSpec, poster, render_film, timeline
from generation.film import fonts as film_fonts
from generation.film import render as film_render
from generation.film.spec import CaptionStyle
from tests.film.samples import SMALL, make_board

BARE = replace(SMALL, title_card=False, credits=False)


def decoded(path: Path) -> list[np.ndarray]:
    """All frames as RGB arrays (height, width, 3)."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name not in ("frames", "film.mp4")]


def test_a_film_decodes_with_the_size_rate_and_length_that_were_asked_for(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=SMALL)
    plan = timeline(board, spec=SMALL)
    with av.open(str(report.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height, video.pix_fmt) == (216, 384, "yuv420p")
        assert video.average_rate == 10
        assert (audio.rate, audio.channels) == (48_000, 2)
        frames = sum(1 for _ in container.decode(video))
    assert frames == report.frames == plan.frame_count
    assert report.duration_ms == plan.duration_ms
    assert report.bytes == report.path.stat().st_size
    assert left_over(tmp_path) == []


def test_sound_and_picture_end_within_40_ms_of_each_other(
    tmp_path: Path, board: dict[str, Any], tone: Callable[..., Path]
) -> None:
    spec = replace(SMALL, fps=30)
    voice = [tone(f"{shot}.wav", 0.7 + shot * 0.137) for shot in range(4)]
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=spec, voice=voice)
    with av.open(str(report.path)) as container:
        picture = list(container.decode(video=0))[-1]
        container.seek(0)
        sound = list(container.decode(audio=0))[-1]
    assert picture.time is not None
    assert sound.time is not None
    picture_end = picture.time + 1 / 30
    sound_end = sound.time + sound.samples / sound.sample_rate
    assert abs(picture_end - sound_end) < 0.04
    assert abs(picture_end - report.duration_ms / 1000) < 0.04


def test_the_voice_is_heard_when_its_shot_is_seen(
    tmp_path: Path, board: dict[str, Any], tone: Callable[..., Path]
) -> None:
    voice: list[Path | None] = [None, tone("v.wav", 1.3), None, None]
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE, voice=voice)
    assert report.duration_ms == 4300
    with av.open(str(report.path)) as container:
        parts = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    heard = np.flatnonzero(np.abs(np.concatenate(parts)) > 0.02) / 48_000
    assert heard[0] == pytest.approx(1.0, abs=0.04)
    assert heard[-1] == pytest.approx(2.3, abs=0.04)


def test_the_same_inputs_give_the_same_bytes(
    tmp_path: Path, board: dict[str, Any], tone: Callable[..., Path]
) -> None:
    music = tone("m.wav", 1.0)
    digests = {
        render_film(board, tmp_path, tmp_path / name, spec=SMALL, music=music).sha256
        for name in ("one.mp4", "two.mp4")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("threads", [1, 5])
def test_the_number_of_drawing_threads_does_not_change_a_byte(
    tmp_path: Path, board: dict[str, Any], monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    usual = render_film(board, tmp_path, tmp_path / "usual.mp4", spec=BARE)
    monkeypatch.setattr(film_render, "DRAWING_THREADS", threads)
    assert render_film(board, tmp_path, tmp_path / "other.mp4", spec=BARE).sha256 == usual.sha256


def test_another_picture_gives_other_bytes(tmp_path: Path, board: dict[str, Any]) -> None:
    first = render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE)
    Image.new("RGB", (300, 400), "white").save(tmp_path / "frames/2.png")
    assert render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE).sha256 != first.sha256


def test_the_index_stands_before_the_media_so_that_a_browser_can_start_at_once(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    data = render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE).path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_the_file_discloses_that_it_was_generated(tmp_path: Path, board: dict[str, Any]) -> None:
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=replace(BARE, ai_label=""))
    with av.open(str(report.path)) as container:
        tags = dict(container.metadata)
    assert tags["title"] == "风雪夜归人"
    assert "人工智能生成合成" in tags["comment"]
    assert json.loads(tags["AIGC"])["Label"] == "1"
    assert not {"creation_time", "encoder"} & set(tags)


def test_the_label_stands_in_the_corner_from_the_first_frame_to_the_last(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    spec = replace(SMALL, size=(540, 960))
    with_label = decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=spec).path)
    bare = replace(spec, ai_label="")
    without = decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=bare).path)
    for index in range(0, len(with_label), 7):
        change = np.abs(with_label[index].astype(int) - without[index]).sum(axis=2) > 90
        corner = change[: 960 // 8, : 540 // 2]
        assert corner.sum() > 500
        # Elsewhere the encoder alone may differ.
        assert corner.sum() > 0.9 * change.sum()
    # GB 45438-2025: letters at least 5 % of the shorter side high; the card behind is dark.
    bright = with_label[0][: 960 // 8, : 540 // 2].min(axis=2) > 130
    assert np.ptp(np.nonzero(bright)[0]) >= 0.05 * 540


def test_captions_are_burned_in_while_their_cue_lasts(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    board["shots"][1]["narration"] = ""
    film = decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE).path)
    plain_spec = replace(BARE, burn_captions=False)
    plain = decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=plain_spec).path)
    changed = [
        int((np.abs(a.astype(int) - b).sum(axis=2) > 200).sum())
        for a, b in zip(film, plain, strict=True)
    ]
    assert min(changed[0:9]) > 150
    assert max(changed[11:19]) < 20
    band = np.abs(film[3].astype(int) - plain[3]).sum(axis=2) > 200
    rows = np.nonzero(band)[0]
    assert 384 * 0.65 < rows.min() < rows.max() < 384 * 0.8


@pytest.mark.parametrize("style", ["stroke", "box"])
def test_captions_contrast_with_light_and_dark_pictures(
    tmp_path: Path, style: CaptionStyle
) -> None:
    board = make_board(tmp_path, 2)
    Image.new("RGB", (300, 400), "white").save(tmp_path / "frames/0.png")
    Image.new("RGB", (300, 400), "black").save(tmp_path / "frames/1.png")
    spec = replace(BARE, size=(540, 960), caption_style=style)
    film = decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=spec).path)
    for frame in (film[5], film[15]):
        band = frame[int(960 * 0.7) : int(960 * 0.8)].max(axis=2)
        assert (band > 220).sum() > 400
    light = film[5][int(960 * 0.7) : int(960 * 0.8)].max(axis=2)
    assert (light < 60).sum() > 400


def test_scenes_fade_into_each_other_and_shots_of_a_scene_are_cut(tmp_path: Path) -> None:
    board = make_board(tmp_path, 3)
    for index, colour in enumerate([(200, 0, 0), (0, 0, 200), (0, 200, 0)]):
        Image.new("RGB", (300, 400), colour).save(tmp_path / f"frames/{index}.png")
    spec = replace(BARE, burn_captions=False)
    film = decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=spec).path)
    middle = [frame[200, 108].astype(int) for frame in film]
    assert middle[9][0] > 180
    assert middle[10][2] > 180
    greens = [int(pixel[1]) for pixel in middle[17:23]]
    assert greens == sorted(greens)
    assert greens[0] < 20
    assert 20 < greens[2] < greens[3] < 190
    assert greens[-1] > 180


def test_still_shots_stand_still_and_pushes_come_closer(tmp_path: Path) -> None:
    board = make_board(tmp_path, 2)
    for shot, movement in zip(board["shots"], ("static", "push_in"), strict=True):
        shot.update(movement=movement, narration="")
    film = decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE).path)

    def change(first: int, second: int) -> float:
        return float(np.abs(film[first].astype(int) - film[second]).mean())

    assert change(1, 8) < 1.0
    assert change(11, 18) > 3.0


@pytest.mark.parametrize(
    "size", [(1600, 500), (300, 1600), (217, 385), (64, 64), (1, 1), (8, 4000)]
)
def test_frames_of_other_sizes_fill_the_film(tmp_path: Path, size: tuple[int, int]) -> None:
    board = make_board(tmp_path, 2)
    board["shots"][1]["movement"] = "pan"
    for index in range(2):
        Image.new("RGB", size, (180, 160, 140)).save(tmp_path / f"frames/{index}.png")
    spec = replace(BARE, burn_captions=False, ai_label="")
    for frame in decoded(render_film(board, tmp_path, tmp_path / "film.mp4", spec=spec).path):
        assert np.abs(frame.astype(int) - (180, 160, 140)).max() <= 4


@pytest.mark.parametrize("size", [(384, 216), (300, 300)])
def test_landscape_and_square_films_can_be_made(
    tmp_path: Path, board: dict[str, Any], size: tuple[int, int]
) -> None:
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=replace(SMALL, size=size))
    assert decoded(report.path)[0].shape == (size[1], size[0], 3)


def test_one_short_shot_makes_a_film(tmp_path: Path) -> None:
    board = make_board(tmp_path, 1, duration_ms=200)
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=replace(BARE, fps=1))
    assert report.frames == 1
    assert len(decoded(report.path)) == 1


def test_progress_rises_to_the_whole(tmp_path: Path, board: dict[str, Any]) -> None:
    calls: list[tuple[int, int]] = []
    report = render_film(
        board,
        tmp_path,
        tmp_path / "film.mp4",
        spec=BARE,
        on_progress=lambda done, total: calls.append((done, total)),
    )
    assert calls[-1] == (report.frames, report.frames)
    assert calls == sorted(calls)
    assert len(calls) > 3


def test_cancelling_leaves_nothing_and_keeps_the_film_that_was_there(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    out = tmp_path / "film.mp4"
    out.write_bytes(b"old film")
    answers = itertools.chain([False, False], itertools.repeat(True))
    with pytest.raises(Cancelled):
        render_film(board, tmp_path, out, spec=BARE, cancelled=lambda: next(answers))
    assert out.read_bytes() == b"old film"
    assert left_over(tmp_path) == []


def test_a_missing_frame_is_named_before_any_work(tmp_path: Path, board: dict[str, Any]) -> None:
    (tmp_path / "frames/3.png").unlink()
    progress: list[int] = []
    with pytest.raises(FilmError, match=r"frame of shot 3 is missing: frames/3\.png") as caught:
        render_film(
            board,
            tmp_path,
            tmp_path / "film.mp4",
            spec=BARE,
            on_progress=lambda done, total: progress.append(done),
        )
    assert (caught.value.code, caught.value.parameters["shot"]) == ("frame_missing", 3)
    assert progress == []
    assert left_over(tmp_path) == []


def test_a_shot_whose_frame_was_never_drawn_is_named(tmp_path: Path, board: dict[str, Any]) -> None:
    board["shots"][1]["frame"] = None
    with pytest.raises(FilmError, match="shot 1 has no frame"):
        render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE)


def test_a_frame_outside_the_storyboards_folder_is_refused(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    base = tmp_path / "board"
    shutil.move(tmp_path / "frames", base / "frames")
    Image.new("RGB", (9, 9)).save(tmp_path / "secret.png")
    board["shots"][0]["frame"] = "../secret.png"
    with pytest.raises(FilmError, match="outside"):
        render_film(board, base, tmp_path / "film.mp4", spec=BARE)


def test_a_frame_that_is_no_picture_is_named(tmp_path: Path, board: dict[str, Any]) -> None:
    (tmp_path / "frames/2.png").write_bytes(b"not a picture")
    with pytest.raises(FilmError, match="frame of shot 2") as caught:
        render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE)
    assert caught.value.code == "frame_unreadable"


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:700])


def one_bit_wrong(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("damage", [cut_short, one_bit_wrong])
def test_a_damaged_frame_is_named_before_any_work(
    tmp_path: Path, board: dict[str, Any], damage: Callable[[Path], None]
) -> None:
    damage(tmp_path / "frames/2.png")
    progress: list[int] = []
    with pytest.raises(FilmError, match="frame of shot 2") as caught:
        render_film(
            board, tmp_path, tmp_path / "film.mp4", spec=BARE,
            on_progress=lambda done, total: progress.append(done),
        )  # fmt: skip
    assert (caught.value.code, progress) == ("frame_unreadable", [])


def test_a_frame_that_fails_only_when_it_is_decoded_stops_the_film_and_leaves_nothing(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    path = tmp_path / "frames/2.jpg"
    Image.effect_noise((300, 400), 80).save(path)  # JPEG has no check sums
    path.write_bytes(path.read_bytes()[:9000])
    board["shots"][2]["frame"] = "frames/2.jpg"
    with pytest.raises(FilmError) as caught:
        render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE)
    assert caught.value.code == "frame_unreadable"
    assert not (tmp_path / "film.mp4").exists()
    assert left_over(tmp_path) == []


def test_a_frame_that_would_fill_the_memory_is_named(
    tmp_path: Path, board: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20_000)  # 300 × 400 is more than twice that
    with pytest.raises(FilmError, match="frame of shot 0") as caught:
        render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE)
    assert caught.value.code == "frame_unreadable"


def test_a_missing_font_is_named_before_any_work(
    tmp_path: Path, board: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_fonts, "FONT_PACKAGE", "no_such_font_package")
    with pytest.raises(FilmError, match="pip install manimgx-fonts-cjk") as caught:
        render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE)
    assert caught.value.code == "font_missing"


def test_missing_music_is_named_before_any_work(tmp_path: Path, board: dict[str, Any]) -> None:
    with pytest.raises(FilmError, match=r"the music is missing: gone\.mp3"):
        render_film(board, tmp_path, tmp_path / "film.mp4", spec=BARE, music=tmp_path / "gone.mp3")


def test_emoji_and_rare_ideographs_do_not_break_a_film(tmp_path: Path) -> None:
    board = make_board(tmp_path, 1)
    board["shots"][0]["narration"] = "𠮷野家👨‍👩‍👧的𪚥字🎉。"
    board["novel"]["title"] = "🎉"
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=SMALL)
    assert report.frames > 0


def test_the_poster_is_a_picture_of_the_story_and_not_of_a_card(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    report = render_film(board, tmp_path, tmp_path / "film.mp4", spec=SMALL)
    data = poster(report.path)
    path = tmp_path / "poster.jpg"
    path.write_bytes(data)
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (216, 384))
        assert np.asarray(picture.convert("L")).std() > 20


def test_a_poster_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("no film")
    with pytest.raises(FilmError) as caught:
        poster(path)
    assert caught.value.code == "film_unreadable"


def test_importing_the_room_loads_neither_ffmpeg_nor_the_draft_library() -> None:
    code = (
        "import sys, generation.film as film; film.FilmSpec(); film.timeline;"
        "print(sorted({'av', 'pyJianYingDraft', 'cykooz_resizer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_film_spec_has_the_size_of_a_phone_by_default() -> None:
    assert (FilmSpec().size, FilmSpec().fps) == ((1080, 1920), 30)
    labels = {tag: FilmSpec().in_language(tag).ai_label for tag in ("zh-Hans", "zh-Hant", "en")}
    assert labels == {"zh-Hans": "AI 生成", "zh-Hant": "AI 生成", "en": "AI-generated"}
    assert FilmSpec(ai_label="").in_language("en").ai_label == ""

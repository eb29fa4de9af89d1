from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generation.film import FilmError, check_music, render_film, shot_voices
from generation.film.audio import PEAK, Soundtrack, audio_ms
from generation.film.limiting import limited
from generation.film.loudness import RATE, integrated_loudness
from tests.film.ebu import heard
from tests.film.samples import SMALL, make_board, write_mp3, write_speech


def whole(track: Soundtrack) -> np.ndarray:
    return np.concatenate(list(track.blocks()), axis=1)


def level(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def sine(seconds: float, amplitude: float, hertz: float = 997.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    wave = (np.sin(2 * np.pi * hertz * time) * amplitude).astype(np.float32)
    return np.stack((wave, wave))


@pytest.mark.parametrize(("decibel", "expected"), [(-20.0, -20.0), (-40.0, -40.0)])
def test_loudness_of_a_stereo_997_hz_sine_is_its_level(decibel: float, expected: float) -> None:
    # BS.1770-4: 0 dBFS at 997 Hz in one channel reads -3.01 LKFS, so in both it reads 0.
    blocks = np.split(sine(3, 10 ** (decibel / 20)), 30, axis=1)
    assert integrated_loudness(blocks) == pytest.approx(expected, abs=0.1)


def test_silent_passages_do_not_count_for_loudness() -> None:
    loud = sine(2, 0.1)
    padded = np.concatenate((loud, np.zeros((2, RATE * 8), np.float32)), axis=1)
    alone = integrated_loudness([loud])
    gated = integrated_loudness([padded])
    assert alone is not None
    assert gated == pytest.approx(alone, abs=0.5)


def test_silence_has_no_loudness() -> None:
    assert integrated_loudness([np.zeros((2, RATE), np.float32)]) is None


def test_a_film_without_voice_and_music_is_silent_to_the_sample() -> None:
    samples = whole(Soundtrack(12_345))
    assert samples.shape == (2, 12_345 * 48)
    assert not samples.any()


def test_voice_starts_where_its_shot_starts_and_is_brought_to_target(
    tone: Callable[..., Path],
) -> None:
    path = tone("a.wav", 2.0, level=0.02)
    samples = whole(Soundtrack(5_000, ((1_500, path),)))
    assert samples.shape[1] == 5_000 * 48
    assert not samples[:, : 1_499 * 48].any()
    assert level(samples[:, 1_600 * 48 : 3_400 * 48]) > 0.05
    assert level(samples[:, 3_600 * 48 :]) < 1e-4
    assert integrated_loudness([samples]) == pytest.approx(-16, abs=0.5)


def test_a_peak_is_limited_without_a_jump(tone: Callable[..., Path]) -> None:
    quiet, loud = tone("q.wav", 3.0, level=0.01), tone("l.wav", 0.3, level=0.9)
    samples = whole(Soundtrack(6_000, ((0, quiet), (3_000, loud))))
    assert np.abs(samples).max() <= PEAK + 1e-6
    steps = np.abs(np.diff(samples[0])).max()
    assert steps <= 2 * np.pi * 440 / RATE * 1.1


def test_no_true_peak_passes_the_ceiling_whatever_the_signal() -> None:
    dice = np.random.default_rng(3)
    time = np.arange(RATE * 2) / RATE
    between = np.sin(2 * np.pi * 12_000 * time + np.pi / 4)  # 3 dB higher between its samples
    clicks = dice.normal(0, 0.02, time.size)
    clicks[::3_000] = 1
    bursts = dice.normal(0, 0.4, time.size) * (np.sin(2 * np.pi * 3 * time) > 0.5)
    spectrum = np.fft.rfft(bursts)
    spectrum[32_000:] = 0  # 16 kHz: AAC keeps no more
    bursts = np.fft.irfft(spectrum)
    for signal in (between, clicks, bursts):
        stereo = np.stack((signal, signal * 0.5)).astype(np.float32)
        # the last block is short, as a film's is
        blocks = [stereo[:, at : at + 4_800] for at in range(0, time.size - 777, 4_800)]
        out = np.concatenate(list(limited(iter(blocks), 4.0, PEAK)), axis=1)
        # eight times the samples, by the spectrum: another way than the limiter's own
        spectrum = np.fft.rfft(out[0])
        fine = np.fft.irfft(np.pad(spectrum, (0, 7 * (out.shape[1] // 2))), 8 * out.shape[1]) * 8
        # the spectrum takes the end for the neighbour of the beginning
        assert np.abs(fine[8_000:-8_000]).max() <= PEAK * 1.03
        assert np.abs(out[0]).max() > PEAK * 0.4


def test_the_limiter_leaves_alone_what_is_below_the_ceiling() -> None:
    quiet = sine(1, 0.05)
    out = np.concatenate(list(limited(iter(np.split(quiet, 10, axis=1)), 2.0, PEAK)), axis=1)
    np.testing.assert_allclose(out, quiet * 2, rtol=1e-6)


def test_a_finished_film_is_as_loud_as_it_should_be_to_another_meter(
    tmp_path: Path, tone: Callable[..., Path]
) -> None:
    """FFmpeg's ebur128 hears the mp4, AAC and all: a voice with hard consonants, and music."""
    board = make_board(tmp_path, 2, duration_ms=3000)
    spec = replace(SMALL, size=(64, 112), title_card=False, credits=False)
    voice = [write_speech(tmp_path / "v.wav", 3.0)] * 2
    for music in (None, tone("m.wav", 2.0)):
        report = render_film(
            board, tmp_path, tmp_path / "f.mp4", spec=spec, voice=voice, music=music
        )
        loudness, peak = heard(report.path)
        assert loudness == pytest.approx(-16, abs=0.5)
        assert 20 * np.log10(peak) <= -1.0


def test_music_makes_way_for_the_voice_and_loops_to_the_end(tone: Callable[..., Path]) -> None:
    voice = tone("v.wav", 2.0, level=0.3, hertz=300)
    music = tone("m.wav", 1.1, level=0.3, hertz=2000)
    samples = whole(Soundtrack(12_000, ((4_000, voice),), music))

    def music_level(start_ms: int, end_ms: int) -> float:
        part = samples[0, start_ms * 48 : end_ms * 48].astype(float)
        time = np.arange(part.size) / RATE
        return abs(np.mean(part * np.exp(-2j * np.pi * 2000 * time)))

    before, under, after = (
        music_level(2500, 3500),
        music_level(4800, 5800),
        music_level(9000, 10000),
    )
    assert 20 * np.log10(under / before) == pytest.approx(-12, abs=1)
    assert after == pytest.approx(before, rel=0.1)


def test_music_fades_in_and_out(tone: Callable[..., Path]) -> None:
    samples = whole(Soundtrack(8_000, (), tone("m.wav", 3.0)))
    middle = level(samples[:, 4_000 * 48 : 4_500 * 48])
    assert level(samples[:, : 50 * 48]) < middle / 10
    assert level(samples[:, -50 * 48 :]) < middle / 10


def test_lengths_of_voices_are_rounded_up_to_milliseconds(tone: Callable[..., Path]) -> None:
    path = tone("a.wav", 1.2345)
    assert audio_ms(path) == 1235
    voice, none = shot_voices([path, None])
    assert voice is not None
    assert (voice.spoken.duration_ms, none) == (1235, None)


def test_a_missing_voice_is_named_with_its_shot(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match=r"voice of shot 1 is missing: gone\.wav") as caught:
        shot_voices([None, tmp_path / "gone.wav"])
    assert caught.value.code == "voice_missing"
    assert caught.value.parameters["shot"] == 1


def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    path = tmp_path / "note.wav"
    path.write_text("不是声音")
    with pytest.raises(FilmError) as caught:
        shot_voices([path])
    assert caught.value.code == "voice_unreadable"


def test_a_sound_file_without_a_sample_is_named(tone: Callable[..., Path]) -> None:
    with pytest.raises(FilmError, match="empty"):
        shot_voices([tone("none.wav", 0.0)])


def test_music_that_changes_its_rate_and_channels_on_the_way_is_one_piece(tmp_path: Path) -> None:
    parts = [
        write_mp3(tmp_path / "a.mp3", 1.0, 44_100, "stereo"),
        write_mp3(tmp_path / "b.mp3", 1.0, 22_050, "mono"),
    ]
    path = tmp_path / "both.mp3"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    assert check_music(path) == pytest.approx(2000, abs=120)
    assert level(whole(Soundtrack(3_000, (), path))[:, RATE:-RATE]) > 0.01


def test_music_with_a_few_damaged_packets_plays_and_one_with_many_is_named(tmp_path: Path) -> None:
    path = write_mp3(tmp_path / "m.mp3", 4.0, 44_100, "stereo")
    sound = path.read_bytes()

    def damaged(places: int) -> None:
        data, dice = bytearray(sound), random.Random(1)
        for _ in range(places):
            data[dice.randrange(len(data) // 5, len(data))] ^= 0xFF
        path.write_bytes(bytes(data))

    damaged(20)
    assert check_music(path) == pytest.approx(4000, abs=300)
    with pytest.raises(FilmError) as caught:
        shot_voices([path])  # a voice has to be whole
    assert caught.value.code == "voice_unreadable"
    damaged(2_000)
    with pytest.raises(FilmError) as caught:
        check_music(path)
    assert caught.value.code == "music_unreadable"

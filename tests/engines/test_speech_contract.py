"""The contract of every speech adapter, against servers that speak the protocols and their faults."""

from __future__ import annotations

import tarfile
import wave
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.errors import Billed, EngineError
from engines.speech import Speech, SpeechAnswer, SpeechRequest, Voice, kokoro
from engines.speech.edge import EdgeSpeech
from engines.speech.openai_compatible import Endpoint, OpenAICompatibleSpeech
from engines.speech.registry import BadEngineSettings, speech_engine, speech_settings
from engines.speech.rehearsal import RehearsalSpeech
from tests.engines.speech_server import EdgeServer, SpeechServer, edge_server, speech_server

ASKED = SpeechRequest("雪下了一夜，他敲门。", "nova", timeout=5)


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


@pytest.fixture
def speech(server: SpeechServer) -> OpenAICompatibleSpeech:
    return OpenAICompatibleSpeech(Endpoint("stub", server.url, "tts", key="sk-secret"))


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[EdgeServer]:
    pytest.importorskip("edge_tts", reason="edge-tts is not installed (requirements-dev.txt)")
    with edge_server() as running:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", running.url)
        yield running


def samples_of(answer: SpeechAnswer) -> np.ndarray:
    with wave.open(BytesIO(answer.sound)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getframerate() == answer.rate
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def seconds_of(answer: SpeechAnswer) -> float:
    return samples_of(answer).size / answer.rate


@pytest.fixture(params=["openai", "edge", "rehearsal"])
def anyone(
    request: pytest.FixtureRequest, speech: OpenAICompatibleSpeech
) -> tuple[Speech, SpeechRequest]:
    if request.param == "edge":
        request.getfixturevalue("edge")
        return EdgeSpeech(), replace(ASKED, voice="zh-CN-YunxiNeural")
    if request.param == "openai":
        return speech, ASKED
    return RehearsalSpeech(), replace(ASKED, voice="low")


def test_every_engine_answers_with_a_mono_wav_that_is_not_silent(
    anyone: tuple[Speech, SpeechRequest],
) -> None:
    engine, asked = anyone
    answer = engine.say(asked)

    assert 0.8 < seconds_of(answer) < 4
    assert np.abs(samples_of(answer)).max() > 1000
    assert answer.characters == len(asked.text)
    assert answer.model == engine.model
    ends = [word.end_ms for word in answer.words]
    assert ends == sorted(ends)
    assert all(end <= seconds_of(answer) * 1000 + 60 for end in ends)


def test_every_engine_names_voices_that_it_takes(anyone: tuple[Speech, SpeechRequest]) -> None:
    engine, asked = anyone
    assert asked.voice in {voice.id for voice in engine.voices()}
    assert {voice.sex for voice in engine.voices()} >= {"female", "male"}


@pytest.mark.parametrize("kind", ["wav", "mp3", "pcm", "flac"])
def test_every_format_is_decoded_to_the_same_length(server: SpeechServer, kind: str) -> None:
    engine = OpenAICompatibleSpeech(Endpoint("stub", server.url, "tts", format=kind))
    assert seconds_of(engine.say(ASKED)) == pytest.approx(1.0, abs=0.08)


def test_speed_voice_and_key_are_sent_as_the_protocol_has_them(
    server: SpeechServer, speech: OpenAICompatibleSpeech
) -> None:
    quick = speech.say(replace(ASKED, speed=2.0))

    assert server.requests[0] == {
        "model": "tts",
        "input": ASKED.text,
        "voice": "nova",
        "response_format": "wav",
        "speed": 2.0,
    }
    assert server.keys == ["Bearer sk-secret"]
    assert seconds_of(quick) == pytest.approx(0.5, abs=0.02)
    assert "sk-secret" not in repr(speech.endpoint)


REFUSED = {"400": "bad_request", "401": "bad_key", "404": "not_found", "quota": "exhausted",
           "redirect": "refused"}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_is_permanent_and_surely_not_billed(
    server: SpeechServer, speech: OpenAICompatibleSpeech, fault: str
) -> None:
    server.plan = [fault]
    with pytest.raises(EngineError) as caught:
        speech.say(ASKED)
    assert (caught.value.code, caught.value.permanent) == (REFUSED[fault], True)
    assert caught.value.billed is Billed.SURELY_NOT
    assert server.bills == 0


def test_too_many_requests_may_be_tried_again(
    server: SpeechServer, speech: OpenAICompatibleSpeech
) -> None:
    server.plan = ["429"]
    with pytest.raises(EngineError) as caught:
        speech.say(ASKED)
    assert caught.value.may_retry


@pytest.mark.parametrize("fault", ["500", "rubbish", "silence", "cut", "slow"])
def test_what_was_answered_without_a_whole_sound_may_have_been_billed(
    server: SpeechServer, speech: OpenAICompatibleSpeech, fault: str
) -> None:
    server.plan = [fault]
    with pytest.raises(EngineError) as caught:
        speech.say(replace(ASKED, timeout=1))
    assert caught.value.billed is Billed.UNKNOWN
    assert not caught.value.may_retry
    assert server.bills == 1


def test_no_connection_is_free_and_worth_another_try() -> None:
    nobody = OpenAICompatibleSpeech(Endpoint("stub", "http://127.0.0.1:9/v1", "tts"))
    with pytest.raises(EngineError) as caught:
        nobody.say(ASKED)
    assert (caught.value.code, caught.value.may_retry) == ("unreachable", True)


def test_a_text_longer_than_the_engine_takes_is_not_sent(server: SpeechServer) -> None:
    engine = OpenAICompatibleSpeech(Endpoint("stub", server.url, "tts", most_characters=5))
    with pytest.raises(EngineError, match="takes 5 at once"):
        engine.say(ASKED)
    assert server.requests == []


def test_edge_tells_when_each_word_is_heard_and_is_given_the_text_escaped(
    edge: EdgeServer,
) -> None:
    asked = SpeechRequest("雪停了，<他>走。", "zh-CN-YunxiNeural", speed=1.25, timeout=5)
    answer = EdgeSpeech().say(asked)

    assert [(word.text, word.start_ms, word.end_ms) for word in answer.words] == [
        ("雪停了", 100, 500),
        ("<他>走", 600, 1000),
    ]
    assert "&lt;他&gt;" in edge.ssml[0]
    assert "rate='+25%'" in edge.ssml[0]


def test_edge_without_sound_or_network_is_free_and_worth_another_try(
    edge: EdgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace(ASKED, voice="zh-CN-YunxiNeural")
    edge.silent = True
    with pytest.raises(EngineError) as caught:
        EdgeSpeech().say(asked)
    assert caught.value.may_retry
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "ws://127.0.0.1:9/?a=b")
    with pytest.raises(EngineError) as caught:
        EdgeSpeech().say(asked)
    assert caught.value.may_retry


def test_no_engine_is_configured_by_default(settings: Any, tmp_path: Path) -> None:
    settings.SPEECH_ENGINES, settings.SPEECH_VOICES = "", str(tmp_path)
    assert speech_settings() == {}


def test_settings_name_voices_and_never_hold_a_key(settings: Any, tmp_path: Path) -> None:
    settings.SPEECH_VOICES = str(tmp_path)
    settings.SPEECH_ENGINES = {
        "cosy": {
            "base_url": "http://127.0.0.1:1/v1/",
            "model": "cosyvoice",
            "voices": [{"id": "longxiaochun", "title": "龙小淳", "sex": "female"}],
        }
    }
    engine = speech_engine("cosy")
    assert engine.voices() == (Voice("longxiaochun", "龙小淳", "mul", "female", "adult"),)
    assert not engine.is_free


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"model": "m", "base_url": "http://a/v1", "key": "sk"}, "holds a key"),
        ({"model": "m", "base_url": "ftp://a"}, "http or https"),
        ({"base_url": "http://a/v1"}, "model is missing"),
        ({"model": "m", "base_url": "http://a/v1", "format": "ogg"}, "format must be one of"),
        ({"model": "m", "base_url": "http://a/v1", "voices": [{"title": "x"}]}, "with an id"),
        (
            {"model": "m", "base_url": "http://a/v1", "voices": [{"id": "x", "sex": "f"}]},
            "sex of a voice",
        ),
        ({"kind": "robot"}, "kind must be one of"),
        ({"kind": "kokoro"}, "is not installed"),
        ({"volume": 3}, "volume, which is not known"),
    ],
)
def test_settings_that_cannot_be_used_name_the_place(
    settings: Any, tmp_path: Path, told: dict[str, Any], message: str
) -> None:
    settings.SPEECH_VOICES, settings.SPEECH_ENGINES = str(tmp_path), {"x": told}
    with pytest.raises(BadEngineSettings, match=message) as caught:
        speech_settings()
    assert "SPEECH_ENGINES: x" in str(caught.value)


def test_voices_are_taken_from_the_archive_only_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "kokoro-js-1.2.1.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for name in kokoro.SHA256:
            info = tarfile.TarInfo(f"package/voices/{name}.bin")
            info.size = 4
            packed.addfile(info, BytesIO(b"fake"))
    folder = tmp_path / "voices"
    with pytest.raises(ValueError, match="is not the voice of kokoro-js"):
        kokoro.install_voices(archive, folder)
    assert not folder.exists()

    import hashlib

    same = dict.fromkeys(kokoro.SHA256, hashlib.sha256(b"fake").hexdigest())
    monkeypatch.setattr(kokoro, "SHA256", same)
    assert len(kokoro.install_voices(archive, folder)) == 8
    assert kokoro.voices_in(folder) == kokoro.VOICES


def test_the_offline_voice_speaks_mandarin_sentence_by_sentence() -> None:
    from engines.speech.registry import voices_folder

    folder = voices_folder()
    if kokoro.missing(folder):
        pytest.skip(f"the offline voice is not installed: {kokoro.missing(folder)}")
    engine = kokoro.KokoroSpeech(folder)
    text = "楚晚宁推开门，风雪扑面而来。“师尊，您怎么才回来？”"
    answer = engine.say(SpeechRequest(text, engine.voices()[0].id))

    # 20 syllables at 3 to 6 a second
    assert 3.3 < seconds_of(answer) < 7
    assert "".join(word.text for word in answer.words) == text
    loudness = np.sqrt(np.mean(np.square(samples_of(answer) / 32768)))
    assert 0.02 < loudness < 0.3

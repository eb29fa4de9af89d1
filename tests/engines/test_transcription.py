"""Sound and transcribers: what is opened, where it is cut, what a real endpoint's ways of failing mean."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from django.utils import timezone

from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.models import Budget, PaidCall, Price
from engines.services.transcribing import paid_transcription
from engines.transcription import Cue, TranscriptionRequest, whisper
from engines.transcription.openai_compatible import (
    OpenAICompatibleTranscriber,
    TranscriptionEndpoint,
)
from engines.transcription.registry import (
    BadTranscriberSettings,
    TranscriberSettings,
    UnknownTranscriber,
    transcriber,
    transcriber_settings,
)
from engines.transcription.rehearsal import RehearsalTranscriber
from engines.transcription.sound import SoundError, container_of, pieces, probe
from tests.engines.transcription_server import TranscriptionServer, transcription_server
from tests.factories.recordings import tone, wav


@pytest.fixture
def server() -> Iterator[TranscriptionServer]:
    with transcription_server() as running:
        yield running


@pytest.fixture
def engine(server: TranscriptionServer) -> OpenAICompatibleTranscriber:
    return OpenAICompatibleTranscriber(
        TranscriptionEndpoint("stub", server.url, "whisper-1", key="sk-secret")
    )


def asked(seconds: float = 2.0, **how: object) -> TranscriptionRequest:
    return TranscriptionRequest(wav(seconds), seconds, **{"timeout": 10, **how})  # type: ignore[arg-type]


def encoded(format: str, codec: str, rate: int) -> bytes:
    """Two seconds of sound in a container, written by FFmpeg."""
    out = io.BytesIO()
    with av.open(out, "w", format=format) as box:
        stream = box.add_stream(codec, rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(tone(2).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 16_000
        fifo = av.AudioFifo()
        for part in av.AudioResampler(stream.format, "mono", rate).resample(frame):
            part.pts = None
            fifo.write(part)
        at = 0
        while part := fifo.read(stream.frame_size or 1024, partial=True):
            part.pts, at = at, at + part.samples
            box.mux(stream.encode(part))
        box.mux(stream.encode(None))
    return out.getvalue()


def filmed() -> bytes:
    """A second of moving pictures with sound."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as box:
        pictures = box.add_stream("libx264", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        sound = box.add_stream("aac", rate=16_000)
        sound.layout = "mono"
        for n in range(10):
            image = np.full((48, 64, 3), n * 20, dtype=np.uint8)
            box.mux(pictures.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        for n in range(15):
            frame = av.AudioFrame.from_ndarray(
                (tone(0.064) / 32768).astype(np.float32).reshape(1, -1),
                format="fltp",
                layout="mono",
            )
            frame.sample_rate, frame.pts = 16_000, n * 1024
            box.mux(sound.encode(frame))
        box.mux(pictures.encode(None))
        box.mux(sound.encode(None))
    return out.getvalue()


@pytest.mark.parametrize(
    ("format", "codec", "rate", "type_"),
    [
        ("mp3", "mp3", 16_000, "audio/mpeg"),
        ("ogg", "libopus", 48_000, "audio/ogg"),
        ("mp4", "aac", 16_000, "audio/mp4"),
        ("adts", "aac", 16_000, "audio/aac"),
        ("flac", "flac", 16_000, "audio/flac"),
        ("webm", "libopus", 48_000, "audio/webm"),
    ],
)
def test_a_recording_is_known_by_its_content(
    format: str, codec: str, rate: int, type_: str
) -> None:
    file = io.BytesIO(encoded(format, codec, rate))

    sound = probe(file)

    assert sound.content_type == type_
    assert sound.video is False
    assert abs(sound.duration_ms - 2000) < 250
    heard = list(pieces(file, seconds=60))
    assert len(heard) == 1
    assert abs(heard[0].end_ms - 2000) < 250


def test_a_film_is_told_from_a_sound() -> None:
    assert probe(io.BytesIO(filmed())).content_type == "video/mp4"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"#EXTM3U\nfile:///etc/passwd", "not_sound"),
        (b"ffconcat version 1.0\nfile /etc/passwd", "not_sound"),
        (b"%PDF-1.7", "not_sound"),
        (b"", "not_sound"),
        (wav(1)[:44], "no_sound"),
        (b"ID3" + b"\0" * 300, "damaged"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 300, "damaged"),
    ],
)
def test_what_is_no_recording_is_refused_by_its_content(data: bytes, code: str) -> None:
    with pytest.raises(SoundError) as caught:
        probe(io.BytesIO(data))

    assert caught.value.code == code


def test_only_named_demuxers_are_ever_used() -> None:
    demuxers = {"wav", "mp3", "aac", "flac", "ogg", "mp4", "matroska"}
    for first in range(256):
        try:
            assert container_of(bytes([first, 0xFB, 0x90, 0]) + b"\0" * 60).demuxer in demuxers
        except SoundError:
            continue


def test_pieces_are_cut_in_pauses_and_leave_nothing_out() -> None:
    file = io.BytesIO(wav(9, 1, 10, 1, 8))

    heard = list(pieces(file, seconds=10))

    assert heard[0].start_ms == 0
    assert heard[-1].end_ms == 29_000
    assert all(a.end_ms == b.start_ms for a, b in zip(heard, heard[1:], strict=False))
    assert 9_000 <= heard[0].end_ms <= 10_000  # within the pause
    assert 20_000 <= heard[1].end_ms <= 21_000
    assert [p.end_ms for p in pieces(file, seconds=10)] == [p.end_ms for p in heard]


def test_a_silent_piece_is_not_sent_anywhere() -> None:
    (piece,) = pieces(io.BytesIO(wav(0, 5)), seconds=10)

    assert piece.wav == b""


def test_the_endpoint_gets_a_real_multipart_and_its_segments_become_cues(
    server: TranscriptionServer, engine: OpenAICompatibleTranscriber
) -> None:
    answer = engine.transcribe(asked(4.0, language="zh", prompt="分镜，墨白"))

    (fields,) = server.heard
    assert server.paths == ["/v1/audio/transcriptions"]
    assert server.keys == ["Bearer sk-secret"]
    assert fields == {
        "file": "piece.wav", "rate": "16000", "model": "whisper-1", "temperature": "0",
        "response_format": "verbose_json", "timestamp_granularities[]": "segment",
        "language": "zh", "prompt": "分镜，墨白",
    }  # fmt: skip
    assert answer.cues == (Cue(0, 2000, "分镜要画三天。"), Cue(2000, 4000, "后来就放弃了😀。"))
    assert answer.usage == Usage(4, 0)
    assert answer.request_id == "req-1"
    assert type(answer).from_dict(answer.to_dict()) == answer


def test_an_endpoint_without_segments_gives_one_cue_a_piece(
    server: TranscriptionServer, engine: OpenAICompatibleTranscriber
) -> None:
    server.answer = lambda seconds: {
        "text": " 好的 ", "usage": {"type": "tokens", "input_tokens": 30, "output_tokens": 4}
    }  # fmt: skip

    answer = engine.transcribe(asked(3.0))

    assert answer.cues == (Cue(0, 3000, "好的"),)
    assert answer.usage == Usage(30, 4)


@pytest.mark.parametrize(
    ("fault", "code", "permanent", "billed"),
    [
        ("400", "bad_request", True, Billed.SURELY_NOT),
        ("401", "bad_key", True, Billed.SURELY_NOT),
        ("413", "too_large", True, Billed.SURELY_NOT),
        ("429", "busy", False, Billed.SURELY_NOT),
        ("302", "refused", True, Billed.SURELY_NOT),
        ("500", "server_error", False, Billed.UNKNOWN),
        ("rubbish", "rubbish", False, Billed.UNKNOWN),
        ("no_text", "no_text", False, Billed.UNKNOWN),
        ("cut", "lost", False, Billed.UNKNOWN),
    ],
)
def test_each_way_of_failing_says_whether_to_try_again_and_what_is_known_of_money(
    server: TranscriptionServer, engine: OpenAICompatibleTranscriber, fault: str, code: str,
    permanent: bool, billed: Billed,
) -> None:  # fmt: skip
    server.plan = [fault]

    with pytest.raises(EngineError) as caught:
        engine.transcribe(asked())

    assert (caught.value.code, caught.value.permanent) == (code, permanent)
    assert caught.value.billed is billed
    assert len(server.heard) == 1  # nothing is repeated here


def test_a_late_answer_is_a_timeout_and_nobody_there_is_free() -> None:
    with transcription_server() as server:
        slow = OpenAICompatibleTranscriber(TranscriptionEndpoint("stub", server.url, "w"))
        server.plan = ["silent"]
        with pytest.raises(EngineError) as late:
            slow.transcribe(asked(timeout=0.4))
        url = server.url
    assert (late.value.code, late.value.billed) == ("timeout", Billed.UNKNOWN)

    gone = OpenAICompatibleTranscriber(TranscriptionEndpoint("stub", url, "w"))
    with pytest.raises(EngineError) as nobody:
        gone.transcribe(asked())
    assert (nobody.value.code, nobody.value.billed) == ("unreachable", Billed.SURELY_NOT)


@pytest.mark.django_db(transaction=True)
def test_the_same_piece_is_paid_once_by_its_seconds(
    server: TranscriptionServer, engine: OpenAICompatibleTranscriber
) -> None:
    # 6 yuan a thousand seconds: 6,000,000,000 micro-yuan a million.
    Price.objects.create(
        engine="stub", input_micro=6_000_000_000, cached_micro=0, output_micro=0,
        valid_from=timezone.now(),
    )  # fmt: skip
    budget = Budget.objects.create(key="test", cap_micro=100_000)
    told = TranscriberSettings("stub")
    server.plan = ["429"]
    bought = paid_transcription(
        engine=engine, told=told, request=asked(4.0), budget=budget, wait=lambda _seconds: None
    )
    again = paid_transcription(engine=engine, told=told, request=asked(4.0), budget=budget)

    assert (bought.kept, again.kept) == (False, True)
    assert again.answer == bought.answer
    assert bought.cost_micro == 4 * 6_000
    assert server.bills == 1
    budget.refresh_from_db()
    assert (budget.reserved_micro, budget.spent_micro) == (0, 24_000)
    assert PaidCall.objects.get().purpose == "transcription"
    with pytest.raises(EngineError) as dear:
        paid_transcription(engine=engine, told=told, request=asked(30.0), budget=budget)
    assert dear.value.code == "budget_spent"


def test_the_rehearsal_hears_the_same_in_the_same_sound() -> None:
    engine = RehearsalTranscriber()

    first, again = engine.transcribe(asked(21.0)), engine.transcribe(asked(21.0))

    assert first == again
    assert [(cue.start_ms, cue.end_ms) for cue in first.cues] == [
        (0, 10_000), (10_000, 20_000), (20_000, 21_000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        "not json", "[]", '{"A": {}}', '{"a": {"key": "sk"}}', '{"a": {"kind": "x"}}',
        '{"a": {"base_url": "ftp://x", "model": "m"}}', '{"a": {"base_url": "http://u:p@x/v1", "model": "m"}}',
        '{"a": {"base_url": "http://x/v1"}}',
        '{"a": {"base_url": "http://x/v1", "model": "m", "piece": 4000}}',
        '{"a": {"base_url": "http://x/v1", "model": "m", "bills": "beer"}}',
    ],
)  # fmt: skip
def test_settings_that_cannot_be_right_are_named(settings: Any, told: str) -> None:
    settings.TRANSCRIPTION_ENGINES = told

    with pytest.raises(BadTranscriberSettings, match="TRANSCRIPTION_ENGINES"):
        transcriber_settings()


def test_an_engine_is_found_by_its_name(settings: Any) -> None:
    settings.TRANSCRIPTION_ENGINES = (
        '{"cloud": {"base_url": "http://x/v1/", "model": "m"}, "dry": {"kind": "rehearsal"}}'
    )

    assert transcriber("cloud").model == "m"
    assert transcriber("dry").name == "dry"
    with pytest.raises(UnknownTranscriber, match="cloud, dry"):
        transcriber("other")


@pytest.mark.skipif(not whisper.installed(), reason="the optional models are not installed")
def test_whisper_on_this_machine_is_offered_without_a_setting() -> None:
    assert transcriber_settings()[whisper.MODEL].costs is False


def test_without_the_packages_whisper_says_how_to_install_it(tmp_path: Path) -> None:
    program = (
        "import sys, importlib.util as u; real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if 'whisper' in name else real(name, *a)\n"
        "from pathlib import Path\n"
        "from engines.transcription import TranscriptionRequest\n"
        "from engines.transcription.whisper import WhisperTranscriber\n"
        "try: WhisperTranscriber('w', Path(sys.argv[1])).transcribe(TranscriptionRequest(b'', 1.0))\n"
        "except Exception as error: print(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "not_installed"
    assert list(tmp_path.iterdir()) == []

"""Local servers that speak the real speech protocols: `POST /audio/speech`, and Edge's websocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import av
import numpy as np

from engines.speech.sound import wav

REFUSALS = {"429": 429, "quota": 429, "400": 400, "401": 401, "404": 404, "redirect": 302}


def tone(seconds: float, rate: int = 24_000) -> np.ndarray:
    time_ = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * 220 * time_) * 9000).astype(np.int16)


def encoded(samples: np.ndarray, kind: str, rate: int = 24_000) -> bytes:
    """The samples as an engine would send them."""
    if kind == "pcm":
        return samples.astype("<i2").tobytes()
    if kind == "wav":
        return wav(samples, rate)
    buffer = BytesIO()
    with av.open(buffer, "w", format=kind) as container:
        stream = container.add_stream(kind, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "s16", "mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=rate,
            frame_size=stream.codec_context.frame_size,
        )  # fmt: skip
        for part in (frame, None):
            for piece in resampler.resample(part):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return buffer.getvalue()


class SpeechServer:
    """Use by `speech_server()`. `bills` counts what a provider would charge for; `plan` holds the
    faults of the next requests, in order: a status, rubbish, json, cut, silence, slow, 500."""

    def __init__(self) -> None:
        self.plan: list[str] = []
        self.bills = 0
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def start(self) -> None:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.keys.append(self.headers["Authorization"])
                with contextlib.suppress(OSError):
                    server.answer(self, body)

        return Handler

    def answer(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self.requests.append(body)
        fault = self.plan.pop(0) if self.plan else ""
        if call.path != "/v1/audio/speech":
            fault = "404"
        if fault in REFUSALS:
            data = b'{"error": {"code": "insufficient_quota"}}' if fault == "quota" else b"{}"
            self._send(call, REFUSALS[fault], data, {"Retry-After": "0"} if fault == "429" else {})
            return
        self.bills += 1
        if fault == "500":
            self._send(call, 500, b"")
            return
        seconds = 0.1 * len(body["input"]) / body["speed"]
        data = encoded(tone(seconds), body["response_format"])
        if fault == "rubbish":
            data = b"<html>no sound</html>"
        elif fault == "silence":
            data = b""
        elif fault == "slow":
            time.sleep(1.5)
        self._send(call, 200, data, {"x-request-id": "say-1"}, cut=fault == "cut")

    @staticmethod
    def _send(
        call: BaseHTTPRequestHandler,
        status: int,
        data: bytes,
        headers: dict[str, str] | None = None,
        *,
        cut: bool = False,
    ) -> None:
        call.send_response(status)
        for name, value in (headers or {}).items():
            call.send_header(name, value)
        call.send_header("Content-Length", str(len(data)))
        call.end_headers()
        call.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            call.close_connection = True


@contextlib.contextmanager
def speech_server() -> Iterator[SpeechServer]:
    server = SpeechServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class EdgeServer:
    """The service that Edge reads pages aloud with, as edge-tts 7 speaks to it: a config message and
    SSML in, metadata with word boundaries and MP3 in binary frames out."""

    def __init__(self) -> None:
        self.ssml: list[str] = []
        self.silent = False
        self.url = ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())

    async def _run(self) -> None:
        from aiohttp import web

        app = web.Application()
        app.router.add_get("/edge/v1", self._talk)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.url = f"ws://127.0.0.1:{port}/edge/v1?TrustedClientToken=test"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _talk(self, request: Any) -> Any:
        from aiohttp import web

        socket = web.WebSocketResponse()
        await socket.prepare(request)
        config = (await socket.receive()).data
        assert '"wordBoundaryEnabled":"true"' in config
        ssml = (await socket.receive()).data
        self.ssml.append(ssml)
        found = re.search(r"<prosody[^>]*>(.*)</prosody>", ssml, re.DOTALL)
        assert found
        await socket.send_str("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
        if not self.silent:
            await self._speak(socket, found[1])
        await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")
        await socket.close()
        return socket

    async def _speak(self, socket: Any, text: str) -> None:
        words = [word for word in re.split(r"[，。！？\s]", text) if word]
        for position, word in enumerate(words):
            data = {
                "Offset": 1_000_000 + position * 5_000_000,
                "Duration": 4_000_000,
                "text": {"Text": word, "Length": len(word), "BoundaryType": "WordBoundary"},
            }
            note = json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
            await socket.send_str(
                f"X-RequestId:1\r\nContent-Type:application/json\r\nPath:audio.metadata\r\n\r\n{note}"
            )
        sound = encoded(tone(0.5 * len(words) + 0.2), "mp3")
        head = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
        for at in range(0, len(sound), 700):
            await socket.send_bytes(len(head).to_bytes(2, "big") + head + sound[at : at + 700])


@contextlib.contextmanager
def edge_server() -> Iterator[EdgeServer]:
    server = EdgeServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()

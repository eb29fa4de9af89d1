"""A local server that speaks `POST /audio/transcriptions`: it takes the multipart apart and answers.

`plan` holds faults for the next requests; after it, it answers well. `heard` keeps what arrived.
"""

from __future__ import annotations

import io
import json
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[float], dict[str, Any]]


def segments(seconds: float) -> dict[str, Any]:
    """As OpenAI answers verbose_json: two segments, and one that is silence."""
    half = round(seconds / 2, 2)
    return {
        "task": "transcribe",
        "language": "chinese",
        "duration": seconds,
        "text": "分镜要画三天。后来就放弃了。",
        "segments": [
            {"id": 0, "start": 0.0, "end": half, "text": " 分镜要画三天。", "no_speech_prob": 0.01,
             "avg_logprob": -0.2},
            {"id": 1, "start": half, "end": seconds + 3, "text": "后来就放弃了😀。",
             "no_speech_prob": 0.7, "avg_logprob": -0.3},
            {"id": 2, "start": half, "end": seconds, "text": "谢谢观看", "no_speech_prob": 0.9,
             "avg_logprob": -1.4},
        ],
        "usage": {"type": "duration", "seconds": round(seconds) or 1},
    }  # fmt: skip


class TranscriptionServer:
    def __init__(self) -> None:
        self.plan: list[str] = []
        self.answer: Answer = segments
        self.bills = 0
        self.heard: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.keys: list[str] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
                fields: dict[str, str] = {}
                seconds = 0.0
                for part in message_from_bytes(head + body).get_payload():
                    name = part.get_param("name", header="content-disposition")
                    data = part.get_payload(decode=True)
                    if name == "file":
                        with wave.open(io.BytesIO(data)) as sound:
                            seconds = sound.getnframes() / sound.getframerate()
                            fields["rate"] = str(sound.getframerate())
                        fields["file"] = part.get_filename()
                    else:
                        fields[name] = data.decode()
                server.heard.append(fields)
                server.paths.append(self.path)
                server.keys.append(self.headers["Authorization"])
                self._answer(server.plan.pop(0) if server.plan else "", seconds)

            def _answer(self, fault: str, seconds: float) -> None:
                if fault.isdigit():
                    self._send(int(fault), b"{}")
                    return
                server.bills += 1
                if fault == "silent":
                    time.sleep(3)
                elif fault == "rubbish":
                    self._send(200, b"<html>")
                elif fault == "no_text":
                    self._send(200, b'{"language": "zh"}')
                elif fault == "cut":
                    self.send_response(200)
                    self.send_header("Content-Length", "5000")
                    self.end_headers()
                    self.wfile.write(b'{"text": "')
                    self.close_connection = True
                else:
                    self._send(200, json.dumps(server.answer(seconds)).encode())

            def _send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("x-request-id", f"req-{len(server.heard)}")
                if status == 429:
                    self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(body)

        return Handler


@contextmanager
def transcription_server() -> Iterator[TranscriptionServer]:
    server = TranscriptionServer()
    threading.Thread(target=server._http.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server._http.shutdown()
        server._http.server_close()

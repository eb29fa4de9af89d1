"""A threaded local HTTP server whose routes are methods, for engines that are spoken to in tests."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class LocalServer:
    """Use as a context manager. Subclasses answer in `get` and `post`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.open = threading.Event()
        self.requests: list[tuple[str, Any]] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.open.set()
        self._http.shutdown()
        self._http.server_close()

    def get(self, call: BaseHTTPRequestHandler) -> None:
        raise NotImplementedError

    def post(self, call: BaseHTTPRequestHandler, body: bytes) -> None:
        raise NotImplementedError

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                """Quiet."""

            def do_GET(self) -> None:
                with contextlib.suppress(OSError):
                    server.get(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with contextlib.suppress(OSError):
                    server.post(self, body)

        return Handler


def say(
    call: BaseHTTPRequestHandler,
    document: Any,
    status: int = 200,
    kind: str = "application/json",
    more: Mapping[str, str] | None = None,
) -> None:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    call.send_response(status)
    for name, value in (more or {}).items():
        call.send_header(name, value)
    call.send_header("Content-Type", kind)
    call.send_header("Content-Length", str(len(data)))
    call.end_headers()
    call.wfile.write(data)


def half(call: BaseHTTPRequestHandler, document: Any, gate: threading.Event) -> None:
    """Half of the body, then nothing until `gate` opens, then the connection ends."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    call.send_response(200)
    call.send_header("Content-Type", "application/json")
    call.send_header("Content-Length", str(len(data)))
    call.end_headers()
    call.wfile.write(data[: len(data) // 2])
    call.wfile.flush()
    gate.wait(30)
    cut(call)


def cut(call: BaseHTTPRequestHandler) -> None:
    """The connection ends in the middle of it."""
    call.connection.shutdown(socket.SHUT_RDWR)
    call.close_connection = True

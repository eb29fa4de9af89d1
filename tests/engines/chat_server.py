"""A local server that speaks the real chat protocol, bills every request, and can be sick.

`plan` holds what to do with the next requests, in order; after it (or without one) it answers well.
A request counts as billed once its body has arrived, unless the fault is a refusal.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answerer = Callable[[dict[str, Any]], str]
REFUSALS = {"429": 429, "429-date": 429, "quota": 429, "400": 400, "401": 401, "402": 402,
            "404": 404, "redirect": 302}  # fmt: skip


def said_ok(_: dict[str, Any]) -> str:
    return '{"said": "好"}'


class ChatServer:
    """Use as a context manager. `bills` counts what a provider would charge for."""

    def __init__(self, answerer: Answerer = said_ok) -> None:
        self.answerer = answerer
        self.plan: list[str] = []
        self.always = ""
        self.formats: tuple[str, ...] = ("json_schema", "json_object")
        self.latency = 0.0
        self.at_once = 0
        self.most_at_once = 0
        self.retry_after = "0"
        self.bills = 0
        self.requests: list[dict[str, Any]] = []
        self.by_content: dict[str, int] = {}
        self.open = threading.Event()
        self.arrived = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> ChatServer:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.open.set()
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
                with contextlib.suppress(OSError):
                    server.answer(self, body)

        return Handler

    def _take(self, body: dict[str, Any]) -> str:
        with self._lock:
            self.requests.append(body)
            fault = self.plan.pop(0) if self.plan else self.always
            wanted = (body.get("response_format") or {}).get("type")
            if wanted and wanted not in self.formats:
                fault = "400"
            if fault not in REFUSALS:
                self.bills += 1
                key = json.dumps(body, sort_keys=True)
                self.by_content[key] = self.by_content.get(key, 0) + 1
            return fault

    def answer(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        fault = self._take(body)
        self.arrived.release()
        if self.latency:
            with self._lock:
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
            time.sleep(self.latency)
            with self._lock:
                self.at_once -= 1
        if fault in REFUSALS:
            self._refuse(call, fault)
        elif fault:
            getattr(self, f"_{fault.replace('-', '_')}")(call, body)
        else:
            self._say(call, self.document(body))

    def _refuse(self, call: BaseHTTPRequestHandler, fault: str) -> None:
        code = "insufficient_quota" if fault == "quota" else "refused"
        data = json.dumps({"error": {"code": code, "message": "no"}}).encode()
        call.send_response(REFUSALS[fault])
        if fault == "429":
            call.send_header("Retry-After", self.retry_after)
        if fault == "429-date":
            call.send_header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")
        if fault == "redirect":
            call.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self._bytes(call, data)

    @staticmethod
    def _bytes(call: BaseHTTPRequestHandler, data: bytes, kind: str = "application/json") -> None:
        call.send_header("Content-Type", kind)
        call.send_header("Content-Length", str(len(data)))
        call.end_headers()
        call.wfile.write(data)

    def _say(self, call: BaseHTTPRequestHandler, document: Any) -> None:
        call.send_response(200)
        call.send_header("x-request-id", "req-1")
        self._bytes(call, json.dumps(document, ensure_ascii=False).encode())

    def document(self, body: dict[str, Any], **choice: Any) -> dict[str, Any]:
        """A right answer, with usage as a provider counts it."""
        text = choice.pop("text", None)
        text = self.answerer(body) if text is None else text
        told = sum(len(message["content"]) for message in body["messages"])
        return {
            "id": "chatcmpl-1",
            "model": f"{body['model']}-0711",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text},
                    "finish_reason": "stop",
                    **choice,
                }
            ],
            "usage": {
                "prompt_tokens": max(1, round(told * 0.7)),
                "completion_tokens": max(1, round(len(text) * 0.7)),
                "prompt_tokens_details": {"cached_tokens": min(5, max(1, round(told * 0.7)))},
            },
        }

    # -- sick answers --------------------------------------------------------------------------
    def _500(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.send_response(500)
        self._bytes(call, b'{"error": "broken"}')

    def _503(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.send_response(503)
        self._bytes(call, b"<html>busy</html>", "text/html")

    def _html(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.send_response(200)
        self._bytes(call, b"<html><body>Bad gateway</body></html>", "text/html")

    def _hang(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self.open.wait(60)

    def _cut_before(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.connection.shutdown(socket.SHUT_RDWR)
        call.close_connection = True

    def _cut_after(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.send_response(200)
        call.send_header("Content-Type", "application/json")
        call.send_header("Content-Length", "5000")
        call.end_headers()
        call.wfile.write(b'{"id": "chatcmpl-1", "choi')
        call.wfile.flush()
        call.connection.shutdown(socket.SHUT_RDWR)
        call.close_connection = True

    def _truncated(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.send_response(200)
        self._bytes(call, b'{"id": "chatcmpl-1", "choices": [{"message": {"cont')

    def _array(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self._say(call, [1, 2])

    def _drip(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.send_response(200)
        call.send_header("Content-Type", "application/json")
        call.send_header("Content-Length", "100000")
        call.end_headers()
        while not self.open.wait(0.05):
            call.wfile.write(b" ")
            call.wfile.flush()
        call.connection.shutdown(socket.SHUT_RDWR)

    def _drip_headers(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.open.wait(0.05):
            call.wfile.write(b"a")
            call.wfile.flush()

    def _length(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        text = self.answerer(body)
        cut = text[: max(1, len(text) * 2 // 3)]
        self._say(call, self.document(body, text=cut, finish_reason="length"))

    def _no_choices(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self._say(call, {**self.document(body), "choices": []})

    def _no_choices_no_usage(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self._say(call, {"id": "x", "choices": []})

    def _blank(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self._say(call, self.document(body, text=""))

    def _null(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        document = self.document(body)
        document["choices"][0]["message"]["content"] = None
        self._say(call, document)

    def _rubbish(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self._say(call, self.document(body, text="Sure! Here is { your story: [oops"))

    def _thinking(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        text = f'<think>\n{{"no": 1}} 想一想\n</think>\n```json\n{self.answerer(body)}\n```'
        self._say(call, self.document(body, text=text))

    def _thinking_open(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        text = "<think>想了又想"
        self._say(call, self.document(body, text=text, finish_reason="length"))

    def _no_usage(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        document = self.document(body)
        del document["usage"]
        self._say(call, document)

    def _wrong_usage(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        usage = {"prompt_tokens": 10**9, "completion_tokens": -4}
        self._say(call, {**self.document(body), "usage": usage})

    def _filtered(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self._say(call, self.document(body, text="", finish_reason="content_filter"))

    def _huge(self, call: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        call.send_response(200)
        call.send_header("Content-Type", "application/json")
        call.send_header("Content-Length", str(64 * 1024 * 1024))
        call.end_headers()
        for _ in range(64):
            call.wfile.write(b" " * 1024 * 1024)


@contextlib.contextmanager
def chat_server(answerer: Answerer = said_ok) -> Iterator[ChatServer]:
    with ChatServer(answerer) as server:
        yield server

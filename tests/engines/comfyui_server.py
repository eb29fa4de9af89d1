"""A local server that speaks ComfyUI's protocol as it was recorded from 0.3.64, and can be sick.

It runs one job at a time in a thread, sleeps for every step of a sampler, caches equal graphs, and
tells its clients over a web socket of its own making.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.engines.local_server import LocalServer, cut, say
from tests.engines.painting import painted

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class ComfyUIServer(LocalServer):
    """`fault` is what the next jobs suffer; `steps` how long they take at `step_seconds` each."""

    def __init__(self) -> None:
        super().__init__()
        self.fault = ""
        self.format = "PNG"
        self.steps = 2
        self.step_seconds = 0.01
        self.heard = threading.Event()  # cleared: the last step waits until somebody has listened
        self.heard.set()
        self.talks = True
        self.honours_numbers = True
        self.old = False  # an interruption stops whatever runs, whosever it is
        self.states = False  # progress is told by node, as since 2025
        self.drawn = 0
        self.pending: list[tuple[str, dict[str, Any], str]] = []
        self.running: tuple[str, dict[str, Any], str] | None = None
        self.history: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.uploads: dict[str, bytes] = {}
        self.cached: dict[str, dict[str, Any]] = {}
        self.interrupted: set[str] = set()
        self.sockets: dict[str, Any] = {}
        self.hold = threading.Event()
        self.hold.set()
        self.began = threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    # -- http ----------------------------------------------------------------------------------
    def get(self, call: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(call.path)
        query = {key: rows[0] for key, rows in parse_qs(parts.query).items()}
        if self.fault == "away":
            cut(call)
        elif parts.path == "/ws":
            self._socket(call, query["clientId"])
        elif parts.path.startswith("/history/"):
            job = parts.path.rpartition("/")[2]
            say(call, {job: self.history[job]} if job in self.history else {})
        elif parts.path == "/queue":
            with self.lock:
                running = [[0, self.running[0], {}, {}, []]] if self.running else []
                waiting = [[1, job, {}, {}, []] for job, _, _ in self.pending]
            say(call, {"queue_running": running, "queue_pending": waiting})
        elif parts.path == "/view":
            data = self.files.get(query["filename"])
            say(call, data or b"", 200 if data else 404, "image/png")
        else:
            say(call, {}, 404)

    def post(self, call: BaseHTTPRequestHandler, body: bytes) -> None:
        if call.path == "/upload/image":
            name = body.split(b'filename="', 1)[1].split(b'"', 1)[0].decode()
            self.uploads[name] = body
            say(call, {"name": name, "subfolder": "pingju", "type": "input"})
            return
        told = json.loads(body)
        self.requests.append((call.path, told))
        if call.path == "/prompt":
            self._prompt(call, told)
        elif call.path == "/queue":
            with self.lock:
                self.pending = [row for row in self.pending if row[0] not in told["delete"]]
            say(call, {})
        elif call.path == "/interrupt":
            running = self.running[0] if self.running else ""
            self.interrupted.add(running if self.old else told.get("prompt_id", ""))
            say(call, {})
        else:
            say(call, {}, 404)

    def _prompt(self, call: BaseHTTPRequestHandler, told: dict[str, Any]) -> None:
        job = told["prompt_id"] if self.honours_numbers else "its-own-number"
        graph = told["prompt"]
        errors = {
            "7": {
                "errors": [
                    {
                        "type": "value_not_in_list",
                        "message": "the words of the prompt",
                        "details": "",
                        "extra_info": {"input_name": "ckpt_name"},
                    }
                ],
                "dependent_outputs": ["save"],
                "class_type": "CheckpointLoaderSimple",
            }
        }
        if self.fault == "400":
            error = {"type": "prompt_outputs_failed_validation", "message": "no", "details": ""}
            say(call, {"error": error, "node_errors": errors}, 400)
            return
        with self.lock:
            self.pending.append((job, graph, told.get("client_id", "")))
        if self.fault == "cut":
            cut(call)
            return
        found = errors if self.fault == "200-errors" else {}
        say(call, {"prompt_id": job, "number": 1, "node_errors": found})

    # -- the web socket ------------------------------------------------------------------------
    def _socket(self, call: BaseHTTPRequestHandler, client: str) -> None:
        if not self.talks:
            say(call, {}, 404)
            return
        key = hashlib.sha1((call.headers["Sec-WebSocket-Key"] + GUID).encode()).digest()  # noqa: S324
        call.send_response(101)
        for name, value in (
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", base64.b64encode(key).decode()),
        ):
            call.send_header(name, value)
        call.end_headers()
        self.sockets[client] = call.connection
        self._tell(client, "status", {"status": {}, "sid": client})
        while not self.open.wait(0.05) and client in self.sockets:
            pass

    def _tell(self, client: str, kind: str, data: dict[str, Any]) -> None:
        plug = self.sockets.get(client)
        if plug is None:
            return
        text = json.dumps({"type": kind, "data": data}).encode()
        preview = struct.pack(">I", 1) + b"\x00\x00\x00\x01rubbish"
        try:
            plug.sendall(_frame(0x82, preview) + _frame(0x81, text))
        except OSError:
            self.sockets.pop(client, None)

    def _steps(self, client: str, job: str, done: int) -> None:
        if self.states:
            node = {"node_id": "sampler", "state": "running", "value": done, "max": self.steps}
            nodes = {"common": {"state": "finished", "value": 1, "max": 1}, "sampler": node}
            self._tell(client, "progress_state", {"prompt_id": job, "nodes": nodes})
        else:
            self._tell(client, "progress", {"value": done, "max": self.steps, "prompt_id": job})

    # -- the worker ----------------------------------------------------------------------------
    def _work(self) -> None:
        while not self.open.wait(0.005):
            with self.lock:
                if not self.pending or not self.hold.is_set():
                    continue
                self.running = self.pending.pop(0)
            job, graph, client = self.running
            self.began.set()
            messages = [["execution_start", {"prompt_id": job, "timestamp": 1000}]]
            entry = self._run(job, graph, client, messages)
            with self.lock:
                self.running = None
                if entry is not None:
                    self.history[job] = entry
            if entry is not None:
                self._tell(client, "executing", {"node": None, "prompt_id": job})

    def _run(
        self, job: str, graph: dict[str, Any], client: str, messages: list[Any]
    ) -> dict[str, Any] | None:
        content = json.dumps(graph, sort_keys=True)
        if content in self.cached:
            messages.append(["execution_cached", {"nodes": sorted(graph), "prompt_id": job}])
            messages.append(["execution_success", {"prompt_id": job, "timestamp": 1001}])
            return _entry("success", messages, self.cached[content])
        for step in range(self.steps):
            time.sleep(self.step_seconds)
            self._steps(client, job, step + 1)
            if step + 1 == self.steps:
                self.heard.wait(30)
            if job in self.interrupted:
                messages.append(["execution_interrupted", {"prompt_id": job}])
                return _entry("error", messages, {})
        if self.fault == "restart":
            return None
        if self.fault in ("error", "memory"):
            kind = "torch.OutOfMemoryError" if self.fault == "memory" else "RuntimeError"
            messages.append(
                [
                    "execution_error",
                    {
                        "node_id": "sampler",
                        "node_type": "KSampler",
                        "exception_type": kind,
                        "exception_message": "the words of the prompt",
                    },
                ]
            )
            return _entry("error", messages, {})
        return self._saved(job, graph, messages, content)

    def _saved(
        self, job: str, graph: dict[str, Any], messages: list[Any], content: str
    ) -> dict[str, Any]:
        self.drawn += 1
        prefix = next(
            node["inputs"]["filename_prefix"]
            for node in graph.values()
            if node["class_type"] == "SaveImage"
        )
        folder, _, stem = prefix.rpartition("/")
        name = f"{stem}_{self.drawn:05d}_.png"
        if self.fault != "gone":
            self.files[name] = painted(self.format, seed=self.drawn, graph=graph)
        picture = {"filename": name, "subfolder": folder, "type": "output"}
        told: dict[str, Any] = {"images": [picture]}
        if self.fault == "video":
            told["animated"] = [True]
        outputs = {} if self.fault == "nothing" else {"save": told}
        self.cached[content] = outputs
        messages.append(["execution_success", {"prompt_id": job, "timestamp": 2500}])
        return _entry("success", messages, outputs)


def _entry(status: str, messages: list[Any], outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "prompt": [0, "", {}, {}, []],
        "outputs": outputs,
        "status": {
            "status_str": status,
            "completed": status == "success",
            "messages": messages,
        },
        "meta": {},
    }


def _frame(kind: int, payload: bytes) -> bytes:
    size = len(payload)
    head = struct.pack("BB", kind, size) if size < 126 else struct.pack(">BBH", kind, 126, size)
    return head + payload

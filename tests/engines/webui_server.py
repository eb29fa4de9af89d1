"""A local server that speaks Stable Diffusion WebUI's API, and one for OpenAI's pictures."""

from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.engines.local_server import LocalServer, cut, half, say
from tests.engines.painting import painted


class WebUIServer(LocalServer):
    """One job at a time; `maps` extra ControlNet pictures come after the drawn one."""

    def __init__(self) -> None:
        super().__init__()
        self.fault = ""
        self.format = "PNG"
        self.maps = 0
        self.seconds = 0.0
        self.task: str | None = None
        self.foreign = False
        self.interrupts = 0
        self.stop = threading.Event()
        self.gate = threading.Event()  # until it opens, half an answer stays half

    def get(self, call: BaseHTTPRequestHandler) -> None:
        state = {"job": "x", "sampling_step": 3, "sampling_steps": 28, "interrupted": False}
        task = "somebody-else" if self.foreign else self.task
        say(call, {"progress": 0.1, "state": state, "current_image": None, "current_task": task})

    def post(self, call: BaseHTTPRequestHandler, body: bytes) -> None:
        if call.path == "/sdapi/v1/interrupt":
            self.interrupts += 1
            self.stop.set()
            say(call, {})
            return
        told = json.loads(body)
        self.requests.append((call.path, told))
        self.task = told.get("force_task_id")
        if self.fault == "422":
            detail = [{"loc": ["body", "steps"], "msg": "the words", "type": "int_parsing"}]
            say(call, {"detail": detail}, 422)
        elif self.fault == "memory":
            say(call, {"error": "OutOfMemoryError", "detail": "", "body": "", "errors": "x"}, 500)
        elif self.fault == "404":
            say(call, {"detail": "Sampler not found"}, 404)
        elif self.fault == "500":
            say(call, {"error": "RuntimeError", "detail": "", "body": "", "errors": "x"}, 500)
        elif self.fault == "cut":
            cut(call)
        else:
            self._draw(call, told)

    def _draw(self, call: BaseHTTPRequestHandler, told: dict[str, Any]) -> None:
        until = time.monotonic() + self.seconds
        while time.monotonic() < until and not self.stop.wait(0.01):
            pass
        seed = told["seed"] if told["seed"] != -1 else 99
        pictures = [painted(self.format, seed=seed)]
        pictures += [painted("PNG", (32, 32), 200) for _ in range(self.maps)]
        texts = [base64.b64encode(data).decode() for data in pictures]
        if self.fault == "rubbish":
            texts = ["data:image/png;base64,AAAA"]
        if self.fault == "none":
            texts = []
        if self.fault == "prefix":  # as some of its kin send it
            texts = [f"data:image/png;base64,{text}" for text in texts]
        if self.fault == "grid":
            grid = painted("PNG", (128, 96), 201)
            texts.insert(0, base64.b64encode(grid).decode())
        info: dict[str, Any] = {"seed": seed, "all_seeds": [seed], "sd_model_name": "painter", "steps": 28,
                "infotexts": ["the words of the prompt"], "index_of_first_image": int(self.fault == "grid")}  # fmt: skip
        if self.fault == "broken-off":  # somebody pressed the button in its own page
            info["interrupted"] = True
        said = "{not json" if self.fault == "no-info" else json.dumps(info)
        answer = {"images": texts, "parameters": {}, "info": said}
        if self.fault == "half":
            half(call, answer, self.gate)
        else:
            say(call, answer)


class OpenAIImagesServer(LocalServer):
    """`/images/generations`, `/images/edits` and the files that they point to."""

    def __init__(self) -> None:
        super().__init__()
        self.fault = ""
        self.format = "PNG"
        self.by_address = False
        self.pause = "7"
        self.gate = threading.Event()
        self.clone = False
        self.headers: list[dict[str, str]] = []

    def get(self, call: BaseHTTPRequestHandler) -> None:
        self.headers.append(dict(call.headers))
        if self.fault == "expired":
            say(call, b"gone", 403, "text/plain")
        else:
            say(call, painted(self.format), 200, "image/png")

    def post(self, call: BaseHTTPRequestHandler, body: bytes) -> None:
        edits = call.path.endswith("/edits")
        told = body if edits else json.loads(body)
        self.requests.append((call.path, told))
        if self.fault.isdigit():
            more = {"Retry-After": self.pause} if self.fault == "429" else None
            say(call, {"error": {"message": "the words"}}, int(self.fault), more=more)
            return
        if self.fault in ("content_policy_violation", "moderation_blocked"):
            say(call, {"error": {"message": "the words", "code": self.fault}}, 400)
            return
        row: dict[str, Any] = {"b64_json": base64.b64encode(painted(self.format)).decode()}
        if self.by_address:
            row = {"url": f"{self.url}/files/1.png"}
        if self.fault == "inside":
            row = {"url": "https://127.0.0.1/secret"}
        if self.fault == "plain":
            row = {"url": "http://169.254.169.254/latest"}
        rows = [] if self.fault == "none" else [row]
        usage = {"input_tokens": 50, "output_tokens": 1056, "total_tokens": 1106}
        answer = {"images": rows, "seed": 7} if self.clone else {"data": rows, "usage": usage}
        if self.fault == "half":
            half(call, answer, self.gate)
        else:
            say(call, answer)

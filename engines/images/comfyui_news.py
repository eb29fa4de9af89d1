"""What ComfyUI tells over its web socket while it works; without it the history is asked alone."""

from __future__ import annotations

import base64
import contextlib
import json
import time
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from engines import wire

OPENING = 5.0
LARGEST_MESSAGE = 16 * 1024 * 1024  # previews come over it, and are not read
_ENDS = ("execution_success", "execution_error", "execution_interrupted")


class News:
    """One client's news of one job. A socket that fails is no error: it only tells nothing."""

    def __init__(self, line: wire.Wire, job: str) -> None:
        self.client = uuid4().hex
        self.steps = (0, 0)
        self._job = job
        self._held = contextlib.ExitStack()
        self._socket: ClientConnection | None = None
        address = line.base_url.replace("http", "ws", 1)
        headers = {"Authorization": f"Bearer {line.key}"} if line.key else None
        if line.login:
            pair = ":".join(line.login).encode()
            headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        with contextlib.suppress(OSError, WebSocketException, TimeoutError):
            self._socket = self._held.enter_context(
                connect(
                    f"{address}/ws?clientId={quote(self.client)}",
                    open_timeout=OPENING,
                    close_timeout=1,
                    max_size=LARGEST_MESSAGE,
                    additional_headers=headers,
                    proxy=None,
                )
            )

    def wait(self, seconds: float) -> bool:
        """Listen for at most so long; True as soon as the job has ended."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._socket is None:
                time.sleep(left)
                return False
            try:
                message = self._socket.recv(timeout=left)
            except TimeoutError:
                return False
            except (OSError, WebSocketException):
                self.close()
                continue
            if self._heard(message):
                return True
        return False

    def _heard(self, message: str | bytes) -> bool:
        if isinstance(message, bytes):  # a preview
            return False
        try:
            told: Any = json.loads(message)
        except (ValueError, RecursionError):
            return False
        data = told.get("data") if isinstance(told, dict) else None
        if not isinstance(data, dict) or data.get("prompt_id") != self._job:
            return False
        kind = told.get("type")
        if kind == "progress":
            done, total = data.get("value"), data.get("max")
            if isinstance(done, int) and isinstance(total, int):
                self.steps = (done, total)
        elif kind == "progress_state":
            self.steps = _at_work(data.get("nodes")) or self.steps
        return kind in _ENDS or (kind == "executing" and data.get("node") is None)

    def close(self) -> None:
        self._socket = None
        with contextlib.suppress(OSError, WebSocketException):
            self._held.close()


def _at_work(nodes: object) -> tuple[int, int] | None:
    """Steps of the node at work, as servers since 2025 tell them: value and max by node."""
    for row in nodes.values() if isinstance(nodes, dict) else ():
        if isinstance(row, dict) and row.get("state") == "running":
            done, total = row.get("value"), row.get("max")
            if isinstance(done, int | float) and isinstance(total, int | float):
                return int(done), int(total)
    return None

"""A wall clock for a whole HTTP call.

A read timeout starts anew with every byte, so a server that drips one a second is never late. Here
the socket is shut at the deadline, which wakes whoever reads it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Any

import httpx2


class Deadline:
    """Use as a context manager around one call whose client has `hook` as a request hook.

    `passed` is True once the time was over; `sent` once any byte of the request may have left.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self.sent = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._timer.cancel()
        self._sockets.clear()

    def hook(self, request: httpx2.Request) -> None:
        request.extensions = {**request.extensions, "trace": self._trace}

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            self.sent = True
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            stream = info.get("return_value")
            plug = stream.get_extra_info("socket") if stream is not None else None
            if isinstance(plug, socket.socket):
                self._sockets.append(plug)
                if self.passed:
                    self._shut()

    def _end(self) -> None:
        self.passed = True
        self._shut()

    def _shut(self) -> None:
        for plug in self._sockets:
            with contextlib.suppress(OSError):
                plug.shutdown(socket.SHUT_RDWR)

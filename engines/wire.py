"""One HTTP call to an engine: a wall clock, a size limit, and what each failure costs.

A connection is made for each call, because a kept one that the server has closed meanwhile fails in
a way that cannot be told from an answer that was lost; nothing is retried here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from engines import faults
from engines.deadline import Deadline
from engines.errors import Billed, EngineError

LONGEST_CONNECT = 10.0
# An answer of several pictures in base64, with room.
LARGEST_ANSWER = 96 * 1024 * 1024

# How engines call a refusal by their content rules, in the code of the error that they send.
CONTENT_RULES = (
    b"content_policy", b"moderation_blocked", b"content_filter", b"data_inspection_failed",
    b"DataInspectionFailed", b"image_generation_user_error",
)  # fmt: skip

Transport = Callable[[], httpx2.BaseTransport | None]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def document(self) -> dict[str, Any]:
        """The JSON object in it; raises `EngineError` where there is none."""
        return document_of(self.body)


@dataclass(frozen=True, slots=True)
class Wire:
    """Where to call. `key` is a bearer token, `login` a name and password for HTTP Basic."""

    base_url: str
    key: str = field(default="", repr=False)
    login: tuple[str, str] | None = field(default=None, repr=False)
    transport: Transport = lambda: None

    def call(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        document: Mapping[str, Any] | None = None,
        files: Any = None,
        form: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        largest: int = LARGEST_ANSWER,
    ) -> Reply:
        """One call; any status is a reply. Raises `EngineError` where no whole answer came."""
        with Deadline(max(0.1, seconds)) as deadline:
            waits = httpx2.Timeout(max(0.1, seconds), connect=min(LONGEST_CONNECT, seconds))
            client = httpx2.Client(
                transport=self.transport(),
                timeout=waits,
                follow_redirects=False,
                auth=self.login,
                headers={"Authorization": f"Bearer {self.key}"} if self.key else None,
                event_hooks={"request": [deadline.hook]},
            )
            address = path if "://" in path else f"{self.base_url}{path}"
            try:
                with (
                    client,
                    client.stream(
                        method, address, json=document, files=files, data=form, params=query
                    ) as reply,
                ):
                    body = whole_body(reply.iter_bytes(), largest, deadline)
                    return Reply(reply.status_code, reply.headers, body)
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                raise connection_error(error, deadline) from error


def whole_body(chunks: Iterable[bytes], largest: int, deadline: Deadline) -> bytes:
    """What came, bytes at most `largest`. Raises `EngineError` where it is more, or came too late."""
    whole = bytearray()
    for chunk in chunks:
        whole += chunk
        if len(whole) > largest:
            raise faults.lost("the answer is too large", "too_large_an_answer")
    if deadline.passed:
        raise faults.lost("the time is over", "timeout")
    return bytes(whole)


def connection_error(error: BaseException, deadline: Deadline) -> EngineError:
    """What a broken connection says about money: nothing was sent, or the answer was lost."""
    name = type(error).__name__
    if deadline.sent:
        return faults.lost(name, "timeout" if deadline.passed or "Timeout" in name else "lost")
    return faults.never_sent(name)


def document_of(body: bytes) -> dict[str, Any]:
    """The JSON object in an answer; raises `EngineError` where there is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise faults.lost("the answer is not JSON", "rubbish") from error
    if not isinstance(told, dict):
        raise faults.lost("the answer is not a JSON object", "rubbish")
    return told


def refused(reply: Reply, not_billed: Collection[int] = ()) -> EngineError:
    """The error of a reply that is not 200."""
    told = reply.body[:4096]
    return faults.status_error(
        reply.status,
        reply.headers,
        not_billed,
        exhausted=b"insufficient_quota" in told,
        content=any(word in told for word in CONTENT_RULES),
    )


def unusable(code: str, reason: str, *, billed: Billed = Billed.UNKNOWN) -> EngineError:
    """An answer that came whole and holds nothing to use."""
    return EngineError(
        f"The engine answered, but {reason}.", code=code, permanent=False, billed=billed
    )

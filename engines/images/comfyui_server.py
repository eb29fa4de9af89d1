"""ComfyUI's own questions and answers, one function each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from engines import faults, wire
from engines.errors import Billed, EngineError
from engines.images.decoding import LARGEST_FILE

ASKING = 15.0
SENDING = 60.0
FOLDER = "pingju"
_WORD = re.compile(r"[^A-Za-z0-9_.\- ]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished job as the history tells it."""

    status: str
    messages: tuple[tuple[str, Mapping[str, Any]], ...]
    outputs: Mapping[str, Any]

    @property
    def succeeded(self) -> bool:
        return self.status == "success"

    @property
    def interrupted(self) -> bool:
        return any(name == "execution_interrupted" for name, _ in self.messages)

    @property
    def cached_nodes(self) -> frozenset[str]:
        rows = [told.get("nodes") for name, told in self.messages if name == "execution_cached"]
        return frozenset(str(node) for row in rows if isinstance(row, list) for node in row)

    def cached(self, node: str) -> bool:
        """Whether the server did nothing for this output but to name its old file."""
        return node in self.cached_nodes

    @property
    def seconds(self) -> float | None:
        """From start to end by the server's clock."""
        times: dict[str, float] = {}
        for name, told in self.messages:
            stamp = told.get("timestamp")
            if isinstance(stamp, int | float) and not isinstance(stamp, bool):
                times[name] = float(stamp)
        if "execution_start" not in times or "execution_success" not in times:
            return None
        return round((times["execution_success"] - times["execution_start"]) / 1000, 3)

    def file(self, node: str) -> dict[str, str] | None:
        """The last still picture that a node has saved; moving ones stand in the same list."""
        told = self.outputs.get(node)
        rows = told.get("images") if isinstance(told, dict) else None
        moving = told.get("animated") if isinstance(told, dict) else None
        if not isinstance(rows, list) or (isinstance(moving, list) and any(moving)):
            return None
        for row in reversed(rows):
            if isinstance(row, dict) and isinstance(row.get("filename"), str):
                return {key: str(row.get(key) or "") for key in ("filename", "subfolder", "type")}
        return None

    def error(self) -> EngineError:
        """What broke, by node and kind; the server's own words may hold the prompt and stay out."""
        told: Mapping[str, Any] = next(
            (t for name, t in reversed(self.messages) if name == "execution_error"), {}
        )
        kind = _plain(told.get("exception_type"))
        node = f"{_plain(told.get('node_type'))} ({_plain(told.get('node_id'))})"
        memory = "OutOfMemory" in kind
        return EngineError(
            f"The server has not enough memory for this size, at {node}."
            if memory
            else f"The graph broke at {node}: {kind or 'no reason told'}.",
            code="out_of_memory" if memory else "graph_broke",
            permanent=True,
            billed=Billed.SURELY_NOT,
        )


def _plain(word: object) -> str:
    return _WORD.sub("", str(word or ""))[:80]


class Server:
    """One ComfyUI server. Every method raises `EngineError` and nothing else."""

    def __init__(self, line: wire.Wire) -> None:
        self.line = line

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        reply = self.line.call("GET", path, seconds=ASKING, query=query, largest=32 * 1024 * 1024)
        if reply.status != 200:
            raise _asked_in_vain(wire.refused(reply))
        return reply.document()

    def entry(self, job: str) -> Entry | None:
        """A job's entry once it has ended; None while it waits, and where nobody knows it."""
        told = self._get(f"/history/{quote(job)}").get(job)
        status = told.get("status") if isinstance(told, dict) else None
        if not isinstance(told, dict) or not isinstance(status, dict):
            return None
        rows = status.get("messages")
        messages = tuple(
            (str(row[0]), row[1])
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, list) and len(row) == 2 and isinstance(row[1], dict)
        )
        outputs = told.get("outputs")
        return Entry(
            str(status.get("status_str")), messages, outputs if isinstance(outputs, dict) else {}
        )

    def has(self, job: str) -> bool:
        """Whether a job waits or is at work."""
        told = self._get("/queue")
        return _among(told.get("queue_running"), job) or _among(told.get("queue_pending"), job)

    def send(self, graph: Mapping[str, Any], job: str, client: str) -> wire.Reply:
        body: dict[str, Any] = {"prompt": graph, "prompt_id": job}
        if client:
            body["client_id"] = client
        return self.line.call("POST", "/prompt", seconds=SENDING, document=body)

    def upload(self, picture: bytes, name: str) -> str:
        """Put a picture into the server's inputs; its name there."""
        reply = self.line.call(
            "POST",
            "/upload/image",
            seconds=SENDING,
            files={"image": (name, picture, "image/png")},
            form={"subfolder": FOLDER, "type": "input", "overwrite": "true"},
        )
        if reply.status != 200:
            raise _asked_in_vain(wire.refused(reply))
        told = reply.document()
        if not isinstance(told.get("name"), str):
            raise wire.unusable("upload", "without a name", billed=Billed.SURELY_NOT)
        folder = told.get("subfolder")
        return f"{folder}/{told['name']}" if folder else str(told["name"])

    def view(self, file: Mapping[str, str]) -> bytes:
        reply = self.line.call("GET", "/view", seconds=SENDING, query=file, largest=LARGEST_FILE)
        if reply.status == 404:
            raise wire.unusable(
                "picture_gone", "its file is gone from the server", billed=Billed.SURELY_NOT
            )
        if reply.status != 200:
            raise _asked_in_vain(wire.refused(reply))
        return reply.body

    def stop(self, job: str) -> None:
        """Take a job out of the queue and interrupt it where it runs; both may come too late.

        Older servers interrupt whatever runs, so they are told only where that is this job.
        """
        try:
            self.line.call("POST", "/queue", seconds=ASKING, document={"delete": [job]})
            if _among(self._get("/queue").get("queue_running"), job):
                told = {"prompt_id": job}
                self.line.call("POST", "/interrupt", seconds=ASKING, document=told)
        except EngineError:
            return  # not to be reached: whoever follows the job sees it by the clock


def _among(rows: object, job: str) -> bool:
    """Whether a job is in a part of the queue: rows of number, id, graph, extra, outputs."""
    return isinstance(rows, list) and any(
        isinstance(row, list) and len(row) > 1 and row[1] == job for row in rows
    )


def _asked_in_vain(error: EngineError) -> EngineError:
    """A question beside the job costs nothing, whatever became of it."""
    return EngineError(
        str(error), code=error.code, permanent=error.permanent, billed=Billed.SURELY_NOT,
        retry_after=error.retry_after,
    )  # fmt: skip


def refused_graph(reply: wire.Reply) -> EngineError:
    """Which node the server refused, and for which input; 200 may say so as well as 400."""
    if reply.status not in (200, 400):
        return wire.refused(reply)
    told = reply.document()
    parts = []
    errors = told.get("node_errors")
    for number, row in list(errors.items())[:5] if isinstance(errors, dict) else ():
        reasons = row.get("errors") if isinstance(row, dict) else None
        for reason in reasons if isinstance(reasons, list) else ():
            extra = reason.get("extra_info") if isinstance(reason, dict) else None
            name = extra.get("input_name") if isinstance(extra, dict) else ""
            parts.append(
                f"node {_plain(number)} ({_plain(row.get('class_type'))}) {_plain(name)}: "
                f"{_plain(reason.get('type'))}"
            )
    top = told.get("error")
    kind = top.get("type") if isinstance(top, dict) else top
    where = "; ".join(parts) or _plain(kind) or "no reason told"
    error = faults.status_error(400, reply.headers)
    return EngineError(
        f"The server refused the graph: {where}.",
        code="bad_graph",
        permanent=error.permanent,
        billed=Billed.SURELY_NOT,
    )

"""A model that directs as asked, for tests and for counting tokens: fills every field that is asked for."""

from __future__ import annotations

import json
import re
from typing import Any

from engines.chat import ChatRequest, PaidAnswer
from engines.chat.rehearsal import RehearsalChat

FRAMINGS = ("medium", "close_up", "full", "medium_close_up", "long")
MOVES = ("static", "push_in", "static", "pan", "track")
ACTS = ("walk:happy", "sit:sad", "talk:angry", "stand:surprised", "point:neutral", "run:afraid")
ACTION = {False: "推开房门快步走进来", True: "pushes the door and hurries inside"}
_LINE = re.compile(r"^(\d+)(\??) (.*)$", re.MULTILINE)


def sentences(words: str) -> list[tuple[int, bool, str]]:
    inside = words.split("<novel>\n", 1)[1].rsplit("\n</novel>", 1)[0]
    return [(int(m[1]), bool(m[2]), m[3]) for m in _LINE.finditer(inside)]


def direct(request: ChatRequest) -> dict[str, Any]:
    """All fields for all shots: as dear as an answer gets."""
    return direct_words(request.messages[-1].content)


def direct_words(words: str) -> dict[str, Any]:
    rows = sentences(words)
    first = words.splitlines()[0]
    people = [part.split("=")[0] for part in first.split()[1:] if "=" in part]
    wanted = int(re.search(r"\d+", words.splitlines()[1])[0])  # type: ignore[index]
    shots: list[dict[str, Any]] = []
    count = min(wanted, len(rows))
    english = first.startswith("People")
    for number in range(count):
        a, b = number * len(rows) // count + 1, (number + 1) * len(rows) // count
        shot: dict[str, Any] = {"r": [a, b], "f": FRAMINGS[number % 5]}
        if MOVES[number % 5] != "static":
            shot["m"] = MOVES[number % 5]
        seen = people[: 1 + number % 2]
        shot["c"] = [f"{who}:{ACTS[(number + at) % 6]}" for at, who in enumerate(seen)]
        shot["a"] = ACTION[english]
        shots.append(shot)
    said = [f"{number}:{people[number % len(people)] if people else '?'}"
            for number, asked, _ in rows if asked]  # fmt: skip
    scene = {"at": 1, "place": "library" if english else "书房", "type": "study",
             "time": "night", "weather": "rain"}  # fmt: skip
    return {"scenes": [scene], "shots": shots, "said": said}


def write(request: ChatRequest) -> str:
    return json.dumps(direct(request), ensure_ascii=False, separators=(",", ":"))


class Asked:
    """A `complete` that keeps what it was asked and answers by `writer`."""

    def __init__(self, writer: Any = write, *, cost_micro: int = 300) -> None:
        self.requests: list[ChatRequest] = []
        self.writer = writer
        self.cost_micro = cost_micro

    def __call__(self, request: ChatRequest) -> PaidAnswer:
        self.requests.append(request)
        answer = RehearsalChat(writer=self.writer).complete(request)
        return PaidAnswer(answer, self.cost_micro, "CNY", kept=False)

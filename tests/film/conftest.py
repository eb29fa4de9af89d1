"""A small storyboard with drawn frames, and sound files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.film.samples import make_board, write_tone


@pytest.fixture
def board(tmp_path: Path) -> dict[str, Any]:
    return make_board(tmp_path)


@pytest.fixture
def tone(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, seconds: float, **how: float) -> Path:
        return write_tone(tmp_path / name, seconds, **how)

    return write

from __future__ import annotations

import pytest

from generation.story import as_text, chapters, storyboard, validate


@pytest.mark.parametrize(
    "piece",
    [
        "他走在路上，看见一座山。",
        "“",
        "”“",
        "「『‘",
        "甲曰：",
        "\n",
        "第一章",
        "无标点的长句" * 5,
        "\"'",
    ],
)
def test_one_very_long_line_is_partitioned(piece: str) -> None:
    text = (piece * (120_000 // len(piece)))[:120_000]
    book = as_text(text)
    assert chapters(text)[-1].end == len(text)
    assert validate(storyboard(book, density=2).to_dict(), book.text) == []

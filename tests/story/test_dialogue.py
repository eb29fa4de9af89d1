from __future__ import annotations

import itertools

import pytest

from generation.story import as_text, storyboard
from generation.story.quotes import quotes
from tests.story.samples import EXPLICIT, IMPLICIT, labelled


def _attributed(passage: str) -> list[tuple[str, str]]:
    """(label, who the board says) for each labelled quote; ? where it says nobody."""
    text, labels = labelled(passage)
    book = as_text(text)
    board = storyboard(book, density=40)
    names = {p["id"]: {p["name"], *p["aliases"]} for p in board.cast}
    found: dict[int, str | None] = {}
    for shot in board.shots:
        for line in shot["lines"]:
            found.setdefault(line["start"], line["speaker"])
    result = []
    for offset, label in labels:
        assert offset in found, f"no line starts at {text[offset : offset + 12]!r}"
        speaker = found[offset]
        said = "?" if speaker is None else label if label in names[speaker] else min(names[speaker])
        result.append((label, said))
    return result


@pytest.mark.parametrize("style", sorted(EXPLICIT))
def test_explicit_quotes_have_their_speaker(style: str) -> None:
    for label, said in _attributed(EXPLICIT[style]):
        assert said == label


@pytest.mark.parametrize("style", sorted(IMPLICIT))
def test_implicit_quotes_have_their_speaker(style: str) -> None:
    for label, said in _attributed(IMPLICIT[style]):
        assert said == label


def test_the_whole_labelled_sample_meets_the_published_rates() -> None:
    explicit = [pair for passage in EXPLICIT.values() for pair in _attributed(passage)]
    everything = explicit + [p for passage in IMPLICIT.values() for p in _attributed(passage)]
    assert sum(a == b for a, b in explicit) >= 0.95 * len(explicit)
    assert sum(a == b for a, b in everything) >= 0.8 * len(everything)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("他说：“你好。”", ["“你好。”"]),
        ("他說：「你好。」", ["「你好。」"]),
        ("他說：『你好。』", ["『你好。』"]),
        ('他说:"你好。"她说:"好。"', ['"你好。"', '"好。"']),
        ("他说：“她说‘走吧’，我就走了。”", ["“她说‘走吧’，我就走了。”"]),
        ("“没有关上的话\n下一段", ["“没有关上的话"]),
        ("“第一段。\n“第二段。”", ["“第一段。", "“第二段。”"]),
        ("操曰：吾知之矣。\n备曰：然。", ["吾知之矣。", "然。"]),
        ("—— 走吗？\n—— 走。\n—— 好。", ["—— 走吗？", "—— 走。", "—— 好。"]),
        ("‘It’s a dog’s life,’ said Tom.", ["‘It’s a dog’s life,’"]),
        ("他被称为“铁面判官”多年。", []),
        ("没有对话。", []),
        ("”反过来的“", []),
    ],
)
def test_quotes_of_every_style_are_found(text: str, spoken: list[str]) -> None:
    found = quotes(text, 0, len(text))
    assert [text[q.start : q.end] for q in found if q.spoken] == spoken


def test_quotes_never_overlap_whatever_the_marks() -> None:
    text = '“‘「『"”’」』"' * 300 + "\n" + "“" * 500 + "\n" + "'\"“" * 200
    found = quotes(text, 0, len(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))

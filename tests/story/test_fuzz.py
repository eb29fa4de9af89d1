"""Whatever is read, nothing of it is lost or told twice."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.decoding import UndecodableError
from generation.story import as_text, chapters, read, storyboard, validate

_PIECES = (
    "第一章 风起", "第1章", "第二回\u3000某某大闹某某", "第四回中他说过", "第零三章：空", "卷一 少年", "楔子", "番外二", "目录",
    "序", "Chapter I", "CHAPTER 12. The End", "Part Two", "PROLOGUE", "一、", "1.", "* * *", "———",
    "\n", "\n\n", "\r\n", "\u2028", "\x0c", "\u3000\u3000", " ", "\t", "\x00", "\ufeff", "\u200d", "\u0301", "😀", "👩\u200d👧",
    "“", "”", "「", "」", "『", "』", "‘", "’", '"', "'", "——", "……", "。", "，", "！", "？", "：", ". ", ", ",
    "张三道：", "李四笑道：“好。”", "王小明说，", "他说", "那人曰", "“走吧，林清。”", "林清玄", "三天后", "姓赵名云，字子龙",
    '"Good day," said Mr. Smith. ', "“No,” she said.\n\n", "Alice went to London. ", "I said so. ", "𠮷野家", "ａｂｃ", "陳舊的門",
)  # fmt: skip
_TEXTS = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=60).map(
    "".join
)


@given(_TEXTS.filter(lambda text: bool(text.replace("\r\n", "\n").replace("\r", "\n"))))
@settings(max_examples=10, deadline=None)
def test_a_board_partitions_whatever_it_is_made_of(text: str) -> None:
    book = as_text(text)
    board = storyboard(book, density=30).to_dict()
    assert validate(board, book.text) == []


@given(_TEXTS.filter(bool))
@settings(max_examples=80, deadline=None)
def test_chapters_partition_whatever_stands_in_their_headings(text: str) -> None:
    found = chapters(text)
    assert (found[0].start, found[-1].end) == (0, len(text))
    assert all(a.end == b.start and a.start < a.end for a, b in itertools.pairwise(found))


@given(
    _TEXTS,
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"]),
    st.integers(0, 6),
    st.one_of(st.none(), st.tuples(st.integers(0, 10_000), st.integers(0, 255))),
)
@settings(max_examples=80, deadline=None)
def test_bytes_of_every_encoding_are_read_or_refused_and_repairs_have_their_place(
    text: str, encoding: str, cut: int, bad: tuple[int, int] | None
) -> None:
    data = bytearray(text.encode(encoding, "ignore"))
    del data[len(data) - min(cut, len(data)) :]
    if bad and data:
        data[bad[0] % len(data)] = bad[1]
    try:
        book = read(bytes(data), "n.txt")
    except UndecodableError:
        return
    assert all(0 <= repair.offset <= len(book.text) for repair in book.repairs)

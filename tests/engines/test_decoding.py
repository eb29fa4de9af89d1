from __future__ import annotations

import random

import pytest

from engines.decoding import UndecodableError, decode

HANS = (
    "却说林清玄来到青石镇，天色已晚。店家迎出来道：“客官里面请！”他点点头，走了进去，要了一壶酒。\n"
    * 3
)
HANT = (
    "卻說林清玄來到青石鎮，天色已晚。店家迎出來道：「客官裡面請！」他點點頭，走了進去，要了一壺酒。\n"
    * 3
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_with_and_without_a_byte_order_mark(encoding: str) -> None:
    decoded = decode(HANS.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.repairs) == (HANS, "utf-8", ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [HANS, HANT, "Plain English, no mark at all.\n" * 5])
def test_utf16_is_read_with_and_without_a_byte_order_mark(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, "utf-16")


@pytest.mark.parametrize("text", [HANS, HANT])
def test_gb18030_is_told_from_big5(text: str) -> None:
    decoded = decode(text.encode("gb18030"))
    assert (decoded.text, decoded.encoding) == (text, "gb18030")


def test_big5_is_told_from_gb18030() -> None:
    decoded = decode(HANT.encode("big5"))
    assert (decoded.text, decoded.encoding) == (HANT, "big5")


@pytest.mark.parametrize("title", ["老残游记", "林清玄来到青石镇", "他说道"])
def test_a_few_characters_are_enough_to_tell_the_encoding(title: str) -> None:
    assert decode(title.encode("gb18030")).text == title
    assert decode(title.encode()).text == title


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_inside_its_last_character_is_repaired_there(cut: int) -> None:
    whole = HANS.rstrip("\n")
    decoded = decode(whole.encode()[:-cut])
    assert decoded.text == whole[:-1] + "\ufffd"
    (repair,) = decoded.repairs
    assert repair.offset == len(whole) - 1
    assert repair.byte_offset == len(whole[:-1].encode())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_bad_byte_costs_one_character_and_is_listed(mark: bytes) -> None:
    data = mark + HANS[:20].encode() + b"\xff" + HANS[20:].encode()
    decoded = decode(data)
    assert decoded.text == HANS[:20] + "\ufffd" + HANS[20:]
    (repair,) = decoded.repairs
    assert (repair.byte_offset, repair.offset, repair.original) == (len(mark) + 60, 20, "ff")


def test_a_bad_byte_in_gb18030_does_not_lose_the_book() -> None:
    data = HANS.encode("gb18030")
    decoded = decode(data[:40] + b"\xff" + data[40:])
    assert decoded.encoding == "gb18030"
    assert decoded.repairs
    assert decoded.text.endswith(HANS[-60:])


def test_repair_offsets_count_after_newlines_are_normalised() -> None:
    decoded = decode("第一行\r\n第二行\r".encode() + b"\xff" + "尾".encode() * 40)
    assert decoded.text.startswith("第一行\n第二行\n\ufffd尾")
    assert decoded.text[decoded.repairs[0].offset] == "\ufffd"


def test_every_repair_stands_at_a_replacement_character() -> None:
    rng = random.Random(7)
    data = bytearray((HANS * 20).encode())
    for _ in range(25):
        data[rng.randrange(len(data))] = 0xFE
    decoded = decode(bytes(data))
    assert decoded.text == bytes(data).decode("utf-8", "replace")
    assert [decoded.text[r.offset] for r in decoded.repairs] == ["\ufffd"] * len(decoded.repairs)
    assert len(decoded.repairs) == decoded.text.count("\ufffd") >= 25


def test_windows_1252_prose_keeps_its_curly_quotes() -> None:
    text = "“Don’t,” said the café owner, and the naïve guest didn’t. " * 4
    decoded = decode(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (text, "windows-1252")


def test_emoji_and_rare_characters_survive() -> None:
    text = "他笑了😀，写下𠀀字。"
    assert decode(text.encode()).text == text
    assert decode((HANS + text).encode("gb18030")).text == HANS + text


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "empty"),
        (b"\xef\xbb\xbf", "empty", "byte order mark"),
        (b"%PDF-1.7\n%abc", "binary", "PDF"),
        (b"PK\x03\x04rest of an archive", "binary", "zip"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "binary", "JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40, "binary", "Word"),
        (b"\x00" * 200, "binary", "NUL"),
        (b"some\x00words\x00here", "binary", "NUL"),
        (bytes(range(1, 32)) * 8, "binary", "control"),
    ],
)
def test_what_is_no_text_is_refused_with_its_kind_and_a_remedy(
    data: bytes, code: str, words: str
) -> None:
    with pytest.raises(UndecodableError) as caught:
        decode(data)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert (
        "hoose" in str(caught.value)
        or "first" in str(caught.value)
        or "reader" in str(caught.value)
    )


@pytest.mark.parametrize("seed", range(6))
def test_random_bytes_are_never_taken_for_a_novel(seed: int) -> None:
    with pytest.raises(UndecodableError):
        decode(random.Random(seed).randbytes(5_000))


def test_a_stray_nul_in_a_long_text_is_replaced_and_listed() -> None:
    text = HANS * 40
    decoded = decode((text[:100] + "\x00" + text[100:]).encode())
    assert decoded.text == text[:100] + "\ufffd" + text[100:]
    assert [(r.offset, r.original) for r in decoded.repairs] == [(100, "00")]

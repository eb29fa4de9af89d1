"""Pictures from outside: looked at before they are decoded, and written anew."""

import io
import json
import time
import zlib

import pytest
from PIL import Image

from engines.images.decoding import BadPicture, clean_picture
from tests.engines.painting import painted


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "RGBA"])
def test_a_picture_of_any_format_becomes_a_png_without_what_it_carried(kind: str) -> None:
    clean = clean_picture(painted(kind))
    assert Image.open(io.BytesIO(clean.png)).info == {}
    assert b"secret" not in clean.png
    assert (clean.width, clean.height) == (64, 96)


def test_what_is_clear_becomes_paper_and_not_black() -> None:
    pixel = Image.open(io.BytesIO(clean_picture(painted("RGBA")).png)).getpixel((5, 5))
    assert pixel == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_picture"),
        (b"<html>502</html>", "no_picture"),
        (painted("GIF"), "no_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no_picture"),
        (
            b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg/>',
            "no_picture",
        ),
        (painted("MOVING"), "moving_picture"),
        (painted("APNG"), "moving_picture"),
        (painted()[:-40], "broken_picture"),
        (painted("JPEG")[:-80], "broken_picture"),
        (painted("WEBP")[:-20], "broken_picture"),
        (b"\x89PNG" + bytes(33 * 1024 * 1024), "picture_too_large"),
    ],
)
def test_bytes_that_are_no_still_picture_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadPicture) as caught:
        clean_picture(data)
    assert caught.value.code == code


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    stream = io.BytesIO()
    Image.new("1", (8192, 8192)).save(stream, "PNG")
    began = time.process_time()
    with pytest.raises(BadPicture) as caught:
        clean_picture(stream.getvalue())
    assert caught.value.code == "picture_too_large"
    assert time.process_time() - began < 1


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def deep(kind: int, *channels: int) -> bytes:
    """A PNG of 16 bits a channel: grey (0) or colours (2)."""
    row = b"\0" + b"".join(value.to_bytes(2, "big") for value in channels) * 4
    head = (4).to_bytes(4, "big") * 2 + bytes([16, kind, 0, 0, 0])
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * 4)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "pixel"),
    [(deep(0, 0x4000), (64, 64, 64)), (deep(2, 0xFFFF, 0x4000, 0), (255, 64, 0))],
)
def test_sixteen_bits_become_eight_of_the_same_brightness(
    data: bytes, pixel: tuple[int, int, int]
) -> None:
    clean = Image.open(io.BytesIO(clean_picture(data).png)).getpixel((1, 1))
    assert max(abs(a - b) for a, b in zip(clean, pixel, strict=True)) <= 1  # type: ignore[arg-type]


def with_chunk(png: bytes, extra: bytes) -> bytes:
    """The PNG with a chunk after its header."""
    return png[:33] + extra + png[33:]


def test_the_graph_that_a_comfyui_picture_carries_does_not_go_on() -> None:
    graph = json.dumps(
        {"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "my secret words"}}}
    )
    told = painted()
    for key in (b"prompt", b"workflow"):
        told = with_chunk(told, chunk(b"tEXt", key + b"\0" + graph.encode()))
        told = with_chunk(told, chunk(b"zTXt", key + b"\0\0" + zlib.compress(graph.encode())))
    assert b"secret" in told
    assert Image.open(io.BytesIO(told)).text  # type: ignore[attr-defined]
    clean = Image.open(io.BytesIO(clean_picture(told).png))
    assert clean.info == {}
    assert not clean.text  # type: ignore[attr-defined]


def test_where_a_photograph_was_taken_does_not_go_on_and_it_stands_upright() -> None:
    picture = Image.new("RGB", (60, 40), "navy")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=exif)
    clean = clean_picture(stream.getvalue())
    assert (clean.width, clean.height) == (40, 60)
    assert not Image.open(io.BytesIO(clean.png)).getexif()


def test_a_bomb_of_text_inside_of_a_small_picture_is_refused() -> None:
    bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80 * 1024 * 1024), 9))
    assert len(bomb) < 200_000
    with pytest.raises(BadPicture) as caught:
        clean_picture(with_chunk(painted(), bomb))
    assert caught.value.code == "broken_picture"


def test_a_file_that_is_picture_and_archive_at_once_becomes_picture_only() -> None:
    clean = clean_picture(painted() + b"PK\x03\x04<script>secret</script>")
    assert b"secret" not in clean.png
    assert b"PK" not in clean.png[-64:]

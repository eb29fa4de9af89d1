"""Encoders of pictures: the offline one, a model in ONNX, and what is refused in its place."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.likeness import EncoderMissing, encoder_in_use
from engines.likeness.colours import ColourShape
from engines.likeness.onnx import OnnxEncoder, OnnxSettings
from generation.frames import character_sheet, draw
from generation.frames.crops import crops_of, sheet_crops
from generation.frames.identity import cids_cross, cids_self
from generation.frames.sketch.raster import raster
from tests.frames.people import CAST, shot_of


def field(number: int, data: bytes | int) -> bytes:
    """One field of a protocol buffer."""
    if isinstance(data, int):
        return varint(number << 3) + varint(data)
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def pooling_model() -> bytes:
    """A model in ONNX that averages each channel over the picture: (n, 3, h, w) to (n, 3, 1, 1)."""

    def value(name: bytes, shape: tuple[bytes | int, ...]) -> bytes:
        dims = b"".join(field(1, field(1, d) if isinstance(d, int) else field(2, d)) for d in shape)
        tensor = field(1, 1) + field(2, dims)
        return field(1, name) + field(2, field(1, tensor))

    node = field(1, b"x") + field(2, b"y") + field(4, b"GlobalAveragePool")
    graph = field(1, node) + field(2, b"g")
    graph += field(11, value(b"x", (b"n", 3, b"h", b"w"))) + field(12, value(b"y", (b"n", 3, 1, 1)))
    return field(1, 8) + field(7, graph) + field(8, field(1, b"") + field(2, 13))


@pytest.fixture
def model(tmp_path: Path) -> OnnxSettings:
    pytest.importorskip("onnxruntime", reason="pip install -r requirements-models.txt")
    path = tmp_path / "pool.onnx"
    path.write_bytes(pooling_model())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return OnnxSettings("pool", path, digest, 32, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def crop(who: str, framing: str, index: int) -> Image.Image:
    shot = shot_of(framing, (who,), index=index)
    panel = draw(shot, cast=CAST, scene={"place": "长街"}, size=(360, 640))
    return crops_of(raster(panel.svg, 360, 640), shot, CAST, sketched=True, scene=None)[who]


def test_the_offline_encoder_finds_one_character_nearer_to_itself_than_to_others() -> None:
    encoder = ColourShape()
    rows = {
        who: encoder.encode(
            [crop(who, framing, at) for at, framing in enumerate(("medium", "close_up"))]
        )
        for who in ("wukong", "daiyu", "boss", "child")
    }
    sheets = {
        who: encoder.encode(
            sheet_crops(raster(character_sheet(CAST[who]).svg, 1080, 1080), CAST[who])
        )
        for who in rows
    }
    for who, mine in rows.items():
        assert mine.shape == (2, 288)
        assert np.allclose(np.linalg.norm(mine, axis=1), 1)
        others = [cids_cross(mine, sheets[other]) for other in rows if other != who]
        assert cids_cross(mine, sheets[who]) > max(others), who
        assert cids_self(mine) > max(float((mine @ rows[o].T).mean()) for o in rows if o != who)
    assert not encoder.knows_identity


def test_a_model_in_onnx_gives_rows_of_length_one_under_its_name(model: OnnxSettings) -> None:
    encoder = OnnxEncoder(model)
    rows = encoder.encode([Image.new("RGB", (9, 40), "red"), Image.new("RGB", (9, 9), "blue")] * 10)
    assert rows.shape == (20, 3)
    assert np.allclose(rows[0], (1, 0, 0))
    assert np.allclose(rows[1], (0, 0, 1))
    assert encoder.name == f"pool:{model.sha256[:8]}"
    assert encoder.encode([]).shape[0] == 0


@pytest.mark.parametrize("change", ["other", "gone", "rubbish", "words"])
def test_an_encoder_that_is_not_the_one_in_the_settings_is_refused(
    model: OnnxSettings, settings: object, change: str
) -> None:
    digest = model.sha256
    if change == "other":
        model.path.write_bytes(pooling_model() + field(2, b"another producer"))
    elif change == "gone":
        model.path.unlink()
    elif change == "rubbish":
        model.path.write_bytes(b"no model")
        digest = hashlib.sha256(b"no model").hexdigest()
    told = {"title": "pool", "path": str(model.path), "sha256": digest}
    settings.IDENTITY_ENCODER = "{" if change == "words" else json.dumps(told)  # type: ignore[attr-defined]
    with pytest.raises(EncoderMissing):
        encoder_in_use()


def test_without_settings_colours_and_shapes_are_compared(settings: object) -> None:
    settings.IDENTITY_ENCODER = ""  # type: ignore[attr-defined]
    assert encoder_in_use().name == "colour-shape@1"

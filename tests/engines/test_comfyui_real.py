"""The ComfyUI client against a real server, where one is installed.

Set PINGJU_COMFYUI_URL to its address (a server without weights will do: only core nodes that make
a picture of one colour are used). Without it these tests are skipped.
"""

import io
import os
from dataclasses import replace

import pytest
from PIL import Image

from engines.images import PictureRequest
from engines.images.comfyui import ComfyUIImages, ComfyUISettings
from engines.images.templates import parse
from engines.wire import Wire

ADDRESS = os.environ.get("PINGJU_COMFYUI_URL", "").rstrip("/")
pytestmark = pytest.mark.skipif(
    not ADDRESS, reason="no ComfyUI server: set PINGJU_COMFYUI_URL to try a real one"
)
# The seed is the colour, so that another seed is another graph and another picture.
TEMPLATE = parse(
    {
        "kind": "comfyui",
        "output": "save",
        "body": {
            "paint": {
                "class_type": "EmptyImage",
                "inputs": {
                    "width": "{{width}}", "height": "{{height}}", "batch_size": 1,
                    "color": "{{seed}}",
                },
                "_meta": {"title": "{{prompt}}"},
            },
            "save": {
                "class_type": "SaveImage",
                "inputs": {"images": ["paint", 0], "filename_prefix": "pingju/{{job}}"},
            },
        },
    }
)  # fmt: skip
ASKED = PictureRequest(prompt="a colour", seed=0x336699, width=64, height=96, timeout=60)


@pytest.fixture
def engine() -> ComfyUIImages:
    return ComfyUIImages(ComfyUISettings("real", "none", Wire(ADDRESS), TEMPLATE, poll=0.2))


def test_a_real_server_draws_once_and_finds_it_again(engine: ComfyUIImages) -> None:
    asked = replace(ASKED, prompt=f"a colour {os.urandom(6).hex()}")
    first = engine.draw(asked)
    picture = Image.open(io.BytesIO(first.png))
    assert (picture.size, picture.info) == ((64, 96), {})
    assert picture.getpixel((5, 5)) == (0x33, 0x66, 0x99)
    again = engine.recover(asked)
    assert again is not None
    assert (again.request_id, again.sha256) == (first.request_id, first.sha256)

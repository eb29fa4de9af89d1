"""What every picture adapter keeps to."""

import io

import pytest
from PIL import Image

from engines.errors import Billed, EngineError
from engines.images import Images
from engines.images.comfyui import ComfyUIImages
from engines.images.webui import WebUIImages
from tests.engines.images.asked import ASKED, Stop


def test_every_engine_gives_one_clean_png_and_names_itself(anyone: Images) -> None:
    answer = anyone.draw(ASKED)

    picture = Image.open(io.BytesIO(answer.png))
    assert (picture.format, picture.mode, picture.info) == ("PNG", "RGB", {})
    assert picture.size == (answer.width, answer.height)
    assert answer.seed == 4711
    assert answer.fresh
    assert answer.model
    assert anyone.name
    assert "secret" not in repr(anyone.version)


def test_every_engine_that_is_stopped_says_cancelled_and_surely_not_billed(
    anyone: Images, request: pytest.FixtureRequest
) -> None:
    if isinstance(anyone, ComfyUIImages):
        request.getfixturevalue("comfy_server").steps = 100_000  # until it is told to stop
    if isinstance(anyone, WebUIImages):
        request.getfixturevalue("webui_server").seconds = 3.0

    def watch(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(EngineError) as caught:
        anyone.draw(ASKED, watch)
    assert (caught.value.code, caught.value.billed) == ("cancelled", Billed.SURELY_NOT)
    assert isinstance(caught.value.__cause__, Stop)

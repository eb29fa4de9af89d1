"""Stable Diffusion WebUI with every trap that is known: maps beside the picture, half pictures."""

from dataclasses import replace

import pytest

from engines.errors import Billed, EngineError
from engines.images import Reference
from engines.images.webui import WebUIImages
from tests.engines.images.asked import ASKED, FACE, Stop
from tests.engines.webui_server import WebUIServer


def test_regions_and_masks_are_handed_to_the_extensions(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    other = Reference("c2", FACE.picture, (0.5, 0.1, 0.45, 0.9))
    webui.draw(replace(ASKED, references=(FACE, other)))

    path, sent = webui_server.requests[0]
    assert path == "/sdapi/v1/txt2img"
    args = sent["alwayson_scripts"]["Regional Prompter"]["args"]
    assert args[6].count(",") + 1 == sent["prompt"].count("BREAK") + 1 == 2
    assert sent["prompt"].startswith(f"{ASKED.common} ADDCOMM ")
    units = sent["alwayson_scripts"]["ControlNet"]["args"]
    assert len(units) == 2
    assert len({unit["effective_region_mask"] for unit in units}) == 2
    assert sent["seed"] == 4711
    assert "init_images" not in sent


def test_a_word_of_the_extension_inside_of_a_look_breaks_no_region(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    region = replace(ASKED.regions[0], prompt="a BREAK dancer")
    webui.draw(replace(ASKED, regions=(region, ASKED.regions[1])))
    assert webui_server.requests[0][1]["prompt"].count("BREAK") == 1


def test_a_picture_to_begin_from_goes_to_img2img_and_no_empty_script_is_sent(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    webui.draw(replace(ASKED, regions=(), source=FACE.picture))
    path, sent = webui_server.requests[0]
    assert path == "/sdapi/v1/img2img"
    assert len(sent["init_images"]) == 1
    assert sent["alwayson_scripts"] == {}


def test_extra_maps_of_controlnet_are_not_taken_for_the_picture(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    webui_server.maps = 3
    assert (webui.draw(ASKED).width, webui.draw(ASKED).height) == (64, 96)


def test_half_a_picture_after_an_interruption_is_not_passed_off_as_whole(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    webui_server.seconds = 5.0

    def watch(done: int, total: int) -> None:
        assert (done, total) == (3, 28)
        raise Stop

    with pytest.raises(EngineError) as caught:
        webui.draw(ASKED, watch)
    assert caught.value.code == "cancelled"
    assert webui_server.interrupts >= 1


def test_a_job_of_somebody_else_is_not_interrupted(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    webui_server.seconds, webui_server.foreign = 0.2, True

    def watch(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(EngineError):
        webui.draw(ASKED, watch)
    assert webui_server.interrupts == 0


@pytest.mark.parametrize(
    ("fault", "code", "permanent", "billed"),
    [
        ("404", "not_found", True, Billed.SURELY_NOT),
        ("422", "bad_request", True, Billed.SURELY_NOT),
        ("500", "server_error", False, Billed.SURELY_NOT),
        ("memory", "out_of_memory", True, Billed.SURELY_NOT),
        ("cut", "lost", False, Billed.UNKNOWN),
        ("rubbish", "no_picture", False, Billed.SURELY_NOT),
        ("none", "no_picture", False, Billed.SURELY_NOT),
    ],
)
def test_each_fault_of_webui_says_what_it_means(
    webui: WebUIImages,
    webui_server: WebUIServer,
    fault: str,
    code: str,
    permanent: bool,
    billed: Billed,
) -> None:
    webui_server.fault = fault
    with pytest.raises(EngineError) as caught:
        webui.draw(ASKED)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)
    assert caught.value.billed is billed
    assert "words" not in str(caught.value)

"""The contract of every picture adapter, against local servers with every trap that is known."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image

from engines.errors import Billed, EngineError
from engines.images import Images, PictureRequest, Reference, Region
from engines.images.comfyui import ComfyUIImages, ComfyUISettings
from engines.images.decoding import BadPicture, clean_picture
from engines.images.openai_images import ImagesEndpoint, OpenAIImages
from engines.images.registry import built_in
from engines.images.rehearsal import RehearsalImages
from engines.images.webui import WebUIImages, WebUISettings
from engines.images.wire import Wire
from tests.engines.comfyui_server import ComfyUIServer
from tests.engines.local_server import cut
from tests.engines.painting import painted
from tests.engines.webui_server import OpenAIImagesServer, WebUIServer

ASKED = PictureRequest(
    prompt="one boy, one girl; a hall; 林清: black hair; 苏月: red dress",
    negative="extra people",
    seed=4711,
    width=1080,
    height=1920,
    common="one boy, one girl; a hall",
    regions=(
        Region("c1", "林清: black hair", (0.0, 0.1, 0.45, 0.9)),
        Region("c2", "苏月: red dress", (0.5, 0.1, 0.45, 0.9)),
    ),
    timeout=10,
)
FACE = Reference("c1", clean_picture(painted(seed=3)).png, (0.0, 0.1, 0.45, 0.9))


class Stop(Exception):
    """What a watch raises."""


@pytest.fixture
def comfy_server() -> Iterator[ComfyUIServer]:
    with ComfyUIServer() as server:
        yield server


@pytest.fixture
def webui_server() -> Iterator[WebUIServer]:
    with WebUIServer() as server:
        yield server


@pytest.fixture
def openai_server() -> Iterator[OpenAIImagesServer]:
    with OpenAIImagesServer() as server:
        yield server


@pytest.fixture
def comfy(comfy_server: ComfyUIServer) -> ComfyUIImages:
    return ComfyUIImages(
        ComfyUISettings(
            "home", "sdxl", Wire(comfy_server.url), built_in("comfyui-regions"), poll=0.05, grace=3
        )
    )


@pytest.fixture
def webui(webui_server: WebUIServer) -> WebUIImages:
    line = Wire(webui_server.url)
    return WebUIImages(WebUISettings("sd", "xl", line, built_in("webui-regions"), poll=0.02))


@pytest.fixture
def openai(openai_server: OpenAIImagesServer) -> OpenAIImages:
    line = Wire(openai_server.url, key="sk-secret")
    return OpenAIImages(ImagesEndpoint("gpt", "gpt-image-1", line, built_in("openai")))


@pytest.fixture(params=["comfy", "webui", "openai", "rehearsal"])
def anyone(request: pytest.FixtureRequest) -> Images:
    if request.param == "rehearsal":
        return RehearsalImages()
    engine: Images = request.getfixturevalue(request.param)
    return engine


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
        request.getfixturevalue("comfy_server").step_seconds = 0.3
    if isinstance(anyone, WebUIImages):
        request.getfixturevalue("webui_server").seconds = 3.0

    def watch(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(EngineError) as caught:
        anyone.draw(ASKED, watch)
    assert (caught.value.code, caught.value.billed) == ("cancelled", Billed.SURELY_NOT)
    assert isinstance(caught.value.__cause__, Stop)


# -- pictures from outside -------------------------------------------------------------------------


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
        (painted("MOVING"), "moving_picture"),
        (painted()[:-40], "broken_picture"),
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


# -- ComfyUI ---------------------------------------------------------------------------------------


def test_the_graph_has_a_region_for_every_character_and_our_own_number(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    answer = comfy.draw(ASKED)

    sent = comfy_server.requests[0][1]
    graph = sent["prompt"]
    areas = [
        node["inputs"] for node in graph.values() if node["class_type"] == "ConditioningSetArea"
    ]
    assert [(area["x"], area["y"]) for area in areas] == [(0, 136), (384, 136)]
    assert all(side % 8 == 0 for area in areas for side in (area["width"], area["height"]))
    assert graph["sampler"]["inputs"]["positive"] == ["people2_join", 0]
    assert graph["people2_join"]["inputs"]["conditioning_1"] == ["people1_join", 0]
    assert graph["common"]["inputs"]["text"] == ASKED.common
    assert graph["sampler"]["inputs"]["seed"] == 4711
    assert sent["prompt_id"] == answer.request_id
    assert answer.request_id in graph["save"]["inputs"]["filename_prefix"]


def test_a_shot_without_characters_says_all_in_one_text(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy.draw(replace(ASKED, regions=()))
    graph = comfy_server.requests[0][1]["prompt"]
    assert graph["sampler"]["inputs"]["positive"] == ["common", 0]
    assert graph["common"]["inputs"]["text"] == ASKED.prompt


def test_masks_and_references_are_uploaded_and_chained(comfy_server: ComfyUIServer) -> None:
    template = built_in("comfyui-masks-references")
    engine = ComfyUIImages(
        ComfyUISettings("home", "flux", Wire(comfy_server.url), template, poll=0.05)
    )
    engine.draw(replace(ASKED, references=(FACE,)))
    graph = comfy_server.requests[0][1]["prompt"]
    assert graph["alike1_alike"]["inputs"]["conditioning"] == ["people2_join", 0]
    assert graph["guided"]["inputs"]["conditioning"] == ["alike1_alike", 0]
    assert graph["alike1_picture"]["inputs"]["image"].startswith("pingju/reference-")
    assert len(comfy_server.uploads) == 3  # two masks and a face


def test_progress_comes_over_the_socket_and_without_it_the_history_tells(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    seen: list[tuple[int, int]] = []
    comfy_server.steps, comfy_server.step_seconds = 8, 0.05
    comfy.draw(ASKED, lambda done, total: seen.append((done, total)))
    assert any(total == 8 for _, total in seen)

    comfy_server.talks = False
    assert comfy.draw(replace(ASKED, seed=1)).fresh


def test_an_equal_graph_is_answered_from_the_cache_and_not_passed_off_as_new(
    comfy_server: ComfyUIServer,
) -> None:
    # A template of a person who took the job's number out; the form refuses it, an old row may not.
    template = built_in("comfyui-regions")
    body = json.loads(json.dumps(template.body).replace("pingju/{{job}}", "fixed"))
    engine = ComfyUIImages(
        ComfyUISettings(
            "home", "sdxl", Wire(comfy_server.url), replace(template, body=body), poll=0.05
        )
    )
    first = engine.draw(ASKED)
    comfy_server.history.clear()
    second = engine.draw(ASKED)
    assert comfy_server.drawn == 1
    assert not second.fresh
    assert second.sha256 == first.sha256


@pytest.mark.parametrize("fault", ["400", "200-errors"])
def test_a_refused_graph_names_node_and_input_and_not_the_prompt(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer, fault: str
) -> None:
    comfy_server.fault = fault
    comfy_server.hold.clear()
    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED)
    assert (caught.value.code, caught.value.permanent) == ("bad_graph", True)
    assert caught.value.billed is Billed.SURELY_NOT
    assert "CheckpointLoaderSimple" in str(caught.value)
    assert "ckpt_name" in str(caught.value)
    assert "words" not in str(caught.value)
    assert not comfy_server.pending  # what was queued in spite of the errors is taken back


@pytest.mark.parametrize(("fault", "code"), [("error", "graph_broke"), ("memory", "out_of_memory")])
def test_a_graph_that_breaks_says_where_and_is_not_polled_for_ever(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer, fault: str, code: str
) -> None:
    comfy_server.fault = fault
    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED)
    assert caught.value.code == code
    assert "KSampler" in str(caught.value)
    assert "words" not in str(caught.value)


def test_a_job_that_failed_is_asked_again_under_another_number(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.fault = "error"
    with pytest.raises(EngineError):
        comfy.draw(ASKED)
    comfy_server.fault = ""
    assert comfy.draw(ASKED).fresh
    numbers = [told["prompt_id"] for path, told in comfy_server.requests if path == "/prompt"]
    assert len(set(numbers)) == 2


def test_a_job_that_somebody_deleted_is_noticed(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.hold.clear()

    def watch(done: int, total: int) -> None:
        comfy_server.pending.clear()

    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED, watch)
    assert (caught.value.code, caught.value.billed) == ("lost_job", Billed.SURELY_NOT)


def test_a_job_that_a_restart_swallowed_is_noticed_and_may_be_tried_again(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.fault = "restart"
    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED)
    assert caught.value.code == "lost_job"
    assert caught.value.may_retry


def test_an_interruption_that_lands_late_is_waited_for(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.steps, comfy_server.step_seconds = 3, 0.4

    def watch(done: int, total: int) -> None:
        if comfy_server.began.is_set():
            raise Stop

    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED, watch)
    assert caught.value.code == "cancelled"
    assert comfy_server.running is None
    assert comfy_server.drawn == 0


def test_a_picture_that_was_finished_before_it_could_stop_is_kept(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.steps, comfy_server.step_seconds = 1, 0.3
    comfy_server.post = _deaf(comfy_server)  # type: ignore[method-assign]

    def watch(done: int, total: int) -> None:
        raise Stop

    assert comfy.draw(ASKED, watch).fresh


def _deaf(server: ComfyUIServer):  # type: ignore[no-untyped-def]
    heard = server.post

    def post(call, body):  # type: ignore[no-untyped-def]
        if call.path == "/interrupt" or call.path == "/queue":
            cut(call)
        else:
            heard(call, body)

    return post


def test_an_answer_that_was_cut_off_is_followed_by_its_number_and_drawn_once(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.fault = "cut"
    assert comfy.draw(ASKED).fresh
    assert comfy_server.drawn == 1
    assert comfy.recover(ASKED) is not None
    comfy.draw(ASKED)  # the history still has it
    assert comfy_server.drawn == 1


def test_a_server_that_gives_numbers_of_its_own_is_refused(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.honours_numbers = False
    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED)
    assert caught.value.code == "foreign_number"


@pytest.mark.parametrize(
    ("fault", "code"),
    [("gone", "picture_gone"), ("nothing", "no_picture"), ("video", "no_picture")],
)
def test_a_job_without_a_still_picture_is_no_success(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer, fault: str, code: str
) -> None:
    comfy_server.fault = fault
    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_pictures_are_not_only_png(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer, kind: str
) -> None:
    comfy_server.format = kind
    assert Image.open(io.BytesIO(comfy.draw(ASKED).png)).format == "PNG"


def test_a_moving_picture_is_refused(comfy: ComfyUIImages, comfy_server: ComfyUIServer) -> None:
    comfy_server.format = "MOVING"
    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED)
    assert caught.value.code == "moving_picture"


def test_a_server_that_takes_too_long_is_told_to_stop(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.hold.clear()
    with pytest.raises(EngineError) as caught:
        comfy.draw(replace(ASKED, timeout=0.3))
    assert (caught.value.code, caught.value.billed) == ("timeout", Billed.UNKNOWN)
    assert not comfy_server.pending


def test_nobody_at_the_address_costs_nothing_and_may_be_tried_again() -> None:
    engine = ComfyUIImages(
        ComfyUISettings("home", "m", Wire("http://127.0.0.1:9"), built_in("comfyui-regions"))
    )
    with pytest.raises(EngineError) as caught:
        engine.draw(ASKED)
    assert caught.value.code == "unreachable"
    assert caught.value.may_retry


# -- WebUI -----------------------------------------------------------------------------------------


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


# -- OpenAI and its kin ----------------------------------------------------------------------------


def test_references_go_to_the_edits_as_files(
    openai: OpenAIImages, openai_server: OpenAIImagesServer
) -> None:
    answer = openai.draw(replace(ASKED, references=(FACE, FACE)))
    path, body = openai_server.requests[0]
    assert path == "/images/edits"
    assert body.count(b'name="image[]"') == 2
    assert b'name="size"\r\n\r\n1024x1536' in body
    assert (answer.input_tokens, answer.output_tokens) == (50, 1056)


def test_a_size_that_the_endpoint_takes_is_asked_for(
    openai: OpenAIImages, openai_server: OpenAIImagesServer
) -> None:
    openai.draw(replace(ASKED, width=1920, height=1080))
    assert openai_server.requests[0] == (
        "/images/generations",
        {"model": "gpt-image-1", "prompt": ASKED.prompt, "size": "1536x1024", "n": 1},
    )


def test_an_address_is_fetched_at_once_and_never_with_the_key(
    openai: OpenAIImages, openai_server: OpenAIImagesServer
) -> None:
    openai_server.by_address = True
    assert openai.draw(ASKED).png
    assert "Authorization" not in openai_server.headers[0]


def test_a_clone_with_its_own_names_is_a_matter_of_its_template(
    openai_server: OpenAIImagesServer,
) -> None:
    openai_server.clone = True
    engine = OpenAIImages(
        ImagesEndpoint(
            "sf", "kolors", Wire(openai_server.url), built_in("siliconflow"), edits=False, sizes=()
        )
    )
    answer = engine.draw(replace(ASKED, references=(FACE,)))
    sent = openai_server.requests[0][1]
    assert (sent["image_size"], sent["seed"], sent["batch_size"]) == ("1080x1920", 4711, 1)
    assert answer.seed == 7
    assert engine.most_references == 0


@pytest.mark.parametrize(
    ("fault", "code", "billed"),
    [
        ("400", "bad_request", Billed.SURELY_NOT),
        ("401", "bad_key", Billed.SURELY_NOT),
        ("429", "busy", Billed.SURELY_NOT),
        ("500", "server_error", Billed.UNKNOWN),
        ("none", "no_picture", Billed.UNKNOWN),
        ("inside", "strange_address", Billed.UNKNOWN),
        ("plain", "strange_address", Billed.UNKNOWN),
    ],
)
def test_each_fault_of_an_endpoint_says_what_it_means(
    openai: OpenAIImages, openai_server: OpenAIImagesServer, fault: str, code: str, billed: Billed
) -> None:
    openai_server.fault = fault
    with pytest.raises(EngineError) as caught:
        openai.draw(ASKED)
    assert (caught.value.code, caught.value.billed) == (code, billed)
    assert "words" not in str(caught.value)


def test_an_address_that_has_expired_is_said_so(
    openai: OpenAIImages, openai_server: OpenAIImagesServer
) -> None:
    openai_server.by_address, openai_server.fault = True, "expired"
    with pytest.raises(EngineError) as caught:
        openai.draw(ASKED)
    assert caught.value.code == "picture_gone"

"""ComfyUI with every trap that is known: cached graphs, errors in a 200, lost and late jobs."""

import io
import json
from dataclasses import replace

import pytest
from PIL import Image

from engines.errors import Billed, EngineError
from engines.images.comfyui import ComfyUIImages, ComfyUISettings
from engines.images.registry import built_in
from engines.wire import Wire
from tests.engines.comfyui_server import ComfyUIServer
from tests.engines.images.asked import ASKED, FACE, Stop
from tests.engines.local_server import cut


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
    comfy_server.steps = 8
    comfy_server.heard.clear()

    def watch(done: int, total: int) -> None:
        seen.append((done, total))
        if total == 8:
            comfy_server.heard.set()

    comfy.draw(ASKED, watch)
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


def test_a_job_that_is_taken_back_while_it_waits_is_cancelled_and_not_lost(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.hold.clear()

    def watch(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED, watch)
    assert (caught.value.code, caught.value.billed) == ("cancelled", Billed.SURELY_NOT)
    assert isinstance(caught.value.__cause__, Stop)
    assert not comfy_server.pending


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
    comfy_server.steps, comfy_server.step_seconds = 100_000, 0.4

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

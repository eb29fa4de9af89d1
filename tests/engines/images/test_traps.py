"""Every known trap of the picture engines, and the test that walks into it.

| engine | trap | test |
| --- | --- | --- |
| ComfyUI | an equal graph is answered from the cache with the old file | test_an_equal_graph_is_answered_from_the_cache_and_not_passed_off_as_new |
| ComfyUI | that old file is paid for as a new picture | test_an_old_picture_from_the_engines_cache_costs_nothing |
| ComfyUI | the same picture becomes a new version | test_the_very_same_picture_is_no_new_version |
| ComfyUI | 400 with node errors | test_a_refused_graph_names_node_and_input_and_not_the_prompt |
| ComfyUI | 200 with node errors, another output goes on | test_a_refused_graph_names_node_and_input_and_not_the_prompt |
| ComfyUI | the history is {} while a job waits, and for ever for one that was deleted | test_a_job_that_somebody_deleted_is_noticed |
| ComfyUI | the server starts anew and forgets the job | test_a_job_that_a_restart_swallowed_is_noticed_and_may_be_tried_again |
| ComfyUI | status error, polled for ever | test_a_graph_that_breaks_says_where_and_is_not_polled_for_ever |
| ComfyUI | an interruption lands only between two steps | test_an_interruption_that_lands_late_is_waited_for |
| ComfyUI | the picture is finished before the interruption lands | test_a_picture_that_was_finished_before_it_could_stop_is_kept |
| ComfyUI | older servers interrupt whatever runs | test_an_old_server_is_not_told_to_interrupt_the_job_of_somebody_else |
| ComfyUI | jobs that were broken off use up the tries | test_what_was_broken_off_does_not_count_as_failed |
| ComfyUI | the answer to /prompt is lost, the job is sent twice | test_an_answer_that_was_cut_off_is_followed_by_its_number_and_drawn_once |
| ComfyUI | a server that ignores our number | test_a_server_that_gives_numbers_of_its_own_is_refused |
| ComfyUI | no web socket, previews among its messages | test_progress_comes_over_the_socket_and_without_it_the_history_tells |
| ComfyUI | progress is told by node since 2025 | test_progress_by_node_is_heard_too |
| ComfyUI | a film stands among the images, a job saves nothing, a file is gone | test_a_job_without_a_still_picture_is_no_success |
| ComfyUI | the file carries the whole graph | test_the_graph_that_a_comfyui_picture_carries_does_not_go_on |
| all | pictures are not only PNG | test_a_picture_of_any_format_becomes_a_png_without_what_it_carried |
| all | moving WebP and PNG, cut-off files, bombs, SVG with a script | test_bytes_that_are_no_still_picture_are_refused |
| all | a bomb of pixels | test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded |
| all | a bomb of text beside the pixels | test_a_bomb_of_text_inside_of_a_small_picture_is_refused |
| all | 16 bits a channel, which turn white | test_sixteen_bits_become_eight_of_the_same_brightness |
| WebUI | ControlNet's maps stand after the picture | test_extra_maps_of_controlnet_are_not_taken_for_the_picture |
| WebUI | a grid stands before it | test_a_grid_before_the_picture_is_not_taken_for_it |
| WebUI | base64 with and without "data:" | test_a_picture_with_the_prefix_of_a_data_address_is_read |
| WebUI | `info` is JSON inside of JSON, and may be none | test_an_info_that_is_no_json_costs_only_the_facts |
| WebUI | 200 with half a picture after an interruption, ours or anybody's | test_half_a_picture_after_an_interruption_is_not_passed_off_as_whole, test_a_picture_that_somebody_broke_off_in_the_engines_own_page_is_refused |
| WebUI | /interrupt means whatever runs | test_a_job_of_somebody_else_is_not_interrupted |
| WebUI | 404 for a sampler, 422 for a script or a field, 500 for memory | test_each_fault_of_webui_says_what_it_means |
| WebUI | as many BREAKs as ratios, or the extension breaks | test_a_word_of_the_extension_inside_of_a_look_breaks_no_region |
| OpenAI | base64 or an address that expires | test_an_address_is_fetched_at_once_and_never_with_the_key, test_an_address_that_has_expired_is_said_so |
| OpenAI | the address leads inside of our network | test_each_fault_of_an_endpoint_says_what_it_means |
| OpenAI | clones with names of their own | test_a_clone_with_its_own_names_is_a_matter_of_its_template |
| OpenAI | 429 with Retry-After in seconds or as a date | test_a_busy_endpoint_says_how_long_to_wait |
| OpenAI | 400 by the content rules | test_a_refusal_by_content_rules_is_said_so_and_costs_nothing |
| all | the body stops half way and the clock runs out | test_a_body_that_stops_half_way_is_in_doubt |
| all | nobody at the address | test_nobody_at_the_address_costs_nothing_and_may_be_tried_again |
| all | frames in the order in which they were finished, not of the story | test_a_batch_that_is_tried_again_asks_only_for_what_is_missing |

A prompt over the 32,000 characters that GPT-image takes is never sent: a shot's may have 6,000.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from engines.errors import Billed, EngineError
from engines.images.comfyui import MOST_FAILED, ComfyUIImages
from engines.images.openai_images import OpenAIImages
from engines.images.webui import WebUIImages
from tests.engines.comfyui_server import ComfyUIServer
from tests.engines.images.asked import ASKED
from tests.engines.webui_server import OpenAIImagesServer, WebUIServer

TESTS = Path(__file__).resolve().parents[2]


def test_every_test_that_the_table_names_is_there() -> None:
    rows = [
        line for line in (__doc__ or "").splitlines() if line.startswith("| ") and "test_" in line
    ]
    named = {name for line in rows for name in re.findall(r"\btest_\w+", line)}
    sources = [*(TESTS / "engines").rglob("test_*.py"), *(TESTS / "generation").glob("test_*.py")]
    there = set(re.findall(r"^def (test_\w+)", "\n".join(p.read_text() for p in sources), re.M))
    assert len(rows) > 30
    assert not named - there


def test_an_old_server_is_not_told_to_interrupt_the_job_of_somebody_else(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    comfy_server.old, comfy_server.steps = True, 100_000
    comfy_server.pending.append(("theirs", {}, ""))
    assert comfy_server.began.wait(10)
    comfy_server.pending.append(("ours", {}, ""))
    comfy.server.stop("ours")
    assert comfy_server.pending == []
    assert comfy_server.interrupted == set()
    comfy.server.stop("theirs")
    assert comfy_server.interrupted == {"theirs"}


def ended(comfy: ComfyUIImages, server: ComfyUIServer, times: int, event: str) -> None:
    """The history of a picture that was asked for so often and ended so."""
    for order in range(times):
        status = {"status_str": "error", "completed": False, "messages": [[event, {}]]}
        server.history[comfy._job(ASKED, order)] = {"outputs": {}, "status": status}


def test_what_was_broken_off_does_not_count_as_failed(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    ended(comfy, comfy_server, MOST_FAILED, "execution_interrupted")
    answer = comfy.draw(ASKED)
    assert answer.fresh
    assert answer.request_id == comfy._job(ASKED, MOST_FAILED)
    again = comfy.recover(ASKED)
    assert again is not None
    assert again.request_id == answer.request_id


def test_failing_again_and_again_ends_with_a_word(
    comfy: ComfyUIImages, comfy_server: ComfyUIServer
) -> None:
    ended(comfy, comfy_server, MOST_FAILED, "execution_error")
    with pytest.raises(EngineError) as caught:
        comfy.draw(ASKED)
    assert (caught.value.code, caught.value.permanent) == ("failed_often", True)
    assert comfy_server.drawn == 0


def test_progress_by_node_is_heard_too(comfy: ComfyUIImages, comfy_server: ComfyUIServer) -> None:
    seen: list[tuple[int, int]] = []
    comfy_server.steps, comfy_server.states = 8, True
    comfy_server.heard.clear()

    def watch(done: int, total: int) -> None:
        seen.append((done, total))
        if total == 8:
            comfy_server.heard.set()

    comfy.draw(ASKED, watch)
    assert any(total == 8 for _, total in seen)


def test_a_grid_before_the_picture_is_not_taken_for_it(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    webui_server.fault = "grid"
    assert webui.draw(ASKED).width == 64


def test_a_picture_with_the_prefix_of_a_data_address_is_read(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    plain = webui.draw(ASKED).sha256
    webui_server.fault = "prefix"
    assert webui.draw(ASKED).sha256 == plain


def test_an_info_that_is_no_json_costs_only_the_facts(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    webui_server.fault = "no-info"
    answer = webui.draw(ASKED)
    assert (answer.seed, answer.model, answer.reported) == (4711, "xl", {})


def test_a_picture_that_somebody_broke_off_in_the_engines_own_page_is_refused(
    webui: WebUIImages, webui_server: WebUIServer
) -> None:
    webui_server.fault = "broken-off"
    with pytest.raises(EngineError) as caught:
        webui.draw(ASKED)
    assert (caught.value.code, caught.value.billed) == ("interrupted", Billed.SURELY_NOT)


def test_a_busy_endpoint_says_how_long_to_wait(
    openai: OpenAIImages, openai_server: OpenAIImagesServer
) -> None:
    openai_server.fault = "429"
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    for pause, least, most in (
        ("7", 7, 7),
        (date, 30, 50),
        ("soon", None, None),
        ("1e9", 120, 120),
    ):
        openai_server.pause = pause
        with pytest.raises(EngineError) as caught:
            openai.draw(ASKED)
        assert caught.value.may_retry
        waits = caught.value.retry_after
        assert waits is None if least is None else least <= (waits or 0) <= (most or 0)


@pytest.mark.parametrize("word", ["content_policy_violation", "moderation_blocked"])
def test_a_refusal_by_content_rules_is_said_so_and_costs_nothing(
    openai: OpenAIImages, openai_server: OpenAIImagesServer, word: str
) -> None:
    openai_server.fault = word
    with pytest.raises(EngineError) as caught:
        openai.draw(ASKED)
    assert (caught.value.code, caught.value.billed) == ("content_refused", Billed.SURELY_NOT)
    assert not caught.value.may_retry
    assert "words" not in str(caught.value)


@pytest.mark.parametrize("ends", [True, False])
def test_a_body_that_stops_half_way_is_in_doubt(
    openai: OpenAIImages,
    openai_server: OpenAIImagesServer,
    webui: WebUIImages,
    webui_server: WebUIServer,
    ends: bool,
) -> None:
    for engine, server in ((openai, openai_server), (webui, webui_server)):
        server.fault = "half"
        if ends:  # the connection breaks; else the clock runs out
            server.gate.set()
        with pytest.raises(EngineError) as caught:
            engine.draw(replace(ASKED, timeout=30 if ends else 0.5))
        assert caught.value.code == ("lost" if ends else "timeout")
        assert caught.value.billed is Billed.UNKNOWN
        assert not caught.value.may_retry
        server.gate.set()

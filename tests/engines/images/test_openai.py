"""Endpoints in OpenAI's manner and their faults."""

from dataclasses import replace

import pytest

from engines.errors import Billed, EngineError
from engines.images.openai_images import ImagesEndpoint, OpenAIImages
from engines.images.registry import built_in
from engines.wire import Wire
from tests.engines.images.asked import ASKED, FACE
from tests.engines.webui_server import OpenAIImagesServer


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

"""Local servers that speak the recorded protocols, and the adapters that speak to them."""

from collections.abc import Iterator

import pytest

from engines.images import Images
from engines.images.comfyui import ComfyUIImages, ComfyUISettings
from engines.images.openai_images import ImagesEndpoint, OpenAIImages
from engines.images.registry import built_in
from engines.images.rehearsal import RehearsalImages
from engines.images.webui import WebUIImages, WebUISettings
from engines.wire import Wire
from tests.engines.comfyui_server import ComfyUIServer
from tests.engines.webui_server import OpenAIImagesServer, WebUIServer


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

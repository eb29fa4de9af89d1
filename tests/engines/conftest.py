from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from engines.chat.openai_compatible import Endpoint, OpenAICompatibleChat, _accepted
from engines.models import Budget, Price
from tests.engines.chat_server import ChatServer, chat_server


@pytest.fixture
def server() -> Iterator[ChatServer]:
    _accepted.clear()
    with chat_server() as running:
        yield running


@pytest.fixture
def chat(server: ChatServer) -> OpenAICompatibleChat:
    return OpenAICompatibleChat(Endpoint("stub", server.url, "stub-chat", key="sk-secret"))


@pytest.fixture
def priced(db: None) -> Price:
    """1 yuan a million in, 0.1 cached, 4 out."""
    return Price.objects.create(
        engine="stub",
        input_micro=1_000_000,
        cached_micro=100_000,
        output_micro=4_000_000,
        valid_from=timezone.now(),
    )


@pytest.fixture
def budget(db: None) -> Callable[..., Budget]:
    def make(cap_micro: int = 1_000_000, **fields: object) -> Budget:
        return Budget.objects.create(key="test", cap_micro=cap_micro, **fields)

    return make

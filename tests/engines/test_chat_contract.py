"""The contract of every chat adapter, against a server that speaks the protocol and its faults."""

from dataclasses import replace

import httpx2
import pytest

from engines.chat import Chat, ChatRequest, Message, Schema
from engines.chat.answers import json_object, without_thinking
from engines.chat.measuring import tokens_at_most, tokens_of
from engines.chat.openai_compatible import Endpoint, OpenAICompatibleChat
from engines.chat.protocol import ChatAnswer
from engines.chat.rehearsal import RehearsalChat
from engines.errors import Billed, EngineError
from tests.engines.chat_server import ChatServer

SCHEMA = Schema("said", {"type": "object", "required": ["said"],
                         "properties": {"said": {"type": "string"}}})  # fmt: skip
ASKED = ChatRequest(
    messages=(Message("user", "请说好。"),), schema=SCHEMA, max_tokens=50, timeout=5
)


@pytest.fixture(params=["adapter", "rehearsal"])
def anyone(request: pytest.FixtureRequest, chat: OpenAICompatibleChat) -> Chat:
    return chat if request.param == "adapter" else RehearsalChat()


def test_every_engine_answers_the_asked_schema_with_usage_and_names_itself(anyone: Chat) -> None:
    answer = anyone.complete(ASKED)

    assert set(answer.parsed or {}) == {"said"}
    assert answer.finish_reason == "stop"
    assert answer.usage.reported
    assert 0 < answer.usage.input_tokens <= ASKED.input_tokens_at_most()
    assert answer.usage.output_tokens > 0
    assert answer.model
    assert answer.request_id
    assert ChatAnswer.from_dict(answer.to_dict()) == answer


def test_every_engine_gives_plain_text_where_no_schema_is_asked(anyone: Chat) -> None:
    answer = anyone.complete(replace(ASKED, schema=None))

    assert answer.text
    assert answer.parsed is None


def test_every_engine_answers_the_same_request_the_same_way(anyone: Chat) -> None:
    first, second = anyone.complete(ASKED), anyone.complete(ASKED)
    assert first.text == second.text


def test_the_rehearsal_reports_a_cut_answer_as_length() -> None:
    long = RehearsalChat(writer=lambda _: "一二三四五六七八九十" * 40)
    assert long.complete(replace(ASKED, max_tokens=20)).finish_reason == "length"


REFUSED = {"400": "bad_request", "401": "bad_key", "402": "no_balance", "404": "not_found",
           "quota": "exhausted", "redirect": "refused"}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_is_permanent_and_surely_not_billed(
    server: ChatServer, chat: OpenAICompatibleChat, fault: str
) -> None:
    server.always = fault
    with pytest.raises(EngineError) as caught:
        chat.complete(ASKED)
    assert (caught.value.code, caught.value.permanent) == (REFUSED[fault], True)
    assert caught.value.billed is Billed.SURELY_NOT
    assert server.bills == 0


@pytest.mark.parametrize(("fault", "pause"), [("429", 3.0), ("429-date", 0.0)])
def test_too_many_requests_may_be_tried_again_after_the_asked_pause(
    server: ChatServer, chat: OpenAICompatibleChat, fault: str, pause: float
) -> None:
    server.always, server.retry_after = fault, "3"
    with pytest.raises(EngineError) as caught:
        chat.complete(ASKED)
    assert caught.value.may_retry
    assert caught.value.retry_after == pause
    assert len(server.requests) == 1, "the SDK's own retries are off"


LOST = {"500": "server_error", "503": "server_error", "html": "rubbish", "cut-before": "lost",
        "cut-after": "lost", "truncated": "rubbish", "array": "rubbish",
        "no-choices-no-usage": "no_choice", "huge": "too_large_an_answer"}  # fmt: skip


@pytest.mark.parametrize("fault", LOST)
def test_what_breaks_after_the_request_left_is_unknown_and_never_tried_again(
    server: ChatServer, chat: OpenAICompatibleChat, fault: str
) -> None:
    server.always = fault
    with pytest.raises(EngineError) as caught:
        chat.complete(ASKED)
    assert (caught.value.code, caught.value.billed) == (LOST[fault], Billed.UNKNOWN)
    assert not caught.value.may_retry
    assert server.bills == 1


@pytest.mark.parametrize("fault", ["hang", "drip", "drip-headers"])
def test_a_server_that_hangs_or_drips_is_left_at_the_deadline(
    server: ChatServer, chat: OpenAICompatibleChat, fault: str
) -> None:
    server.always = fault
    with pytest.raises(EngineError) as caught:
        chat.complete(replace(ASKED, timeout=0.5))
    assert (caught.value.code, caught.value.billed) == ("timeout", Billed.UNKNOWN)
    assert server.bills == 1


def test_without_the_deadline_a_drip_would_not_end(
    server: ChatServer, chat: OpenAICompatibleChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the shutting off, the call lasts until the server gives in."""
    server.always = "drip"
    monkeypatch.setattr("engines.deadline.Deadline._end", lambda self: server.open.set())
    with pytest.raises(EngineError) as caught:
        chat.complete(replace(ASKED, timeout=0.5))
    assert caught.value.code == "lost"


def test_an_engine_that_is_not_there_was_surely_not_billed_and_may_be_tried_again() -> None:
    nobody = OpenAICompatibleChat(Endpoint("stub", "http://127.0.0.1:9/v1", "m"))
    with pytest.raises(EngineError) as caught:
        nobody.complete(ASKED)
    assert (caught.value.code, caught.value.may_retry) == ("unreachable", True)


def test_an_operator_who_knows_that_a_broken_answer_is_free_may_say_so(server: ChatServer) -> None:
    server.always = "503"
    chat = OpenAICompatibleChat(Endpoint("stub", server.url, "m", not_billed={503}))
    with pytest.raises(EngineError) as caught:
        chat.complete(ASKED)
    assert caught.value.may_retry


def test_billed_without_a_choice_is_surely_billed_with_its_usage(
    server: ChatServer, chat: OpenAICompatibleChat
) -> None:
    server.always = "no-choices"
    with pytest.raises(EngineError) as caught:
        chat.complete(ASKED)
    assert caught.value.billed is Billed.SURELY
    assert caught.value.usage is not None


@pytest.mark.parametrize(
    ("fault", "finish", "parsed"),
    [
        ("length", "length", None),
        ("blank", "stop", None),
        ("null", "stop", None),
        ("rubbish", "stop", None),
        ("filtered", "filtered", None),
        ("thinking", "stop", {"said": "好"}),
        ("thinking-open", "length", None),
    ],
)
def test_an_answer_that_is_no_use_is_still_an_answer_with_its_usage(
    server: ChatServer, chat: OpenAICompatibleChat, fault: str, finish: str, parsed: object
) -> None:
    server.always = fault
    answer = chat.complete(ASKED)
    assert (answer.finish_reason, answer.parsed) == (finish, parsed)
    assert answer.usage.reported
    assert "think" not in answer.text


@pytest.mark.parametrize("fault", ["no-usage", "wrong-usage"])
def test_usage_that_is_missing_or_cannot_be_true_is_estimated_and_says_so(
    server: ChatServer, chat: OpenAICompatibleChat, fault: str
) -> None:
    server.always = fault
    usage = chat.complete(ASKED).usage
    assert not usage.reported
    assert 0 < usage.input_tokens < 200
    assert 0 < usage.output_tokens < 50


@pytest.mark.parametrize(
    ("formats", "mode", "asked"),
    [
        (("json_schema", "json_object"), "schema", 1),
        (("json_object",), "object", 2),
        ((), "none", 3),
    ],
)
def test_the_response_format_falls_back_and_the_endpoint_is_remembered(
    server: ChatServer,
    chat: OpenAICompatibleChat,
    formats: tuple[str, ...],
    mode: str,
    asked: int,
) -> None:
    server.formats = formats

    first, second = chat.complete(ASKED), chat.complete(ASKED)

    assert (first.json_mode, second.json_mode) == (mode, mode)
    assert first.parsed == {"said": "好"}
    assert len(server.requests) == asked + 1
    assert server.bills == 2


def test_object_mode_says_json_because_endpoints_refuse_it_otherwise(
    server: ChatServer, chat: OpenAICompatibleChat
) -> None:
    server.formats = ("json_object",)
    chat.complete(ASKED)
    assert any("JSON" in message["content"] for message in server.requests[-1]["messages"])


def test_only_hosts_that_know_the_switch_are_told_not_to_think() -> None:
    seen: list[dict[str, object]] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append({"body": request.content.decode(), "key": request.headers["authorization"]})
        return httpx2.Response(
            200, json={"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}
        )

    for address in (
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "https://api.openai.com/v1",
    ):
        chat = OpenAICompatibleChat(
            Endpoint("q", address, "m", key="sk-1"), transport=lambda: httpx2.MockTransport(take)
        )
        chat.complete(ASKED)
    assert ["enable_thinking" in str(call["body"]) for call in seen] == [True, False]
    assert "sk-1" not in repr(chat.endpoint)


def test_thinking_is_taken_off_however_it_is_closed() -> None:
    for text in ("<think>a</think>好", "a</think>好", "好<think>a", "<thinking>a\n</thinking>\n好"):
        assert without_thinking(text) == "好"


def test_an_object_is_found_in_fences_and_talk_and_nested_rubbish_does_no_harm() -> None:
    assert json_object('Sure {x} ```json\n{"a": {"b": 1}}\n``` bye') == {"a": {"b": 1}}
    assert json_object('{"a": [1, 2') is None
    assert json_object('{"a":' * 20_000) is None


def test_the_bound_of_tokens_is_never_below_the_estimate() -> None:
    for text in ("悟空大怒", "The quick brown fox.", "混 mixed 文本。", "🐒" * 9):
        assert tokens_of(text) <= tokens_at_most(text)

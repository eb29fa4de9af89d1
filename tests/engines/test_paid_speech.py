"""Speech through the ledger: bought once, kept, and its sound never lost without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from engines.errors import EngineError
from engines.models import Budget, PaidCall, Price
from engines.services.speaking import Said, sound_path, speech_kept, speech_said
from engines.speech import SpeechRequest
from engines.speech.openai_compatible import Endpoint, OpenAICompatibleSpeech
from engines.speech.rehearsal import RehearsalSpeech
from tests.engines.speech_server import SpeechServer, speech_server

ASKED = SpeechRequest("雪停了。", "nova", timeout=5)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


@pytest.fixture
def say(
    server: SpeechServer, settings: Any, tmp_path: Path, budget: Callable[..., Budget]
) -> Callable[..., Said]:
    settings.MEDIA_ROOT = tmp_path
    Price.objects.create(
        engine="stub", input_micro=100_000_000, cached_micro=0, output_micro=0,
        valid_from=timezone.now(),
    )  # fmt: skip
    engine = OpenAICompatibleSpeech(Endpoint("stub", server.url, "tts"))
    purse = budget()

    def said(request: SpeechRequest = ASKED) -> Said:
        return speech_said(engine=engine, request=request, budget=purse, wait=lambda _: None)

    said.engine, said.budget = engine, purse  # type: ignore[attr-defined]
    return said


def test_the_same_words_are_bought_once_and_cost_by_their_characters(
    server: SpeechServer, say: Callable[..., Said]
) -> None:
    first, again = say(), say()

    assert (server.bills, PaidCall.objects.count()) == (1, 1)
    assert first.path == again.path
    assert first.path.read_bytes().startswith(b"RIFF")
    assert (first.kept, again.kept) == (False, True)
    row = PaidCall.objects.get()
    assert (row.input_tokens, row.cost_micro, row.request_id) == (4, 400, "say-1")
    assert row.answer is not None
    assert len(str(row.answer)) < 500


def test_too_many_requests_are_asked_again_and_paid_once(
    server: SpeechServer, say: Callable[..., Said]
) -> None:
    server.plan = ["429", "429"]
    say()
    assert (server.bills, PaidCall.objects.get().state) == (1, PaidCall.State.SETTLED)


def test_a_broken_answer_is_in_doubt_and_never_asked_again_by_machine(
    server: SpeechServer, say: Callable[..., Said]
) -> None:
    server.plan = ["rubbish"]
    for code in ("rubbish", "in_doubt"):
        with pytest.raises(EngineError) as caught:
            say()
        assert caught.value.code == code
    assert server.bills == 1


def test_a_sound_that_was_paid_for_and_is_gone_is_named_and_not_bought_again(
    server: SpeechServer, say: Callable[..., Said]
) -> None:
    say().path.unlink()
    with pytest.raises(EngineError) as caught:
        say()
    assert caught.value.code == "sound_lost"
    assert server.bills == 1


def test_the_cap_is_never_passed(server: SpeechServer, say: Callable[..., Said]) -> None:
    Budget.objects.update(cap_micro=500)
    say()
    with pytest.raises(EngineError) as caught:
        say(SpeechRequest("风停了。", "nova"))
    assert caught.value.code == "budget_spent"
    assert server.bills == 1


def test_a_free_engine_needs_no_budget_and_leaves_no_receipt(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    engine = RehearsalSpeech()
    asked = SpeechRequest("雪停了。", "low")
    assert not speech_kept(engine, asked)
    first = speech_said(engine=engine, request=asked)
    again = speech_said(engine=engine, request=asked)

    assert speech_kept(engine, asked)
    assert (first.kept, again.kept) == (False, True)
    assert first.words == again.words
    assert first.path == sound_path(engine, asked)
    assert not PaidCall.objects.exists()

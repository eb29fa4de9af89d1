"""Real processes: a race for the last of a budget, and kill -9 at every step of a call."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from engines.chat import ChatRequest, Message
from engines.chat.openai_compatible import Endpoint, OpenAICompatibleChat
from engines.errors import EngineError
from engines.models import Budget, PaidCall, Price
from engines.pricing import price_of
from engines.services import ledger
from engines.services.paid import key_of, list_of, paid_chat
from tests.engines.buyer import MARKS
from tests.engines.chat_server import ChatServer

pytestmark = pytest.mark.django_db(transaction=True)
MakeBudget = Callable[..., Budget]
ROOT = Path(settings.BASE_DIR)


def buyer(server: ChatServer, seeds: int, mark: str = "") -> "subprocess.Popen[str]":
    name = connection.settings_dict["NAME"]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.engines.buyer", name, server.url, str(seeds), mark],
        cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def outcome(process: "subprocess.Popen[str]") -> dict[str, int]:
    return json.loads(process.communicate(timeout=120)[0])


@pytest.fixture
def flat(db: None) -> Price:
    """A call costs the same before and after: only what comes out is counted, and it is 50."""
    return Price.objects.create(
        engine="stub", input_micro=0, cached_micro=0, output_micro=1_000_000,
        valid_from=timezone.now(),
    )  # fmt: skip


def fifty(server: ChatServer) -> None:
    """Every answer is billed for all of its 50 tokens."""
    document = server.document
    server.document = lambda body, **choice: {  # type: ignore[method-assign]
        **document(body, **choice),
        "usage": {"prompt_tokens": 5, "completion_tokens": 50},
    }


def test_thirty_two_processes_against_a_cap_of_twenty_calls_make_exactly_twenty(
    server: ChatServer, budget: MakeBudget, flat: Price
) -> None:
    fifty(server)
    server.latency = 0.5
    held = budget(cap_micro=20 * 50)

    ends = outcome(buyer(server, 32))

    held.refresh_from_db()
    assert ends == {"bought": 20, "refused": 12, "killed": 0, "other": 0}
    assert server.bills == 20
    assert (held.spent_micro, held.reserved_micro) == (1000, 0)
    assert PaidCall.objects.filter(state=PaidCall.State.SETTLED).count() == 20


def test_a_race_for_one_key_is_one_bill(
    server: ChatServer, budget: MakeBudget, flat: Price
) -> None:
    server.latency = 0.3
    budget()
    both = [buyer(server, 1) for _ in range(2)]

    assert [outcome(one)["bought"] for one in both] == [1, 1]
    assert server.bills == 1


AFTER = {"claim": ("failed", 0), "begin": ("in_doubt", 0), "complete": ("in_doubt", 1),
         "settle": ("settled", 1)}  # fmt: skip


def test_killed_at_any_step_the_server_bills_a_key_at_most_once(
    server: ChatServer, budget: MakeBudget, flat: Price
) -> None:
    held = budget()

    assert outcome(buyer(server, len(MARKS), ",".join(MARKS)))["killed"] == len(MARKS)
    _recover()

    for seed, mark in enumerate(MARKS):
        state, bills = AFTER[mark]
        call = PaidCall.objects.filter(key=_key(server, seed)).get()
        assert (mark, call.state, _bills(server, seed)) == (mark, state, bills)
        again = _again(server, held, seed)
        assert again == {"failed": "bought", "in_doubt": "in_doubt", "settled": "kept"}[state]
        assert _bills(server, seed) <= 1


def test_killed_while_the_engine_thinks_the_call_is_in_doubt_and_never_repeated(
    server: ChatServer, budget: MakeBudget, flat: Price
) -> None:
    held = budget()
    server.plan = ["hang"]
    process = buyer(server, 1)
    assert server.arrived.acquire(timeout=60)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    _recover()

    assert PaidCall.objects.get().state == PaidCall.State.IN_DOUBT
    assert [_again(server, held) for _ in range(3)] == ["in_doubt"] * 3
    assert server.bills == 1
    held.refresh_from_db()
    assert held.reserved_micro > 0, "its money stays held until a person says"


def _recover() -> None:
    """The lease of the dead process runs out and the sweep comes by."""
    PaidCall.objects.filter(state__in=PaidCall.OPEN).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )
    ledger.sweep()


def _chat(server: ChatServer) -> OpenAICompatibleChat:
    return OpenAICompatibleChat(Endpoint("stub", server.url, "stub-chat"))


def _asked(seed: int) -> ChatRequest:
    return ChatRequest((Message("user", "好"),), max_tokens=50, seed=seed, timeout=20)


def _key(server: ChatServer, seed: int) -> str:
    return key_of(_chat(server), _asked(seed))


def _bills(server: ChatServer, seed: int) -> int:
    return sum(body["seed"] == seed for body in server.requests)


def _again(server: ChatServer, held: Budget, seed: int = 0) -> str:
    try:
        bought = paid_chat(engine=_chat(server), request=_asked(seed), budget=held)
    except EngineError as error:
        return error.code
    return "kept" if bought.kept else "bought"


def test_without_the_conditional_reservation_the_cap_would_be_passed(
    server: ChatServer, budget: MakeBudget, flat: Price
) -> None:
    """The control: two claims that both read before either wrote would both go through."""
    held = budget(cap_micro=50)
    assert held.left_micro == 50
    stale = [Budget.objects.get(), Budget.objects.get()]
    assert all(copy.left_micro >= 50 for copy in stale), "a check by reading lets both pass"
    price = price_of("stub", "m", timezone.now())
    wanted = [ledger.Wanted(key, "", "stub", "m", held.pk, 50, price, 5) for key in "ab"]
    assert isinstance(ledger.claim(wanted[0]), ledger.Claim)
    with pytest.raises(ledger.BudgetSpent):
        ledger.claim(wanted[1])
    assert list_of(OpenAICompatibleChat(Endpoint("stub", server.url, "m"))).label == price.label

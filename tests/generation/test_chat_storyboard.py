"""`storyboard --text ENGINE` against a server that speaks the protocol: money, resume, faults.

A sick provider (fault test 22), fault by fault; contract is tests/engines/test_chat_contract.py, paid
tests/engines/test_paid_calls.py, here this file:

| fault | one call | a whole board |
| --- | --- | --- |
| 429 with Retry-After, as seconds and as a date | contract: too_many_requests_may_be_tried_again… | here: every_fault… [429] |
| quota gone, bad key, no balance, redirect | contract: a_refusal_is_permanent… | here: an_engine_that_refuses… |
| burst of 500 | contract: what_breaks_after… [500]; paid: an_engine_that_fails_again… | here: a_burst_of_errors… |
| 503 and a proxy's page | contract: what_breaks_after… [503, html] | here: every_fault… [503, html] |
| hang | contract: a_server_that_hangs_or_drips… [hang] | here: every_fault… [hang] |
| slow drip of body or headers | contract: …[drip, drip-headers], control: without_the_deadline… | here: every_fault… [drip, drip-headers] |
| half a body | contract: what_breaks_after… [cut-after, truncated] | here: every_fault… [cut-after, truncated] |
| connection lost before an answer | contract: what_breaks_after… [cut-before] | here: every_fault… [cut-before] |
| 200 with rubbish | contract: what_breaks… [array], an_answer_that_is_no_use… [rubbish, blank, null] | here: every_fault… [rubbish, …] |
| an answer without end | contract: what_breaks_after… [huge] | here: every_fault… [huge] |

What must hold: the breaker opens after five calls and the backlog is done afterwards (here: a burst…); what
is in doubt is never asked again and nothing costs twice (here: every_fault…, control in paid:
a_machine_that_repeated…); pages wait for no provider (paid: no_transaction_is_open…, and views may
not import engines).
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from engines.chat.openai_compatible import _accepted
from engines.models import Budget, EngineHealth, PaidCall, Price
from generation.story import validate
from generation.story.reading import read
from tests.engines.chat_server import ChatServer, chat_server
from tests.story.director import direct_words
from tests.story.samples import WEB_NOVEL

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


def as_told(body: dict[str, Any]) -> str:
    return json.dumps(direct_words(body["messages"][-1]["content"]), ensure_ascii=False)


@pytest.fixture
def server(settings: "Settings") -> Iterator[ChatServer]:
    _accepted.clear()
    with chat_server(as_told) as running:
        settings.CHAT_ENGINES = {
            "stub": {"base_url": running.url, "model": "stub-chat", "timeout": 5, "title": "Stub"}
        }
        Price.objects.create(engine="stub", input_micro=1_000_000, cached_micro=100_000,
                             output_micro=4_000_000, valid_from=timezone.now())  # fmt: skip
        yield running


@pytest.fixture
def novel(tmp_path: Path) -> Path:
    path = tmp_path / "novel.txt"
    path.write_text(WEB_NOVEL, "utf-8")
    return path


def board(novel: Path, *options: str, text: str = "stub") -> dict[str, Any]:
    out = novel.parent / "out"
    call_command("storyboard", str(novel), "--out", str(out), "--text", text, "--density", "25",
                 *options)  # fmt: skip
    made = json.loads((out / "storyboard.json").read_text("utf-8"))
    assert validate(made, read(novel.read_bytes()).text) == []
    return made


def test_the_receipt_is_what_the_ledger_says_and_a_second_run_is_free(
    server: ChatServer, novel: Path
) -> None:
    usage = board(novel)["usage"]
    again = board(novel)["usage"]

    spent = sum(PaidCall.objects.values_list("cost_micro", flat=True))
    assert Decimal(usage["cost"]) == Decimal(spent).scaleb(-6) > 0
    assert (usage["text_engine"], usage["calls"], usage["cached_calls"]) == ("stub", 2, 0)
    assert (again["calls"], again["cached_calls"], again["cost"]) == (0, 2, "0.000000")
    assert server.bills == 2


def test_a_changed_chapter_is_the_only_one_asked_again(server: ChatServer, novel: Path) -> None:
    board(novel)
    novel.write_text(WEB_NOVEL.replace("太晚了", "还不晚"), "utf-8")

    usage = board(novel)["usage"]

    assert (usage["calls"], usage["cached_calls"]) == (1, 1)
    assert server.bills == 3


def test_the_quote_is_told_before_and_stops_there_when_asked(
    server: ChatServer, novel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("storyboard", str(novel), "--text", "stub", "--quote", "--json")
    told = json.loads(capsys.readouterr().out)["quote"]
    assert Decimal(told["cost"]) > 0
    assert told["seconds"] > 0
    assert told["cheaper"]
    assert server.requests == []

    board(novel)
    before = capsys.readouterr().err.splitlines()[0]
    assert before.startswith("quote {")


def test_a_cap_is_hard_and_what_it_does_not_allow_is_done_by_the_rules(
    server: ChatServer, novel: Path
) -> None:
    reserved = 8000
    usage = board(novel, "--cap", str(Decimal(reserved).scaleb(-6)))["usage"]

    budget = Budget.objects.get()
    assert budget.spent_micro <= budget.cap_micro == reserved
    assert usage["unused"]["budget_spent"] > 0
    assert usage["calls"] == server.bills == 1


def test_bad_input_is_one_line_with_the_remedy(
    server: ChatServer, novel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for options, word in (
        (["--text", "nobody"], "CHAT_ENGINES"),
        (["--text", "stub", "--cap", "x"], "2.50"),
    ):
        with pytest.raises(SystemExit) as caught:
            call_command("storyboard", str(novel), "--out", str(novel.parent / "o"), *options)
        assert caught.value.code == 2
        assert word in capsys.readouterr().err
    Price.objects.all().delete()
    with pytest.raises(SystemExit):
        board(novel)
    assert server.requests == []


def test_an_engine_that_refuses_ends_the_command_and_the_next_one_goes_on(
    server: ChatServer, novel: Path
) -> None:
    server.plan = ["", "401"]
    with pytest.raises(SystemExit) as caught:
        board(novel)
    assert caught.value.code == 2

    usage = board(novel)["usage"]

    assert (usage["calls"], usage["cached_calls"]) == (1, 1)
    assert server.bills == 2


ANSWERED = ["length", "blank", "null", "rubbish", "thinking", "thinking-open", "no-usage",
            "wrong-usage", "filtered"]  # fmt: skip
UNKNOWN = ["500", "503", "html", "cut-before", "cut-after", "truncated", "array",
           "no-choices-no-usage", "huge", "hang", "drip", "drip-headers"]  # fmt: skip
# These end at the deadline only.
SLOW = ("hang", "drip", "drip-headers")


@pytest.mark.parametrize("fault", [*ANSWERED, *UNKNOWN, "no-choices", "429"])
def test_every_fault_leaves_a_whole_board_and_nothing_is_billed_twice(
    server: ChatServer, novel: Path, fault: str, settings: "Settings"
) -> None:
    server.plan = [fault]
    if fault in SLOW:
        settings.CHAT_ENGINES["stub"]["timeout"] = 0.4

    made = board(novel)

    assert made["shots"]
    assert max(server.by_content.values()) == 1, "no content is billed twice"
    doubtful = PaidCall.objects.filter(state=PaidCall.State.IN_DOUBT).count()
    assert doubtful == (1 if fault in UNKNOWN else 0)
    unused = made["usage"]["unused"]
    if fault in ("429", "thinking", "no-usage", "wrong-usage"):
        assert made["usage"]["shots_by_model"] == len(made["shots"])
        assert unused == {}
    if fault in UNKNOWN:
        assert made["usage"]["shots_by_model"] < len(made["shots"])
    billed = server.bills
    board(novel)
    assert server.bills == billed, "nor when the command is run again"


def test_a_burst_of_errors_opens_the_breaker_and_the_backlog_is_done_afterwards(
    server: ChatServer, novel: Path
) -> None:
    chapters = [f"第{n}章 雨\n" + WEB_NOVEL.replace("第", f"又{n}次") for n in range(1, 9)]
    novel.write_text("\n".join(chapters), "utf-8")
    server.always = "500"

    with pytest.raises(SystemExit) as caught:
        board(novel)
    assert caught.value.code == 2
    assert server.bills == 5, "after five failures in a row nobody is asked any more"
    with pytest.raises(SystemExit):
        board(novel)
    assert server.bills == 5, "nor by the next run while the engine rests"

    server.always = ""
    EngineHealth.objects.update(rests_until=timezone.now() - timedelta(seconds=1))
    made = board(novel)

    assert made["usage"]["shots_by_model"] > 0
    assert max(server.by_content.values()) == 1, "what failed is in doubt and not asked again"
    assert PaidCall.objects.filter(state=PaidCall.State.IN_DOUBT).count() == 5

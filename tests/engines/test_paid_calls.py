"""Money: reserve, call, settle; at most one bill a key; in doubt is for people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from crm import audit
from crm.models import AuditEntry
from engines.chat import ChatRequest, Message, Schema, Usage
from engines.chat.openai_compatible import OpenAICompatibleChat
from engines.errors import Billed, EngineError
from engines.models import Budget, EngineHealth, PaidCall, Price
from engines.money import decimal_of, micro_of, minor_of, plain
from engines.pricing import NoPrice, price_of
from engines.services import health, ledger
from engines.services.paid import PaidAnswer, key_of, paid_chat
from engines.services.resolution import (
    Refused,
    budget_set_cap,
    resolve_as_billed,
    resolve_as_not_billed,
)
from tests.conftest import Person
from tests.engines.chat_server import ChatServer

pytestmark = pytest.mark.django_db
MakeBudget = Callable[..., Budget]
SCHEMA = Schema("said", {"type": "object", "required": ["said"],
                         "properties": {"said": {"type": "string"}}})  # fmt: skip
ASKED = ChatRequest(
    messages=(Message("user", "请说好。"),), schema=SCHEMA, max_tokens=50, timeout=5, purpose="try"
)


def no_wait(seconds: float) -> None:
    """Pauses pass at once."""


def buy(chat: OpenAICompatibleChat, budget: Budget, asked: ChatRequest = ASKED) -> PaidAnswer:
    return paid_chat(engine=chat, request=asked, budget=budget, wait=no_wait)


def the_call() -> PaidCall:
    return PaidCall.objects.get()


def test_a_call_reserves_its_most_and_settles_what_it_cost(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget()

    bought = buy(chat, held)

    call, held = the_call(), Budget.objects.get()
    usage = bought.answer.usage
    expected = (usage.input_tokens - usage.cached_tokens) * 1 + usage.output_tokens * 4 + 1
    assert (call.state, call.cost_micro) == (PaidCall.State.SETTLED, bought.cost_micro)
    assert expected - 1 <= bought.cost_micro <= expected
    assert call.reserved_micro > call.cost_micro > 0
    assert (held.reserved_micro, held.spent_micro, held.overrun_micro) == (0, call.cost_micro, 0)
    assert (call.price_list, call.price_date) == (f"own #{priced.pk}", priced.valid_from.date())
    assert call.request_id == "req-1"


def test_the_same_content_is_answered_from_what_was_paid_for(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget()
    first = buy(chat, held)

    second = buy(chat, held, replace(ASKED, timeout=60, purpose="again"))
    other = buy(chat, held, replace(ASKED, seed=7))

    assert (first.kept, second.kept, other.kept) == (False, True, False)
    assert second.answer == first.answer
    assert server.bills == 2


def test_the_key_is_of_content_engine_model_and_version(chat: OpenAICompatibleChat) -> None:
    key = key_of(chat, ASKED)
    changed = [
        replace(ASKED, max_tokens=51), replace(ASKED, temperature=0.1), replace(ASKED, schema=None),
        replace(ASKED, messages=(Message("system", "请说好。"),)),
    ]  # fmt: skip
    other = OpenAICompatibleChat(replace(chat.endpoint, model="other"))

    assert len({key, *(key_of(chat, item) for item in changed), key_of(other, ASKED)}) == 6
    assert key_of(chat, replace(ASKED, timeout=9, purpose="x")) == key


def test_a_cap_that_is_reached_refuses_before_anything_is_sent(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget(cap_micro=100)

    with pytest.raises(EngineError) as caught:
        buy(chat, held)

    assert caught.value.code == "budget_spent"
    assert server.requests == []
    assert not PaidCall.objects.exists()
    assert Budget.objects.get().reserved_micro == 0


def test_an_engine_without_a_price_or_in_another_currency_is_not_asked(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget
) -> None:
    held = budget()
    with pytest.raises(NoPrice):
        buy(chat, held)
    Price.objects.create(engine="stub", input_micro=0, cached_micro=0, output_micro=0,
                         currency="USD")  # fmt: skip
    with pytest.raises(EngineError) as caught:
        buy(chat, held)
    assert caught.value.code == "wrong_currency"
    assert server.requests == []
    assert not PaidCall.objects.exists()


def test_what_surely_was_not_billed_is_tried_again_and_counts_once(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    server.plan = ["429", "429"]
    pauses: list[float] = []
    server.retry_after = "2"

    paid_chat(engine=chat, request=ASKED, budget=budget(), wait=pauses.append)

    assert server.bills == 1
    assert the_call().state == PaidCall.State.SETTLED
    assert [round(pause) for pause in pauses] == [2, 2]


def test_after_the_last_try_the_money_is_free_and_the_key_may_be_asked_anew(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget()
    server.plan = ["429"] * 4
    with pytest.raises(EngineError):
        buy(chat, held)
    assert (the_call().state, Budget.objects.get().reserved_micro) == (PaidCall.State.FAILED, 0)

    assert not buy(chat, held).kept

    assert (the_call().state, the_call().attempt) == (PaidCall.State.SETTLED, 2)
    assert server.bills == 1


@pytest.mark.parametrize("fault", ["500", "cut-before", "cut-after", "truncated", "html"])
def test_an_unknown_outcome_is_in_doubt_holds_its_money_and_is_never_repeated(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price, fault: str
) -> None:
    held = budget()
    server.plan = [fault]
    for _ in range(3):
        with pytest.raises(EngineError) as caught:
            buy(chat, held)

    assert caught.value.code == "in_doubt"
    assert server.bills == 1
    assert the_call().state == PaidCall.State.IN_DOUBT
    assert Budget.objects.get().reserved_micro == the_call().reserved_micro > 0


def test_a_machine_that_repeated_calls_in_doubt_would_pay_twice(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    """The control: with the doubt forgotten, the server bills a second time."""
    held = budget()
    server.plan = ["cut-after"]
    with pytest.raises(EngineError):
        buy(chat, held)
    PaidCall.objects.update(state=PaidCall.State.FAILED)
    buy(chat, held)
    assert server.bills == 2


def test_billed_without_an_answer_is_booked_and_not_bought_again(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget()
    server.plan = ["no-choices"]
    for code in ("no_choice", "paid_without_answer"):
        with pytest.raises(EngineError) as caught:
            buy(chat, held)
        assert (caught.value.code, caught.value.billed) == (code, Billed.SURELY)
    assert server.bills == 1
    assert Budget.objects.get().spent_micro == the_call().cost_micro > 0


def test_usage_that_nobody_told_is_marked_as_our_estimate(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    server.plan = ["wrong-usage"]
    buy(chat, budget())
    assert not the_call().tokens_reported
    assert the_call().input_tokens < 1000


def test_a_bill_beyond_the_reservation_is_recorded_and_the_cap_still_holds(
    priced: Price, budget: MakeBudget
) -> None:
    held = budget(cap_micro=100)
    claim = ledger.claim(_wanted(held, priced, 100))
    assert isinstance(claim, ledger.Claim)
    ledger.begin(claim)

    ledger.settle(claim, cost_micro=150, usage=Usage(1, 1), answer=None)

    held.refresh_from_db()
    assert (held.spent_micro, held.overrun_micro, held.left_micro) == (150, 50, 0)


def test_the_database_itself_refuses_a_budget_over_its_cap(budget: MakeBudget) -> None:
    held = budget(cap_micro=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.filter(pk=held.pk).update(reserved_micro=101)


def _wanted(held: Budget, price: Price, most: int, key: str = "k") -> ledger.Wanted:
    prices = price_of("stub", "m", timezone.now())
    return ledger.Wanted(key, "try", "stub", "m", held.pk, most, prices, 5)


def test_the_sweep_frees_what_was_reserved_and_doubts_what_may_have_been_asked(
    priced: Price, budget: MakeBudget
) -> None:
    held = budget(cap_micro=1000)
    claims = [ledger.claim(_wanted(held, priced, 100, key)) for key in ("a", "b", "c")]
    assert isinstance(claims[1], ledger.Claim)
    ledger.begin(claims[1])
    assert ledger.sweep() == (0, 0), "nobody is dead yet"
    PaidCall.objects.exclude(key="c").update(lease_until=timezone.now() - timedelta(seconds=1))

    assert ledger.sweep() == (1, 1)
    assert ledger.sweep() == (0, 0)

    states = dict(PaidCall.objects.values_list("key", "state"))
    assert states == {"a": "failed", "b": "in_doubt", "c": "reserved"}
    held.refresh_from_db()
    assert held.reserved_micro == 200
    assert isinstance(claims[0], ledger.Claim)
    with pytest.raises(ledger.LostCall):
        ledger.begin(claims[0])


def test_a_late_answer_settles_its_call_that_was_in_doubt(
    priced: Price, budget: MakeBudget
) -> None:
    held = budget(cap_micro=1000)
    claim = ledger.claim(_wanted(held, priced, 100))
    assert isinstance(claim, ledger.Claim)
    ledger.begin(claim)
    PaidCall.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    ledger.sweep()

    ledger.settle(claim, cost_micro=40, usage=Usage(1, 1), answer=None)

    held.refresh_from_db()
    assert (held.reserved_micro, held.spent_micro) == (0, 40)


def test_a_person_resolves_a_call_in_doubt_with_an_audit_entry(
    server: ChatServer,
    chat: OpenAICompatibleChat,
    budget: MakeBudget,
    priced: Price,
    staff: Person,
) -> None:
    held = budget()
    server.plan = ["500"]
    with pytest.raises(EngineError):
        buy(chat, held)
    call = the_call()
    with pytest.raises(Refused):
        resolve_as_not_billed(call=call, note=" ", actor=staff.user)

    resolve_as_not_billed(call=call, note="not on the bill of 25 Nov", actor=staff.user)

    assert Budget.objects.get().reserved_micro == 0
    entry = AuditEntry.objects.get(action="paid_call.resolved")
    assert (entry.actor, entry.object_id) == (staff.user, str(call.pk))
    assert audit.verify().ok
    with pytest.raises(Refused):
        resolve_as_billed(call=call, cost_micro=5, note="x", actor=staff.user)
    assert not buy(chat, held).kept, "now the machine may ask again"


def test_a_call_resolved_as_billed_books_the_amount_of_the_bill(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget()
    server.plan = ["cut-after"]
    with pytest.raises(EngineError):
        buy(chat, held)

    resolve_as_billed(call=the_call(), cost_micro=321, note="bill no. 7")

    held.refresh_from_db()
    assert (held.reserved_micro, held.spent_micro) == (0, 321)
    with pytest.raises(EngineError) as caught:
        buy(chat, held)
    assert caught.value.code == "paid_without_answer"
    assert server.bills == 1


def test_a_cap_is_never_set_below_what_is_spent(budget: MakeBudget, staff: Person) -> None:
    held = budget(cap_micro=100)
    Budget.objects.update(spent_micro=60, reserved_micro=20)
    with pytest.raises(Refused):
        budget_set_cap(budget=held, cap_micro=79, actor=staff.user)
    budget_set_cap(budget=held, cap_micro=80, actor=staff.user)
    assert AuditEntry.objects.get(action="budget.changed").data == {"cap_micro": 80}


def test_an_engine_that_fails_again_and_again_is_let_rest_and_then_probed(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget()
    server.always = "500"
    codes = []
    for seed in range(8):
        with pytest.raises(EngineError) as caught:
            buy(chat, held, replace(ASKED, seed=seed))
        codes.append(caught.value.code)

    assert codes == ["server_error"] * 5 + ["resting"] * 3
    assert server.bills == 5

    EngineHealth.objects.update(rests_until=timezone.now() - timedelta(seconds=1))
    server.always = ""
    health.ask_leave("stub")  # the probe
    with pytest.raises(health.Resting):
        health.ask_leave("stub")
    EngineHealth.objects.update(rests_until=timezone.now() - timedelta(seconds=1))
    buy(chat, held, replace(ASKED, seed=99))
    assert EngineHealth.objects.get().failures == 0


def test_nothing_is_bought_inside_a_transaction(
    chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    held = budget()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        buy(chat, held)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_engine_thinks(
    server: ChatServer, chat: OpenAICompatibleChat, budget: MakeBudget, priced: Price
) -> None:
    open_then: list[bool] = []

    def answerer(_: dict[str, object]) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND state LIKE 'idle in transaction%%' AND pid <> pg_backend_pid()"
            )
            open_then.append(cursor.fetchone()[0] > 0)
        connection.close()
        return "{}"

    server.answerer = answerer
    buy(chat, budget())
    assert open_then == [False]


def test_an_interrupted_call_is_in_doubt(
    chat: OpenAICompatibleChat,
    budget: MakeBudget,
    priced: Price,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(self: object, request: ChatRequest) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(OpenAICompatibleChat, "complete", killed)
    with pytest.raises(KeyboardInterrupt):
        buy(chat, budget())
    assert the_call().state == PaidCall.State.IN_DOUBT


# -- prices -------------------------------------------------------------------------------------


def test_a_third_of_a_fen_stays_what_it_is_and_a_thousand_of_them_are_added_exactly() -> None:
    price = Price(input_micro=100_000, cached_micro=20_000, output_micro=200_000,
                  engine="e", currency="CNY")  # fmt: skip
    price.save()
    one = price_of("e", "any", timezone.now()).cost(Usage(2000, 500))

    assert one == 300
    assert plain(decimal_of(one)) == "0.0003"
    assert minor_of(1000 * one) == 30
    assert minor_of(1) == 1, "a sum is rounded up, once"
    assert micro_of(Decimal("0.0000001")) == 1


def test_a_price_counts_from_its_day_and_the_models_own_goes_first(db: None) -> None:
    days = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 6, 9)]
    rows = [
        Price.objects.create(engine="e", model=model, input_micro=micro, cached_micro=0,
                             output_micro=0, valid_from=day)
        for model, micro, day in (("", 1, days[0]), ("m", 2, days[1]), ("", 3, days[2]))
    ]  # fmt: skip

    def label(model: str, at: datetime) -> str:
        return price_of("e", model, at).label

    assert label("m", datetime(2026, 5, 31, tzinfo=UTC)) == f"own #{rows[0].pk}"
    assert label("m", datetime(2026, 10, 1, tzinfo=UTC)) == f"own #{rows[1].pk}"
    assert label("other", datetime(2026, 10, 1, tzinfo=UTC)) == f"own #{rows[2].pk}"
    with pytest.raises(NoPrice):
        label("m", datetime(2025, 1, 1, tzinfo=UTC))


def test_behind_our_own_prices_stands_the_public_list_of_the_hour() -> None:
    noon = datetime(2025, 6, 1, 4, tzinfo=UTC)
    night = datetime(2025, 6, 1, 18, tzinfo=UTC)
    used = Usage(1_000_000, 100_000)

    day_price = price_of("d", "deepseek-chat", noon, public_provider="deepseek")
    night_price = price_of("d", "deepseek-chat", night, public_provider="deepseek")

    assert day_price.currency == "USD"
    assert day_price.label.startswith("genai-prices 0.2.3")
    assert night_price.cost(used) < day_price.cost(used), "off-peak, by the request's time"
    with pytest.raises(NoPrice):
        price_of("q", "qwen-of-tomorrow", noon, public_provider="deepseek")

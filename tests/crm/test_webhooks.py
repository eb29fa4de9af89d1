"""Signed notices: booked once when genuine, ours, of now and as ordered; else nothing is booked."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from crm import tasks
from crm.models import AuditEntry, Payment, ProviderEvent, RefusedNotice, TeamNotice, User
from crm.services import events as receiving
from crm.services import refusals
from crm.services.ledger import ledger_lock
from crm.services.payments import bill_import, event_receive, payment_order_open
from crm.services.team_notices import team_notice_deliver, team_notices_due
from crm.webhooks import events as windows
from tests.conftest import Person
from tests.crm.notices import NOW, Notice, Told, accounts, signed
from tests.factories.crm import PaymentFactory

PROVIDERS = ["stripe", "wechat", "alipay", "test"]
CHARGE = Told("charge", "ch_0001", 5900)
ANSWERS = {"stripe": "received", "wechat": "SUCCESS", "alipay": "success", "test": "received"}


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.PAYMENTS = accounts()
    cache.clear()  # how often whom was refused


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


def send(notice: Notice, client: Client | None = None) -> object:
    return (client or Client(raise_request_exception=False)).post(
        f"/webhooks/{notice.provider}/",
        notice.body,
        content_type=notice.content_type,
        headers=notice.headers,
    )


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_genuine_notice_is_booked_kept_and_answered_as_its_provider_expects(
    db: None, provider: str
) -> None:
    notice = signed(provider, CHARGE)

    answer = send(notice, Client(enforce_csrf_checks=True))

    assert (answer.status_code, ANSWERS[provider] in answer.content.decode()) == (200, True)
    payment = Payment.objects.get()
    assert (payment.provider, payment.object_id, payment.kind) == (provider, "ch_0001", "charge")
    assert (payment.minor, payment.currency) == (5900, "CNY")
    kept = ProviderEvent.objects.get()
    assert (bytes(kept.body), kept.outcome, payment.notice) == (notice.body, "booked", kept)
    assert AuditEntry.objects.get().action == "payment.notified"


def test_alipay_wants_to_read_success_and_nothing_else(db: None) -> None:
    assert send(signed("alipay", CHARGE)).content == b"success"
    assert send(signed("alipay", CHARGE, by="mallory")).content == b"failure"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_notice_again_is_answered_well_and_books_nothing(db: None, provider: str) -> None:
    notice = signed(provider, CHARGE)

    assert [send(notice).status_code for _ in range(3)] == [200, 200, 200]

    assert (Payment.objects.count(), ProviderEvent.objects.count()) == (1, 1)


def hostile(provider: str) -> dict[str, tuple[Notice, int]]:
    """What must book nothing, and the answer it deserves."""
    other = {
        "stripe": {"account": "acct_theirs"},
        "wechat": {"mchid": "1900000002"},
        "alipay": {"seller_id": "2088000000000002"},
        "test": {"merchant": "theirs"},
    }[provider]
    genuine = signed(provider, CHARGE)
    bare = replace(genuine, headers={})
    swapped = signed(provider, replace(CHARGE, minor=1))
    return {
        "forged": (signed(provider, CHARGE, by="mallory"), 401),
        "unsigned": (
            bare if genuine.headers else replace(bare, body=bare.body.partition(b"&sign=")[0]), 401,
        ),
        "tampered": (replace(genuine, body=genuine.body.replace(b"0", b"9", 1)), 401),
        "another's signature": (replace(genuine, headers=swapped.headers), 401)
        if genuine.headers
        else (replace(genuine, body=genuine.body.replace(b"59.00", b"1.00")), 401),
        "stale": (signed(provider, CHARGE, now=NOW - timedelta(seconds=301)), 401),
        "ten years old": (signed(provider, CHARGE, now=NOW - timedelta(days=3650)), 401),
        "future": (signed(provider, CHARGE, now=NOW + timedelta(seconds=301)), 401),
        "other merchant": (signed(provider, replace(CHARGE, changes=other)), 422),
    }  # fmt: skip


CASES = [
    (provider, name)
    for provider in PROVIDERS
    for name in (
        "forged", "unsigned", "tampered", "another's signature", "stale", "ten years old",
        "future", "other merchant",
    )
]  # fmt: skip


@pytest.mark.parametrize(("provider", "name"), CASES)
def test_what_is_not_genuine_of_now_and_ours_books_nothing(
    db: None, provider: str, name: str
) -> None:
    notice, status = hostile(provider)[name]

    assert send(notice).status_code == status
    assert not Payment.objects.exists()
    assert ProviderEvent.objects.count() == (status == 422)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("change", "why"),
    [({"minor": 5901}, "wrong_amount"), ({"currency": "USD"}, "wrong_currency")],
)
def test_another_amount_or_currency_than_ordered_books_nothing(
    alice: Person, provider: str, change: dict[str, object], why: str
) -> None:
    ordered = {"minor": 5900, "currency": "CNY"}
    if provider == "alipay" and "currency" in change:  # Alipay has only yuan: the order differs
        ordered, change = {"minor": 5900, "currency": "USD"}, {}
    order = payment_order_open(creator=alice.as_creator, provider=provider, **ordered)

    answer = send(signed(provider, replace(CHARGE, order=order.number, **change)))

    assert answer.status_code == 422
    assert not Payment.objects.exists()
    assert ProviderEvent.objects.get().reason == why


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_charge_as_ordered_is_its_creators(alice: Person, provider: str) -> None:
    order = payment_order_open(
        creator=alice.as_creator, provider=provider, minor=5900, currency="CNY"
    )

    assert send(signed(provider, replace(CHARGE, order=order.number))).status_code == 200

    assert Payment.objects.get().creator == alice.creator


def test_what_was_refused_for_its_order_is_booked_when_the_provider_asks_again(
    alice: Person,
) -> None:
    order = payment_order_open(
        creator=alice.as_creator, provider="wechat", minor=5900, currency="CNY"
    )
    wrong = signed("wechat", replace(CHARGE, order=order.number, minor=1, event="EV-1"))
    right = signed("wechat", replace(CHARGE, order=order.number, event="EV-1"))

    assert [send(wrong).status_code, send(right).status_code] == [422, 200]
    assert ProviderEvent.objects.get().outcome == "booked"


@pytest.mark.parametrize(
    ("provider", "changes"),
    [
        ("stripe", {"status": "requires_action", "type": "payment_intent.created"}),
        ("stripe", {"captured": False}),
        ("wechat", {"trade_state": "NOTPAY"}),
        ("alipay", {"trade_status": "WAIT_BUYER_PAY"}),
        ("alipay", {"trade_status": "TRADE_CLOSED"}),
        ("test", {"kind": "payout"}),
    ],
)
def test_a_notice_of_no_payment_is_kept_and_ignored(
    db: None, provider: str, changes: dict[str, object]
) -> None:
    assert send(signed(provider, replace(CHARGE, changes=changes))).status_code == 200

    assert not Payment.objects.exists()
    assert ProviderEvent.objects.get().outcome == "ignored"


def test_a_test_mode_event_books_nothing_on_the_live_account(db: None) -> None:
    assert send(signed("stripe", replace(CHARGE, changes={"livemode": False}))).status_code == 422
    assert not Payment.objects.exists()


def test_an_unknown_serial_is_refused_without_a_call_to_anybody(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(*args: object, **kwargs: object) -> None:
        raise AssertionError("a call to the outside")

    monkeypatch.setattr("socket.socket.connect", call)
    notice = signed("wechat", CHARGE)
    for serial in ("UNKNOWN", "", "PUB_KEY_ID_1"):
        headers = {**notice.headers, "Wechatpay-Serial": serial}
        assert send(replace(notice, headers=headers)).status_code == 401
    probe = {**notice.headers, "Wechatpay-Signature": "WECHATPAY/SIGNTEST/c2lnbg=="}
    assert send(replace(notice, headers=probe)).status_code == 401


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_guards_are_what_refuses(
    db: None, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the window wide open the stale and the future would be booked."""
    monkeypatch.setattr(windows, "WINDOW_SECONDS", 10**10)

    assert send(hostile(provider)["ten years old"][0]).status_code == 200
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("provider", PROVIDERS)
@hypothesis_settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
def test_whatever_is_sent_the_answer_is_never_a_fault(
    db: None, provider: str, data: st.DataObject
) -> None:
    """Random bytes, random headers, and genuinely signed rubbish."""
    rubbish = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("\ud800\x00"),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=4,
    )
    field = data.draw(st.sampled_from([
        "id", "object", "amount", "currency", "created", "metadata", "type", "data", "paid", "kind",
        "minor", "at", "mchid", "transaction_id", "success_time", "payer", "order", "refund_of",
    ]))  # fmt: skip
    if data.draw(st.booleans()) and provider != "alipay":
        notice = signed(provider, replace(CHARGE, changes={field: data.draw(rubbish)}))
    elif provider == "alipay":
        name = data.draw(st.sampled_from(
            ["trade_no", "total_amount", "gmt_payment", "notify_id", "charset", "refund_fee"]
        ))  # fmt: skip
        text = data.draw(st.text(st.characters(codec="utf-8"), max_size=140))
        notice = signed(provider, replace(CHARGE, changes={name: text, "gmt_refund": "x"}))
    else:
        notice = replace(signed(provider, CHARGE), body=data.draw(st.binary(max_size=60)))
    answer = event_receive(provider=provider, headers=notice.headers, body=notice.body)
    assert answer.status in {200, 400, 401, 422}


def test_a_body_without_end_is_not_read(db: None) -> None:
    assert Client().post(
        "/webhooks/stripe/", b"x" * 300_000, content_type="application/json"
    ).status_code == 413  # fmt: skip


def test_a_provider_that_is_not_set_up_has_no_endpoint(db: None, settings: Settings) -> None:
    settings.PAYMENTS = {}
    for provider in [*PROVIDERS, "paypal"]:
        assert Client().post(f"/webhooks/{provider}/").status_code == 404


def test_no_payload_reaches_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    for provider in PROVIDERS:
        for notice, _status in hostile(provider).values():
            send(notice)

    assert "oPayer" not in caplog.text
    assert "5900" not in caplog.text


def test_a_notice_is_kept_byte_for_byte(db: None) -> None:
    send(signed("stripe", CHARGE))

    for change in ({"body": b"x"}, {"event_id": "x"}, {"headers": {}}):
        with pytest.raises(DatabaseError, match="as_received"), transaction.atomic():
            ProviderEvent.objects.update(**change)
    send(signed("wechat", replace(CHARGE, changes={"trade_state": "NOTPAY"}, event="EV-2")))
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        ProviderEvent.objects.filter(provider="wechat").delete()


def test_a_bill_and_a_notice_of_the_same_charge_are_one(db: None) -> None:
    bill = (
        b"id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description\n"
        b"txn_1,charge,ch_0001,59.00,0,59.00,cny,2026-05-20 09:30,2026-05-22 00:00,x\n"
    )
    send(signed("stripe", CHARGE))
    done = bill_import(data=bill, name="balance.csv")
    assert (done.booked, done.duplicates, done.warnings) == (0, 1, [])

    wrong = bill_import(data=bill.replace(b"59.00", b"58.00"), name="balance.csv")

    assert (wrong.booked, wrong.duplicates) == (0, 1)
    assert "the ledger has 59.00 CNY for ch_0001" in wrong.warnings[0]


def test_a_notice_that_tells_another_amount_of_a_known_charge_is_refused(db: None) -> None:
    send(signed("wechat", CHARGE))

    again = send(signed("wechat", replace(CHARGE, minor=5800, event="EV-2")))

    assert again.status_code == 422
    assert Payment.objects.get().minor == 5900


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("provider", ["stripe", "wechat", "alipay"])
def test_fifty_copies_of_one_notice_at_once_book_once(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process, which is no server: the time that each may take has a test of its own."""
    monkeypatch.setattr(receiving, "LOCK_TIMEOUT_MS", 60_000)
    notice = signed(provider, CHARGE)
    statuses: list[int] = []
    gate = threading.Barrier(50)

    def tell() -> None:
        try:
            gate.wait()
            answer = event_receive(provider=provider, headers=notice.headers, body=notice.body)
            statuses.append(answer.status)
        finally:
            connection.close()

    copies = [threading.Thread(target=tell) for _ in range(50)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()

    assert statuses == [200] * 50
    assert (Payment.objects.count(), ProviderEvent.objects.count()) == (1, 1)


@contextmanager
def held(lock: Callable[[], object]) -> Iterator[None]:
    """Another connection that takes a lock in a transaction and keeps it until the block ends."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                lock()
                taken.set()
                done.wait(30)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(30)
    try:
        yield
    finally:
        done.set()
        holder.join()


def whole_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE crm_payment IN SHARE MODE")


LOCKS: dict[str, Callable[[], object]] = {
    "a bill that books the same row": lambda: PaymentFactory(
        provider="alipay", event_id="charge:ch_0001", object_id="ch_0001", creator=None
    ),
    "the ledger's lock": ledger_lock,
    "the whole table": whole_table,
    "the notice itself": lambda: ProviderEvent.objects.create(
        provider="alipay", event_id="EV-refund-ch_0001:r1", body=b""
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", list(LOCKS))
def test_whatever_is_locked_an_answer_comes_in_time_and_the_provider_asks_again(
    what: str, settings: Settings
) -> None:
    """Alipay's refund takes every lock there is: the notice's, the ledger's, the rows'.

    The lock is held for half a minute; `python -m bench notices` publishes what an answer takes.
    """
    settings.NOTICE_SECONDS = 0.55
    told = Told("refund", "ch_0001:r1", 900, charge="ch_0001", charged=5900)
    notice = signed("alipay", told)

    with held(LOCKS[what]):
        begun = time.perf_counter()
        busy = send(notice)
        took = time.perf_counter() - begun

    assert busy.status_code == 503
    assert busy.content == b"failure"  # to Alipay anything but "success" means: again
    assert took < 5.0  # what WeChat waits at most
    if what != "the notice itself":
        assert send(notice).status_code == 200
        assert Payment.objects.filter(provider="alipay").count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_bound_is_what_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with more patience the same lock is waited for."""
    monkeypatch.setattr(receiving, "LOCK_TIMEOUT_MS", 60_000)
    answers: list[int] = []

    def tell() -> None:
        try:
            answers.append(send(signed("stripe", CHARGE)).status_code)
        finally:
            connection.close()

    waiting = threading.Thread(target=tell)
    with held(whole_table):
        waiting.start()
        waiting.join(1.2)
        assert answers == []
    waiting.join()

    assert answers == [200]


@pytest.mark.django_db(transaction=True)
def test_no_statement_begins_when_the_budget_is_spent(settings: Settings) -> None:
    settings.NOTICE_SECONDS = -1

    assert send(signed("stripe", CHARGE)).status_code == 503
    assert not ProviderEvent.objects.exists()


# -- what was refused -----------------------------------------------------------------------------


def test_what_is_refused_is_counted_by_hour_and_reason_without_its_payload(db: None) -> None:
    for name in ("forged", "forged", "stale", "other merchant"):
        send(hostile("wechat")[name][0])

    counted = {(row.code, row.status): row.count for row in RefusedNotice.objects.all()}
    assert counted == {
        ("bad_signature", 401): 2, ("stale", 401): 1, ("other_merchant", 422): 1,
    }  # fmt: skip


def test_whoever_is_refused_too_often_gets_short_answers_and_costs_no_rows(db: None) -> None:
    forged, _status = hostile("stripe")["forged"]

    answers = Counter(send(forged).status_code for _ in range(130))

    assert answers == {401: 30, 429: 100}
    assert RefusedNotice.objects.get().count == 30 + 100


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_flood_of_forged_notices_holds_back_a_genuine_one(db: None, provider: str) -> None:
    """From the same address, as behind a proxy."""
    forged, _status = hostile(provider)["forged"]
    for _ in range(40):
        send(forged)
    assert send(forged).status_code == 429

    assert send(signed(provider, CHARGE)).status_code == 200
    others, _status = hostile(provider)["other merchant"]
    assert send(others).status_code == 422  # genuine: kept for a person, never limited
    assert Payment.objects.count() == 1


def test_a_cache_that_is_down_limits_nobody(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(refusals.cache, "add", down)
    forged, _status = hostile("stripe")["forged"]

    assert {send(forged).status_code for _ in range(40)} == {401}


def test_a_pile_of_refusals_is_told_to_those_who_see_notices_once(
    staff: Person, alice: Person, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(pk=staff.user.pk).update(email="pm@pingju.example")
    User.objects.filter(pk=alice.user.pk).update(email="alice@pingju.example")
    forged, _status = hostile("wechat")["forged"]
    for _ in range(refusals.PILE - 1):
        send(forged)
    assert refusals.refusals_check() == 0

    send(forged)
    assert refusals.refusals_check() == 1
    (due,) = team_notices_due()
    assert [team_notice_deliver(pk) for pk in [due, due]] == ["done", "not waiting"]
    assert refusals.refusals_check() == 0

    (mail,) = mailoutbox
    assert mail.to == ["pm@pingju.example"]
    assert "wechat" in mail.subject
    assert "签名" in mail.body
    assert f"签名不成立。 {refusals.PILE}" in mail.body


def test_one_genuine_notice_that_was_refused_is_told_at_once(
    staff: Person, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(pk=staff.user.pk).update(email="pm@pingju.example")
    send(hostile("alipay")["other merchant"][0])

    assert tasks.team_notices_task() == 1
    assert "alipay" in TeamNotice.objects.get().subject


@pytest.mark.parametrize(
    ("provider", "change", "code"),
    [
        ("wechat", {"public_key": ""}, "pingju.E003"),
        ("alipay", {"app_id": ""}, "pingju.E003"),
        ("wechat", {"api_v3_key": "short"}, "pingju.E005"),
        ("alipay", {"public_key": "rubbish"}, "pingju.E005"),
    ],
)
def test_a_half_configured_provider_is_refused_at_start(
    settings: Settings, provider: str, change: dict[str, str], code: str
) -> None:
    assert not [found for found in run_checks() if found.id and found.id.startswith("pingju.E")]
    settings.PAYMENTS = {**accounts(), provider: {**accounts()[provider], **change}}

    assert code in {found.id for found in run_checks()}


def test_the_test_provider_is_for_this_machine_only(settings: Settings) -> None:
    settings.EMBEDDED, settings.SAMPLE_WORKSPACE = False, False

    assert "pingju.E004" in {found.id for found in run_checks()}


def test_a_stripe_charge_event_that_carries_its_refunds_books_them_too(db: None) -> None:
    refunds = {"data": [{"id": "re_1", "amount": 900, "currency": "cny", "status": "succeeded",
                         "created": 1779269400}]}  # fmt: skip
    body = json.loads(signed("stripe", CHARGE).body)
    body["type"], body["data"]["object"]["refunds"] = "charge.refunded", refunds
    told = replace(CHARGE, changes={"type": "charge.refunded", "data": body["data"]})

    assert send(signed("stripe", told)).status_code == 200

    assert {(p.kind, p.object_id, p.refund_of) for p in Payment.objects.all()} == {
        ("charge", "ch_0001", ""), ("refund", "re_1", "ch_0001"),
    }  # fmt: skip


def test_the_teams_first_page_says_how_many_were_refused(staff: Person) -> None:
    for _ in range(3):
        send(hostile("stripe")["forged"][0])
    RefusedNotice.objects.create(
        provider="stripe", code="stale", status=401, count=50,
        hour=NOW - timedelta(days=2), last_at=NOW - timedelta(days=2),
    )  # fmt: skip

    page = staff.client.get("/admin/").content.decode()

    assert "过去 24 小时拒收了 3 条支付通知" in page

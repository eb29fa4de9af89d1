"""A provider's list against the ledger: exactly what does not agree is reported."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm import tasks
from crm.exceptions import DomainError
from crm.models import AuditEntry, Payment, Reconciliation
from crm.services import reconciliation as service
from crm.services.corrections import payment_correct
from crm.services.payments import bill_import
from crm.services.reconciliation import (
    reconcile,
    reconcile_by_api,
    reconcile_list,
    reconciliation_cancel,
    reconciliation_execute,
    reconciliation_resume,
)
from tests.conftest import Person
from tests.crm.notices import accounts
from tests.factories.crm import MOMENT, PaymentFactory

N = 10_000
HEAD = "balance_transaction_id,created_utc,currency,gross,reporting_category,source_id,charge_id\n"


def line(number: int, amount: str = "59.00", *, charge: str = "") -> str:
    kind, sign, name = ("dispute", "-", "dp") if charge else ("charge", "", "ch")
    at = (MOMENT + timedelta(seconds=number)).strftime("%Y-%m-%d %H:%M:%S")
    return (
        f"txn_{name}{number},{at},cny,{sign}{amount},{kind},{name}_{number},"
        f"{charge or f'ch_{number}'}\n"
    )


def fill(numbers: range) -> None:
    Payment.objects.bulk_create(
        (
            PaymentFactory.build(
                provider="stripe", event_id=f"charge:ch_{number}", object_id=f"ch_{number}",
                minor=5900, occurred_at=MOMENT + timedelta(seconds=number),
            )
            for number in numbers
        ),
        batch_size=2000,
    )  # fmt: skip


def found(made: Reconciliation) -> list[tuple[str, str, str]]:
    return sorted((row.bucket, row.object_id, row.note) for row in made.lines.all())


def test_of_ten_thousand_payments_exactly_the_four_planted_faults_are_reported(db: None) -> None:
    fill(range(N))
    lost = Payment.objects.get(object_id="ch_17")
    payment_correct(payment=lost, why="通知丢了", actor=None)  # a notice that never came
    rows = [line(number) for number in range(N)]
    rows[4711] = line(4711, "58.00")  # another amount
    rows.append(line(815))  # a line twice
    rows.append(line(4, charge="ch_4"))  # a dispute that we do not know

    made = reconcile(data=(HEAD + "".join(rows)).encode(), name="balance.csv")

    assert found(made) == [
        ("differing", "ch_4711", ""),
        ("only_there", "ch_17", ""),
        ("only_there", "dp_4", ""),
        ("only_there", "—", "listed_twice"),
    ]
    assert (made.theirs, made.agreeing) == (N + 1, N - 2)
    assert made.totals["CNY"]["charge"] == [(N - 1) * 5900, N * 5900 - 100]


def test_two_that_agree_report_nothing(db: None) -> None:
    data = (HEAD + "".join(line(number) for number in range(30))).encode()
    bill_import(data=data, name="balance.csv")

    made = reconcile(data=data, name="balance.csv")

    assert (found(made), made.agreeing) == ([], 30)


def test_what_only_the_ledger_has_in_these_days_is_reported(db: None) -> None:
    fill(range(3))
    PaymentFactory(provider="stripe", object_id="ch_other_month",
                   occurred_at=MOMENT - timedelta(days=40))  # fmt: skip
    PaymentFactory(provider="alipay")

    made = reconcile(data=(HEAD + line(0) + line(2)).encode(), name="balance.csv")

    assert found(made) == [("only_here", "ch_1", "")]


def test_a_list_without_payments_is_refused(db: None) -> None:
    nothing = HEAD + "txn_1,2026-05-20 09:30:00,cny,-5.00,payout,po_1,\n"

    with pytest.raises(DomainError) as caught:
        reconcile(data=nothing.encode(), name="balance.csv")
    assert caught.value.code == "nothing_to_compare"
    assert not Reconciliation.objects.exists()


def test_the_report_is_read_filtered_and_taken_away(staff: Person) -> None:
    fill(range(3))
    PaymentFactory(provider="stripe", object_id="=cmd()")
    made = reconcile(data=(HEAD + line(0) + line(5)).encode(), name="balance.csv")
    url = f"/admin/crm/reconciliation/{made.pk}/report"

    page = staff.client.get(f"{url}/").content.decode()
    assert "ch_1" in page
    assert "ch_5" in page
    only = staff.client.get(f"{url}/?bucket=only_there").content.decode()
    assert "ch_1<" not in only
    sheet = staff.client.get(f"{url}.csv").content.decode("utf-8-sig")
    assert "only_there,3,ch_5,charge" in sheet
    assert "'=cmd()" in sheet


# -- as a job -------------------------------------------------------------------------------------

State = Reconciliation.State


def listed(*numbers: int) -> bytes:
    return (HEAD + "".join(line(number) for number in numbers)).encode()


def test_an_uploaded_list_is_kept_until_it_is_compared_and_then_gone(
    db: None, django_capture_on_commit_callbacks: Any
) -> None:
    fill(range(3))
    wanted = reconcile_list(data=listed(0, 2), name="balance.csv")
    assert (wanted.state, default_storage.exists(wanted.list_path)) == (State.QUEUED, True)
    kept = wanted.list_path

    with django_capture_on_commit_callbacks(execute=True):
        assert reconciliation_execute(wanted.pk) == State.DONE
    assert reconciliation_execute(wanted.pk) == "not_waiting"

    wanted.refresh_from_db()
    assert found(wanted) == [("only_here", "ch_1", "")]
    assert (wanted.done, wanted.total, wanted.list_path) == (2, 2, "")
    assert not default_storage.exists(kept)
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["payments.comparison_asked", "payments.reconciled"]


def test_a_comparison_stops_when_asked_leaves_nothing_half_and_can_begin_again(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(range(3))
    wanted = reconcile_list(data=listed(0, 2, 7), name="balance.csv")
    whole = service.entries_about

    def asked_meanwhile(facts: Any) -> Any:
        assert reconciliation_cancel(wanted=wanted)
        return whole(facts)

    monkeypatch.setattr(service, "entries_about", asked_meanwhile)
    assert reconciliation_execute(wanted.pk) == State.CANCELLED
    assert not wanted.lines.exists()
    assert not reconciliation_cancel(wanted=wanted)

    monkeypatch.setattr(service, "entries_about", whole)
    assert reconciliation_resume(wanted=wanted)
    assert tasks.reconciliation_task(wanted.pk) == State.DONE
    assert wanted.lines.count() == 2
    assert not reconciliation_resume(wanted=wanted)


def test_the_page_uploads_shows_how_far_it_is_and_stops(staff: Person) -> None:
    file = SimpleUploadedFile("balance.csv", listed(0, 5))
    url = "/admin/crm/reconciliation"
    answer = staff.client.post(f"{url}/new/", {"file": file, "format": "auto"})
    wanted = Reconciliation.objects.get()
    assert answer["Location"] == f"{url}/{wanted.pk}/report/"
    page = staff.client.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' in page

    staff.client.post(f"{url}/{wanted.pk}/cancel/")
    wanted.refresh_from_db()
    assert wanted.state == State.CANCELLED
    staff.client.post(f"{url}/{wanted.pk}/again/")
    reconciliation_execute(wanted.pk)

    page = staff.client.get(answer["Location"]).content.decode()
    assert "ch_5" in page
    assert 'http-equiv="refresh"' not in page


# -- the provider's own list ----------------------------------------------------------------------


@dataclass
class Stripe:
    """`/v1/balance_transactions` as Stripe documents it: pages by cursor, filters, errors as JSON."""

    url: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    status: int = 200

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        self.asked.append(query)
        if headers.get("authorization") != "Bearer sk_of_this_test":
            return 401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}
        if self.status != 200:
            return self.status, {"error": {"type": "api_error", "message": "Try again."}}
        assert parts.path == "/v1/balance_transactions"
        chosen = [
            row for row in sorted(self.rows, key=lambda row: -row["created"])
            if int(query["created[gte]"]) <= row["created"] < int(query["created[lt]"])
        ]  # fmt: skip
        after = query.get("starting_after")
        start = [row["id"] for row in chosen].index(after) + 1 if after else 0
        limit = int(query["limit"])
        part = chosen[start : start + limit]
        return 200, {
            "object": "list", "url": "/v1/balance_transactions", "data": part,
            "has_more": start + limit < len(chosen),
        }  # fmt: skip


def moved(number: int, category: str = "charge", amount: int = 5900) -> dict[str, Any]:
    """A balance transaction with its source, expanded as asked for."""
    name = {"charge": "ch", "refund": "re", "dispute": "dp", "payout": "po"}[category]
    source: dict[str, Any] = {"id": f"{name}_{number}", "object": category}
    if category in ("refund", "dispute"):
        source["charge"] = f"ch_{number}"
    return {
        "id": f"txn_{name}{number}", "object": "balance_transaction", "amount": amount,
        "currency": "cny", "created": int((MOMENT + timedelta(seconds=number)).timestamp()),
        "reporting_category": category, "type": category, "description": None, "source": source,
    }  # fmt: skip


@pytest.fixture
def provider(settings: Any) -> Iterator[Stripe]:
    here = Stripe()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, document = here.answer(self.path, headers)
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    known = accounts()
    known["stripe"] |= {"secret_key": "sk_of_this_test", "api": here.url}
    settings.PAYMENTS = known
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def day(offset: int = 0) -> datetime:
    first = timezone.localtime(MOMENT).replace(hour=0, minute=0, second=0, microsecond=0)
    return first + timedelta(days=offset)


def by_api() -> Reconciliation:
    return reconcile_by_api(provider="stripe", since=day(), until=day(1))


def test_stripe_is_asked_page_by_page_and_its_list_is_held_against_the_ledger(
    db: None, provider: Stripe
) -> None:
    fill(range(250))
    provider.rows = [moved(number) for number in range(250) if number != 17]
    provider.rows[4] = moved(4, amount=5800)
    provider.rows += [moved(9, "refund", -900), moved(9, "dispute", -5900),
                      moved(8, "payout", -100_000), moved(90_000)]  # fmt: skip
    wanted = by_api()

    assert reconciliation_execute(wanted.pk) == State.DONE

    wanted.refresh_from_db()
    assert found(wanted) == [
        ("differing", "ch_4", ""),
        ("only_here", "ch_17", ""),
        ("only_there", "dp_9", ""),
        ("only_there", "re_9", ""),
    ]
    assert (wanted.theirs, wanted.agreeing) == (251, 248)
    assert [len(asked) for asked in provider.asked] == [4, 5, 5]
    assert wanted.sha256


def test_a_day_on_which_the_provider_has_nothing_is_compared_too(
    db: None, provider: Stripe
) -> None:
    fill(range(2))
    wanted = by_api()

    assert reconciliation_execute(wanted.pk) == State.DONE
    assert [row.object_id for row in wanted.lines.all()] == ["ch_0", "ch_1"]


def test_a_sick_provider_is_asked_again_later_and_given_up_after_three_times(
    db: None, provider: Stripe
) -> None:
    provider.status = 500
    wanted = by_api()

    states = [reconciliation_execute(wanted.pk) for _ in range(3)]

    assert states == [State.QUEUED, State.QUEUED, State.FAILED]
    wanted.refresh_from_db()
    assert wanted.error_code == "no_list"
    assert len(provider.asked) == 3  # the client's own retries are off


def test_a_refused_key_is_said_at_once_and_never_shown(
    staff: Person, provider: Stripe, settings: Any
) -> None:
    settings.PAYMENTS["stripe"]["secret_key"] = "sk_revoked"
    wanted = by_api()

    assert reconciliation_execute(wanted.pk) == State.FAILED
    page = staff.client.get(f"/admin/crm/reconciliation/{wanted.pk}/report/").content.decode()
    assert "Invalid API Key" in page
    assert "sk_revoked" not in page


def test_the_page_offers_the_provider_only_where_its_key_is_set(
    staff: Person, provider: Stripe, settings: Any
) -> None:
    url = "/admin/crm/reconciliation/new/"
    first = timezone.localtime(MOMENT).strftime("%Y-%m-%d")
    wish = {"provider": "stripe", "first": first, "last": first}
    assert 'name="provider"' in staff.client.get(url).content.decode()
    assert staff.client.post(url, wish).status_code == 302
    wanted = Reconciliation.objects.get()
    assert (wanted.since, wanted.until) == (day(), day(1))
    backwards = {**wish, "last": "2020-01-01"}
    assert staff.client.post(url, backwards).status_code == 422

    settings.PAYMENTS["stripe"]["secret_key"] = ""
    assert 'name="provider"' not in staff.client.get(url).content.decode()
    with pytest.raises(DomainError):
        by_api()

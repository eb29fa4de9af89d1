"""Ways to pay against local servers that speak the providers' real shape and check what we sign."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone

from crm.checkout import Ask, Back, CheckoutError, alipay, stripe, wechat
from crm.checkout.providers import providers_for
from crm.models import Plan, PlanOrder, RefundRequest
from crm.plan_page import qr_code
from crm.services.orders import order_begin, plan_order
from crm.services.refunds import refund_ask, refund_send
from tests.crm.notices import SERIAL, accounts, key
from tests.factories.crm import CreatorFactory, PaymentFactory

SHA = (PKCS1v15(), SHA256())


def private(name: str) -> str:
    return key(name).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode()  # fmt: skip


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass
class Provider:
    """A provider's server: `answer` makes (status, headers, body) of a request."""

    url: str = ""
    got: list[Received] = field(default_factory=list)
    answer: Callable[[Received], tuple[int, dict[str, str], bytes]] = lambda got: (500, {}, b"")


@pytest.fixture
def provider() -> Iterator[Provider]:
    here = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            got = Received(
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            here.got.append(got)
            status, headers, body = here.answer(got)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def ours(settings: Any, provider: Provider) -> None:
    known = accounts()
    known["stripe"] |= {"secret_key": "sk_of_this_test", "api": provider.url}
    known["wechat"] |= {"private_key": private("merchant"), "serial": "5157", "api": provider.url}
    known["alipay"] |= {"private_key": private("merchant"), "api": f"{provider.url}/gateway.do"}
    settings.PAYMENTS = known


def ask() -> Ask:
    return Ask(
        number="P20260520ABCDEFGHJKLM", minor=5900, currency="CNY", subject="创作者会员·月",
        return_url="https://pingju.example/studio/", notify_url="https://pingju.example/webhooks/x/",
        expires_at=timezone.now() + timedelta(minutes=30),
    )  # fmt: skip


def back(minor: int = 1000) -> Back:
    return Back(
        number="R20260520ABCDEF", order="P20260520ABCDEFGHJKLM", charge="ch_1", minor=minor,
        charged_minor=5900, currency="CNY", reason="用不上",
        notify_url="https://pingju.example/webhooks/x/",
    )  # fmt: skip


# -- Stripe -----------------------------------------------------------------------------------


def test_stripe_gets_a_session_whose_charge_will_name_our_order(provider: Provider) -> None:
    url = "https://checkout.stripe.com/c/pay/cs_test_a1"
    session = {"id": "cs_test_a1", "object": "checkout.session", "url": url}
    provider.answer = lambda got: (200, {}, json.dumps(session).encode())

    handoff = stripe.begin(ask())

    assert (handoff.kind, handoff.url) == ("redirect", url)
    (got,) = provider.got
    assert got.path == "/v1/checkout/sessions"
    assert got.headers["authorization"] == "Bearer sk_of_this_test"
    assert got.headers["idempotency-key"] == ask().number
    form = got.form
    assert form["line_items[0][price_data][unit_amount]"] == "5900"
    assert form["line_items[0][price_data][currency]"] == "cny"
    assert form["payment_intent_data[metadata][order]"] == ask().number
    assert int(form["expires_at"]) >= timezone.now().timestamp() + 30 * 60


def test_stripes_refund_is_of_the_charge_and_keeps_its_name(provider: Provider) -> None:
    provider.answer = lambda got: (200, {}, b'{"id": "re_9", "status": "succeeded"}')

    assert stripe.refund(back()) == "re_9"
    form = provider.got[0].form
    assert (form["charge"], form["amount"]) == ("ch_1", "1000")


@pytest.mark.parametrize(
    ("status", "body", "permanent"),
    [
        (400, b'{"error": {"message": "No such charge"}}', True),
        (402, b'{"error": {"message": "declined"}}', True),
        (429, b"{}", False),
        (500, b"<html>", False),
        (302, b"", True),
        (200, b"not json", False),
        (200, b'{"url": "javascript:alert(1)"}', False),
    ],
)
def test_what_stripe_does_not_take_says_whether_to_try_again(
    provider: Provider, status: int, body: bytes, permanent: bool
) -> None:
    provider.answer = lambda got: (status, {"Location": "http://169.254.169.254/"}, body)

    with pytest.raises(CheckoutError) as refused:
        stripe.begin(ask())

    assert refused.value.permanent is permanent
    assert len(provider.got) == 1


def test_a_provider_that_is_not_there_is_no_crash(settings: Any) -> None:
    settings.PAYMENTS["stripe"]["api"] = "http://127.0.0.1:9"
    with pytest.raises(CheckoutError) as refused:
        stripe.begin(ask())
    assert not refused.value.permanent


# -- WeChat Pay -------------------------------------------------------------------------------


def wechats(body: bytes, *, name: str = "wechat", serial: str = SERIAL, late: int = 0) -> Any:
    """An answer signed as WeChat Pay signs it, by default with the pinned key and now."""

    def answer(got: Received) -> tuple[int, dict[str, str], bytes]:
        stamp = str(int(timezone.now().timestamp()) - late)
        text = f"{stamp}\nnonce\n".encode() + body + b"\n"
        return (
            200,
            {
                "Wechatpay-Timestamp": stamp,
                "Wechatpay-Nonce": "nonce",
                "Wechatpay-Serial": serial,
                "Wechatpay-Signature": base64.b64encode(key(name).sign(text, *SHA)).decode(),
            },
            body,
        )

    return answer


CODE = b'{"code_url": "weixin://wxpay/bizpayurl?pr=abc"}'


def test_wechat_gets_a_signed_order_and_gives_a_code(provider: Provider) -> None:
    provider.answer = wechats(CODE)

    handoff = wechat.begin(ask())

    assert (handoff.kind, handoff.url) == ("qr", "weixin://wxpay/bizpayurl?pr=abc")
    (got,) = provider.got
    said = json.loads(got.body)
    assert (said["mchid"], said["appid"]) == ("1900000001", "wxours")
    assert said["amount"] == {"total": 5900, "currency": "CNY"}
    assert said["out_trade_no"] == ask().number
    scheme, fields = got.headers["authorization"].split(" ", 1)
    sent = dict(item.split("=", 1) for item in fields.split(","))
    sent = {name: value.strip('"') for name, value in sent.items()}
    assert (scheme, sent["serial_no"]) == ("WECHATPAY2-SHA256-RSA2048", "5157")
    text = (
        f"POST\n{got.path}\n{sent['timestamp']}\n{sent['nonce_str']}\n".encode() + got.body + b"\n"
    )
    signature = base64.b64decode(sent["signature"])
    key("merchant").public_key().verify(signature, text, *SHA)
    with pytest.raises(InvalidSignature):
        key("merchant").public_key().verify(signature, text + b" ", *SHA)


@pytest.mark.parametrize(
    "answer",
    [
        wechats(CODE, name="stranger"),
        wechats(CODE, serial="PUB_KEY_ID_OF_SOMEBODY"),
        wechats(CODE, late=301),
        wechats(b'{"code_url": "https://evil.example/"}'),
        lambda got: (200, {}, CODE),
    ],
)
def test_an_answer_that_is_not_wechats_leads_nowhere(provider: Provider, answer: Any) -> None:
    provider.answer = answer
    with pytest.raises(CheckoutError):
        wechat.begin(ask())


def test_wechats_refund_names_charge_amount_and_whole(provider: Provider) -> None:
    provider.answer = wechats(b'{"refund_id": "5030", "status": "PROCESSING"}')

    assert wechat.refund(back()) == "5030"
    said = json.loads(provider.got[0].body)
    assert said["amount"] == {"refund": 1000, "total": 5900, "currency": "CNY"}
    assert said["out_refund_no"] == back().number

    provider.answer = wechats(b'{"refund_id": "5030", "status": "CLOSED"}')
    with pytest.raises(CheckoutError) as refused:
        wechat.refund(back())
    assert refused.value.permanent


def test_the_code_is_drawn_with_its_quiet_zone() -> None:
    code = qr_code("weixin://wxpay/bizpayurl?pr=abc")
    assert code.size >= 21 + 8
    assert code.path.startswith("M4 4h1")


# -- Alipay -----------------------------------------------------------------------------------


def checked(fields: dict[str, str]) -> dict[str, Any]:
    """What Alipay would read of signed fields; raises where the signature does not hold."""
    bare = {name: value for name, value in fields.items() if name != "sign"}
    text = "&".join(f"{name}={bare[name]}" for name in sorted(bare))
    key("merchant").public_key().verify(base64.b64decode(fields["sign"]), text.encode(), *SHA)
    return json.loads(bare["biz_content"])


def test_alipays_address_carries_the_signed_order(provider: Provider) -> None:
    handoff = alipay.begin(ask())

    parts = urlsplit(handoff.url)
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (fields["method"], fields["sign_type"]) == ("alipay.trade.page.pay", "RSA2")
    assert fields["notify_url"] == ask().notify_url
    said = checked(fields)
    assert (said["total_amount"], said["out_trade_no"]) == ("59.00", ask().number)
    assert not provider.got


def alipays(said: dict[str, str], name: str = "alipay") -> Any:
    inner = json.dumps(said, ensure_ascii=False)
    signature = base64.b64encode(key(name).sign(inner.encode(), *SHA)).decode()
    body = f'{{"alipay_trade_refund_response":{inner},"sign":"{signature}"}}'.encode()
    return lambda got: (200, {}, body)


def test_alipays_refund_is_believed_only_with_alipays_signature(provider: Provider) -> None:
    fine = {"code": "10000", "msg": "Success", "refund_fee": "10.00"}
    provider.answer = alipays(fine)
    assert alipay.refund(back()) == back().number
    assert checked(provider.got[0].form)["refund_amount"] == "10.00"

    provider.answer = alipays(fine, "stranger")
    with pytest.raises(CheckoutError):
        alipay.refund(back())

    provider.answer = alipays(
        {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST", "sub_msg": "无此交易"}
    )
    with pytest.raises(CheckoutError, match="无此交易") as refused:
        alipay.refund(back())
    assert refused.value.permanent


# -- through the house ------------------------------------------------------------------------


def test_only_what_is_set_up_is_offered(settings: Any) -> None:
    assert [item.NAME for item in providers_for("CNY")] == ["wechat", "alipay", "stripe", "test"]
    assert [item.NAME for item in providers_for("USD")] == ["stripe", "test"]
    settings.PAYMENTS["wechat"]["private_key"] = ""
    assert "wechat" not in [item.NAME for item in providers_for("CNY")]


@pytest.fixture
def made(db: None) -> PlanOrder:
    plan = Plan.objects.create(key="month", title_zh="月", minor=5900)
    order, _new = plan_order(
        creator=CreatorFactory(), plan=plan, provider="stripe", token="form-1", actor=None
    )
    return order


def test_an_order_asks_its_provider_once(made: PlanOrder, provider: Provider) -> None:
    provider.answer = lambda got: (200, {}, b'{"url": "https://checkout.stripe.com/c/pay/1"}')
    first = order_begin(order=made, base_url="https://pingju.example")
    made.refresh_from_db()

    assert order_begin(order=made, base_url="https://pingju.example") == first
    assert len(provider.got) == 1
    assert provider.got[0].form["success_url"].endswith(f"/orders/{made.payment.number}/")


def test_a_refused_refund_frees_its_sum_and_a_busy_provider_is_asked_again(
    made: PlanOrder, provider: Provider
) -> None:
    PaymentFactory(
        provider="stripe", object_id="ch_7", merchant_order=made.payment.number, minor=5900,
        creator=made.creator,
    )  # fmt: skip

    def asked(token: str) -> RefundRequest:
        return refund_ask(order=made, minor=5900, reason="多付", token=token, actor=None)[0]

    first = asked("one")
    provider.answer = lambda got: (503, {}, b"")
    assert refund_send(first.pk) == "asked"
    provider.answer = lambda got: (400, {}, b'{"error": {"message": "charge too old"}}')
    assert refund_send(first.pk) == "failed"
    first.refresh_from_db()
    assert "charge too old" in first.error

    second = asked("two")
    provider.answer = lambda got: (200, {}, b'{"id": "re_1", "status": "pending"}')
    assert refund_send(second.pk) == "sent"
    assert [got.headers["idempotency-key"] for got in provider.got] == [
        first.number, first.number, second.number,
    ]  # fmt: skip

"""Alipay's asynchronous notices: a form, signed RSA2 over its sorted parameters.

A refund's notice states what has been refunded of the trade so far (refund_fee), not what this
refund was; the booking takes the earlier ones off. The notice is also of the trade, so the charge
is booked with it. What SDKs leave to us: notify_time within ±300 s, app_id and seller_id, status.
Source: opendocs.alipay.com, "异步通知说明", "异步通知验签", "alipay.trade.refund".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from crm.bills import AmountError, Fact, minor_units
from crm.bills.clock import SHANGHAI
from crm.bills.clock import moment as wall_clock
from crm.webhooks import events
from crm.webhooks.events import Answer, Event
from crm.webhooks.keys import public_key

NAME: Final = "alipay"
HEADERS: tuple[str, ...] = ()
_NEEDED = ("app_id", "seller_id", "public_key")
_CHARSETS = {"utf-8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
_PAID = {"TRADE_SUCCESS", "TRADE_FINISHED"}
_CURRENCY = "CNY"


def configured() -> bool:
    return all(events.secrets(NAME).get(name) for name in _NEEDED)


def verify(headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    said = _parameters(body)
    _signed(said)
    events.fresh(_time(said.get("notify_time")).timestamp(), now)
    event_id = events.identity(said.get("notify_id"))
    status = said.get("trade_status", "")
    kind = f"{said.get('notify_type', '')[:40]} {status[:20]}".strip()
    bare = Event(event_id, kind)
    ours = events.secrets(NAME)
    if said.get("app_id") != ours["app_id"] or said.get("seller_id") != ours["seller_id"]:
        raise events.not_ours("other_merchant", bare)
    for name in ("trans_currency", "settle_currency", "pay_currency"):
        if said.get(name, _CURRENCY) not in ("", _CURRENCY):
            raise events.not_ours("wrong_currency", bare)
    refunded = said.get("refund_fee", "") and said.get("gmt_refund", "")
    if status not in _PAID and not (status == "TRADE_CLOSED" and refunded):
        return Event(event_id, kind, ignored="not_completed")
    charge = _charge(said)
    return Event(event_id, kind, (charge, _refund(said, charge)) if refunded else (charge,))


def answer(status: int, code: str) -> Answer:
    return Answer(status, "success" if status == 200 else "failure", "text/plain")


def _parameters(body: bytes) -> dict[str, str]:
    """The form's fields in the charset that it names itself; no field twice."""
    try:
        plain = body.decode("ascii")
        charset = dict(parse_qsl(plain, max_num_fields=200)).get("charset", "utf-8").lower()
        pairs = parse_qsl(
            plain,
            keep_blank_values=True,
            strict_parsing=True,
            encoding=_CHARSETS[charset],
            errors="strict",
            max_num_fields=200,
        )
    except (ValueError, KeyError) as error:
        raise events.malformed("not_a_form") from error
    if len({name for name, _value in pairs}) != len(pairs):
        raise events.malformed("field_twice")
    return dict(pairs)


def _signed(said: Mapping[str, str]) -> None:
    signature = said.get("sign", "")
    if not signature:
        raise events.forged("unsigned")
    if said.get("sign_type") != "RSA2":
        raise events.forged("weak_signature")
    message = "&".join(
        f"{name}={value}"
        for name, value in sorted(said.items())
        if name not in ("sign", "sign_type")
    )
    charset = _CHARSETS[said.get("charset", "utf-8").lower()]
    try:
        public_key(events.secrets(NAME)["public_key"]).verify(
            base64.b64decode(signature, validate=True),
            message.encode(charset),
            PKCS1v15(),
            SHA256(),
        )
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise events.forged("bad_signature") from error


def _time(value: str | None) -> datetime:
    at = wall_clock((value or "").split(".")[0], SHANGHAI)
    if at is None:
        raise events.malformed("bad_time")
    return at


def _minor(value: str | None) -> int:
    try:
        return events.minor(minor_units(value or "", _CURRENCY))
    except AmountError as error:
        raise events.malformed("bad_amount") from error


def _charge(said: Mapping[str, str]) -> Fact:
    paid = said.get("gmt_payment") or said.get("gmt_create")
    trade = events.identity(said.get("trade_no"))
    return _fact(said, "charge", trade, _minor(said.get("total_amount")), _time(paid))


def _refund(said: Mapping[str, str], charge: Fact) -> Fact:
    at = _time(said.get("gmt_refund"))
    # As the merchant bill names it: the trade and the number of the refund's request.
    request = said.get("out_biz_no") or at.strftime("%Y%m%d%H%M%S")
    total = _minor(said.get("refund_fee"))
    return _fact(said, "refund", events.identity(f"{charge.object_id}:{request}"), total, at, total)


def _fact(
    said: Mapping[str, str],
    kind: Any,
    object_id: str,
    amount: int,
    at: datetime,
    total: int | None = None,
) -> Fact:
    account = said.get("buyer_logon_id") or said.get("buyer_id")
    return events.fact(
        NAME,
        kind,
        object_id,
        minor=amount,
        currency=_CURRENCY,
        occurred_at=at,
        payer=account,
        account=account,
        subject=said.get("subject"),
        refund_of=said["trade_no"],
        order=said.get("out_trade_no"),
        raw={"out_trade_no": events.text(said.get("out_trade_no"))},
        refunded_total=total,
    )

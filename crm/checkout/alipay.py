"""Alipay: a signed address of its cashier. Source: opendocs.alipay.com/open/028r8t (page pay)."""

import base64
import json
import re
from typing import Any
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.utils import timezone

from crm.checkout import Ask, Back, CheckoutError, Handoff
from crm.checkout.calling import post
from crm.checkout.signing import signed
from crm.money import decimal_text
from crm.webhooks.keys import public_key

NAME = "alipay"
NEEDED = ("app_id", "private_key", "public_key")


def configured() -> bool:
    return all(settings.PAYMENTS[NAME].get(name) for name in NEEDED)


def takes(currency: str) -> bool:
    return currency == "CNY"


def begin(ask: Ask) -> Handoff:
    """No call: the address carries the order, and our signature over it."""
    fields = _fields(
        "alipay.trade.page.pay",
        {
            "out_trade_no": ask.number,
            "product_code": "FAST_INSTANT_TRADE_PAY",
            "total_amount": decimal_text(ask.minor, ask.currency),
            "subject": ask.subject,
            "time_expire": f"{timezone.localtime(ask.expires_at):%Y-%m-%d %H:%M:%S}",
        },
        return_url=ask.return_url,
        notify_url=ask.notify_url,
    )
    return Handoff("redirect", f"{settings.PAYMENTS[NAME]['api']}?{urlencode(fields)}")


def refund(back: Back) -> str:
    fields = _fields(
        "alipay.trade.refund",
        {
            "trade_no": back.charge,
            "out_request_no": back.number,
            "refund_amount": decimal_text(back.minor, back.currency),
            "refund_reason": back.reason[:256],
        },
    )
    reply = post(
        settings.PAYMENTS[NAME]["api"],
        urlencode(fields).encode(),
        {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
    )
    found = _genuine(reply.body, "alipay_trade_refund_response")
    if found.get("code") != "10000":
        busy = found.get("sub_code") in ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR")
        told = str(found.get("sub_msg") or found.get("msg") or "refused")[:200]
        raise CheckoutError(f"Alipay: {told}", permanent=not busy)
    return back.number


def _fields(method: str, said: dict[str, str], **urls: str) -> dict[str, str]:
    ours = settings.PAYMENTS[NAME]
    fields = {
        "app_id": ours["app_id"],
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": f"{timezone.localtime():%Y-%m-%d %H:%M:%S}",
        "version": "1.0",
        "biz_content": json.dumps(said, ensure_ascii=False, separators=(",", ":")),
        **urls,
    }
    return {**fields, "sign": signed(to_sign(fields), ours["private_key"])}


def to_sign(fields: dict[str, str]) -> str:
    """All fields but the signature, by name, as they are before they are encoded."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name])


def _genuine(body: bytes, name: str) -> dict[str, Any]:
    """The answer's object, whose exact bytes Alipay signed. Raises `CheckoutError`."""
    match = re.search(rb'"%s"\s*:\s*(\{.*?\})\s*,\s*"' % name.encode(), body, re.S)
    try:
        outer = json.loads(body)
        signature = base64.b64decode(outer["sign"], validate=True)
        if match is None:
            raise ValueError(name)
        key = public_key(settings.PAYMENTS[NAME]["public_key"])
        key.verify(signature, match[1], PKCS1v15(), SHA256())
        found = json.loads(match[1])
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise CheckoutError("the answer is not Alipay's", permanent=False) from error
    return dict(found)

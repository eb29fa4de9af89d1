"""WeChat Pay API v3 notices: RSA over time, nonce and body; the content sealed with AES-256-GCM.

Only the pinned key is tried. Another serial is refused without fetching certificates, which the
usual SDKs do for every hostile request. Our window of ±300 s is our own: the provider names none.
Source: pay.weixin.qq.com, v3 "签名验证", "证书和回调报文解密", "支付通知", "退款结果通知".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from crm.bills import Fact
from crm.webhooks.events import (
    Answer,
    Event,
    currency_code,
    document,
    forged,
    fresh,
    identity,
    malformed,
    minor,
    not_ours,
    part,
    seconds,
    secrets,
    text,
)
from crm.webhooks.keys import public_key

NAME = "wechat"
HEADERS: tuple[str, ...] = (
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-serial",
    "wechatpay-signature",
    "wechatpay-signature-type",
)
_NEEDED = ("mchid", "api_v3_key", "public_key", "public_key_id")


def configured() -> bool:
    return all(secrets(NAME).get(name) for name in _NEEDED)


def verify(headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    _signed(headers, body)
    fresh(seconds(headers.get("wechatpay-timestamp", "")), now)
    notice = document(body)
    event_id, kind = identity(notice.get("id")), identity(notice.get("event_type"))
    bare = Event(event_id, kind)
    if not kind.startswith(("TRANSACTION.", "REFUND.")):
        return Event(event_id, kind, ignored="not_a_payment")
    content = document(_opened(part(notice.get("resource"))))
    ours = secrets(NAME)
    if content.get("mchid") != ours["mchid"]:
        raise not_ours("other_merchant", bare)
    if ours.get("appid") and content.get("appid", ours["appid"]) != ours["appid"]:
        raise not_ours("other_merchant", bare)
    if kind.startswith("TRANSACTION."):
        if content.get("trade_state") != "SUCCESS":
            return Event(event_id, kind, ignored="not_completed")
        return Event(event_id, kind, (_charge(content),))
    if content.get("refund_status") != "SUCCESS":
        return Event(event_id, kind, ignored="refund_not_completed")
    return Event(event_id, kind, (_refund(content),))


def answer(status: int, code: str) -> Answer:
    if status == 200:
        return Answer(status, '{"code": "SUCCESS", "message": ""}')
    return Answer(status, f'{{"code": "FAIL", "message": "{code}"}}')


def _signed(headers: Mapping[str, str], body: bytes) -> None:
    signature = headers.get("wechatpay-signature", "")
    if not signature:
        raise forged("unsigned")
    if headers.get("wechatpay-serial") != secrets(NAME)["public_key_id"]:
        raise forged("unknown_key")
    stamp, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    message = b"\n".join([stamp.encode(), nonce.encode(), body, b""])
    try:
        public_key(secrets(NAME)["public_key"]).verify(
            base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256()
        )
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise forged("bad_signature") from error


def _opened(sealed: dict[str, Any]) -> bytes:
    if sealed.get("algorithm") != "AEAD_AES_256_GCM":
        raise malformed("unknown_algorithm")
    try:
        return AESGCM(secrets(NAME)["api_v3_key"].encode()).decrypt(
            text(sealed.get("nonce")).encode(),
            base64.b64decode(text(sealed.get("ciphertext"), 1_000_000), validate=True),
            text(sealed.get("associated_data")).encode(),
        )
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise malformed("cannot_be_opened") from error


def _charge(content: dict[str, Any]) -> Fact:
    amount = part(content.get("amount"))
    transaction = identity(content.get("transaction_id"))
    payer = text(part(content.get("payer") or {}).get("openid"), 160)
    return _fact(content, "charge", transaction, minor(amount.get("total")), payer)


def _refund(content: dict[str, Any]) -> Fact:
    amount = part(content.get("amount"))
    return _fact(
        content, "refund", identity(content.get("refund_id")), minor(amount.get("refund")), ""
    )


def _fact(content: dict[str, Any], kind: Any, object_id: str, amount: int, payer: str) -> Fact:
    currency = part(content.get("amount")).get("currency") or "CNY"
    return Fact(
        row=0,
        kind=kind,
        provider="wechat",
        event_id=f"{kind}:{object_id}",
        object_id=object_id,
        minor=amount,
        currency=currency_code(currency),
        occurred_at=_time(content.get("success_time")),
        payer=payer,
        payer_account=payer,
        subject=text(content.get("attach") or content.get("description"), 255),
        method=text(content.get("bank_type")),
        refund_of=None if kind == "charge" else identity(content.get("transaction_id")),
        raw={"out_trade_no": text(content.get("out_trade_no"))},
        merchant_order=text(content.get("out_trade_no"), 64),
    )


def _time(value: Any) -> datetime:
    at = datetime.fromisoformat(text(value, 40))
    if at.tzinfo is None:
        raise malformed("bad_time")
    return at

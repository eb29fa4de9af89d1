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
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from crm.bills import Fact
from crm.webhooks import events
from crm.webhooks.events import Answer, Event
from crm.webhooks.keys import public_key

NAME: Final = "wechat"
HEADERS: tuple[str, ...] = (
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-serial",
    "wechatpay-signature",
    "wechatpay-signature-type",
)
_NEEDED = ("mchid", "api_v3_key", "public_key", "public_key_id")


def configured() -> bool:
    return all(events.secrets(NAME).get(name) for name in _NEEDED)


def verify(headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    _signed(headers, body)
    events.fresh(events.seconds(headers.get("wechatpay-timestamp", "")), now)
    notice = events.document(body)
    event_id, kind = events.identity(notice.get("id")), events.identity(notice.get("event_type"))
    bare = Event(event_id, kind)
    if not kind.startswith(("TRANSACTION.", "REFUND.")):
        return Event(event_id, kind, ignored="not_a_payment")
    content = events.document(_opened(events.part(notice.get("resource"))))
    ours = events.secrets(NAME)
    if content.get("mchid") != ours["mchid"]:
        raise events.not_ours("other_merchant", bare)
    if ours.get("appid") and content.get("appid", ours["appid"]) != ours["appid"]:
        raise events.not_ours("other_merchant", bare)
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
        raise events.forged("unsigned")
    if headers.get("wechatpay-serial") != events.secrets(NAME)["public_key_id"]:
        raise events.forged("unknown_key")
    stamp, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    message = b"\n".join([stamp.encode(), nonce.encode(), body, b""])
    try:
        public_key(events.secrets(NAME)["public_key"]).verify(
            base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256()
        )
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise events.forged("bad_signature") from error


def _opened(sealed: dict[str, Any]) -> bytes:
    if sealed.get("algorithm") != "AEAD_AES_256_GCM":
        raise events.malformed("unknown_algorithm")
    try:
        return AESGCM(events.secrets(NAME)["api_v3_key"].encode()).decrypt(
            events.text(sealed.get("nonce")).encode(),
            base64.b64decode(events.text(sealed.get("ciphertext"), 1_000_000), validate=True),
            events.text(sealed.get("associated_data")).encode(),
        )
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise events.malformed("cannot_be_opened") from error


def _charge(content: dict[str, Any]) -> Fact:
    amount = events.part(content.get("amount"))
    transaction = events.identity(content.get("transaction_id"))
    payer = events.text(events.part(content.get("payer") or {}).get("openid"), 160)
    return _fact(content, "charge", transaction, events.minor(amount.get("total")), payer)


def _refund(content: dict[str, Any]) -> Fact:
    amount = events.part(content.get("amount"))
    return _fact(
        content,
        "refund",
        events.identity(content.get("refund_id")),
        events.minor(amount.get("refund")),
        "",
    )


def _fact(content: dict[str, Any], kind: Any, object_id: str, amount: int, payer: str) -> Fact:
    currency = events.part(content.get("amount")).get("currency") or "CNY"
    return events.fact(
        NAME,
        kind,
        object_id,
        minor=amount,
        currency=events.currency_code(currency),
        occurred_at=_time(content.get("success_time")),
        payer=payer,
        account=payer,
        subject=content.get("attach") or content.get("description"),
        method=content.get("bank_type"),
        refund_of=None if kind == "charge" else events.identity(content.get("transaction_id")),
        order=content.get("out_trade_no"),
        raw={"out_trade_no": events.text(content.get("out_trade_no"))},
    )


def _time(value: Any) -> datetime:
    at = datetime.fromisoformat(events.text(value, 40))
    if at.tzinfo is None:
        raise events.malformed("bad_time")
    return at

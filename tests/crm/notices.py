"""Genuinely signed notices, made on this machine with keys of this machine."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from stripe import WebhookSignature

from crm.webhooks import practice
from tests.factories.crm import MOMENT

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = MOMENT + timedelta(days=30)
STRIPE_SECRET = "whsec_of_this_test"
API_V3_KEY = "0123456789abcdef0123456789abcdef"
SERIAL = "PUB_KEY_ID_0000000000000000000000000000"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(name: str) -> str:
    public = key(name).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def accounts() -> dict[str, dict[str, str]]:
    """`settings.PAYMENTS` for these keys."""
    return {
        "stripe": {"webhook_secrets": f"whsec_older {STRIPE_SECRET}", "account": "acct_ours",
                   "livemode": ""},
        "wechat": {"mchid": "1900000001", "api_v3_key": API_V3_KEY, "public_key_id": SERIAL,
                   "public_key": pem("wechat"), "appid": "wxours"},
        "alipay": {"app_id": "2021000000000001", "seller_id": "2088000000000001",
                   "public_key": pem("alipay")},
        "test": {"secret": "practice"},
    }  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A fact as a test thinks of it; `total` is what was refunded so far, for Alipay."""

    kind: str
    object: str
    minor: int
    charge: str = ""
    order: str = ""
    at: datetime = MOMENT
    currency: str = "CNY"
    payer: str = "oPayer"
    total: int = 0
    charged: int = 5900
    charged_at: datetime = MOMENT
    event: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def event_id(self) -> str:
        return self.event or f"EV-{self.kind}-{self.object}"


@dataclass(frozen=True)
class Notice:
    provider: str
    body: bytes
    headers: dict[str, str]

    @property
    def content_type(self) -> str:
        form = self.provider == "alipay"
        return "application/x-www-form-urlencoded" if form else "application/json"


def signed(provider: str, told: Told, *, now: datetime = NOW, by: str = "") -> Notice:
    """The notice that this provider sends of a fact; `by` another key signs what is not theirs."""
    return {"stripe": _stripe, "wechat": _wechat, "alipay": _alipay, "test": _practice}[provider](
        told, now, by
    )


def _rsa(name: str, message: bytes) -> str:
    return base64.b64encode(key(name).sign(message, PKCS1v15(), SHA256())).decode()


def _stripe(told: Told, now: datetime, by: str) -> Notice:
    kinds = {
        "charge": "charge.succeeded",
        "refund": "refund.created",
        "dispute": "charge.dispute.funds_withdrawn",
    }
    thing: dict[str, Any] = {
        "id": told.object,
        "object": told.kind,
        "amount": told.minor,
        "currency": told.currency.lower(),
        "created": int(told.at.timestamp()),
        "metadata": {"order": told.order} if told.order else {},
    }
    if told.kind == "charge":
        thing |= {"paid": True, "captured": True, "amount_captured": told.minor,
                  "billing_details": {"name": told.payer, "email": None}}  # fmt: skip
    else:
        thing |= {"charge": told.charge, "status": "succeeded"}
    event = {"id": told.event_id, "object": "event", "type": kinds.get(told.kind, told.kind),
             "livemode": True, "account": "acct_ours", "data": {"object": thing}}  # fmt: skip
    for name, value in told.changes.items():
        (thing if name in thing or name in {"status", "on_behalf_of"} else event)[name] = value
    body = json.dumps(event)
    header = WebhookSignature.generate_signature_header(
        body, by or STRIPE_SECRET, int(now.timestamp())
    )
    return Notice("stripe", body.encode(), {"Stripe-Signature": header})


def _wechat(told: Told, now: datetime, by: str) -> Notice:
    at = told.at.astimezone(SHANGHAI).isoformat()
    content: dict[str, Any] = {"mchid": "1900000001", "out_trade_no": told.order or "M1",
                               "success_time": at}  # fmt: skip
    if told.kind == "charge":
        content |= {"appid": "wxours", "transaction_id": told.object, "trade_state": "SUCCESS",
                    "payer": {"openid": told.payer}, "attach": "",
                    "amount": {"total": told.minor, "currency": told.currency}}  # fmt: skip
    else:
        content |= {"refund_id": told.object, "transaction_id": told.charge,
                    "refund_status": "SUCCESS",
                    "amount": {"total": 5900, "refund": told.minor}}  # fmt: skip
    content |= told.changes
    nonce, extra = "abcdefghijkl", "transaction"
    sealed = AESGCM(API_V3_KEY.encode()).encrypt(
        nonce.encode(), json.dumps(content).encode(), extra.encode()
    )
    notice = {
        "id": told.event_id,
        "create_time": now.isoformat(),
        "resource_type": "encrypt-resource",
        "event_type": "TRANSACTION.SUCCESS" if told.kind == "charge" else "REFUND.SUCCESS",
        "resource": {"algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": extra,
                     "ciphertext": base64.b64encode(sealed).decode()},
    }  # fmt: skip
    body = json.dumps(notice).encode()
    stamp = str(int(now.timestamp()))
    message = b"\n".join([stamp.encode(), b"n0nce", body, b""])
    return Notice(
        "wechat",
        body,
        {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": "n0nce",
            "Wechatpay-Serial": SERIAL,
            "Wechatpay-Signature": _rsa(by or "wechat", message),
        },
    )


def yuan(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _wall(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _alipay(told: Told, now: datetime, by: str) -> Notice:
    trade = told.charge or told.object
    said = {
        "notify_time": _wall(now), "notify_type": "trade_status_sync", "notify_id": told.event_id,
        "app_id": "2021000000000001", "seller_id": "2088000000000001", "charset": "utf-8",
        "trade_no": trade, "out_trade_no": told.order or "SUB-1", "trade_status": "TRADE_SUCCESS",
        "total_amount": yuan(told.minor if told.kind == "charge" else told.charged),
        "gmt_payment": _wall(told.at if told.kind == "charge" else told.charged_at),
        "buyer_logon_id": told.payer, "subject": "月度会员", "passback_params": "",
    }  # fmt: skip
    if told.kind == "refund":
        said |= {"refund_fee": yuan(told.total or told.minor), "gmt_refund": _wall(told.at),
                 "out_biz_no": told.object.partition(":")[2]}  # fmt: skip
    said |= told.changes
    message = "&".join(f"{name}={value}" for name, value in sorted(said.items()))
    said |= {"sign": _rsa(by or "alipay", message.encode()), "sign_type": "RSA2"}
    return Notice("alipay", urlencode(said).encode(), {})


def _practice(told: Told, now: datetime, by: str) -> Notice:
    said = {"id": told.event_id, "merchant": "test", "kind": told.kind, "object": told.object,
            "order": told.order, "minor": told.minor, "currency": told.currency,
            "at": int(told.at.timestamp()), "refund_of": told.charge,
            "payer": told.payer, **told.changes}  # fmt: skip
    body = json.dumps(said).encode()
    headers = practice.sign(body, now)
    if by:
        stamp = headers["Pingju-Timestamp"].encode()
        headers["Pingju-Signature"] = hmac.new(by.encode(), stamp + b"." + body, sha256).hexdigest()
    return Notice("test", body, headers)

"""WeChat Pay v3, Native: a code to scan. Source: pay.weixin.qq.com/doc/v3/merchant/4012791877."""

import base64
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.utils import timezone

from crm.checkout import Ask, Back, CheckoutError, Handoff
from crm.checkout.calling import Reply, post
from crm.checkout.signing import signed
from crm.webhooks.keys import public_key

NAME = "wechat"
NEEDED = ("mchid", "appid", "private_key", "serial", "public_key", "public_key_id")
WINDOW_SECONDS = 300


def configured() -> bool:
    return all(settings.PAYMENTS[NAME].get(name) for name in NEEDED)


def takes(currency: str) -> bool:
    return currency == "CNY"


def begin(ask: Ask) -> Handoff:
    ours = settings.PAYMENTS[NAME]
    found = _call(
        "/v3/pay/transactions/native",
        {
            "appid": ours["appid"],
            "mchid": ours["mchid"],
            "description": ask.subject[:127],
            "out_trade_no": ask.number,
            "time_expire": timezone.localtime(ask.expires_at).isoformat(timespec="seconds"),
            "notify_url": ask.notify_url,
            "amount": {"total": ask.minor, "currency": ask.currency},
        },
    )
    code = found.get("code_url")
    if not isinstance(code, str) or not code.startswith("weixin://"):
        raise CheckoutError("WeChat Pay gave no code to scan", permanent=False)
    return Handoff("qr", code)


def refund(back: Back) -> str:
    found = _call(
        "/v3/refund/domestic/refunds",
        {
            "transaction_id": back.charge,
            "out_refund_no": back.number,
            "reason": back.reason[:80],
            "notify_url": back.notify_url,
            "amount": {
                "refund": back.minor,
                "total": back.charged_minor,
                "currency": back.currency,
            },
        },
    )
    if found.get("status") in ("CLOSED", "ABNORMAL"):
        raise CheckoutError(f"WeChat Pay: {found['status']}", permanent=True)
    return str(found.get("refund_id", ""))


def _call(path: str, said: dict[str, Any]) -> dict[str, Any]:
    ours = settings.PAYMENTS[NAME]
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    url = f"{ours['api']}{path}"
    reply = post(
        url,
        body.encode(),
        {
            "Authorization": authorization("POST", urlsplit(url).path, body),
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "Pingju",
            "Wechatpay-Serial": ours["public_key_id"],
        },
    )
    _genuine(reply)
    return reply.document()


def authorization(method: str, path: str, body: str) -> str:
    """The header that signs a request with the merchant's key."""
    ours = settings.PAYMENTS[NAME]
    stamp, nonce = str(int(timezone.now().timestamp())), secrets.token_hex(16)
    signature = signed(f"{method}\n{path}\n{stamp}\n{nonce}\n{body}\n", ours["private_key"])
    return (
        f'WECHATPAY2-SHA256-RSA2048 mchid="{ours["mchid"]}",nonce_str="{nonce}",'
        f'signature="{signature}",timestamp="{stamp}",serial_no="{ours["serial"]}"'
    )


def _genuine(reply: Reply) -> None:
    """The answer too is signed, with WeChat's own key that we pinned. Raises `CheckoutError`."""
    ours = settings.PAYMENTS[NAME]
    stamp = reply.headers.get("wechatpay-timestamp", "")
    nonce = reply.headers.get("wechatpay-nonce", "")
    if reply.headers.get("wechatpay-serial") != ours["public_key_id"]:
        raise CheckoutError("the answer is signed with a key that is not pinned", permanent=False)
    text = f"{stamp}\n{nonce}\n".encode() + reply.body + b"\n"
    try:
        signature = base64.b64decode(reply.headers.get("wechatpay-signature", ""), validate=True)
        public_key(ours["public_key"]).verify(signature, text, PKCS1v15(), SHA256())
        fresh = abs(timezone.now().timestamp() - int(stamp)) <= WINDOW_SECONDS
    except (InvalidSignature, ValueError) as error:
        raise CheckoutError("the answer is not WeChat Pay's", permanent=False) from error
    if not fresh:
        raise CheckoutError("the answer is not of now", permanent=False)

"""Signed messages to the few addresses that the installation allows; nothing else is ever called.

No redirect is followed and no proxy asked, so that the address that was allowed is the address that
is called; link-local addresses (the metadata service of clouds) are refused whatever the list says.
"""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import time
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

TIMEOUT = 10.0
"""Seconds for connecting, and for the answer."""


class WebhookError(Exception):
    """`permanent`: trying again cannot help. `in_doubt`: it may have arrived, so it is not repeated."""

    def __init__(self, message: str, *, permanent: bool = False, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.in_doubt = in_doubt


def signature(secret: str, moment: int, body: bytes) -> str:
    """``t=SECONDS,v1=HEX``: HMAC-SHA256 over ``SECONDS.BODY``, so that an old message is not new again."""
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={mac.hexdigest()}"


def post_signed(
    url: str, body: bytes, *, secret: str, delivery: str, allowed: Collection[str]
) -> int:
    """POST a JSON body and return the status, 200 to 299. Raises `WebhookError`.

    `delivery` is the same for every try of one message (header ``X-Pingju-Delivery``).
    """
    if url not in allowed:
        raise WebhookError(
            f"{url} is not an allowed address; list it in ALARM_WEBHOOKS.", permanent=True
        )
    if not secret:
        raise WebhookError("The webhook has no secret to sign with; set one.", permanent=True)
    parts = urlsplit(url)
    connection = _connection(parts)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Pingju",
        "X-Pingju-Delivery": delivery,
        "X-Pingju-Signature": signature(secret, int(time.time()), body),
    }
    try:
        status = _send(connection, parts, body, headers)
    finally:
        connection.close()
    if 200 <= status < 300:
        return status
    raise WebhookError(f"{url} answered {status}.", permanent=status < 500 and status != 429)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WebhookError(f"{parts.geturl()} is no http address.", permanent=True)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise WebhookError(f"{parts.hostname}: {error}.") from error
    for _family, _kind, _protocol, _name, address in found:
        if ipaddress.ip_address(str(address[0]).partition("%")[0]).is_link_local:
            raise WebhookError(f"{parts.hostname} is a link-local address.", permanent=True)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname, port, timeout=TIMEOUT)


def _send(
    connection: http.client.HTTPConnection,
    parts: SplitResult,
    body: bytes,
    headers: dict[str, str],
) -> int:
    try:
        connection.connect()
    except OSError as error:
        raise WebhookError(f"{parts.hostname}: {error}.") from error
    peer = str(connection.sock.getpeername()[0]).partition("%")[0]
    if ipaddress.ip_address(peer).is_link_local:  # the name may have moved since it was looked up
        raise WebhookError(f"{parts.hostname} is a link-local address.", permanent=True)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body=body, headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise WebhookError(f"{parts.hostname}: {error!r}.", in_doubt=True) from error

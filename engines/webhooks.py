"""Signed messages to other programs: to the few addresses that the installation allows, or to a public
one that somebody outside has named.

No redirect is followed and no proxy asked, so that the address that was allowed is the address that
is called; link-local addresses (the metadata service of clouds) are refused whatever the list says.
An address from outside is looked up once, every answer has to be public, and the one that is
connected to is one of those answers: a name that moves afterwards leads nowhere else.
"""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

TIMEOUT = 10.0
"""Seconds for connecting, and for the answer."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 number within, which may be a private one


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
    return _delivered(_connection(parts), parts, body, secret=secret, delivery=delivery)


def outside_address(url: str, *, anywhere: bool = False) -> SplitResult:
    """The parts of an address that somebody outside has named; nothing is looked up yet.

    Raises `WebhookError` (permanent) unless it is https to a host by name or public number, without
    user or password. With `anywhere` plain http and private numbers pass too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise WebhookError("This is no address.", permanent=True) from error
    schemes = ("https", "http") if anywhere else ("https",)
    if parts.scheme not in schemes or not parts.hostname or "@" in parts.netloc or port == 0:
        raise WebhookError("This address is not called.", permanent=True)
    if any(ord(sign) <= 32 or ord(sign) > 126 for sign in url):
        raise WebhookError("This address is not called.", permanent=True)
    try:
        number = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    if not anywhere and not _is_public(number):
        raise WebhookError(f"{parts.hostname} is not public.", permanent=True)
    return parts


def post_outside(
    url: str, body: bytes, *, secret: str, delivery: str, anywhere: bool = False
) -> int:
    """POST a JSON body to an address from outside and return the status, 200 to 299.

    The name is looked up here, once; one answer that is not public refuses them all, and the
    connection goes to the answer that was looked at. Raises `WebhookError`. With `anywhere` private
    addresses and plain http pass too: for installations whose creators share their network.
    """
    parts = outside_address(url, anywhere=anywhere)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise WebhookError(f"{host}: {error}.") from error
    numbers = [str(address[0]).partition("%")[0] for *_rest, address in found]
    for number in numbers:
        if not anywhere and not _is_public(ipaddress.ip_address(number)):
            raise WebhookError(f"{host} is not public.", permanent=True)
    pinned = _Pinned(host, port, number=numbers[0], secure=parts.scheme == "https")
    return _delivered(pinned, parts, body, secret=secret, delivery=delivery)


def _is_public(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Reachable by everybody: neither private, local, multicast nor an IPv4 number dressed as IPv6."""
    inside = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    if inside is not None:
        return _is_public(inside)
    if getattr(number, "teredo", None) is not None or number in NAT64:
        return False
    return number.is_global and not number.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to one number under a name: the name is what Host and certificate are about."""

    def __init__(self, host: str, port: int, *, number: str, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.default_port = 443 if secure else 80
        self._number, self._secure = number, secure

    def connect(self) -> None:
        self.sock = socket.create_connection((self._number, self.port), self.timeout)
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _delivered(
    connection: http.client.HTTPConnection,
    parts: SplitResult,
    body: bytes,
    *,
    secret: str,
    delivery: str,
) -> int:
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
    raise WebhookError(
        f"{parts.geturl()} answered {status}.", permanent=status < 500 and status != 429
    )


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

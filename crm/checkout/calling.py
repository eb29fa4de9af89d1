"""One request to a payment provider: bounded in time and size, never sent anywhere else than asked."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from crm.checkout import CheckoutError

TIMEOUT_SECONDS = 10
MAX_BYTES = 256 * 1024
BUSY = (408, 409, 425, 429)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """The JSON object in the body. Raises `CheckoutError` where there is none."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise CheckoutError("the provider's answer is not JSON", permanent=False) from error
        if not isinstance(found, dict):
            raise CheckoutError("the provider's answer is no object", permanent=False)
        return found


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """POST and read the answer; redirects are not followed.

    Raises `CheckoutError`: permanent for what the provider refuses, not for what may work later.
    Our order or refund number travels in every request, so the same one sent again is the same.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        read = answer.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise CheckoutError(
            f"no answer from {parts.hostname}: {type(error).__name__}", permanent=False
        ) from error
    finally:
        connection.close()
    if len(read) > MAX_BYTES:
        raise CheckoutError("the provider's answer is too long", permanent=False)
    if not 200 <= answer.status < 300:
        permanent = 300 <= answer.status < 500 and answer.status not in BUSY
        raise CheckoutError(f"HTTP {answer.status}: {_told(read)}", permanent=permanent)
    return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, read)


def _told(body: bytes) -> str:
    """The provider's message, short; never more of the body than that."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    error = found.get("error", found) if isinstance(found, dict) else {}
    told = error.get("message", "") if isinstance(error, dict) else ""
    return str(told)[:200]

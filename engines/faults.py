"""What each way of failing says about money. The table that `docs/adr/0017` argues for."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from engines.errors import Billed, EngineError

# Refused before any work was done: the request, the key, the balance or the address is wrong.
REFUSED = {
    400: "bad_request", 401: "bad_key", 402: "no_balance", 403: "forbidden", 404: "not_found",
    405: "not_found", 413: "too_large", 415: "bad_request", 422: "bad_request", 451: "forbidden",
}  # fmt: skip
LONGEST_PAUSE = 120.0


def status_error(
    status: int,
    headers: Mapping[str, str],
    not_billed: Collection[int] = (),
    *,
    exhausted: bool = False,
    content: bool = False,
) -> EngineError:
    """The error of an HTTP status.

    4xx is refused and free; 429 too, and worth another try after the pause that it asks for, unless
    the account is exhausted. `content`: the engine's content rules refused what was asked. A 5xx may
    have been thought out and billed before it broke, so it is unknown, unless the operator knows
    better (`not_billed`).
    """
    if status == 429 or status in not_billed:
        return EngineError(
            f"The engine answered {status}: too many requests or too busy.",
            code="exhausted" if exhausted else "busy",
            permanent=exhausted,
            billed=Billed.SURELY_NOT,
            retry_after=pause_of(headers),
        )
    if status in REFUSED or 300 <= status < 500:
        return EngineError(
            f"The engine's content rules refused the request ({status})."
            if content
            else f"The engine refused the request ({status}).",
            code="content_refused" if content else REFUSED.get(status, "refused"),
            permanent=True,
            billed=Billed.SURELY_NOT,
        )
    return EngineError(
        f"The engine broke ({status}); whether it billed is unknown.",
        code="server_error",
        permanent=False,
        billed=Billed.UNKNOWN,
    )


def pause_of(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After, given as a number or a date; None where it says nothing usable."""
    told = headers.get("retry-after", "").strip()
    with contextlib.suppress(ValueError):
        return min(max(0.0, float(told)), LONGEST_PAUSE)
    with contextlib.suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(told)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST_PAUSE)
    return None


def never_sent(reason: str) -> EngineError:
    """No connection, so no request: free, and worth another try."""
    return EngineError(
        f"The engine cannot be reached ({reason}).",
        code="unreachable",
        permanent=False,
        billed=Billed.SURELY_NOT,
    )


def lost(reason: str, code: str = "lost") -> EngineError:
    """The request left, no answer came back whole: nobody here knows whether it was billed."""
    return EngineError(
        f"The answer was lost on its way ({reason}); whether it was billed is unknown.",
        code=code,
        permanent=False,
        billed=Billed.UNKNOWN,
    )

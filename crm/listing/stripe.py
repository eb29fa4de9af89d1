"""Stripe's balance transactions of a period, by Stripe's own client. Its retries are off: ours decide.

The amounts are those of the balance, as in the export. Source:
docs.stripe.com/api/balance_transactions/list and /reports/balance-transaction-types.
"""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

from crm.listing import ListError, Progress
from crm.money import decimal_text

NAME = "stripe"
TIMEOUT_SECONDS = 20
PAGE = 100
SHOWN_EVERY = 500
HEAD = ("balance_transaction_id", "created_utc", "currency", "gross", "reporting_category",
        "source_id", "charge_id", "description")  # fmt: skip
_LATER = (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError)


def configured() -> bool:
    return bool(settings.PAYMENTS.get(NAME, {}).get("secret_key"))


def movements(since: datetime, until: datetime, progress: Progress) -> bytes:
    """The rows from `since` (inclusive) to `until` (exclusive). Raises `ListError`."""
    ours = settings.PAYMENTS[NAME]
    web = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
    client = stripe.StripeClient(
        ours["secret_key"],
        base_addresses={"api": ours["api"]},
        max_network_retries=0,
        http_client=web,
    )
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(HEAD)
    count = 0
    try:
        page = client.v1.balance_transactions.list(
            {
                "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
                "limit": PAGE,
                "expand": ["data.source"],
            }
        )
        for row in page.auto_paging_iter():
            writer.writerow(_row(row))
            count += 1
            if count % SHOWN_EVERY == 0:
                progress(count)
    except stripe.StripeError as error:
        told = f"Stripe: {error.user_message or type(error).__name__}"
        raise ListError(told, permanent=not isinstance(error, _LATER)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ListError("Stripe's list is not as documented.", permanent=True) from error
    finally:
        web.close()
    progress(count)
    return table.getvalue().encode()


def _row(row: Any) -> tuple[str, ...]:
    source = row.source
    thing = source if isinstance(source, str) else getattr(source, "id", "")
    charge = "" if isinstance(source, str) else _charge_of(source)
    currency = str(row.currency).upper()
    at = datetime.fromtimestamp(int(row.created), UTC)
    return (
        str(row.id), f"{at:%Y-%m-%d %H:%M:%S}", currency, decimal_text(int(row.amount), currency),
        str(row.reporting_category), thing or "", charge, str(row.description or ""),
    )  # fmt: skip


def _charge_of(source: Any) -> str:
    """A charge is its own; a refund and a dispute name theirs."""
    if source is None:
        return ""
    if getattr(source, "object", "") == "charge":
        return str(source.id)
    charge = getattr(source, "charge", None)
    return charge if isinstance(charge, str) else str(getattr(charge, "id", "") or "")

"""Book a bill file into the ledger."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from crm.exceptions import DomainError
from crm.money import decimal_text
from crm.services.payments import bill_import
from engines.commands import BadInput, HouseCommand, read_file


class Command(HouseCommand):
    help = "Book a bill: Alipay, WeChat, WeChat merchant, Stripe, or any CSV with --map."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--format",
            default="auto",
            choices=["auto", "alipay", "wechat", "wechat-merchant", "stripe", "csv"],
        )
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD")

    def work(self, **options: Any) -> dict[str, Any]:
        path = Path(options["file"])
        mapping = dict(_pair(item) for item in options["map"]) or None
        try:
            done = bill_import(
                data=read_file(path, settings.UPLOAD_MAX_BYTES),
                name=path.name,
                format=options["format"],
                mapping=mapping,
            )
        except DomainError as error:
            raise BadInput(str(error)) from error
        return {
            "rows": done.rows,
            "booked": done.booked,
            "duplicates": done.duplicates,
            "ignored": len(done.ignored),
            "rejected": done.rejected,
            "totals": {
                currency: {kind: decimal_text(minor, currency) for kind, minor in kinds.items()}
                for currency, kinds in done.totals.items()
            },
            "warnings": done.warnings,
        }


def _pair(text: str) -> tuple[str, str]:
    column, sign, field = text.rpartition("=")
    if not sign or not column or not field:
        raise BadInput(f"--map {text}: write COLUMN=FIELD, for example --map 金额=amount.")
    return column, field

"""Compare the payers' balances with the ledger they are kept from."""

import sys
from dataclasses import asdict
from typing import Any

from crm.services.ledger_check import ledger_check
from engines.commands import HouseCommand


class Command(HouseCommand):
    help = "Add the ledger up again; exits 1 where a payer's balance says something else."

    _ok = True

    def work(self, **options: Any) -> dict[str, Any]:
        report = ledger_check()
        self._ok = report.ok
        return {**asdict(report), "ok": report.ok}

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not self._ok:
            sys.exit(1)

"""Walk the audit trail's hash chain."""

import sys
from typing import Any

from crm import audit
from engines.commands import HouseCommand


class Command(HouseCommand):
    help = "Verify the audit trail; exits 1 where the chain is broken."

    def work(self, **options: Any) -> dict[str, Any]:
        return vars(audit.verify())

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not audit.verify().ok:
            sys.exit(1)

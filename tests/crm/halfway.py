"""An import in a process of its own that stops half-way: `python -m tests.crm.halfway DATABASE FILE`.

Says "half-way" once half of the file's interviews are written and not yet committed, and waits to be
killed. With a third argument it goes on to the end.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any


def main(database: str, path: str, to_the_end: str = "") -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    from crm import audit
    from crm.services.interviews import interviews_import

    told, record = 0, audit.record

    def waiting(*args: Any, **kwargs: Any) -> Any:
        nonlocal told
        told += 1
        if told == 3 and not to_the_end:
            sys.stdout.write("half-way\n")
            sys.stdout.flush()
            time.sleep(60)
        return record(*args, **kwargs)

    audit.record = waiting  # type: ignore[assignment]
    report = interviews_import(data=Path(path).read_bytes(), name="table.csv")
    sys.stdout.write(f"{len(report.interviews)} {len(report.duplicates)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

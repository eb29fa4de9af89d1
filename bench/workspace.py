"""A workspace of invented data in a database of its own, filled once and kept for the next run.

The databases live beside the others of `PINGJU_HOME` (`make bench` takes `var/bench/home`); a part
of benchmarks, with no rows of its own.
"""

import os
import sys

import django


def database(name: str) -> None:
    """Point Django at the database `name`, made and migrated if need be.

    Raises django's errors where the server cannot be had.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    settings = connection.settings_dict
    if settings["NAME"] != name:
        connection.close()
        settings["NAME"] = "postgres"
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
        connection.close()
        settings["NAME"] = name
    call_command("migrate", verbosity=0)


def use(name: str, **wish: int) -> None:
    """Point Django at the database `name`, made and filled if need be; the wish is fill's."""
    database(name)
    from config.fill.filling import AlreadyFilledError, Wish, fill, settle_statistics

    asked = Wish(**{"seed": 7, **wish})
    try:
        print(f"{name}: filling, once: {asked}", file=sys.stderr)
        fill(asked, lambda what, done, of: None)
    except AlreadyFilledError:
        return
    settle_statistics()

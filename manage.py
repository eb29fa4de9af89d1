#!/usr/bin/env python
"""Run a management command; without DATABASE_URL the local services are started as needed."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db.utils import OperationalError

from config.local.errors import LocalServiceError


def main() -> None:
    """A local service that cannot be had is one line with its remedy, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except LocalServiceError as error:
        sys.exit(str(error))
    except OperationalError as error:
        if isinstance(error.__cause__, LocalServiceError):
            sys.exit(str(error.__cause__))
        raise


if __name__ == "__main__":
    main()

"""``python -m config.local.prepare [--sample]``: the database made ready, in one Django process.

Applies migrations; with ``--sample`` loads the sample workspace once. Standard output is one JSON
list, the sample logins (``role``, ``username``, ``password``); everything else goes to the error
output. Three ``manage.py`` commands would load the whole application three times.
"""

import io
import os
import sys

import django
from django.core.management import call_command


def prepare(*, sample: bool) -> str:
    """Migrate, load the sample; the logins as JSON."""
    call_command("migrate", interactive=False, stdout=sys.stderr)
    if not sample:
        return "[]"
    call_command("sample", stdout=sys.stderr)
    logins = io.StringIO()
    call_command("sample", "--logins", stdout=logins)
    return logins.getvalue()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(prepare(sample="--sample" in sys.argv[1:]))

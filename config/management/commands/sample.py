"""Load the sample workspace once, or print its logins."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.sample import loader, logins
from generation.tasks import run_execute_start


class Command(BaseCommand):
    help = "Load the sample workspace if it is not there; --logins prints its logins as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            rows = [vars(login) for login in logins.shown()]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        if not settings.SAMPLE_WORKSPACE:
            self.stderr.write("SAMPLE_WORKSPACE is off: nothing loaded.")
            return
        if not settings.EMBEDDED:
            raise CommandError("The sample workspace is for the embedded default only.")
        run = loader.load()
        if run is None:
            self.stderr.write("The sample workspace is there already.")
            return
        run_execute_start(run.pk)
        self.stderr.write("Sample workspace loaded.")

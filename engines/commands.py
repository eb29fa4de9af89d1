"""How every command of the house answers: JSON on request, one line on bad input, exit codes 0, 2, 1."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser


class BadInput(Exception):
    """What the caller gave cannot be used; the message names the place and the remedy."""


def read_file(path: Path, limit: int) -> bytes:
    """A file's bytes; raises `BadInput` where it is missing, a folder, or over `limit` bytes."""
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name a file.")
    if not path.is_file():
        raise BadInput(f"{path}: no such file; check the path.")
    size = path.stat().st_size
    if size > limit:
        raise BadInput(
            f"{path}: has {size / 1_000_000:,.0f} MB, more than the {limit / 1_000_000:,.0f} MB "
            "that are read at once; split it, or raise NOVEL_MAX_BYTES or UPLOAD_MAX_BYTES."
        )
    return path.read_bytes()


class HouseCommand(BaseCommand):
    """Exit 0 with a result, 2 with one line on standard error for bad input, 1 for a fault.

    Subclasses return the result as a dict from `work`; `--json` prints it as one JSON document and
    nothing else on standard output. Progress goes to standard error.
    """

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        self.arguments(parser)

    def arguments(self, parser: CommandParser) -> None:
        """The command's own arguments."""

    def work(self, **options: Any) -> dict[str, Any]:
        """Do it; raises `BadInput` for what the caller can mend."""
        raise TypeError(f"{type(self).__name__} does no work")

    def say(self, result: dict[str, Any]) -> None:
        """The result for a person."""
        for name, value in result.items():
            self.stdout.write(f"{name}: {value}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self.work(**options)
        except BadInput as error:
            self._refuse(str(error))
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, default=str))
        else:
            self.say(result)

    def progress(self, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{text}\033[K", ending="")
            self.stderr.flush()

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(" ".join(message.split()))
        sys.exit(2)

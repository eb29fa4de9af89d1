"""The message catalogue without gettext's programs: extract, check, compile, by Babel.

Babel reads Python; Django turns a template into text that a Python extractor understands
(`templatize`), so both kinds of source end in one catalogue a language.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import template as django_template

ROOMS = ("config", "crm", "insights", "generation", "engines", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
LANGUAGE = "zh_Hans"


def sources(base: Path) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((base / room).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                if path.suffix == ".txt" and "templates" not in path.parts:
                    continue
                yield path


def extracted(base: Path) -> Catalog:
    """Every message of the code and the templates, with where it stands."""
    catalog = Catalog(project="Pingju", charset="utf-8")
    for path in sources(base):
        text = path.read_text("utf-8")
        if path.suffix != ".py":
            text = django_template.templatize(text, origin=str(path))
        file = io.BytesIO(text.encode("utf-8"))
        options = {"encoding": "utf-8"}
        for line, message, comments, context in extract(
            "python",
            file,
            KEYWORDS,
            options=options,
        ):
            place = [(str(path.relative_to(base)), line)]
            catalog.add(message, locations=place, auto_comments=comments, context=context)
    return catalog


def catalogue_path(base: Path) -> Path:
    return base / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def missing(base: Path) -> list[str]:
    """Messages without a translation, or with one that is marked as doubtful."""
    with catalogue_path(base).open("rb") as file:
        catalog = read_po(file, locale=LANGUAGE)
    problems = []
    for message in extracted(base):
        if not message.id:
            continue
        known = catalog.get(message.id, context=message.context)
        text = known.string if known else ""
        done = all(text) if isinstance(text, tuple | list) else bool(text)
        if not done or (known and known.fuzzy):
            problems.append(str(message.id))
    return problems


class Command(BaseCommand):
    help = "Update, check or compile the Chinese message catalogue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--update", action="store_true", help="add new messages to the .po")
        what.add_argument("--check", action="store_true", help="exit 1 where one is missing")
        what.add_argument("--compile", action="store_true", help="write the .mo")

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        if options["update"]:
            self._update(base)
        elif options["compile"]:
            self._compile(base)
        else:
            self._check(base)

    def _update(self, base: Path) -> None:
        path = catalogue_path(base)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = Catalog(locale=LANGUAGE, project="Pingju", charset="utf-8")
        if path.exists():
            with path.open("rb") as file:
                catalog = read_po(file, locale=LANGUAGE)
        catalog.update(extracted(base), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, include_lineno=False)

    def _compile(self, base: Path) -> None:
        path = catalogue_path(base)
        with path.open("rb") as file:
            catalog = read_po(file, locale=LANGUAGE)
        draft = path.with_suffix(".mo.part")
        with draft.open("wb") as file:
            write_mo(file, catalog)
        draft.replace(path.with_suffix(".mo"))

    def _check(self, base: Path) -> None:
        problems = missing(base)
        for problem in problems:
            self.stderr.write(f"no Chinese for: {problem}")
        if problems:
            sys.exit(1)

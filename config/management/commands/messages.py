"""The message catalogue without gettext's programs: extract, check, compile, by Babel.

Babel reads Python; Django turns a template into text that a Python extractor understands
(`templatize`), so both kinds of source end in one catalogue. Packages that come without Chinese
are a second kind of source: what neither Django nor the package itself says in Chinese, the
catalogue says. Our scripts have no words of their own; those of Django's admin do, and what its
Chinese lacks stands in a second catalogue, `djangojs`.
"""

import gettext
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import template as django_template

ROOMS = ("config", "crm", "insights", "generation", "engines", "templates")
# Packages whose pages we show and that ship no catalogue for zh-hans (django-filter's is zh_CN);
# of unfold's integrations only those that are installed.
PACKAGES = {
    "unfold": (
        "constance",
        "crispy",
        "guardian",
        "import_export",
        "location_field",
        "simple_history",
    ),
    "django_filters": (),
}
# What a package says in Chinese, but not well.
BETTER = ("Username or email",)
# Whose Chinese, once installed, is good enough to be left to them.
TRANSLATED = ("django", "django_filters", "unfold")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
LANGUAGE = "zh_Hans"
DOMAINS = ("django", "djangojs")
HEADER = """\
# The Chinese of Pingju, written by hand. `manage.py messages --update` adds what is new.
"""
# What changes with the clock, the tool or the person says nothing about the messages.
UNSTABLE = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    r'|Report-Msgid-Bugs-To|Generated-By|Project-Id-Version): .*\\n"\n',
    re.M,
)
PLACEHOLDER = re.compile(r"%%|%(?:\((?P<name>\w+)\))?(?P<kind>[-#0 +]*\d*(?:\.\d+)?[a-zA-Z])|%")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one message; `text` names it for a person."""

    code: str  # "missing" | "doubtful" | "placeholders"
    message: str

    def __str__(self) -> str:
        says = {
            "missing": "no Chinese for",
            "doubtful": "marked as doubtful (fuzzy)",
            "placeholders": "the Chinese has other placeholders than the English of",
        }
        return f"{says[self.code]}: {self.message}"


def _files(root: Path) -> Iterator[Path]:
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        # a text file is a message only as a template (an e-mail), not as data
        if path.suffix != ".txt" or "templates" in path.parts:
            yield path


def _package_files(package: str) -> Iterator[Path]:
    for path in _files(_package_root(package)):
        if not any(word in str(path) for word in PACKAGES[package]):
            yield path


def _package_root(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed; run `make setup`", name=package)
    return Path(next(iter(spec.submodule_search_locations)))


def _messages(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    """`(line, id or (singular, plural), comments, context)` of one file."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        # The brackets make one expression of it: indentation then means nothing to Python.
        text = f"({django_template.templatize(text, origin=str(path))}\n)"
    options = {"encoding": "utf-8"}
    found = extract("python", io.BytesIO(text.encode()), KEYWORDS, options=options)
    yield from found


def _installed_chinese(domain: str) -> set[tuple[str | None, str]]:
    """`(context, message)` of what installed packages say in Chinese themselves."""
    known = set()
    for package in TRANSLATED:
        for path in sorted(
            _package_root(package).rglob(f"locale/{LANGUAGE}/LC_MESSAGES/{domain}.mo")
        ):
            with path.open("rb") as file:
                # gettext offers no public way to list a catalogue
                entries = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            for key in entries:
                text = key[0] if isinstance(key, tuple) else key
                context, mark, message = text.rpartition("\x04")
                known.add((context if mark else None, message))
    return known


def extracted(base: Path) -> Catalog:
    """Every message of the code, the templates and the packages, with where it stands."""
    catalog = Catalog(locale=LANGUAGE, charset="utf-8")
    for room in ROOMS:
        for path in _files(base / room):
            for _line, message, comments, context in _messages(path):
                place = [(str(path.relative_to(base)), None)]
                catalog.add(message, locations=place, auto_comments=comments, context=context)
    known = _installed_chinese("django")
    for package in PACKAGES:
        for path in _package_files(package):
            for _line, message, _comments, context in _messages(path):
                if (context, _strings(message)[0]) not in known:
                    catalog.add(message, locations=[(f"[{package}]", None)], context=context)
    for message in BETTER:
        catalog.add(message, locations=[("[allauth]", None)])
    return catalog


def extracted_from_scripts() -> Catalog:
    """What the admin's scripts say and Django's Chinese does not know."""
    catalog = Catalog(locale=LANGUAGE, charset="utf-8")
    known = _installed_chinese("djangojs")
    for path in sorted(_package_root("django").glob("contrib/admin/static/admin/js/*.js")):
        found = extract("javascript", io.BytesIO(path.read_bytes()), KEYWORDS)
        for _line, message, _comments, context in found:
            if (context, _strings(message)[0]) not in known:
                catalog.add(message, locations=[("[django]", None)], context=context)
    return catalog


def wanted(base: Path, domain: str) -> Catalog:
    return extracted(base) if domain == "django" else extracted_from_scripts()


def catalogue_path(base: Path, domain: str = "django") -> Path:
    return base / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, ignore_obsolete=True)


def write(catalog: Catalog, path: Path) -> None:
    """The catalogue as a file that is the same for the same messages, whenever it is written."""
    catalog.fuzzy = False
    catalog.header_comment = HEADER.strip()
    file = io.BytesIO()
    write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
    path.write_text(UNSTABLE.sub("", file.getvalue().decode()), "utf-8")


def _strings(text: str | Iterable[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def placeholders(text: str) -> tuple[set[str], list[str], bool]:
    """The named ones (order is free), the nameless in order, and whether a % stands alone."""
    named: set[str] = set()
    nameless: list[str] = []
    alone = False
    for match in PLACEHOLDER.finditer(text):
        if match["name"]:
            named.add(match[0])
        elif match["kind"]:
            nameless.append(match[0])
        elif match[0] == "%":
            alone = True
    return named, nameless, alone


def _placeholders_differ(message: Message) -> bool:
    """Chinese has one form for every number, so it is held to the plural, the general one."""
    wanted = placeholders(_strings(message.id)[-1])
    if not message.python_format:
        # `{name}` is for str.format; a % is just a percent sign
        names = re.findall(r"\{\w*\}", _strings(message.id)[-1])
        return any(
            sorted(re.findall(r"\{\w*\}", text)) != sorted(names)
            for text in _strings(message.string)
        )
    return any(placeholders(text) != wanted for text in _strings(message.string))


def problems_of(messages: Iterable[Message], catalog: Catalog) -> list[Problem]:
    """What keeps `catalog` from saying every one of `messages` in Chinese."""
    problems = []
    for message in messages:
        if not message.id:
            continue
        name = _strings(message.id)[0]
        known = catalog.get(message.id, context=message.context)
        if known is None or not known.string or not all(_strings(known.string)):
            problems.append(Problem("missing", name))
        elif known.fuzzy:
            problems.append(Problem("doubtful", name))
        elif _placeholders_differ(known):
            problems.append(Problem("placeholders", name))
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
        if options["check"]:
            self._check(base)
            return
        for domain in DOMAINS:
            if options["update"]:
                self._update(base, domain)
            else:
                self._compile(catalogue_path(base, domain))

    def _update(self, base: Path, domain: str) -> None:
        path = catalogue_path(base, domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(path) if path.exists() else Catalog(locale=LANGUAGE, charset="utf-8")
        catalog.update(wanted(base, domain), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        write(catalog, path)

    def _compile(self, path: Path) -> None:
        draft = path.with_suffix(".mo.part")
        with draft.open("wb") as file:
            write_mo(file, read(path))
        draft.replace(path.with_suffix(".mo"))

    def _check(self, base: Path) -> None:
        problems = [
            problem
            for domain in DOMAINS
            for problem in problems_of(wanted(base, domain), read(catalogue_path(base, domain)))
        ]
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            sys.exit(1)

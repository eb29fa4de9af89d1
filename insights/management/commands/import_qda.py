"""Bring a project or codebook of another program in."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from crm.exceptions import DomainError
from crm.models import Study, Tier
from engines.commands import BadInput, HouseCommand, read_file
from insights.remarks import remark_text
from insights.services.qda import qda_import


class Command(HouseCommand):
    help = "Import a REFI-QDA project (.qdpx) or codebook (.qdc) of ATLAS.ti, MAXQDA, NVivo, ..."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--study", default="", help="key of a study; default: the project's")
        parser.add_argument("--tier", choices=Tier.values, default=Tier.ENTRY.value)

    def work(self, **options: Any) -> dict[str, Any]:
        path = Path(options["file"])
        try:
            done = qda_import(
                data=read_file(path, settings.UPLOAD_MAX_BYTES),
                name=path.name,
                tier=options["tier"],
                study=study_of(options["study"]) if options["study"] else None,
            )
        except DomainError as error:
            raise BadInput(str(error)) from error
        if done.study is not None:
            self.progress(f"study: {done.study.key}\n")
        return {
            "sources": done.sources,
            "codes": done.codes,
            "selections": done.selections,
            "codings": done.codings,
            "cases": done.cases,
            "missing_sources": [vars(item) for item in done.missing],
            "warnings": [remark_text(vars(item)) for item in done.remarks],
        }


def study_of(key: str) -> Study:
    study = Study.objects.filter(key=key).first()
    if study is None:
        known = ", ".join(Study.objects.values_list("key", flat=True)) or "none yet"
        raise BadInput(f"{key}: no such study; known keys: {known}.")
    return study

"""Write a study as a REFI-QDA project, or its codebook."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from engines.commands import BadInput, HouseCommand
from insights.management.commands.import_qda import study_of
from insights.remarks import remark_text
from insights.services.qda import codebook_export, study_export


class Command(HouseCommand):
    help = "Export STUDY as FILE: .qdpx the whole project, .qdc the codebook."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", metavar="STUDY", help="key of the study")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--times",
            action="store_true",
            help="also write times as the transcript of a recording, with sync points",
        )

        parser.add_argument(
            "--outside",
            action="store_true",
            help="for people outside the team: only what may be quoted there, the rest black",
        )

    def work(self, **options: Any) -> dict[str, Any]:
        path = Path(options["file"])
        suffix = path.suffix.lower()
        if suffix not in (".qdpx", ".qdc"):
            raise BadInput(f"{path}: name a file that ends in .qdpx or .qdc.")
        if not path.parent.is_dir():
            raise BadInput(f"{path.parent}: no such folder; make it first.")
        study = study_of(options["study"])
        if suffix == ".qdc":
            done = codebook_export(study=study)
        else:
            done = study_export(study=study, times=options["times"], outside=options["outside"])
        try:
            path.write_bytes(done.data)
        except OSError as error:
            raise BadInput(f"{path}: cannot be written: {error.strerror}.") from error
        return {
            **done.counts(),
            "missing_sources": [vars(item) for item in done.missing],
            "warnings": [remark_text(vars(item)) for item in done.remarks],
        }

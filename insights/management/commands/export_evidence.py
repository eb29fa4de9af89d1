"""Write a study's evidence as a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from engines.commands import BadInput, HouseCommand
from insights.exchange.tables import FORMATS
from insights.management.commands.import_qda import study_of
from insights.services.evidence_tables import evidence_export


class Command(HouseCommand):
    help = "Export every reading of STUDY as FILE: .csv, .xlsx, .md or .html."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", metavar="STUDY", help="key of the study")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--team",
            action="store_true",
            help="also what may not be quoted outside the team: for yourselves alone",
        )

    def work(self, **options: Any) -> dict[str, Any]:
        path = Path(options["file"])
        format = path.suffix.lower().lstrip(".")
        if format not in FORMATS:
            raise BadInput(f"{path}: name a file that ends in .{', .'.join(FORMATS)}.")
        if not path.parent.is_dir():
            raise BadInput(f"{path.parent}: no such folder; make it first.")
        study, team = study_of(options["study"]), options["team"]
        done = evidence_export(study=study, format=format, team=team)
        path.write_bytes(done.data)
        return {"rows": done.rows, "warnings": list(done.remarks)}

"""Import interviews from files and folders."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from crm import transcripts
from crm.exceptions import DomainError
from crm.models import Study, Tier
from crm.services.interviews import interviews_import
from crm.transcript_reasons import line_text
from engines.commands import BadInput, HouseCommand, read_file

SUFFIXES = {".txt", ".vtt", ".srt", ".sbv", ".ass", ".ssa", ".docx", ".csv"}


class Command(HouseCommand):
    help = "Import transcripts: txt, vtt, srt, sbv, docx, csv of transcript_id,text."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--study", default="", help="key of the study they belong to")
        parser.add_argument("--tier", choices=Tier.values, default=Tier.ENTRY.value)
        parser.add_argument("--format", default="auto", choices=["auto", *transcripts.FORMATS])

    def work(self, **options: Any) -> dict[str, Any]:
        study = self._study(options["study"])
        result: dict[str, Any] = {
            "imported": 0, "duplicates": 0, "utterances": 0, "speakers": 0, "rejected": [],
        }  # fmt: skip
        speakers: set[str] = set()
        for path in _files(options["paths"]):
            self.progress(str(path))
            try:
                report = interviews_import(
                    data=read_file(path, settings.UPLOAD_MAX_BYTES),
                    name=path.name,
                    format=options["format"],
                    study=study,
                    tier=options["tier"],
                )
            except DomainError as error:
                line = getattr(error.__cause__, "line", None)
                result["rejected"].append({"path": str(path), "line": line, "reason": str(error)})
                continue
            result["imported"] += len(report.interviews)
            result["duplicates"] += len(report.duplicates)
            result["utterances"] += report.utterances
            speakers |= report.speakers
            result["rejected"] += [
                {"path": str(path), "line": item.line, "reason": line_text(item)}
                for item in report.rejected
            ]
        result["speakers"] = len(speakers)
        return result

    def _study(self, key: str) -> Study | None:
        if not key:
            return None
        study = Study.objects.filter(key=key).first()
        if study is None:
            known = ", ".join(Study.objects.values_list("key", flat=True)) or "none yet"
            raise BadInput(f"--study {key}: no such study; known keys: {known}.")
        return study


def _files(paths: list[str]) -> Iterator[Path]:
    for name in paths:
        path = Path(name)
        if path.is_dir():
            yield from sorted(item for item in path.rglob("*") if item.suffix.lower() in SUFFIXES)
        elif path.is_file():
            yield path
        else:
            raise BadInput(f"{name}: no such file or folder; check the path.")

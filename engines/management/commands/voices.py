"""The voices of the offline speech engine: what is missing, and putting them in place."""

import tarfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from engines.commands import BadInput, HouseCommand
from engines.speech import kokoro
from engines.speech.registry import voices_folder


class Command(HouseCommand):
    help = (
        "Put the offline voices in place from ARCHIVE (npm pack kokoro-js@1.2.1), or tell what the "
        "offline speech engine still needs."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", metavar="ARCHIVE", nargs="?")

    def work(self, **options: Any) -> dict[str, Any]:
        folder = voices_folder()
        if options["archive"]:
            self._install(Path(options["archive"]), folder)
        there = [voice.id for voice in kokoro.voices_in(folder)]
        return {"folder": str(folder), "voices": there, "missing": kokoro.missing(folder)}

    def _install(self, archive: Path, folder: Path) -> None:
        if not archive.is_file():
            raise BadInput(f"{archive}: no such file; make it with: npm pack kokoro-js@1.2.1")
        try:
            kokoro.install_voices(archive, folder)
        except (ValueError, KeyError, tarfile.TarError, EOFError, OSError) as error:
            raise BadInput(
                f"{archive}: cannot be used ({error}); make it anew with: npm pack kokoro-js@1.2.1"
            ) from error

"""Why a feature exists, as JSON (dossier.schema.json)."""

from typing import Any

from django.core.management.base import CommandParser

from engines.commands import BadInput, HouseCommand
from generation.features.documents import to_document
from generation.features.dossier import WHOLE, Dossier, dossier
from generation.features.markdown import to_markdown
from generation.features.outside import for_outside
from generation.models import Feature


class Command(HouseCommand):
    help = "Print the dossier of a feature by its key, as Markdown or as JSON."
    found: Dossier

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("feature", metavar="FEATURE")
        parser.add_argument(
            "--outside",
            action="store_true",
            help="only the quotes that may be quoted outside the team",
        )

    def work(self, **options: Any) -> dict[str, Any]:
        feature = Feature.objects.filter(key=options["feature"]).first()
        if feature is None:
            known = ", ".join(Feature.objects.values_list("key", flat=True)) or "none yet"
            raise BadInput(f"{options['feature']}: no such feature; known keys: {known}.")
        self.found = dossier(feature, most=WHOLE)
        if options["outside"]:
            self.found = for_outside(self.found)
        return to_document(self.found)

    def say(self, result: dict[str, Any]) -> None:
        self.stdout.write(to_markdown(self.found))

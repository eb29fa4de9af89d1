"""Search what was said."""

from typing import Any

from django.core.management.base import CommandParser

from crm.models import Study, Tier
from engines.commands import BadInput, HouseCommand
from insights.search import search


class Command(HouseCommand):
    help = "Find utterances that contain QUERY, newest first."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", metavar="QUERY")
        parser.add_argument("--limit", type=int, default=20)
        parser.add_argument("--tier", choices=Tier.values, default="")
        parser.add_argument("--study", default="")

    def work(self, **options: Any) -> dict[str, Any]:
        if not options["query"].strip():
            raise BadInput("QUERY is empty; give at least one character.")
        if options["limit"] < 1:
            raise BadInput(f"--limit {options['limit']}: give a number of at least 1.")
        if options["study"] and not Study.objects.filter(key=options["study"]).exists():
            raise BadInput(f"--study {options['study']}: no such study.")
        found = search(
            options["query"],
            tier=options["tier"],
            study=options["study"],
            limit=options["limit"],
        )
        return {
            "count": found.count,
            "capped": found.capped,
            "hits": [
                {
                    "interview": hit.interview,
                    "utterance": hit.utterance,
                    "speaker": hit.speaker,
                    "text": hit.text,
                    "start_ms": hit.start_ms,
                    "tier": hit.tier,
                }
                for hit in found.hits
            ],
        }

    def say(self, result: dict[str, Any]) -> None:
        more = "+" if result["capped"] else ""
        self.stdout.write(f"{result['count']}{more}")
        for hit in result["hits"]:
            self.stdout.write(
                f"#{hit['interview']}:{hit['utterance']} [{hit['tier']}] "
                f"{hit['speaker']}: {hit['text']}"
            )

"""Search what was said."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from crm.models import Study, Tier
from engines.commands import BadInput, HouseCommand
from insights.models import PainPoint
from insights.search import Filters, search, start_of


class Command(HouseCommand):
    help = (
        "Find utterances that contain QUERY letter by letter, letter case aside: evidence first, "
        "then the newest interview; more than 500 are listed newest first."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", metavar="QUERY")
        parser.add_argument("--limit", type=int, default=20)
        parser.add_argument("--offset", type=int, default=0)
        parser.add_argument("--tier", choices=Tier.values, default="")
        parser.add_argument("--study", default="", help="a study's key")
        parser.add_argument("--pain", default="", help="a pain point's id or title")
        parser.add_argument("--speaker", default="", help="a part of the speaker's name")
        parser.add_argument("--since", default="", help="interviews from YYYY-MM-DD on")
        parser.add_argument("--until", default="", help="up to YYYY-MM-DD, included")
        parser.add_argument("--coded", action="store_true", help="only passages with evidence")
        parser.add_argument("--newest", action="store_true", help="newest first")
        parser.add_argument(
            "--variants",
            action="store_true",
            help="also simplified, traditional, half-width and full-width spellings",
        )

    def work(self, **options: Any) -> dict[str, Any]:
        if not options["query"].strip():
            raise BadInput("QUERY is empty; give at least one character.")
        if options["limit"] < 1:
            raise BadInput(f"--limit {options['limit']}: give a number of at least 1.")
        if options["offset"] < 0:
            raise BadInput(f"--offset {options['offset']}: give a number of at least 0.")
        if options["study"] and not Study.objects.filter(key=options["study"]).exists():
            raise BadInput(f"--study {options['study']}: no such study.")
        found = search(
            options["query"],
            filters=Filters(
                tier=options["tier"],
                study=options["study"],
                pain=_pain(options["pain"]),
                speaker=options["speaker"],
                since=start_of(_day("since", options["since"])),
                until=start_of(_day("until", options["until"]), days=1),
                coded=options["coded"],
            ),
            limit=options["limit"],
            offset=options["offset"],
            newest=options["newest"],
            variants=options["variants"],
            count_cap=None,
        )
        return {
            "count": found.count,
            "capped": found.capped,
            "ranked": found.ranked,
            "hits": [
                {
                    "interview": hit.interview,
                    "utterance": hit.utterance,
                    "speaker": hit.speaker,
                    "text": hit.text,
                    "start_ms": hit.start_ms,
                    "tier": hit.tier,
                    "creator": hit.creator,
                    "at": hit.at.isoformat(),
                }
                for hit in found.hits
            ],
        }

    def say(self, result: dict[str, Any]) -> None:
        self.stdout.write(f"{result['count']}")
        for hit in result["hits"]:
            self.stdout.write(
                f"#{hit['interview']}:{hit['utterance']} {hit['at'][:10]} [{hit['tier']}] "
                f"{hit['speaker']}: {hit['text']}"
            )


def _pain(wanted: str) -> int | None:
    if not wanted:
        return None
    rows = PainPoint.objects.all()
    row = rows.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    row = row or rows.filter(title_zh=wanted).first() or rows.filter(title_en=wanted).first()
    if row is None:
        raise BadInput(f"--pain {wanted}: no pain point with this id or title.")
    return row.pk


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"--{name} {text}: write the day as YYYY-MM-DD.") from error

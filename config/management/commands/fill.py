"""Fill the workspace with invented data at scale, or take it away again."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from config.fill.filling import AlreadyFilledError, Wish, fill, settle_statistics
from config.fill.removal import StillUsedError, remove
from engines.commands import BadInput, HouseCommand


class Command(HouseCommand):
    help = (
        "Invented creators, interviews, evidence and payments in realistic proportions, the same "
        "for the same seed and marked as invented; --remove takes them away."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--creators", type=int, default=300)
        parser.add_argument("--utterances", type=int, default=100_000)
        parser.add_argument("--payments", type=int, default=10_000)
        parser.add_argument("--seed", type=int, help="default 1; with --remove: all of them")
        parser.add_argument("--interviews", type=int, help="default: one every 300 utterances")
        parser.add_argument("--highlights", type=int, help="default: one every 25 utterances")
        parser.add_argument("--remove", action="store_true", help="take invented data away")
        parser.add_argument(
            "--yes", action="store_true", help="also on a database of your own (DATABASE_URL)"
        )

    def work(self, **options: Any) -> dict[str, Any]:
        if not (settings.EMBEDDED or options["yes"]):
            raise BadInput(
                "DATABASE_URL points to a database of your own; invented data does not belong "
                "among real data. Give --yes where you mean it."
            )
        self.said = ""
        try:
            if options["remove"]:
                return {"removed": remove(options["seed"])}
            wish = Wish(
                creators=options["creators"],
                utterances=options["utterances"],
                payments=options["payments"],
                seed=1 if options["seed"] is None else options["seed"],
                interviews=options["interviews"],
                highlights=options["highlights"],
            )
            counts = fill(wish, self.tell)
        except (AlreadyFilledError, StillUsedError, ValueError) as error:
            raise BadInput(str(error)) from error
        settle_statistics()
        return {"seed": wish.seed, **counts}

    def tell(self, what: str, done: int, of: int) -> None:
        """A line of progress for every twentieth part."""
        line = f"{what}: {done * 20 // max(of, 1) * 5} %"
        if line != self.said:
            self.said = line
            self.stderr.write(f"{line} ({done:,} / {of:,})")

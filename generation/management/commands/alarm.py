"""Whether the first pain is left alone while what we built is loved and paying is flat, as JSON."""

from typing import Any

from django.core.management.base import CommandParser

from engines.commands import BadInput, HouseCommand
from generation.features.alarm.evaluation import SEED, document, evaluate

LARGEST_SEED = 2**63 - 1


class Command(HouseCommand):
    help = "Evaluate the monetisation alarm now; nothing is stored and nobody is told."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", default=str(SEED), help="of the resamples (a whole number)")

    def work(self, **options: Any) -> dict[str, Any]:
        text = str(options["seed"])
        if not text.isdecimal() or int(text) > LARGEST_SEED:
            raise BadInput(f"--seed {text}: not a whole number from 0 to {LARGEST_SEED}; try 1.")
        return document(evaluate(seed=int(text)))

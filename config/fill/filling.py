"""Fill a workspace with invented data: all of it or, after an error, none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from config.fill.copying import MARK
from config.fill.interviews import Interviewing, Plan
from config.fill.money import payments_make
from config.fill.people import coders_of_fills, people_make, studies_of
from config.fill.pipeline import uses_make
from config.fill.wishes import needs_make, pains_of_fills
from crm import audit
from crm.models import Creator, Interview, Payment, Study, Utterance
from insights.models import Asked, Evidence, Highlight

UTTERANCES_AN_INTERVIEW = 300
A_HIGHLIGHT_EVERY = 25  # utterances
REBUILD_FROM = 20_000  # utterances from which an index is quicker built anew than kept up


class AlreadyFilledError(ValueError):
    """The seed was used: the same rows would come twice."""


@dataclass(frozen=True)
class Wish:
    """What is asked for; None: in realistic proportion to the utterances."""

    creators: int
    utterances: int
    payments: int
    seed: int
    interviews: int | None = None
    highlights: int | None = None

    def plan(self) -> Plan:
        """Raises ValueError, naming the number that does not fit."""
        for name in ("creators", "utterances", "payments", "seed", "interviews", "highlights"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"--{name} {value}: give a number of at least 0.")
        if not self.creators and (self.utterances or self.payments):
            raise ValueError("--creators 0: utterances and payments need at least one creator.")
        interviews = self.interviews
        if interviews is None:
            interviews = max(
                self.creators * 6 // 5, round(self.utterances / UTTERANCES_AN_INTERVIEW)
            )
            interviews = min(interviews, self.utterances)
        if interviews > self.utterances:
            raise ValueError(
                f"--interviews {interviews}: more than --utterances {self.utterances}; each "
                "interview has at least one."
            )
        if self.utterances and not interviews:
            raise ValueError(f"--interviews 0: --utterances {self.utterances} need one.")
        highlights = self.highlights
        if highlights is None:
            highlights = self.utterances // A_HIGHLIGHT_EVERY
        if highlights > 3 * self.utterances:
            raise ValueError(
                f"--highlights {highlights}: at most three an utterance, that is "
                f"{3 * self.utterances}."
            )
        return Plan(interviews, self.utterances, highlights)


Tell = Callable[[str, int, int], None]


@transaction.atomic
def fill(wish: Wish, tell: Tell) -> dict[str, int]:
    """Write it; `tell(what, done, of)` hears how far it is. Returns how many rows of each kind.

    Raises `AlreadyFilledError` where the seed was used, ValueError where numbers do not fit.
    """
    plan = wish.plan()
    if Study.objects.filter(key__startswith=f"{MARK}{wish.seed}-").exists():
        raise AlreadyFilledError(
            f"--seed {wish.seed}: this seed was used already; take another, or run fill --remove "
            f"--seed {wish.seed} first."
        )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no queue of a million checks at the end
    random = np.random.default_rng(wish.seed)
    coders = coders_of_fills()
    studies = studies_of(wish.seed)
    people = people_make(random, wish.creators, wish.seed, coders[0])
    tell("creators", wish.creators, wish.creators)
    pains = pains_of_fills(coders[0])
    with _search_index_later(plan.utterances):
        if plan.interviews:
            Interviewing(random, people, pains, studies, coders).write(
                plan, lambda done: tell("utterances", done, plan.utterances)
            )
    needs = needs_make(random, people, pains)
    if wish.payments:
        payments_make(
            random, people, wish.payments, wish.seed,
            lambda done: tell("payments", done, wish.payments),
        )  # fmt: skip
    uses, reliefs = uses_make(random, people, wish.seed)
    counts = {
        "creators": wish.creators,
        "interviews": plan.interviews,
        "utterances": plan.utterances,
        "highlights": plan.highlights,
        "evidence": _evidence_of(studies),
        "pain_points": len(pains),
        "needs": needs,
        "payments": wish.payments,
        "feature_uses": uses,
        "reliefs": reliefs,
    }
    audit.record("workspace.filled", studies[0], data={"seed": wish.seed, **counts})
    return counts


def _evidence_of(studies: list[Study]) -> int:
    return Evidence.objects.filter(highlight__transcript__interview__study__in=studies).count()


def settle_statistics() -> None:
    """Tell the planner what has changed, as the server would do by itself a minute later."""
    with connection.cursor() as cursor:
        for model in (Creator, Interview, Utterance, Highlight, Evidence, Asked, Payment):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"ANALYZE {table}" if connection.in_atomic_block else f"VACUUM (ANALYZE) {table}"
            )


@contextmanager
def _search_index_later(utterances: int) -> Iterator[None]:
    """Take the search index off the utterances for a large load, and build it again afterwards.

    Others wait for the table meanwhile: a fill of this size is for a workspace of one's own. How
    much the server is to know of an index is no part of its definition, so it is told again.
    """
    indexes: list[tuple[str, str, int]] = []
    if utterances >= REBUILD_FROM:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef, coalesce(attstattarget, -1) FROM pg_indexes "
                "JOIN pg_attribute ON attrelid = indexname::regclass AND attnum = 1 "
                "WHERE schemaname = current_schema() AND tablename = %s AND indexdef LIKE %s",
                [Utterance._meta.db_table, "%USING gin%"],
            )
            indexes = cursor.fetchall()
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            for name, _definition, _target in indexes:
                cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        for name, definition, target in indexes:
            cursor.execute(definition)
            cursor.execute(
                f"ALTER INDEX {connection.ops.quote_name(name)} "
                f"ALTER COLUMN 1 SET STATISTICS {int(target)}"
            )

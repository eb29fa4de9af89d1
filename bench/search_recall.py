"""Recall and precision of search against LIKE over 200,000 invented utterances: both are 100 %."""

import random
from collections.abc import Iterator

from bench import workspace

UTTERANCES, QUERIES = 200_000, 150
LENGTHS = (1, 1, 2, 2, 2, 3, 4, 6, 9)


def rows() -> Iterator[dict[str, object]]:
    workspace.use("bench_recall", creators=600, utterances=UTTERANCES, payments=0)
    from django.db import connection

    from crm.models import Utterance
    from insights.search import search
    from insights.search.wording import pattern

    dice = random.Random(20261125)
    first = Utterance.objects.order_by("pk").values_list("pk", flat=True)[0]
    wanted: list[str] = []
    while len(wanted) < QUERIES:
        text = Utterance.objects.get(pk=first + dice.randrange(UTTERANCES)).text
        start = dice.randrange(len(text))
        query = text[start : start + dice.choice(LENGTHS)].strip()
        wanted += [query] if query else []
    found_all = said_all = both = 0
    for query in wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM crm_utterance WHERE text ILIKE %s",
                [pattern(query)],
            )
            said = {pk for (pk,) in cursor.fetchall()}
        found = {hit.id for hit in search(query, limit=UTTERANCES, count_cap=None).hits}
        found_all, said_all, both = (
            found_all + len(found), said_all + len(said), both + len(found & said),
        )  # fmt: skip
    recall, precision = both / said_all, both / found_all
    yield {
        "work": f"search against LIKE, {UTTERANCES:,} utterances, {QUERIES} queries of 1–9 signs",
        "ours": f"recall {recall:.2%}, precision {precision:.2%}",
        "other": f"{said_all:,} hits (LIKE)",
        "ratio": None,
        "aim": "both 100 %",
        "met": recall == precision == 1,
    }

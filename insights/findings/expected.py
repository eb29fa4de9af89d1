"""What a suggestion is worth reading: how often people took suggestions like it."""

from collections import defaultdict
from collections.abc import Iterable

from insights.assistants.expecting import Ruling, likely
from insights.models import Suggestion
from insights.statistics import Estimate, share

LATEST = 2_000  # decisions of a way that are looked at


def expected(rows: Iterable[Suggestion]) -> list[tuple[Suggestion, Estimate]]:
    """The suggestions with the share of those like them that people took, likeliest first.

    In one query. Those of which too little is known to say a share come after the others, by score.
    """
    offered = list(rows)
    rulings: dict[str, list[Ruling]] = defaultdict(list)
    decided = (
        Suggestion.objects.filter(way__in={row.way for row in offered})
        .exclude(state=Suggestion.State.PROPOSED)
        .order_by("-decided_at")
        .values_list("way", "score", "pain_id", "state")[:LATEST]
    )
    for way, score, pain, state in decided if offered else ():
        rulings[way].append(Ruling(score, pain, state == Suggestion.State.ACCEPTED))
    found = [(row, share(*likely(row.score, row.pain_id, rulings[row.way]))) for row in offered]
    return sorted(
        found,
        key=lambda item: (
            -(item[1].value or 0.0) if item[1].publishable else 1.0,
            -item[0].score,
            item[0].start,
        ),
    )

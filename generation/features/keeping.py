"""The dossiers' numbers made ready after a change, so that whoever opens one rarely waits for them.

What is kept is asked for by the state of the data that it was made from. So a page never shows a
number that is older than its rows: where this came too late, the page makes the number itself.
"""

from django.core.cache import cache
from django.utils import timezone

from crm.changes import KEEP, data_state
from generation.features.dossier import dossier
from generation.models import Feature

KEPT = "dossiers:kept"
BUSY = "dossiers:busy"
LONGEST = 300  # seconds after which a process that was at it is taken for dead
RESTS_ON = (
    "asked", "evidence", "interview", "justification", "need", "pain", "payment", "reading",
    "relief", "use",
)  # fmt: skip


def dossiers_keep() -> int:
    """Ask for the numbers of every feature once after a change; how many there were.

    Nothing where no row has changed since, or where another process is at it.
    """
    state = f"{data_state().of(RESTS_ON)}:{timezone.now():%Y%m%d}"
    if cache.get(KEPT) == state or not cache.add(BUSY, True, LONGEST):
        return 0
    try:
        features = list(Feature.objects.order_by("pk"))
        for feature in features:
            dossier(feature, most=0)
    finally:
        cache.delete(BUSY)
    cache.set(KEPT, state, KEEP)
    return len(features)

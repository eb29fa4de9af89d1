"""Pages of insight over 300 interviews and 100,000 highlights, answered by the whole stack.

The data are `manage.py fill`'s in a database of their own. Each page is asked by somebody who never
looked before (what is kept is thrown away), then five times more, of which the median counts.
"""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from bench import workspace

AIM = 0.5
PAGES = (
    "landscape", "ranking", "saturation", "penetration", "tools", "steps", "prices", "agreement",
)  # fmt: skip
ROOT = "/admin/insights/painpoint"


def rows() -> Iterator[dict[str, object]]:
    workspace.use(
        "bench_insight", creators=300, utterances=120_000, payments=1000, interviews=300,
        highlights=100_000, seed=1,
    )  # fmt: skip
    from django.core.cache import cache
    from django.test import Client

    from crm.models import User
    from insights.models import Highlight, PainPoint

    size = Highlight.objects.count()
    reader, _made = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    pain = PainPoint.objects.open().first()
    addresses = {name: f"{ROOT}/statistics/{name}/" for name in PAGES}
    addresses |= {"codebook": f"{ROOT}/codebook/"}
    if pain is not None:
        addresses["pain point"] = f"{ROOT}/{pain.pk}/page/"
    client.get(addresses["codebook"])  # templates and translations are read once a process
    for name, address in addresses.items():
        cache.clear()
        first = _taken(client, address)
        again = statistics.median(_taken(client, address) for _ in range(5))
        yield _row(name, size, first, again)


def _taken(client: Any, address: str) -> float:
    start = time.perf_counter()
    response = client.get(address)
    taken = time.perf_counter() - start
    assert response.status_code == 200, address
    return taken


def _row(name: str, size: int, first: float, again: float) -> dict[str, object]:
    return {
        "work": f"page {name}, 300 interviews, {size:,} highlights",
        "ours": f"first look {first * 1000:.0f} ms, then {again * 1000:.0f} ms",
        "other": "—",
        "ratio": None,
        "aim": f"< {AIM * 1000:.0f} ms",
        "met": first < AIM,
    }

"""Pages of insight over 300 interviews and 100,000 highlights, answered by the whole stack.

The data are those of `pages_at_scale`, with 1,000,000 payments beside; each page is asked five times
after a first time, and the median counts.
"""

import statistics
import time
from collections.abc import Iterator

from bench import workspace

AIM = 0.5
PAGES = (
    "landscape", "ranking", "saturation", "penetration", "prices", "agreement",
)  # fmt: skip
ROOT = "/admin/insights/painpoint"


def rows() -> Iterator[dict[str, object]]:
    workspace.use(
        "bench_pages", creators=3000, interviews=300, utterances=100_000, highlights=100_000,
        payments=1_000_000,
    )  # fmt: skip
    from django.conf import settings
    from django.test import Client

    from crm.models import User
    from insights.models import Highlight, PainPoint

    settings.ALLOWED_HOSTS = ["testserver"]
    reader, _made = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    size = Highlight.objects.count()
    addresses = {name: f"{ROOT}/statistics/{name}/" for name in PAGES}
    addresses |= {"codebook": f"{ROOT}/codebook/"}
    pain = PainPoint.objects.open().first()
    if pain is not None:
        addresses["pain point"] = f"{ROOT}/{pain.pk}/page/"
    for name, address in addresses.items():
        yield _row(name, size, _median(client, address))


def _median(client: object, address: str) -> float:
    taken = []
    for _ in range(6):
        start = time.perf_counter()
        response = client.get(address)  # type: ignore[attr-defined]
        taken.append(time.perf_counter() - start)
        assert response.status_code == 200, address
    return statistics.median(taken[1:])


def _row(name: str, size: int, seconds: float) -> dict[str, object]:
    return {
        "work": f"page {name}, 300 interviews, {size:,} highlights",
        "ours": f"{seconds * 1000:.0f} ms",
        "other": "—",
        "ratio": None,
        "aim": f"< {AIM * 1000:.0f} ms",
        "met": seconds < AIM,
    }

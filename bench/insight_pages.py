"""Pages of insight over 300 interviews and 100,000 highlights, answered by the whole stack.

The data are `manage.py fill`'s, laid into a transaction of the throw-away database and taken back;
each page is asked five times after a first time, and the median counts.
"""

import os
import statistics
import time
from collections.abc import Iterator

AIM = 0.5
PAGES = (
    "landscape", "ranking", "saturation", "penetration", "prices", "agreement",
)  # fmt: skip
ROOT = "/admin/insights/painpoint"


def rows() -> Iterator[dict[str, object]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection, transaction
    from django.test import Client

    from config.fill.filling import Wish, fill
    from crm.models import User
    from insights.models import Highlight, PainPoint

    with transaction.atomic():
        fill(
            Wish(creators=300, utterances=120_000, payments=1000, seed=1, interviews=300,
                 highlights=100_000),
            lambda *_progress: None,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        size = Highlight.objects.count()
        reader = User.objects.create(username="bench", is_staff=True, is_superuser=True)
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        pain = PainPoint.objects.open().first()
        addresses = {name: f"{ROOT}/statistics/{name}/" for name in PAGES}
        addresses |= {"codebook": f"{ROOT}/codebook/"}
        if pain is not None:
            addresses["pain point"] = f"{ROOT}/{pain.pk}/page/"
        for name, address in addresses.items():
            yield _row(name, size, _median(client, address))
        transaction.set_rollback(True)


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

"""A creator's pages with a novel of 700,000 characters and its whole storyboard, as a browser asks.

Each page through the middleware and the template, once for warmth and then `TIMES` times.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.money_pages import database

NOVEL = Path(__file__).resolve().parents[2] / "shared" / "data" / "novels" / "西游记.txt"
AIM_MS = 500.0
TIMES = 5


def rows() -> Iterator[dict[str, object]]:
    """Only where the novel is."""
    if not NOVEL.exists():
        return
    with database():
        yield from _measured()


def _measured() -> Iterator[dict[str, object]]:
    from django.test import Client

    from crm.models import Creator, User
    from generation.models import Run
    from generation.services.novels import novel_upload
    from generation.services.run_work import run_execute
    from generation.services.runs import run_start

    user = User.objects.create(username="bench")
    creator = Creator.objects.create(name="长篇", user=user)
    began = time.perf_counter()
    novel, _new = novel_upload(
        creator=creator, data=NOVEL.read_bytes(), name=NOVEL.name, title="", actor=user
    )
    took = (time.perf_counter() - began) * 1000
    yield _row(f"upload of {novel.length:,} characters, read and divided", [took], aim=5000.0)
    run, _new = run_start(
        novel=novel, token=novel.sha256[:16], with_frames=False, with_film=False, density=12
    )
    run_execute(run.pk)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    shots = Run.objects.get(pk=run.pk).shots.count()
    for name, url in _pages(novel, run):
        times = [_ask_ms(client, url) for _ in range(TIMES + 1)][1:]
        yield _row(f"page “{name}” of {novel.length:,} characters and {shots:,} shots", times)


def _pages(novel: Any, run: Any) -> list[tuple[str, str]]:
    from django.urls import reverse

    shot = run.shots.order_by("index").last()
    at = {"novel_list": [], "novel": [novel.pk], "novel_chapters": [novel.pk],
          "chapter": [novel.pk, 1], "novel_cast": [novel.pk], "run": [run.pk], "studio": [run.pk],
          "film_settings": [run.pk], "shot": [shot.pk], "novel_delete": [novel.pk],
          "storyboard": [run.pk], "shots_csv": [run.pk]}  # fmt: skip
    pages = [(name, reverse(f"portal:{name}", args=args)) for name, args in at.items()]
    last = reverse("portal:run", args=[run.pk])
    return [*pages, ("run, last page", f"{last}?page=9999")]


def _ask_ms(client: Any, url: str) -> float:
    began = time.perf_counter()
    answer = client.get(url)
    assert answer.status_code == 200, url
    if answer.streaming:
        answer.getvalue()
    return (time.perf_counter() - began) * 1000


def _row(work: str, times: list[float], aim: float = AIM_MS) -> dict[str, object]:
    middle, most = statistics.median(times), max(times)
    return {
        "work": f"portal: {work}",
        "ours": f"{middle:.0f} ms" + (f" (slowest of {TIMES}: {most:.0f})" if times[1:] else ""),
        "other": "–",
        "ratio": aim / middle,
        "aim": f"< {aim:.0f} ms",
        "met": most < aim,
    }

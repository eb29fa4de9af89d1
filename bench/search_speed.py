"""Search over 1,000,000 invented utterances: ours, Django's `icontains`, tantivy in this process.

Each query is asked of each way three times; medians and 95th percentiles over the queries. A rare
word's row compares ours, one search after the other, with `icontains`. In turn with it, which reads
the whole table each time, everything in this process and the server's finds the processor's caches
emptied: a row without an aim says how fast ours is then, beside an empty statement in its place.
The others are asked in turn, so that a busy machine is busy for all of them. A page is the 20 hits to show, for tantivy the
documents with their stored fields, newest first. tantivy has no server, no transactions and no
access rules; it holds pairs of characters, so single characters are not asked of it.
SEARCH_BENCH_UTTERANCES takes another number.
"""

import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import workspace

UTTERANCES = int(os.environ.get("SEARCH_BENCH_UTTERANCES", "1000000"))
RARE, COMMON_ROUNDS = 60, 5
TIMES = 3  # each query of each way; its median counts: p95 is of the queries, not the machine
SELDOM = 50  # hits that a rare word has at most
PAGE = 20
COMMON = (
    "的",
    "提示词",
    "返工",
    "脸又变了",
    "没有人愿意",
    "分镜",
    "AI",
    "the render queue",
    "ComfyUI",
    "慢慢",
)
BLANK = "\N{LOWER ONE EIGHTH BLOCK}"


def pairs(text: str) -> list[str]:
    signs = text.lower().replace(" ", BLANK)
    return [a + b for a, b in zip(signs, signs[1:], strict=False)]


class Tantivy:
    """A bigram index in this process with the fields that a hit shows."""

    def __init__(self, folder: str) -> None:
        try:
            import tantivy
        except ImportError as error:
            raise RuntimeError(
                "bench.search_speed compares with tantivy: pip install -r requirements-dev.txt"
            ) from error
        from crm.models import Utterance

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, indexed=True, fast=True)
        builder.add_text_field("pairs", stored=False, tokenizer_name="whitespace")
        builder.add_text_field("text", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("speaker", stored=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=folder)
        writer = self.index.writer(heap_size=256_000_000)
        rows = Utterance.objects.order_by("pk").values_list("pk", "text", "speaker")
        for pk, text, speaker in rows.iterator(chunk_size=20_000):
            writer.add_document(
                tantivy.Document(id=pk, pairs=" ".join(pairs(text)), text=text, speaker=speaker)
            )
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def page(self, text: str) -> list[dict[str, Any]]:
        terms = pairs(text)
        query = (
            self.tantivy.Query.phrase_query(self.schema, "pairs", list(terms))
            if len(terms) > 1
            else self.tantivy.Query.term_query(self.schema, "pairs", terms[0])
        )
        found = self.searcher.search(query, PAGE, count=False, order_by_field="id")
        return [self.searcher.doc(address).to_dict() for _order, address in found.hits]


def rare_queries() -> list[str]:
    """Names said a few times, parts of them, and two characters across the end of a name."""
    from crm.models import Utterance
    from insights.search import search

    dice = random.Random(20261125)
    texts = (
        Utterance.objects.filter(text__contains="《").order_by("-pk").values_list("text", flat=True)
    )
    names = sorted(set(re.findall("《(.{2,4})》", " ".join(texts[:200_000]))))
    dice.shuffle(names)
    names = [name for name in names[: RARE * 3] if search(name).count <= SELDOM]
    quarter = RARE // 4
    chosen = names[: quarter * 2]
    chosen += [name[:2] for name in names[quarter * 2 : quarter * 3]]
    return chosen + [name[-1] + "》" for name in names[quarter * 3 : RARE]]


def timed(ways: dict[str, Callable[[str], Any]], queries: list[str]) -> dict[str, list[float]]:
    """Seconds of each way for each query, the median of `TIMES`, the ways taking turns."""
    for way in ways.values():
        way(queries[0])
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for query in queries:
        once: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(TIMES):
            for name, way in ways.items():
                start = time.perf_counter()
                way(query)
                once[name].append(time.perf_counter() - start)
        for name, seconds in once.items():
            taken[name].append(statistics.median(seconds))
    return taken


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, round(0.95 * len(seconds)))]


def row(
    work: str, ours: list[float], other: list[float], who: str, aim: float | None
) -> dict[str, object]:
    ratio = p95(other) / p95(ours)
    median = statistics.median(other) / statistics.median(ours)
    return {
        "work": work,
        "ours": f"p50 {statistics.median(ours) * 1000:.2f} ms, p95 {p95(ours) * 1000:.2f} ms",
        "other": f"p50 {statistics.median(other) * 1000:.2f} ms, p95 {p95(other) * 1000:.2f} ms ({who})",
        "ratio": ratio,
        "aim": f"{f'≥ {aim:g}×' if aim else '–'} at p95 (median {median:.2f}×)",
        "met": None if aim is None else ratio >= aim,
    }


def rows() -> Iterator[dict[str, object]]:
    workspace.use(
        "bench_search", creators=3000, utterances=UTTERANCES, payments=1000, highlights=100_000
    )
    from django.core.paginator import Paginator
    from django.db import connection

    from crm.models import Utterance
    from insights.search import search

    def plain(query: str) -> list[Utterance]:
        return list(Utterance.objects.filter(text__icontains=query).order_by("-pk")[:PAGE])

    def nothing_at_all(query: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchall()

    def plain_counted(query: str) -> list[Utterance]:
        found = Utterance.objects.filter(text__icontains=query).order_by("-pk")
        return list(Paginator(found, PAGE).get_page(1))

    rare, often = rare_queries(), list(COMMON) * COMMON_ROUNDS
    size = f"{UTTERANCES:,} utterances"
    taken = timed({"ours": search, "plain": plain}, rare)
    alone = timed({"ours": search}, rare)["ours"]
    yield row(f"search, rare words, {size}", alone, taken["plain"], "icontains", 500)
    nothing = timed({"nothing": nothing_at_all, "plain": plain}, rare[:20])["nothing"]
    yield row(
        f"search, rare words, {size}, each right after an icontains", taken["ours"], nothing,
        "SELECT 1 right after an icontains", None,
    )  # fmt: skip
    taken = timed({"ours": lambda q: search(q, counted=False), "plain": plain}, often)
    yield row(f"search, common words, {size}", taken["ours"], taken["plain"], "icontains", 1)
    for query in COMMON:
        at = [number for number, one in enumerate(often) if one == query]
        ours, other = ([taken[way][one] for one in at] for way in ("ours", "plain"))
        slower = statistics.median(ours) / statistics.median(other)
        if slower > 1:
            print(f"  slower than icontains: {query} {slower:.2f}×")
    taken = timed({"ours": search, "plain": plain_counted}, list(COMMON))
    yield row(
        f"search, common words, page and count, {size}",
        taken["ours"], taken["plain"], "icontains and its count", 1,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        other = Tantivy(folder)
        again = rare * 4
        taken = timed({"ours": search, "tantivy": other.page}, again)
        yield row(f"search, rare words, {size}", taken["ours"], taken["tantivy"], "tantivy", 0.1)
        pairs_only = [query for query in often if len(query) > 1]
        taken = timed(
            {"ours": lambda q: search(q, counted=False), "tantivy": other.page}, pairs_only
        )
        yield row(f"search, common words, {size}", taken["ours"], taken["tantivy"], "tantivy", 0.1)

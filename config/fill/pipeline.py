"""Invented uses of the features that are there, and what they relieved."""

import hashlib
from datetime import timedelta
from typing import Any

import numpy as np

from config.fill import words
from config.fill.copying import MARK, copy_rows, take_ids
from config.fill.people import NOW, People
from generation.models import Feature, FeatureUse, Justification, Novel, Relief, Run

MOST_RUNS = 400


def uses_make(random: np.random.Generator, people: People, seed: int) -> tuple[int, int]:
    """Finished runs with uses of each feature, and reliefs of the pains that justify it."""
    features = list(Feature.objects.order_by("pk").values_list("pk", flat=True))
    if not features:
        return 0, 0
    count = min(len(people.ids), MOST_RUNS)
    owners = random.permutation(len(people.ids))[:count].tolist()
    novels, runs = take_ids(Novel, count), take_ids(Run, count)
    moments = [NOW - timedelta(hours=int(hour)) for hour in random.integers(1, 8000, count)]
    text = f"{words.NOVEL}{MARK}{seed}\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    copy_rows(
        Novel,
        [
            "id", "creator_id", "title", "text", "sha256", "length", "language", "encoding",
            "source_name", "is_sample",
        ],
        [
            (novel, people.ids[owner], f"{words.TITLE} {seed}-{number}", text, digest, len(text),
             "zh-Hans", "utf-8", f"{MARK}{seed}-{number}.txt", True)
            for number, (novel, owner) in enumerate(zip(novels, owners, strict=True))
        ],
    )  # fmt: skip
    copy_rows(
        Run,
        ["id", "novel_id", "token", "state", "queued_at", "ended_at", "is_sample"],
        [
            (run, novel, f"{MARK}{seed}", "done", at, at + timedelta(minutes=3), True)
            for run, novel, at in zip(runs, novels, moments, strict=True)
        ],
    )
    uses: list[tuple[Any, ...]] = []
    kept = random.uniform(0.45, 0.9, len(features)).tolist()
    for run, owner, at in zip(runs, owners, moments, strict=True):
        chances = random.random((len(features), 3)).tolist()
        for place, feature in enumerate(features):
            used, accepted, said = chances[place]
            if used < 0.6:
                answer = None if said < 0.25 else accepted < kept[place]
                tokens = int(accepted * 40_000)
                uses.append(
                    (run, feature, people.ids[owner], tokens, tokens // 400, "CNY", answer, at)
                )
    copy_rows(
        FeatureUse,
        [
            "run_id",
            "feature_id",
            "creator_id",
            "tokens",
            "cost_minor",
            "currency",
            "accepted",
            "at",
        ],
        uses,
    )
    return len(uses), _reliefs_make(random, [people.ids[owner] for owner in owners])


def _reliefs_make(random: np.random.Generator, creators: list[int]) -> int:
    pairs = (
        Justification.objects.filter(pain__isnull=False)
        .order_by("feature_id", "pain_id")
        .values_list("feature_id", "pain_id")
        .distinct()
    )
    rows: list[tuple[Any, ...]] = []
    for feature, pain in pairs:
        better = float(random.uniform(0, 0.7))
        for creator in creators:
            if random.random() < 0.2:
                before = int(random.integers(4, 11))
                after = int(random.binomial(before, 1 - better))
                rows.append((creator, feature, pain, before, after))
    copy_rows(Relief, ["creator_id", "feature_id", "pain_id", "before", "after"], rows)
    return len(rows)

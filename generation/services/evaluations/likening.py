"""Whether characters stay the same over the pictures of a story, by a learned encoder where one is at hand.

Without one nothing is computed and nothing is stored: a metric that was not computed is no 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

from engines.likeness import Encoder, EncoderMissing, encoder_in_use
from generation.frames.crops import crops_of
from generation.models import Evaluation, Score, Trial
from generation.prompts.scorers import LIKENESS
from generation.services.evaluations.drawing import SKETCH

SCORER = "likeness"

Beat = Callable[[int, int], None]
Seen = dict[str, Any]
"""By character: the vector of its part of a picture."""


def likeness_absent() -> str:
    """Why pictures are not compared by a learned encoder; "" where they are."""
    try:
        encoder = encoder_in_use()
    except EncoderMissing:
        return _("The encoder that IDENTITY_ENCODER names cannot be used.")
    if encoder.knows_identity:
        return ""
    return _("No learned encoder is set up; IDENTITY_ENCODER names one.")


def likeness_keep(row: Evaluation, beat: Beat, encoder: Encoder | None = None) -> int:
    """Score each picture by how like its characters are to themselves in the arm's other pictures of
    the same story: the mean cosine of ViStoryBench's self-similarity (arXiv 2505.24862), 0 to 1.

    Pictures whose characters are in no other get none. Returns how many were scored; may run twice.
    """
    if row.case_set.kind != "shot" or (encoder is None and likeness_absent()):
        return 0
    encoder = encoder or encoder_in_use()
    seen: dict[tuple[str, int], Seen] = {}
    groups: dict[tuple[int, str], list[tuple[Trial, Seen]]] = defaultdict(list)
    trials = (
        Trial.objects.filter(evaluation=row, state=Trial.State.DONE)
        .exclude(picture="")
        .select_related("case", "arm")
        .order_by("pk")
    )
    total = trials.count()
    for count, trial in enumerate(trials.iterator(chunk_size=200)):
        if count % 10 == 0:
            beat(count, total)
        # Arms whose words say the same share a picture.
        known = str(trial.picture.name), trial.case_id
        if known not in seen:
            seen[known] = _seen(trial, encoder)
        groups[trial.arm_id, trial.case.story].append((trial, seen[known]))
    version = f"{LIKENESS} {encoder.name}"[:40]
    found = [
        Score(trial=trial, scorer=SCORER, version=version, value=value)
        for group in groups.values()
        for trial, value in _values(group)
    ]
    return len(Score.objects.bulk_create(found, ignore_conflicts=True))


def _seen(trial: Trial, encoder: Encoder) -> Seen:
    content: Mapping[str, Any] = trial.case.content
    try:
        with trial.picture.open("rb") as file, Image.open(file) as opened:
            picture = opened.convert("RGB")
    except OSError:  # withdrawn, or not to be read: it is compared with nothing
        return {}
    sketched = trial.arm.engine == SKETCH
    crops = crops_of(
        picture, content["shot"], content["cast"], sketched=sketched, scene=content["scene"]
    )
    return dict(zip(crops, encoder.encode(list(crops.values())), strict=True))


def _values(group: list[tuple[Trial, Seen]]) -> list[tuple[Trial, float]]:
    found = []
    for place, (trial, mine) in enumerate(group):
        others = [seen for at, (_trial, seen) in enumerate(group) if at != place]
        cosines = [
            float(vector @ seen[who]) for who, vector in mine.items() for seen in others
            if who in seen
        ]  # fmt: skip
        if cosines:
            found.append((trial, min(1.0, max(0.0, sum(cosines) / len(cosines)))))
    return found

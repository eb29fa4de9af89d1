"""The continuity report of scenes, from their rows: which shots do not fit, and what mends them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Prefetch

from crm.exceptions import DomainError
from generation import frames
from generation.models import Frame, Run, Shot
from generation.services.drawing import (
    binding_of,
    cast_documents,
    scene_document,
    shot_document,
    stamp_of,
)
from generation.services.studio import book_of
from generation.services.template_uses import picture_template


def scene_report(run: Run, scenes: Collection[int]) -> dict[int, list[frames.Finding]]:
    """Findings by the shot's index, of the scenes with these ids; four queries."""
    current = Prefetch("frames", Frame.objects.filter(current=True))
    rows = (
        Shot.objects.filter(run=run, scene__in=scenes)
        .select_related("scene")
        .prefetch_related(current)
        .order_by("index")
    )
    cast = cast_documents(run)
    looks = {key: str(person["appearance"].get("summary") or "") for key, person in cast.items()}
    book, english = book_of(run)
    template = picture_template(run)
    by_scene: dict[int, list[Shot]] = {}
    for shot in rows:
        by_scene.setdefault(shot.scene_id, []).append(shot)
    found: dict[int, list[frames.Finding]] = {}
    for shots in by_scene.values():
        scene = scene_document(shots[0].scene)
        documents = [shot_document(shot) for shot in shots]
        facts, stamps = {}, {}
        for shot, document in zip(shots, documents, strict=True):
            frame = next(iter(shot.frames.all()), None)
            if frame is None:
                continue
            facts[shot.index] = frames.FrameFact(
                shot.index,
                frame.engine,
                frame.stamp,
                frame.seed,
                frame.policy,
                frame.looks,
                tuple(frame.checks.get("missing") or ()),
            )
            if not frame.stamp:  # drawn before stamps were kept
                continue
            try:
                binding = binding_of(
                    document, scene, cast, book=book, english=english, template=template
                )
            except DomainError:
                continue  # said when the shot is opened
            stamps[shot.index] = stamp_of(binding, document, scene)
        for one in frames.continuity(documents, facts, stamps=stamps, looks=looks):
            found.setdefault(one.shot, []).append(one)
    return found

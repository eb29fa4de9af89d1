"""Novels, runs with their storyboard and files, features."""

import hashlib
import json
from pathlib import Path
from typing import Any

import factory
from django.conf import settings
from factory.django import DjangoModelFactory
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from generation.models import (
    Chapter,
    Character,
    Feature,
    Film,
    Frame,
    Novel,
    PipelineStep,
    Run,
    Scene,
    Shot,
)
from tests.factories.crm import CreatorFactory

TEXT = "第一章 叩门\n沈砚推开门，风雪扑面而来。\n“你怎么才回来？”苏青问。\n"


class NovelFactory(DjangoModelFactory[Novel]):
    class Meta:
        model = Novel
        skip_postgeneration_save = True

    creator = factory.SubFactory(CreatorFactory)
    title = factory.Sequence(lambda n: f"风雪夜归人{n}")
    text = TEXT
    sha256 = factory.LazyAttribute(lambda row: hashlib.sha256(row.text.encode()).hexdigest())
    length = factory.LazyAttribute(lambda row: len(row.text))
    language = "zh-Hans"
    encoding = "utf-8"
    source_name = "风雪夜归人.txt"

    @factory.post_generation
    def chapters(self: Novel, create: bool, extracted: object, **kwargs: object) -> None:  # type: ignore[misc]
        Chapter.objects.create(
            novel=self,
            index=0,
            title=self.text.split("\n", 1)[0][:300],
            start=0,
            end=len(self.text),
        )


class RunFactory(DjangoModelFactory[Run]):
    class Meta:
        model = Run

    novel = factory.SubFactory(NovelFactory)
    token = factory.Sequence(lambda n: f"form-{n}")


class FeatureFactory(DjangoModelFactory[Feature]):
    class Meta:
        model = Feature

    key = factory.Sequence(lambda n: f"feature-{n}")
    title_zh = factory.Sequence(lambda n: f"固定角色{n}")
    step = PipelineStep.FRAMES


def board_of(run: Run) -> dict[str, Any]:
    """A storyboard of one scene and one shot that covers the whole novel."""
    novel = run.novel
    return {
        "version": 1,
        "novel": {
            "title": novel.title,
            "language": novel.language,
            "encoding": novel.encoding,
            "length": novel.length,
            "sha256": novel.sha256,
        },
        "chapters": [
            {"index": row.index, "title": row.title, "start": row.start, "end": row.end}
            for row in novel.chapters.all()
        ],
        "cast": [
            {
                "id": "c1",
                "name": "沈砚",
                "aliases": [],
                "mentions": 2,
                "first_at": 7,
                "appearance": {"summary": "白衣，长发"},
                "seed": 7,
                "reference": "sheets/c1.png",
            }
        ],
        "scenes": [
            {
                "index": 0,
                "chapter": 0,
                "start": 0,
                "end": novel.length,
                "place": "门外",
                "time": "夜",
                "cast": ["c1"],
            }
        ],
        "shots": [
            {
                "index": 0,
                "scene": 0,
                "start": 0,
                "end": novel.length,
                "framing": "medium",
                "movement": "static",
                "cast": [{"id": "c1", "box": [0.3, 0.2, 0.3, 0.7]}],
                "action": "推开门",
                "lines": [],
                "narration": novel.text.strip(),
                "prompt": {"template": "sketch@1", "positive": "白衣", "negative": ""},
                "duration_ms": 3000,
                "frame": "frames/00000.png",
            }
        ],
        "usage": {
            "text_engine": "offline",
            "frame_engine": "sketch",
            "calls": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "cached_calls": 0,
            "cost": "0",
            "currency": "CNY",
        },
    }


def _picture(path: Path, mark: str) -> None:
    """A real PNG with `mark` in its metadata."""
    facts = PngInfo()
    facts.add_text("Comment", mark or "-")
    Image.new("RGB", (216, 384), (90, 120, 160)).save(path, pnginfo=facts)


def finished_run(novel: Novel, *, mark: str = "", **fields: Any) -> Run:
    """A run that is done, with rows and files; `mark` stands in the bytes of every file."""
    board_run: Run = RunFactory(
        novel=novel, **{"state": Run.State.DONE, "usage": {"calls": 0}, **fields}
    )
    board = board_of(board_run)
    folder = Path(settings.MEDIA_ROOT) / "runs" / str(board_run.pk)
    for name in ("frames/00000.png", "sheets/c1.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _picture(folder / name, mark)
    for name in ("film.mp4", "film.jpg"):
        (folder / name).write_bytes(b"\x00\x01" + name.encode() + mark.encode())
    text = json.dumps(board, ensure_ascii=False)
    (folder / "storyboard.json").write_text(text, "utf-8")
    stored = f"runs/{board_run.pk}"
    scene = Scene.objects.create(
        run=board_run, index=0, chapter=0, start=0, end=novel.length, place="门外", cast=["c1"]
    )
    item = board["shots"][0]
    shot = Shot.objects.create(
        run=board_run,
        scene=scene,
        **{key: item[key] for key in item if key not in ("scene", "frame")},
    )
    Frame.objects.create(
        shot=shot, engine="sketch", seed=7, file=f"{stored}/frames/00000.png", width=1, height=1
    )
    person = board["cast"][0]
    Character.objects.create(
        run=board_run,
        key="c1",
        sheet=f"{stored}/sheets/c1.png",
        **{key: person[key] for key in person if key not in ("id", "reference")},
    )
    Film.objects.create(
        run=board_run,
        file=f"{stored}/film.mp4",
        poster=f"{stored}/film.jpg",
        subtitles=f"1\n00:00:00,000 --> 00:00:03,000\n{novel.text.strip()}\n",
        duration_ms=3000,
        sha256="0" * 64,
    )
    return board_run

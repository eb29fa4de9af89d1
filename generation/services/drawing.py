"""A shot to a picture, by whichever engine: one binding, one gate, one way to compile it.

The studio, a run and an evaluation of prompts all draw through here; none of it writes rows.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from crm.exceptions import DomainError
from engines.images import Images, PictureRequest, Reference, Region, Watch
from engines.images.registry import image_settings, settings_of
from engines.models import Budget
from engines.scopes import HOUSE
from engines.services.pictures import paid_picture, picture_engine
from generation import frames
from generation.frames.binding import Binding
from generation.frames.gate import Judgement
from generation.models import Character, Novel, Run, Scene, Shot
from generation.prompts.compiling import compile_shot
from generation.prompts.templates import Template

SKETCHES = {"sketch": "ink", "sketch-line": "line", "sketch-balloons": "ink"}
BALLOONS = "sketch-balloons"  # the sketch that says in the picture what is spoken
HIDES_NOTHING = frozenset({"", "none"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture and what is known of it. `fresh` is False where it is one that was there before;
    cost in micro-units; `missing` are characters that an exact check did not find."""

    png: bytes = field(repr=False)
    width: int
    height: int
    engine: str
    model: str
    seed: int
    fresh: bool = True
    kept: bool = False
    cost_micro: int = 0
    currency: str = "CNY"
    tokens: int = 0
    receipt: str = ""
    checks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.png).hexdigest()


def engine_names() -> list[str]:
    """Every frame engine that can be chosen, the offline ones first."""
    return [*SKETCHES, *image_settings()]


def is_paid(engine: str) -> bool:
    return engine not in SKETCHES


def shot_document(shot: Shot) -> dict[str, Any]:
    """A shot's row in the shape of storyboard.json."""
    return {
        "index": shot.index, "start": shot.start, "end": shot.end, "framing": shot.framing,
        "movement": shot.movement, "cast": shot.cast, "action": shot.action, "lines": shot.lines,
        "narration": shot.narration, "prompt": shot.prompt, "duration_ms": shot.duration_ms,
    }  # fmt: skip


def said_in(shot: Shot) -> dict[str, str]:
    """What each speaker of a shot says, whole, in the order of speaking; one query."""
    lines = [line for line in shot.lines if line.get("speaker")]
    if not lines:
        return {}
    parts = {
        f"line_{order}": Substr("text", line["start"] + 1, line["end"] - line["start"])
        for order, line in enumerate(lines)
    }
    told: Mapping[str, Any] = Novel.objects.filter(runs=shot.run_id).values(**parts).get()
    said: dict[str, str] = {}
    for order, line in enumerate(lines):
        words = str(told[f"line_{order}"])
        before = said.get(line["speaker"])
        said[line["speaker"]] = f"{before} {words}" if before else words
    return said


def scene_document(scene: Scene) -> dict[str, Any]:
    return {
        "index": scene.index, "chapter": scene.chapter, "start": scene.start, "end": scene.end,
        "place": scene.place or None, "time": scene.time or None, "cast": scene.cast,
        "setting": scene.setting,
    }  # fmt: skip


def cast_documents(run: Run) -> dict[str, dict[str, Any]]:
    """The run's characters by key, as storyboard.json has them."""
    return {row.key: character_document(row) for row in Character.objects.filter(run=run)}


def character_document(row: Character) -> dict[str, Any]:
    return {
        "id": row.key, "name": row.name, "aliases": row.aliases, "mentions": row.mentions,
        "first_at": row.first_at, "appearance": row.appearance, "seed": row.seed,
    }  # fmt: skip


def binding_of(
    shot: Mapping[str, Any],
    scene: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    *,
    book: str,
    english: bool,
    take: int = 0,
    template: Template | None = None,
) -> Binding:
    """The binding; raises `DomainError` with a message for the creator.

    With `template` its words are those that `compile_shot` writes, here as in every evaluation; words
    that somebody has edited stay as they are.
    """
    try:
        binding = frames.bind(shot, cast=cast, scene=scene, book=book, take=take, english=english)
    except frames.FrameError as error:
        raise DomainError(
            _("Shot %(shot)s cannot be drawn: somebody in it is not in the cast, or twice.")
            % {"shot": int(shot.get("index") or 0) + 1},
            error.code,
        ) from error
    if template is None or binding.edited:
        return binding
    return _written(binding, template, shot, scene, cast)


def _written(
    binding: Binding,
    template: Template,
    shot: Mapping[str, Any],
    scene: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
) -> Binding:
    """The binding in the template's words, from left to right as the regions are: who is beyond the
    six that are bound is the crowd."""
    entries = {entry["id"]: entry for entry in shot.get("cast") or ()}
    shot = {**shot, "cast": [entries[person.id] for person in binding.people]}
    if binding.crowd:
        scene = {**scene, "setting": {**(scene.get("setting") or {}), "crowd": True}}
    made = compile_shot(template, shot, cast=cast, scene=scene)
    told = {one.id: one for one in made.facts.people}
    return replace(
        binding,
        people=tuple(
            replace(person, said=told[person.id].look, words=made.apart[person.id])
            for person in binding.people
        ),
        prompt=made.positive,
        common=made.common,
        negative=made.negative,
        template=made.template,
        named=all(told[person.id].name == person.name for person in binding.people),
    )


def stamp_of(binding: Binding, shot: Mapping[str, Any], scene: Mapping[str, Any]) -> str:
    """A digest of all that a picture of this shot is drawn from, but for engine and take."""
    told = [
        binding.prompt, binding.negative, binding.policy, shot.get("framing"),
        shot.get("movement"), shot.get("cast"), scene.get("place"), scene.get("setting"),
        [[person.id, person.words, list(person.box)] for person in binding.people],
    ]  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def request_of(
    binding: Binding,
    engine: Images,
    *,
    size: tuple[int, int],
    references: Mapping[str, bytes] | None = None,
    purpose: str = "picture",
    timeout: float = 300.0,
    parameters: Mapping[str, float | int | str] | None = None,
) -> PictureRequest:
    """The binding compiled to what an engine takes: regions and references where it has them."""
    pictures = references or {}
    regions: tuple[Region, ...] = ()
    if engine.takes_regions and len(binding.people) > 1:
        regions = tuple(Region(person.id, person.words, person.box) for person in binding.people)
    shown = [person for person in binding.people if person.id in pictures]
    return PictureRequest(
        prompt=binding.prompt,
        negative=binding.negative,
        seed=binding.seed,
        width=size[0],
        height=size[1],
        common=binding.common,
        regions=regions,
        references=tuple(
            Reference(person.id, pictures[person.id], person.box)
            for person in shown[: engine.most_references]
        ),
        parameters=parameters or {},
        timeout=timeout,
        purpose=purpose,
    )


def judged(binding: Binding, request: PictureRequest | None = None) -> Judgement:
    """What the gate says of a binding, and of the request that was made of it."""
    if request is None:
        return frames.judge(binding)
    regions = [region.who for region in request.regions] if request.regions else None
    return frames.judge(
        binding, regions=regions, reference_for=[row.who for row in request.references]
    )


def refuse(judgement: Judgement) -> None:
    """Raises `DomainError` where the gate does not let a request through."""
    if judgement.passes:
        return
    first = judgement.refusals[0]
    words = {
        "look_not_in_prompt": _("The prompt does not hold the fixed look of %(names)s."),
        "no_region": _("%(names)s would get no place of their own in the picture."),
        "no_look": _("There is no fixed look for %(names)s yet."),
        "stranger": _("Somebody is bound who is not in this shot: %(names)s."),
        "count": _("%(bound)s of %(expected)s characters are bound."),
        "old_policy": _("The seed is of an older policy; open the shot and save it again."),
    }
    raise DomainError(
        words[first.code]
        % {
            "names": _(", ").join(first.names),
            "bound": judgement.bound,
            "expected": judgement.expected,
        },
        first.code,
    )


def draw(
    engine: str,
    binding: Binding,
    shot: Mapping[str, Any],
    scene: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    *,
    size: tuple[int, int],
    budget: Budget | None = None,
    references: Mapping[str, bytes] | None = None,
    watch: Watch | None = None,
    purpose: str = "picture",
    parameters: Mapping[str, float | int | str] | None = None,
    scope: str = HOUSE,
    said: Mapping[str, str] | None = None,
) -> Drawing:
    """One picture. Raises `DomainError` where the gate refuses, `EngineError` where the engine does.

    `parameters` are the template's numbers for the engine, `scope` whose shot it is, `said` what each
    speaker says, for the sketch with balloons. The sketch is
    drawn from traits and not from words, so it is not the gate that judges it but its own pixels,
    read back. A paid engine needs a budget; must then not run inside a transaction.
    """
    if engine in SKETCHES:
        spoken = said if engine == BALLOONS else None
        return _sketched(engine, binding, shot, scene, cast, size, spoken)
    adapter = picture_engine(engine)
    request = request_of(
        binding,
        adapter,
        size=size,
        references=references,
        purpose=purpose,
        timeout=settings_of(engine).timeout,
        parameters=parameters,
    )
    judgement = judged(binding, request)
    refuse(judgement)
    if budget is None:
        raise DomainError(_("This engine needs a budget."), "no_budget")
    bought = paid_picture(engine=adapter, request=request, budget=budget, watch=watch, scope=scope)
    picture = _fitted(bought.answer.png, size)
    answer = bought.answer
    return Drawing(
        picture,
        size[0],
        size[1],
        engine,
        answer.model,
        answer.seed,
        fresh=answer.fresh,
        kept=bought.kept,
        cost_micro=0 if bought.kept and not bought.own else bought.cost_micro,
        currency=bought.currency,
        tokens=answer.input_tokens + answer.output_tokens,
        receipt=bought.key,
        checks={
            "expected": judgement.expected,
            "bound": judgement.bound,
            "integrity": round(judgement.integrity, 3),
            "evaluator": "structure@1",
        },
    )


def _sketched(
    engine: str,
    binding: Binding,
    shot: Mapping[str, Any],
    scene: Mapping[str, Any],
    cast: Mapping[str, Mapping[str, Any]],
    size: tuple[int, int],
    said: Mapping[str, str] | None,
) -> Drawing:
    panel = frames.draw(shot, cast=cast, scene=scene, size=size, style=SKETCHES[engine], text=said)
    data = panel.to_png()
    report = frames.check(data, shot, cast, scene)
    read = {
        name: right for reading in report.readings for name, right in (
            (f"{reading.id}.{key}", value) for key, value in reading.attributes.items()
        )
    }  # fmt: skip
    return Drawing(
        data,
        panel.width,
        panel.height,
        engine,
        "",
        binding.seed,
        checks={
            "expected": report.expected,
            "bound": len(panel.drawn),
            "recognised": report.bound,
            "missing": list(report.missing),
            "attributes": len(read),
            "right": sum(read.values()),
            "wrong": sorted(name for name, right in read.items() if not right),
            "integrity": round(frames.judge(binding).integrity, 3),
            "evaluator": "pixels@2",
        },
    )


PREVIEW = {True: (324, 576), False: (576, 324)}


def preview(document: Mapping[str, Any], shot: Shot, *, portrait: bool) -> bytes:
    """A small sketch of a shot as it would be; nothing where it cannot be drawn."""
    try:
        return frames.draw(
            document,
            cast=cast_documents(shot.run),
            scene=scene_document(shot.scene),
            size=PREVIEW[portrait],
        ).to_png()
    except frames.FrameError:
        return b""


def _fitted(png: bytes, size: tuple[int, int]) -> bytes:
    """The picture in the size of the film, cut at the longer sides and never stretched."""
    with Image.open(io.BytesIO(png)) as picture:
        if picture.size == size:
            return png
        fitted = ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    stream = io.BytesIO()
    fitted.save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def write_picture(path: Path, data: bytes) -> str:
    """Whole or not at all; the path below MEDIA_ROOT."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(data)
    draft.replace(path)
    return str(path.relative_to(settings.MEDIA_ROOT))


def frame_facts(drawing: Drawing, binding: Binding, stamp: str, take: int) -> dict[str, Any]:
    """The columns of a version that was drawn from a binding."""
    return {
        "engine": drawing.engine, "model": drawing.model[:120], "seed": drawing.seed,
        "positive": binding.prompt, "negative": binding.negative, "width": drawing.width,
        "height": drawing.height, "tokens": drawing.tokens, "cost_micro": drawing.cost_micro,
        "currency": drawing.currency, "checks": dict(drawing.checks), "take": take,
        "policy": binding.policy, "stamp": stamp, "sha256": drawing.sha256,
        "receipt": drawing.receipt,
        "looks": {person.id: person.block for person in binding.people},
    }  # fmt: skip

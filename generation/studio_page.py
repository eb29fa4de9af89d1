"""What the studio shows: shots by scene, what does not fit together, one shot with its versions."""

import base64
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engines.images.registry import image_settings
from engines.money import shown
from generation.board_page import FRAMINGS, MOVEMENTS
from generation.models import Character, Frame, Run, Scene, Shot
from generation.picture_faults import NODE_NAMED, fault_words
from generation.selectors import latest_reports
from generation.services.continuity import scene_report
from generation.services.drawing import SKETCHES, preview
from generation.services.frame_jobs import ENGINE_FAULT
from generation.services.studio import EXPRESSIONS, POSES, Outlook

ENGINES: dict[str, Promise] = {
    "sketch": gettext_lazy("Sketch, with washes"),
    "sketch-line": gettext_lazy("Sketch, line drawing"),
    "sketch-balloons": gettext_lazy("Sketch with speech balloons"),
}
POSE_WORDS: dict[str, Promise] = {
    "stand": gettext_lazy("Standing"), "sit": gettext_lazy("Sitting"),
    "walk": gettext_lazy("Walking"), "run": gettext_lazy("Running"),
    "kneel": gettext_lazy("Kneeling"), "bow": gettext_lazy("Bowing"),
    "point": gettext_lazy("Pointing"), "fight": gettext_lazy("Fighting"),
    "ride": gettext_lazy("Riding"), "lie": gettext_lazy("Lying"),
    "write": gettext_lazy("Writing"), "hold": gettext_lazy("Holding something"),
    "talk": gettext_lazy("Talking"),
}  # fmt: skip
MOOD_WORDS: dict[str, Promise] = {
    "neutral": gettext_lazy("Calm"), "happy": gettext_lazy("Happy"),
    "angry": gettext_lazy("Angry"), "sad": gettext_lazy("Sad"),
    "surprised": gettext_lazy("Surprised"), "afraid": gettext_lazy("Afraid"),
    "determined": gettext_lazy("Determined"), "thoughtful": gettext_lazy("Thoughtful"),
}  # fmt: skip
FINDINGS: dict[str, Promise] = {
    "sides_crossed": gettext_lazy("%(who)s changed sides: the camera crosses the line."),
    "overlap": gettext_lazy("%(who)s hide each other."),
    "no_picture": gettext_lazy("There is no picture yet."),
    "not_seen": gettext_lazy("The picture does not show %(who)s."),
    "edited_since": gettext_lazy("Edited since it was drawn."),
    "look_changed": gettext_lazy("The look of %(who)s has changed since."),
    "other_engine": gettext_lazy("Drawn by another engine than the rest of the scene."),
}
REFUSALS: dict[str, Promise] = {
    "look_not_in_prompt": gettext_lazy("The prompt lacks the fixed look of %(who)s."),
    "no_region": gettext_lazy("%(who)s would get no place of their own."),
    "no_look": gettext_lazy("There is no fixed look for %(who)s yet."),
    "count": gettext_lazy("Not everybody is bound."),
    "stranger": gettext_lazy("Somebody is bound who is not in the shot."),
    "old_policy": gettext_lazy("The seed is of an older policy."),
}


def engine_choices() -> list[tuple[str, Promise | str]]:
    """Every engine that can draw, by name."""
    outside = [(name, told.shown) for name, told in image_settings().items()]
    return [*((name, ENGINES[name]) for name in SKETCHES), *outside]


def engine_name(name: str) -> str:
    return str(dict(engine_choices()).get(name, name))


@dataclass(frozen=True)
class Tile:
    """One shot in the grid."""

    pk: int
    index: int
    number: int
    frame: Frame | None
    framing: Promise | str
    movement: Promise | str
    cast: list[str]
    action: str
    engine: str
    findings: list[str] = field(default_factory=list)
    redo: bool = False


@dataclass(frozen=True)
class SceneTiles:
    """`first` is False where the page goes on with a scene of the page before."""

    scene: Scene
    number: int
    chapter: str
    tiles: list[Tile]
    indices: str
    findings: int


def scene_tiles(
    run: Run, shots: Sequence[Shot], *, names: Mapping[str, str], chapters: Mapping[int, str]
) -> list[SceneTiles]:
    """The shots of one page by scene, each with what the continuity report says of it."""
    by_scene: dict[int, list[Shot]] = {}
    for shot in shots:
        by_scene.setdefault(shot.scene_id, []).append(shot)
    reports = scene_report(run, list(by_scene))
    groups = []
    for rows in by_scene.values():
        scene = rows[0].scene
        tiles = [_tile(shot, names, reports.get(shot.index, [])) for shot in rows]
        groups.append(
            SceneTiles(
                scene=scene,
                number=scene.index + 1,
                chapter=chapters.get(scene.chapter, ""),
                tiles=tiles,
                indices=",".join(str(tile.index) for tile in tiles),
                findings=sum(len(tile.findings) for tile in tiles),
            )
        )
    return groups


def suggested(scenes: Iterable[SceneTiles]) -> list[int]:
    """Indices of the shots that the continuity report would have drawn again; never locked ones."""
    return [
        tile.index
        for scene in scenes
        for tile in scene.tiles
        if tile.redo and not (tile.frame and tile.frame.locked)
    ]


def _tile(shot: Shot, names: Mapping[str, str], found: Iterable[Any]) -> Tile:
    frame = next(iter(shot.frames.all()), None)
    findings = list(found)
    return Tile(
        pk=shot.pk,
        index=shot.index,
        number=shot.index + 1,
        frame=frame,
        framing=FRAMINGS.get(shot.framing, shot.framing),
        movement=MOVEMENTS.get(shot.movement, shot.movement),
        cast=[names[item["id"]] for item in shot.cast if item["id"] in names],
        action=shot.action,
        engine=engine_name(frame.engine) if frame else "",
        findings=[finding_words(one, names) for one in findings],
        redo=any(one.redo for one in findings),
    )


def finding_words(found: Any, names: Mapping[str, str]) -> str:
    who = _(" and ").join(names.get(key, key) for key in found.who)
    return str(FINDINGS[found.code]) % {"who": who}


# -- one shot ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """A version with its facts in words; `cost` empty where it cost nothing."""

    row: Frame
    engine: str
    cost: str
    checks: list[str]


def versions(rows: Iterable[Frame]) -> list[Version]:
    return [
        Version(
            row=row,
            engine=engine_name(row.engine),
            cost=shown(row.cost_micro, row.currency) if row.cost_micro else "",
            checks=check_words(row.checks),
        )
        for row in rows
    ]


def check_words(checks: Mapping[str, Any]) -> list[str]:
    """What the checks of a picture found, with the evaluator's name."""
    if not checks or checks.get("expected") is None:
        return []
    if not checks["expected"]:
        return [_("nobody to be seen")]
    bound = checks.get("bound", checks.get("recognised", 0))
    words = [
        _("%(bound)s of %(expected)s bound") % {"bound": bound, "expected": checks["expected"]}
    ]
    if checks.get("attributes"):
        words.append(
            _("%(right)s of %(n)s attributes of the looks read back")
            % {"right": checks["right"], "n": checks["attributes"]}
        )
    if "likeness" in checks:
        words.append(_("likeness %(score).2f") % {"score": checks["likeness"]})
    if checks.get("evaluator"):
        words.append(str(checks["evaluator"]))
    return words


@dataclass(frozen=True)
class Piece:
    """Words of the prompt; `kind` is same, added or gone."""

    text: str
    kind: str


@dataclass(frozen=True)
class Change:
    """What an edit would do: the prompt's difference, the gate's word, a sketch of it."""

    pieces: list[Piece]
    differs: bool
    refusals: list[str]
    bound: int
    expected: int
    integrity: int
    picture: str
    seed: int
    crowd: list[str]


def change_of(shot: Shot, outlook: Outlook, names: Mapping[str, str]) -> Change:
    """The change as the page shows it. The picture is a data address of a small sketch."""
    before, after = str(shot.prompt.get("positive", "")), outlook.binding.prompt
    judged = outlook.judgement
    data = preview(outlook.document, shot, portrait=shot.run.portrait)
    return Change(
        pieces=difference(before, after),
        differs=before != after,
        refusals=[
            str(REFUSALS[refusal.code]) % {"who": _(", ").join(refusal.names)}
            for refusal in judged.refusals
        ],
        bound=judged.bound,
        expected=judged.expected,
        integrity=round(judged.integrity * 100),
        picture=f"data:image/png;base64,{base64.b64encode(data).decode()}" if data else "",
        seed=outlook.binding.seed,
        crowd=[names.get(key, key) for key in outlook.binding.crowd],
    )


def difference(before: str, after: str) -> list[Piece]:
    """Character by character in Chinese, word by word where there are spaces."""
    cut = (lambda text: text.split(" ")) if before.count(" ") > len(before) / 12 else list
    joiner = " " if cut is not list else ""
    old, new = cut(before), cut(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(joiner.join(old[a:b]), "same"))
            continue
        if b > a:
            pieces.append(Piece(joiner.join(old[a:b]), "gone"))
        if d > c:
            pieces.append(Piece(joiner.join(new[c:d]), "added"))
    return pieces


@dataclass(frozen=True)
class Standing:
    """One character of the shot's form; places in percent of the frame."""

    key: str
    name: str
    pose: str
    expression: str
    x: int
    y: int
    width: int
    height: int
    colour: str
    pk: int | None = None


def standings(cast: Sequence[Mapping[str, Any]], people: Mapping[str, Character]) -> list[Standing]:
    found = []
    for entry in cast:
        person = people.get(entry["id"])
        x, y, wide, high = (round(number * 100) for number in entry["box"])
        traits = (person.appearance.get("traits") or {}) if person else {}
        colours = traits.get("colours") or ["#8a7a68"]
        found.append(
            Standing(
                entry["id"], person.name if person else entry["id"],
                entry.get("pose") or "stand", entry.get("expression") or "neutral",
                x, y, wide, high, colours[0], person.pk if person else None,
            )
        )  # fmt: skip
    return found


def pose_choices() -> list[tuple[str, Promise]]:
    return [(name, POSE_WORDS[name]) for name in POSES]


def mood_choices() -> list[tuple[str, Promise]]:
    return [(name, MOOD_WORDS[name]) for name in EXPRESSIONS]


@dataclass(frozen=True)
class Outcome:
    """What came of one shot of a batch."""

    number: int
    words: str
    good: bool


def outcomes(results: Mapping[str, str]) -> list[Outcome]:
    """Everything that is not a new picture, by shot; then how it went is `made`."""
    plain = {
        "same": _(
            "The engine gave the picture that is there already; edit the shot or take another seed."
        ),
        "locked": _("Locked, so it was left alone."),
    }
    rows = sorted(((int(index), told) for index, told in results.items()), key=lambda row: row[0])
    return [
        Outcome(index + 1, plain.get(told) or _told(told), told in plain)
        for index, told in rows
        if told != "made"
    ]


def _told(told: str) -> str:
    """An engine's failure in the reader's words, with the workflow's node where one is named."""
    if not told.startswith(ENGINE_FAULT):
        return told
    code, _space, detail = told.removeprefix(ENGINE_FAULT).partition(" ")
    return f"{fault_words(code)} {detail}" if code in NODE_NAMED else fault_words(code)


# -- what was measured of the pictures ---------------------------------------------------------

TRAITS: dict[str, Promise] = {
    "species": gettext_lazy("Kind of being"), "build": gettext_lazy("Body build"),
    "hair": gettext_lazy("Hair"), "hair_colour": gettext_lazy("Colour of the hair"),
    "beard": gettext_lazy("Beard"), "clothes": gettext_lazy("Clothes"),
    "primary": gettext_lazy("Main colour"), "secondary": gettext_lazy("Second colour"),
    "headgear": gettext_lazy("Headgear"), "accessory": gettext_lazy("What is carried"),
    "skin": gettext_lazy("Skin"),
}  # fmt: skip


@dataclass(frozen=True)
class TraitCount:
    """One attribute: read right, shown in the pictures, there in all."""

    name: Promise | str
    right: int
    shown: int
    total: int


@dataclass(frozen=True)
class TaskReport:
    """A finished task in words and rows; `identity` False: the evaluator compares colours and shapes."""

    task: Any
    told: Mapping[str, Any]
    traits: list[TraitCount]
    wrong: list[str]


def task_report(task: Any) -> TaskReport | None:
    """The report of a finished task; None where it has none (yet)."""
    told = task.report
    if not told:
        return None
    counts = told.get("counts") or {}
    wrong = [
        _("Shot %(shot)s: %(trait)s of %(name)s is %(value)s instead of %(expected)s")
        % {
            "shot": row["shot"] + 1, "trait": TRAITS.get(row["attribute"], row["attribute"]),
            "name": row["name"], "value": row["value"], "expected": row["expected"],
        }
        for row in told.get("wrong") or ()
    ]  # fmt: skip
    traits = [TraitCount(TRAITS.get(name, name), *row) for name, row in counts.items()]
    return TaskReport(task, told, traits, wrong)


def reports_shown(run: Run) -> dict[str, TaskReport | None]:
    """The newest report of each kind, for the studio's page."""
    return {kind: task_report(task) for kind, task in latest_reports(run).items()}

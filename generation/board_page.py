"""What the pages show of a run: its stages, its cast and its storyboard, ready for templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from generation.models import Character, Frame, Novel, Run, Shot
from generation.story.palette import colour_name
from generation.trait_words import TRAIT_WORDS, UNREMARKABLE

FRAMINGS: dict[str, Promise] = {
    "extreme_long": _("Extreme long shot"),
    "long": _("Long shot"),
    "full": _("Full shot"),
    "medium": _("Medium shot"),
    "medium_close_up": _("Medium close-up"),
    "close_up": _("Close-up"),
    "extreme_close_up": _("Extreme close-up"),
}
MOVEMENTS: dict[str, Promise] = {
    "static": _("Static"),
    "push_in": _("Push in"),
    "pull_out": _("Pull out"),
    "pan": _("Pan"),
    "tilt": _("Tilt"),
    "track": _("Track"),
}
# The stages in the order of the pipeline, with the share of a whole run's time that each takes.
STAGES: dict[str, tuple[Promise, int]] = {
    "chapters": (_("Reading the text"), 2),
    "cast": (_("Finding the cast"), 8),
    "storyboard": (_("Writing the storyboard"), 5),
    "frames": (_("Drawing the pictures"), 50),
    "film": (_("Making the film"), 35),
}
# What the story room calls its steps, where a page shows several of them as one stage.
_STEP_STAGE = {"map": "cast", "shots": "storyboard"}


@dataclass(frozen=True)
class NovelCard:
    """A novel in the list: its newest run, and the newest one that has a film, if there are any."""

    novel: Novel
    run: Run | None
    filmed: Run | None


def novel_cards(novels: Iterable[Novel]) -> list[NovelCard]:
    """Reads the runs that come with the novels; asks for nothing more."""
    cards = []
    for novel in novels:
        runs = list(novel.runs.all())
        filmed = next((run for run in runs if hasattr(run, "film")), None)
        cards.append(NovelCard(novel, next(iter(runs), None), filmed))
    return cards


@dataclass(frozen=True)
class Stage:
    """One line of the progress list; `state` is done, now, stopped (here the run ended) or later."""

    key: str
    label: Promise
    state: str


@dataclass(frozen=True)
class Progress:
    """`percent` of the whole run; `done` of `total` within the stage at work (0: not counted)."""

    stages: list[Stage]
    percent: int
    label: Promise | str
    done: int
    total: int


def stages_of(run: Run) -> list[str]:
    """The stages that this run goes through."""
    left_out = {"frames"} if run.frame_engine == "none" else set()
    if not run.wants_film:
        left_out.add("film")
    return [key for key in STAGES if key not in left_out]


def progress_of(run: Run) -> Progress:
    keys = stages_of(run)
    now = _STEP_STAGE.get(run.stage, run.stage)
    position = keys.index(now) if now in keys else -1
    finished = run.state == Run.State.DONE
    stages = [
        Stage(key, STAGES[key][0], _stage_state(run, place, position))
        for place, key in enumerate(keys)
    ]
    whole = sum(STAGES[key][1] for key in keys)
    behind = sum(STAGES[key][1] for key in keys[: max(0, position)])
    share = STAGES[now][1] * run.percent / 100 if position >= 0 else 0
    return Progress(
        stages=stages,
        percent=100 if finished else min(99, int((behind + share) * 100 / whole)),
        label=STAGES[now][0] if position >= 0 else "",
        done=run.done,
        total=run.total if now == "frames" else 0,
    )


def _stage_state(run: Run, place: int, position: int) -> str:
    if run.state == Run.State.DONE or place < position:
        return "done"
    if place > position:
        return "later"
    return "stopped" if run.is_ended else "now"


@dataclass(frozen=True)
class Piece:
    """A stretch of a shot's text: told, or a spoken line (`speaker` empty: the text does not say)."""

    text: str
    spoken: bool
    speaker: str = ""


@dataclass(frozen=True)
class ShotCard:
    """`rewritten` is what the voice-over reads where that is not the text of `pieces`."""

    number: int
    frame: Frame | None
    framing: Promise | str
    movement: Promise | str
    cast: list[str]
    action: str
    rewritten: str
    pieces: list[Piece]
    seconds: float
    positive: str
    negative: str


@dataclass(frozen=True)
class SceneCard:
    """`continued`: the page does not begin with the scene's first shot."""

    number: int
    continued: bool
    chapter: str
    place: str
    time: str
    cast: list[str]
    shots: list[ShotCard]


def scene_cards(
    shots: Iterable[Shot],
    *,
    before: Shot | None,
    names: Mapping[str, str],
    chapters: Mapping[int, str],
    text: str,
) -> list[SceneCard]:
    """Shots in order, under their scenes.

    `before`: the shot before the first of them; `names`: character key → name; `chapters`: index →
    title; `text`: the novel's.
    """
    return [
        SceneCard(
            number=scene.index + 1,
            continued=before is not None and before.scene_id == scene.pk,
            chapter=chapters.get(scene.chapter, ""),
            place=scene.place,
            time=scene.time,
            cast=[names[key] for key in scene.cast if key in names],
            shots=[
                _shot_card(shot, names, text, chapters.get(scene.chapter, "")) for shot in together
            ],
        )
        for scene, together in groupby(shots, key=lambda shot: shot.scene)
    ]


def _shot_card(shot: Shot, names: Mapping[str, str], text: str, heading: str) -> ShotCard:
    return ShotCard(
        number=shot.index + 1,
        frame=next(iter(shot.frames.all()), None),
        framing=FRAMINGS.get(shot.framing, shot.framing),
        movement=MOVEMENTS.get(shot.movement, shot.movement),
        cast=[names[item["id"]] for item in shot.cast if item["id"] in names],
        action=shot.action,
        pieces=_pieces(shot, names, text),
        rewritten=shot.narration if _rewritten(shot, text, heading) else "",
        seconds=round(shot.duration_ms / 1000, 1),
        positive=shot.prompt.get("positive", ""),
        negative=shot.prompt.get("negative", ""),
    )


def _pieces(shot: Shot, names: Mapping[str, str], text: str) -> list[Piece]:
    """The shot's text in order, cut where somebody begins or stops to speak."""
    pieces, at = [], shot.start
    for line in sorted(shot.lines, key=lambda item: item["start"]):
        start, end = max(line["start"], at), min(line["end"], shot.end)
        if start >= end:
            continue
        pieces.append(Piece(_tidy(text[at:start]), spoken=False))
        speaker = names.get(line["speaker"] or "", "")
        pieces.append(Piece(_tidy(text[start:end]), spoken=True, speaker=speaker))
        at = end
    pieces.append(Piece(_tidy(text[at : shot.end]), spoken=False))
    return [piece for piece in pieces if piece.text]


def _tidy(text: str) -> str:
    """Paragraphs on lines of their own, without the empty lines and indents between them."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _rewritten(shot: Shot, text: str, heading: str) -> bool:
    """Whether the voice-over reads something else than the shot's own text, but for the heading of
    its chapter, which is said with its card."""
    own, told = "".join(text[shot.start : shot.end].split()), "".join(shot.narration.split())
    title = "".join(heading.split())
    without = own[own.find(title) + len(title) :] if title and title in own else own
    return told not in (own, without)


@dataclass(frozen=True)
class Trait:
    """`origin`: told (the text says so), known (inferred, or the work is famous for it) or invented, once."""

    words: Promise | str
    origin: str


@dataclass(frozen=True)
class CastCard:
    """`colours` are #rrggbb of the clothes, the main one first, with its name."""

    row: Character
    summary: str
    traits: list[Trait]
    colours: list[str]
    colour: str


def cast_cards(cast: Iterable[Character]) -> list[CastCard]:
    english = not (get_language() or "zh").startswith("zh")
    return [
        CastCard(
            row=row,
            summary=row.appearance.get("summary", ""),
            traits=_traits(row.appearance),
            colours=(colours := (row.appearance.get("traits") or {}).get("colours") or []),
            colour=colour_name(colours[0], english) if colours else "",
        )
        for row in cast
    ]


def _traits(appearance: Mapping[str, Any]) -> list[Trait]:
    invented, known = (set(appearance.get(name, ())) for name in ("invented", "from_lexicon"))
    traits = appearance.get("traits") or {}
    found = []
    for name, words in TRAIT_WORDS.items():
        value = traits.get(name)
        if not value or (value in UNREMARKABLE and name in invented):
            continue
        origin = "known" if name in known else "invented" if name in invented else "told"
        found.append(Trait(words.get(value, value), origin))
    return found

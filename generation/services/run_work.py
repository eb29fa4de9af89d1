"""A run's work: storyboard, pictures, film, and its record as use; resumed after a crash."""

import time
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.bills.money import exponent
from crm.exceptions import DomainError
from engines.errors import EngineError
from engines.money import micro_of, minor_of
from generation import film, frames, story
from generation.models import Character, Feature, FeatureUse, Film, Frame, Run
from generation.services.drawing import (
    binding_of,
    draw,
    frame_facts,
    stamp_of,
    write_picture,
)
from generation.services.filming import film_make, run_folder, unpaid, wish_of
from generation.services.jobs import LostClaim, RunCancelled, run_claim, run_end, run_progress
from generation.services.mapping import CallHelpers
from generation.services.run_boards import board_made, write_board
from generation.services.run_quota import run_quota_settle
from generation.services.template_uses import picture_template
from generation.services.work_notices import run_tell

FRAME_SIZES = {True: (1080, 1920), False: (1920, 1080)}

# Which features of the pipeline a run has used, by what it did.
USED_ALWAYS = ("auto_storyboard",)
USED_WITH_FRAMES = ("fixed_characters",)
USED_WITH_FILM = ("film_export",)


def run_execute(run_id: int, *, call_helpers: CallHelpers | None = None) -> str:
    """Do a run's work if it waits; returns the state it left it in. May be called twice.

    `call_helpers` asks so many other workers to share its chapters; none has to come.
    """
    run = run_claim(run_id)
    if run is None:
        return "not_waiting"
    try:
        _work(run, call_helpers)
    except LostClaim:
        return "lost"
    except (RunCancelled, story.Cancelled, film.Cancelled):
        return _ended(run, Run.State.CANCELLED)
    except (DomainError, EngineError, LookupError, ValueError, OSError) as error:
        code = getattr(error, "code", type(error).__name__)
        return _ended(run, Run.State.FAILED, code=str(code)[:60], error=str(error))
    return _ended(run, Run.State.DONE)


@transaction.atomic
def _ended(run: Run, state: str, *, code: str = "", error: str = "") -> str:
    """End the run and settle its share of the plan in one: no worker can die between the two."""
    if not run_end(run, state, code=code, error=error):
        return "lost"
    run_quota_settle(run)
    run_tell(run, state)
    return state


def counts(run: Run) -> bool:
    """Whether a run is use of a feature: the starter project that everybody gets is not."""
    return not run.is_sample or run.novel.creator.is_sample


def _work(run: Run, call_helpers: CallHelpers | None) -> None:
    board = board_made(run, call_helpers)
    if run.frame_engine != "none":
        board = _frames(run, board)
    if run.wants_film:
        _film(run, board)
    _record_use(run, board)


def _frames(run: Run, board: dict) -> dict:
    """Draw what is not drawn yet; each picture is kept as soon as it is made."""
    folder = run_folder(run) / "frames"
    folder.mkdir(parents=True, exist_ok=True)
    cast = {item["id"]: item for item in board["cast"]}
    scenes = {item["index"]: item for item in board["scenes"]}
    rows = {shot.index: shot for shot in run.shots.all()}
    done = set(Frame.objects.filter(shot__run=run).values_list("shot__index", flat=True))
    size = FRAME_SIZES[run.portrait]
    english = run.novel.language.startswith("en")
    template = picture_template(run)
    _sheets(run, board)
    for count, item in enumerate(board["shots"]):
        first = f"frames/{item['index']:05d}.png"
        if item["index"] in done and (run_folder(run) / (item.get("frame") or first)).exists():
            item["frame"] = item.get("frame") or first  # the one in use, if another was chosen
            continue
        item["frame"] = first
        run_progress(run, stage="frames", done=count, total=len(board["shots"]))
        scene = scenes[item["scene"]]
        binding = binding_of(
            item, scene, cast, book=run.novel.sha256, english=english, template=template
        )
        drawing = draw("sketch", binding, item, scene, cast, size=size)
        file = write_picture(run_folder(run) / first, drawing.png)
        stamp = stamp_of(binding, item, scene)
        Frame.objects.update_or_create(
            shot=rows[item["index"]],
            version=1,
            defaults={"file": file, **frame_facts(drawing, binding, stamp, 0)},
        )
    write_board(run_folder(run) / "storyboard.json", board)
    return board


def _sheets(run: Run, board: dict) -> None:
    drawn = {item["id"] for shot in board["shots"] for item in shot["cast"]}
    for item in board["cast"]:
        if item["id"] not in drawn:
            continue
        item["reference"] = f"sheets/{item['id']}.png"
        path = run_folder(run) / item["reference"]
        if not path.exists():
            write_picture(path, frames.character_sheet(item).to_png())
        Character.objects.filter(run=run, key=item["id"]).update(
            sheet=str(path.relative_to(settings.MEDIA_ROOT))
        )


def _film(run: Run, board: dict) -> None:
    """The run's first film: with the novel's settings, but no voice that costs, as nobody was told
    a price; that is made again from the film's page."""
    if Film.objects.filter(run=run).exists():
        return
    seen = -1

    def percent(value: int) -> None:
        nonlocal seen
        if value != seen:
            seen = value
            run_progress(run, stage="film", done=value, total=100)

    wish = unpaid(wish_of(run))
    film_make(run, board, wish, name="film.mp4", on_percent=percent, wait=time.sleep)


@transaction.atomic
def _record_use(run: Run, board: dict) -> None:
    """The run counts as use of the features that it used, with its tokens and money."""
    if not counts(run):
        return
    used = list(USED_ALWAYS)
    if run.frame_engine != "none":
        used += USED_WITH_FRAMES
    if run.wants_film:
        used += USED_WITH_FILM
    features = Feature.objects.filter(key__in=used)
    usage = board["usage"]
    tokens = usage["input_tokens"] + usage["output_tokens"]
    # Rounded up once, over the whole run: never nothing for something.
    minor = minor_of(micro_of(Decimal(usage["cost"])), exponent(usage["currency"]))
    for position, feature in enumerate(features):
        FeatureUse.objects.get_or_create(
            run=run,
            feature=feature,
            defaults={
                "creator": run.novel.creator,
                # shared equally; what does not divide falls to the first, so the sum is the run's
                "tokens": tokens // len(features) + (tokens % len(features) if not position else 0),
                "cost_minor": minor // len(features)
                + (minor % len(features) if not position else 0),
                "currency": usage["currency"],
                "at": timezone.now(),
            },
        )

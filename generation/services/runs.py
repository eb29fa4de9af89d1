"""A run from the wish to the film: asked for once, resumed after a crash, recorded as use."""

import json
import shutil
import time
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.bills.money import exponent
from crm.exceptions import DomainError
from crm.models import User
from crm.services.job_rows import job_cancel, job_revive
from engines.errors import EngineError
from engines.money import decimal_of, micro_of, minor_of, plain
from engines.services.resolution import budget_for
from generation import film, frames, story
from generation.models import (
    Character,
    Feature,
    FeatureUse,
    Film,
    Frame,
    Novel,
    Run,
    RunStep,
    Scene,
    Shot,
)
from generation.services.drawing import (
    binding_of,
    draw,
    frame_facts,
    stamp_of,
    write_picture,
)
from generation.services.filming import film_make, run_folder, unpaid, wish_of
from generation.services.jobs import LostClaim, RunCancelled, run_claim, run_end, run_progress
from generation.services.mapping import CallHelpers, board_of, budget_key
from generation.services.run_quota import (
    run_quota_again,
    run_quota_settle,
    run_quota_take,
)
from generation.services.template_uses import (
    picture_template,
    template_choose,
    template_judged,
    template_written,
    templates_for,
)
from generation.services.texts import OFFLINE, most_a_run_may_cost, text_quote
from generation.services.work_notices import run_tell

FRAME_SIZES = {True: (1080, 1920), False: (1920, 1080)}
MAX_SHOTS = 600
DEFAULT_DENSITY = 20.0
MOST_FILM_SECONDS = 36_000

# Which features of the pipeline a run has used, by what it did.
USED_ALWAYS = ("auto_storyboard",)
USED_WITH_FRAMES = ("fixed_characters",)
USED_WITH_FILM = ("film_export",)


def shots_expected(length: int, density: float) -> int:
    return max(1, round(length * density / 1000))


def density_within(density: float, length: int, film_seconds: int | None) -> float:
    """No more shots per 1,000 characters than a film of that length has room for, at least one."""
    if film_seconds is None:
        return density
    if not 5 <= film_seconds <= MOST_FILM_SECONDS:
        raise DomainError(_("Choose a film of 5 seconds to 10 hours."), "bad_film_length")
    return max(1.0, min(density, story.density_for(length, film_seconds)))


@transaction.atomic
def run_start(
    *,
    novel: Novel,
    token: str,
    chapters: Collection[int] = (),
    density: float = DEFAULT_DENSITY,
    film_seconds: int | None = None,
    portrait: bool = True,
    with_frames: bool = True,
    with_film: bool = True,
    text_engine: str = OFFLINE,
    cap_micro: int | None = None,
    template: str = "",
    actor: User | None = None,
    sample: bool = False,
) -> tuple[Run, bool]:
    """Write the wish for a run. The same form (`token`) again gives the run of the first time.

    A run with a paid text engine gets a budget of its own, capped at `cap_micro`, by default at
    what its quote allows for. `film_seconds` bounds the film's length: then there are no more shots
    than so long a film has room for, and the voice leaves out what does not fit. `template` names
    one of the library; empty: what the team has made usual, else the usual words.
    """
    known = Run.objects.filter(novel=novel, token=token).first()
    if known is not None:
        return known, False
    # Nobody moves the chapters between here and the row below.
    Novel.objects.select_for_update().only("pk").get(pk=novel.pk)
    there = dict(novel.chapters.values_list("index", "end"))
    wanted = sorted(set(chapters))
    if any(index not in there for index in wanted):
        raise DomainError(_("Choose chapters of this novel."), "unknown_chapter")
    if not 1 <= density <= 60:
        raise DomainError(_("Choose 1 to 60 shots per 1,000 characters."), "bad_density")
    length = _length(novel, wanted)
    density = density_within(density, length, film_seconds)
    expected = shots_expected(length, density)
    if with_frames and expected > MAX_SHOTS:
        raise DomainError(
            _(
                "That would be about %(shots)s pictures; a run draws at most %(most)s. Choose "
                "fewer chapters or fewer shots per 1,000 characters."
            )
            % {"shots": expected, "most": MAX_SHOTS},
            "too_many_shots",
        )
    cap, currency = _cap(novel, wanted, density, text_engine, cap_micro)
    versions = templates_for(
        reference=template, language=novel.language, directed=text_engine != OFFLINE
    )
    run, made = Run.objects.get_or_create(
        novel=novel,
        token=token,
        defaults={
            "chapters": wanted,
            "density": density,
            "film_seconds": film_seconds,
            "portrait": portrait,
            "text_engine": text_engine,
            "frame_engine": "sketch" if with_frames else "none",
            "wants_film": with_film and with_frames,
            "is_sample": sample,
        },
    )
    if made:
        run_quota_take(run, characters=length, frames=expected if with_frames else 0)
        facts: dict[str, object] = {"chapters": wanted}
        for version in versions:
            template_choose(run=run, version=version)
        if versions:
            facts["templates"] = [version.name for version in versions]
        if text_engine != OFFLINE:
            budget_for(key=budget_key(run), cap_micro=cap, currency=currency)
            facts |= {"text_engine": text_engine, "cap_micro": cap, "currency": currency}
        audit.record("run.started", run, actor=actor, data=facts)
    return run, made


def _cap(
    novel: Novel, wanted: list[int], density: float, engine: str, cap_micro: int | None
) -> tuple[int, str]:
    """The run's cap and its currency; nothing for the rules, which cost nothing."""
    chosen = set(wanted)
    lengths = [item.length for item in novel.chapters.all() if not chosen or item.index in chosen]
    english = novel.language.startswith("en")
    told = text_quote(engine, lengths, density=density, english=english)
    if told is None:
        return 0, "CNY"
    cap = min(told.most_micro, most_a_run_may_cost()) if cap_micro is None else cap_micro
    if not 0 < cap <= most_a_run_may_cost():
        raise DomainError(
            _("Choose a cap above 0 and up to %(most)s %(currency)s.")
            % {"most": plain(decimal_of(most_a_run_may_cost())), "currency": told.currency},
            "bad_cap",
        )
    return cap, told.currency


def _length(novel: Novel, chapters: Collection[int]) -> int:
    """Characters of the chapters with these indices, or of all."""
    return sum(
        chapter.length
        for chapter in novel.chapters.all()
        if not chapters or chapter.index in set(chapters)
    )


@transaction.atomic
def run_cancel(*, run: Run, actor: User | None = None) -> bool:
    """Ask a run to stop; one that waits is stopped at once. False where it had ended."""
    asked = job_cancel(Run, run.pk)
    if asked == Run.State.CANCELLED:
        run_quota_settle(run)
    if asked:
        audit.record("run.cancelled", run, actor=actor)
    return bool(asked)


@transaction.atomic
def run_resume(*, run: Run, actor: User | None = None) -> bool:
    """Let a stopped run go on from what it has finished. False where it runs or is done.

    Raises `DomainError` where the creator's plan does not reach for what is left to do.
    """
    stopped = (Run.State.CANCELLED, Run.State.FAILED, Run.State.DEAD)
    again = job_revive(Run, run.pk, stopped)
    if again:
        length = _length(run.novel, run.chapters)
        frames = shots_expected(length, run.density or DEFAULT_DENSITY)
        drawn = frames if run.frame_engine != "none" else 0
        run_quota_again(run, characters=length, frames=drawn)
        audit.record("run.resumed", run, actor=actor)
    return again


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
    board = _board(run, call_helpers)
    if run.frame_engine != "none":
        board = _frames(run, board)
    if run.wants_film:
        _film(run, board)
    _record_use(run, board)


def _finished(run: Run, name: str) -> RunStep | None:
    return RunStep.objects.filter(run=run, name=name).first()


def _board(run: Run, call_helpers: CallHelpers | None) -> dict:
    """The storyboard, made once: rows for the pages, storyboard.json for everything after."""
    path = run_folder(run) / "storyboard.json"
    if _finished(run, "board") and path.exists():
        return json.loads(path.read_text("utf-8"))

    def progress(step: str, done: int, total: int) -> None:
        run_progress(run, stage=step, done=done, total=total)

    run_progress(run, stage="chapters", done=0, total=0)
    board = template_written(run, board_of(run, progress=progress, call_helpers=call_helpers))
    board["usage"]["frame_engine"] = run.frame_engine
    told = {scene["chapter"] for scene in board["scenes"]}
    with transaction.atomic():
        _store_rows(run, board)
        RunStep.objects.update_or_create(run=run, name="board", index=0)
        run.usage = board["usage"]
        run.titles = {
            item["index"]: item["title"] for item in board["chapters"] if item["index"] in told
        }
        run.save(update_fields=["usage", "titles"])
    write_board(path, board)
    return board


def write_board(path: Path, board: dict) -> None:
    """storyboard.json, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".json.part")
    draft.write_text(json.dumps(board, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(path)


def _store_rows(run: Run, board: dict) -> None:
    run.scenes.all().delete()
    run.cast.all().delete()
    Character.objects.bulk_create(
        [
            Character(
                run=run,
                key=item["id"],
                name=item["name"][:120],
                aliases=item["aliases"],
                mentions=item["mentions"],
                first_at=item["first_at"],
                appearance=item["appearance"] | {"kind": item.get("kind", "named")},
                seed=item["seed"],
            )
            for item in board["cast"]
        ]
    )
    scenes = Scene.objects.bulk_create(
        [
            Scene(
                run=run,
                index=item["index"],
                chapter=item["chapter"],
                start=item["start"],
                end=item["end"],
                place=(item["place"] or "")[:120],
                time=(item["time"] or "")[:120],
                cast=item["cast"],
                setting=item.get("setting", {}),
            )
            for item in board["scenes"]
        ],
        batch_size=1000,
    )
    by_index = {scene.index: scene for scene in scenes}
    names = ("index", "start", "end", "framing", "movement", "cast", "action", "lines")
    Shot.objects.bulk_create(
        [
            Shot(
                run=run,
                scene=by_index[item["scene"]],
                narration=item["narration"],
                prompt=item["prompt"],
                duration_ms=item["duration_ms"],
                **{name: item[name] for name in names},
            )
            for item in board["shots"]
        ],
        batch_size=1000,
    )


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
    folder = run_folder(run) / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    for item in board["cast"]:
        if item["id"] not in drawn:
            continue
        item["reference"] = f"sheets/{item['id']}.png"
        path = run_folder(run) / item["reference"]
        if not path.exists():
            draft = path.with_suffix(".part")
            draft.write_bytes(frames.character_sheet(item).to_png())
            draft.replace(path)
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


@transaction.atomic
def run_accept(*, run: Run, accepted: bool, actor: User | None = None) -> None:
    """The creator's word on the result: kept, or not good enough."""
    FeatureUse.objects.filter(run=run).update(accepted=accepted)
    template_judged(run, accepted=accepted)
    audit.record("run.accepted" if accepted else "run.refused", run, actor=actor)


def run_delete_files(run: Run) -> None:
    shutil.rmtree(run_folder(run), ignore_errors=True)

"""Films made again: settings kept, a price told, the wish written, the work done by a worker."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Job, User
from crm.services.job_rows import JobStopped, job_claim, job_end, job_progress, jobs_sweep
from engines.errors import EngineError
from engines.money import decimal_of, plain
from engines.scopes import folder_of
from engines.services.resolution import budget_for
from generation import film
from generation.models import Film, FilmJob, FilmSettings, Novel, Run
from generation.services.filming import (
    Wish,
    board_of_run,
    checked,
    film_make,
    film_words,
    music_tidy,
    wish_of,
)
from generation.services.texts import most_a_run_may_cost
from generation.services.voicing import SILENT, VoiceQuote, voice_quote
from generation.services.work_notices import film_tell

MUSIC_MAX_BYTES = 40 * 1024 * 1024
# Frames of 1080×1920 a second that are drawn and encoded on two cores.
FRAMES_A_SECOND = 45
_SIGN_OF_LIFE = 5.0


@dataclass(frozen=True)
class FilmQuote:
    """What a film would take: `voice` is None for a silent one; `seconds` of work in all. `undrawn`
    are characters that the caption font lacks."""

    shots: int
    seconds: int
    voice: VoiceQuote | None
    undrawn: tuple[str, ...] = ()

    @property
    def minutes(self) -> float:
        return round(self.seconds / 60, 1)

    @property
    def cost_micro(self) -> int:
        return self.voice.cost_micro if self.voice else 0

    @property
    def price(self) -> str:
        """In main units, to a hundredth of a fen, rounded up."""
        return f"{decimal_of(-(-self.cost_micro // 100) * 100).normalize():f}"


@transaction.atomic
def film_settings_save(
    *,
    novel: Novel,
    wish: Wish,
    music: UploadedFile | None = None,
    without_music: bool = False,
    actor: User | None = None,
) -> FilmSettings:
    """Keep the settings for this film and every later one of the novel.

    Raises DomainError where the music cannot be read or the lexicon has a line that cannot.
    """
    row, _made = FilmSettings.objects.select_for_update().get_or_create(novel=novel)
    try:
        film.parse_lexicon(wish.lexicon)
    except film.FilmError as error:
        raise DomainError(film_words(error), error.code) from error
    row.shape, row.captions, row.cards = wish.shape, wish.captions, wish.cards
    row.speech_engine, row.speed, row.lexicon = wish.speech_engine, wish.speed, wish.lexicon
    if wish.speech_engine != SILENT:
        settled = {**row.voices.get(wish.speech_engine, {}), **wish.voices}
        row.voices = {**row.voices, wish.speech_engine: settled}
    if music is not None:
        _keep_music(row, music)
    elif without_music:
        row.music.name, row.music_name = "", ""
    row.save()
    transaction.on_commit(partial(music_tidy, novel))
    audit.record("film.settings", novel, actor=actor, data={"engine": wish.speech_engine})
    return row


def _keep_music(row: FilmSettings, music: UploadedFile) -> None:
    size = music.size or 0
    if size > MUSIC_MAX_BYTES:
        raise DomainError(
            _("The music has more than %(most)s MB.") % {"most": MUSIC_MAX_BYTES // 2**20},
            "music_too_large",
        )
    suffix = "." + (music.name or "").rpartition(".")[2].lower()[:5]
    # Beside the novel's other files, so that it goes with them.
    row.music.save(f"{folder_of(row.novel.scope)}/music/music{suffix}", music, save=False)
    row.music_name = (music.name or "")[:255]
    try:
        film.check_music(Path(row.music.path))
    except film.FilmError as error:
        row.music.storage.delete(row.music.name or "")
        raise DomainError(film_words(error), error.code) from error


def film_quote(
    *, run: Run, wish: Wish, board: Mapping[str, Any] | None = None, whole: bool = False
) -> FilmQuote:
    """What it would take. Raises DomainError naming what is missing; `whole`: as for `film.check`."""
    board = board or _board(run)
    script = checked(run, board, wish, whole=whole)
    voice = voice_quote(script) if script else None
    length = sum(shot["duration_ms"] for shot in board["shots"]) / 1000
    work = length * wish.spec.fps / FRAMES_A_SECOND
    seconds = round(work + (voice.seconds if voice else 0))
    return FilmQuote(len(board["shots"]), seconds, voice, film.undrawable(board))


def _board(run: Run) -> dict[str, Any]:
    try:
        return board_of_run(run)
    except FileNotFoundError as error:
        raise DomainError(_("The storyboard is not made yet."), "no_board") from error


def film_start(
    *, run: Run, token: str, cap_micro: int | None = None, actor: User | None = None
) -> tuple[FilmJob, bool]:
    """Write the wish for a film with the novel's settings; the same form again is the same film.

    Raises DomainError where something is missing, a film is at work already, or the cap is below
    what the voice costs.
    """
    known = FilmJob.objects.filter(run=run, token=token).first()
    if known is not None:
        return known, False
    wish = wish_of(run)
    quote = film_quote(run=run, wish=wish, whole=True)
    cap = quote.cost_micro if cap_micro is None else cap_micro
    most = most_a_run_may_cost()
    if quote.cost_micro > min(cap, most):
        raise DomainError(
            _("The voice costs %(cost)s, more than the cap of %(cap)s.")
            % {
                "cost": plain(decimal_of(quote.cost_micro)),
                "cap": plain(decimal_of(min(cap, most))),
            },
            "over_cap",
        )
    try:
        with transaction.atomic():
            job = FilmJob.objects.create(run=run, token=token, wish=wish.to_dict())
            if quote.cost_micro and quote.voice:
                budget_for(
                    key=f"film:{job.pk}",
                    cap_micro=min(cap, most),
                    currency=quote.voice.currency,
                )
            audit.record("film.started", run, actor=actor, data={"engine": wish.speech_engine})
    except IntegrityError as error:
        raise DomainError(_("A film of this run is being made already."), "at_work") from error
    return job, True


@transaction.atomic
def film_cancel(*, job: FilmJob, actor: User | None = None) -> bool:
    """Ask it to stop; one that waits is stopped at once. False where it had ended."""
    rows = FilmJob.objects.filter(pk=job.pk)
    waiting = rows.filter(state=Job.State.QUEUED).update(state=Job.State.CANCELLED)
    asked = waiting or rows.filter(state=Job.State.RUNNING).update(cancel_requested=True)
    if asked:
        audit.record("film.cancelled", job.run, actor=actor)
    return bool(asked)


def film_resume(*, job: FilmJob, actor: User | None = None) -> bool:
    """Let a stopped film go on from what it has said and encoded. False where it runs or is done."""
    stopped = (Job.State.CANCELLED, Job.State.FAILED, Job.State.DEAD)
    try:
        with transaction.atomic():
            again = FilmJob.objects.filter(pk=job.pk, state__in=stopped).update(
                state=Job.State.QUEUED, cancel_requested=False, tries=0, error="", error_code="",
                ended_at=None,
            )  # fmt: skip
            if again:
                audit.record("film.resumed", job.run, actor=actor)
    except IntegrityError as error:
        raise DomainError(_("A film of this run is being made already."), "at_work") from error
    return bool(again)


def film_execute(pk: int) -> str:
    """Make a film if it waits; returns the state it left it in. May be called twice."""
    job = job_claim(FilmJob, pk)
    if job is None:
        return "not_waiting"
    try:
        _make(job)
    except JobStopped as stopped:
        if not stopped.cancelled:
            return "lost"
        return _ended(job, Job.State.CANCELLED)
    except (EngineError, DomainError) as error:
        return _ended(job, Job.State.FAILED, code=error.code, error=str(error))
    except film.FilmError as error:
        return _ended(job, Job.State.FAILED, code=error.code, error=film_words(error))
    return _ended(job, Job.State.DONE, done=100, total=100)


@transaction.atomic
def _ended(job: FilmJob, state: str, **facts: Any) -> str:
    if job_end(job, state, **facts):
        film_tell(job, state)
    return state


def _make(job: FilmJob) -> Film:
    run = Run.objects.select_related("novel").get(pk=job.run_id)
    wish = Wish(**job.wish)
    board = _board(run)
    budget = None
    script = checked(run, board, wish)
    if script is not None and not script.engine.is_free:
        cost = voice_quote(script)
        budget = budget_for(key=f"film:{job.pk}", cap_micro=cost.cost_micro, currency=cost.currency)
    shown = _Shown(job)
    name = f"film-{job.pk}.mp4"
    return film_make(
        run, board, wish, name=name, on_percent=shown.percent, wait=shown.wait, budget=budget
    )


class _Shown:
    """The job's bar. Every few seconds is a sign of life, new or not; each may stop the work."""

    def __init__(self, job: FilmJob) -> None:
        self.job, self.value, self.at = job, -1, 0.0

    def percent(self, value: int) -> None:
        if value != self.value or time.monotonic() - self.at > _SIGN_OF_LIFE:
            self.value, self.at = value, time.monotonic()
            job_progress(self.job, done=value, total=100)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            job_progress(self.job, done=max(0, self.value), total=100)
            time.sleep(min(left, 2.0))


def films_sweep() -> list[int]:
    """Put back what lost its worker; returns the ids to start."""
    return jobs_sweep(FilmJob, on_dead=lambda job: film_tell(job, Job.State.DEAD))

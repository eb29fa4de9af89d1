"""The wish for a run: asked for once, cancelled, resumed, judged. Its work is done by `run_work`."""

import shutil
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from crm.services.job_rows import job_cancel, job_revive
from engines.money import decimal_of, plain
from engines.services.resolution import budget_for
from generation import story
from generation.models import (
    FeatureUse,
    Novel,
    Run,
)
from generation.services.filming import run_folder
from generation.services.mapping import budget_key
from generation.services.run_quota import (
    run_quota_again,
    run_quota_settle,
    run_quota_take,
)
from generation.services.template_uses import (
    template_choose,
    template_judged,
    templates_for,
)
from generation.services.texts import OFFLINE, most_a_run_may_cost, text_quote

MAX_SHOTS = 600
DEFAULT_DENSITY = 20.0
MOST_FILM_SECONDS = 36_000


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


@transaction.atomic
def run_accept(*, run: Run, accepted: bool, actor: User | None = None) -> None:
    """The creator's word on the result: kept, or not good enough."""
    FeatureUse.objects.filter(run=run).update(accepted=accepted)
    template_judged(run, accepted=accepted)
    audit.record("run.accepted" if accepted else "run.refused", run, actor=actor)


def run_delete_files(run: Run) -> None:
    shutil.rmtree(run_folder(run), ignore_errors=True)

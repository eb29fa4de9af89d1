"""The map step of a run: its chapters shared among all workers, then joined into one board.

The worker that has the run takes chapters one after another and waits for those that others hold;
the others are helpers, called once and free to come late, die, or never come. So nothing waits for a
worker that does not exist, and a chapter whose worker was killed is taken again when its lease ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, cast

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from crm.services.job_rows import job_alive
from engines.chat import Complete
from engines.chat.registry import settings_of
from engines.errors import EngineError
from engines.models import Budget
from engines.money import decimal_of
from engines.selectors import spending_of
from generation import story
from generation.models import ChapterMap, Run
from generation.services.corrections import corrections_of, looks_of
from generation.services.jobs import LostClaim
from generation.services.template_uses import template_told
from generation.services.texts import OFFLINE, complete_with, mapper_for

__all__ = ["board_of", "budget_key", "chapters_share"]

POLL = 0.2
# A helper leaves a chapter alone that has killed this many workers; only the run's own goes on.
MOST_TRIES = 3
BEAT = 15.0

Progress = Callable[[str, int, int], None]
CallHelpers = Callable[[int], None]


def budget_key(run: Run) -> str:
    return f"run:{run.pk}"


@dataclass(slots=True)
class _Work:
    """A run's text and how its chapters are mapped. `held` is the chapter in hand."""

    run: Run
    text: story.Text
    split: tuple[story.Chapter, ...]
    wanted: tuple[story.Chapter, ...]
    density: float
    lease: float = 0.0
    held: ChapterMap | None = None
    mapper: story.Mapper = story.map_chapter
    fingerprints: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> _Work:
        novel = run.novel
        # As it was read when it came in; reading it again would take it for another format.
        text = story.Text(novel.text, novel.encoding, (), novel.sha256, novel.title, novel.language)
        split = tuple(
            story.Chapter(index=row.index, title=row.title, start=row.start, end=row.end)
            for row in run.novel.chapters.order_by("index")
        )
        chosen = set(run.chapters)
        wanted = tuple(c for c in split if not chosen or c.index in chosen)
        length = sum(c.end - c.start for c in wanted)
        density = run.density or story.default_density(length, text.language)
        work = cls(run, text, split, wanted, density, settings.MAP_LEASE)
        if run.text_engine != OFFLINE:
            work.lease += settings_of(run.text_engine).timeout
            work.mapper = mapper_for(
                run.text_engine,
                title=run.novel.title,
                complete=work._complete(),
                cancelled=work.is_over,
            )
        work.fingerprints = {c.index: work._fingerprint(c) for c in wanted}
        return work

    def _complete(self) -> Complete:
        budget = Budget.objects.get(key=budget_key(self.run))
        asked = complete_with(
            self.run.text_engine, budget, wait=self._wait, scope=self.run.novel.scope
        )
        return template_told(self.run, asked)

    def _fingerprint(self, chapter: story.Chapter) -> str:
        body = self.text.text[chapter.start : chapter.end]
        facts = (
            chapter.start, chapter.end, self.density, self.text.language, self.run.text_engine,
            self.run.novel.title, body,
        )  # fmt: skip
        return sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()

    def is_over(self) -> bool:
        """Whether the run was stopped; keeps the lease. Raises LostClaim where another has it."""
        if self.held is not None and not _mine(self.held).update(lease_until=_after(self.lease)):
            raise LostClaim
        return Run.objects.filter(pk=self.run.pk, cancel_requested=True).exists()

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.is_over():
                raise story.Cancelled("map")
            time.sleep(min(left, 5.0))


def _after(seconds: float) -> ExpressionWrapper:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def _mine(held: ChapterMap) -> Any:
    return ChapterMap.objects.filter(pk=held.pk, tries=held.tries, draft__isnull=True)


def board_of(
    run: Run, *, progress: Progress, call_helpers: CallHelpers | None = None
) -> dict[str, Any]:
    """The run's storyboard as a document. Raises StoryError, EngineError, LostClaim, RunCancelled.

    Called again after a crash it maps only the chapters that have no draft yet.
    """
    work = _Work.of(run)
    _prepare(work)
    waiting = ChapterMap.objects.filter(run=run, draft__isnull=True).count()
    if call_helpers and waiting > 1:
        call_helpers(min(waiting - 1, settings.MAP_HELPERS))
    # A model thinks for minutes; the rules tell how far they are by themselves.
    with nullcontext() if run.text_engine == OFFLINE else job_alive(run, every=BEAT):
        _map_all(work, progress)
    rows = ChapterMap.objects.filter(run=run).values_list("draft", flat=True)
    made = story.reduce_drafts(
        work.text,
        work.split,
        [cast("story.ChapterDraft", draft) for draft in rows],
        title=run.novel.title,
        corrections=corrections_of(run.novel),
        looks=looks_of(run.novel),
        seconds=run.film_seconds,
        on_progress=progress,
    )
    board = made.to_dict()
    board["usage"] |= {"text_engine": run.text_engine, **_spent(run)}
    return board


def _spent(run: Run) -> dict[str, Any]:
    """By the ledger, which also knows what an earlier try of this run had paid for."""
    if run.text_engine == OFFLINE:
        return {}
    spent = spending_of(budget_key(run))
    return {"calls": spent.calls, "cost": f"{decimal_of(spent.cost_micro):f}"}


def _prepare(work: _Work) -> None:
    """A row for each wanted chapter; drafts of another text, density or engine are forgotten."""
    rows = ChapterMap.objects.filter(run=work.run)
    rows.exclude(index__in=work.fingerprints).delete()
    known = dict(rows.values_list("index", "fingerprint"))
    stale = [index for index, mark in known.items() if mark != work.fingerprints[index]]
    rows.filter(index__in=stale).delete()
    ChapterMap.objects.bulk_create(
        [
            ChapterMap(run=work.run, index=index, fingerprint=mark)
            for index, mark in work.fingerprints.items()
            if known.get(index) != mark
        ],
        ignore_conflicts=True,
    )


def _map_all(work: _Work, progress: Progress) -> None:
    while True:
        rows = ChapterMap.objects.filter(run=work.run)
        done = rows.filter(draft__isnull=False).count()
        progress("map", done, len(work.wanted))
        if done == len(work.wanted):
            return
        if not _map_next(work):
            time.sleep(POLL)


def _map_next(work: _Work, most_tries: int | None = None) -> bool:
    """Take a free chapter and map it; False where none is free."""
    held = _take(work, most_tries)
    if held is None:
        return False
    chapter = next(c for c in work.wanted if c.index == held.index)
    work.held = held
    try:
        draft = work.mapper(
            work.text.text, chapter, language=work.text.language, density=work.density
        )
    except BaseException:
        # Somebody else may have it at once; a killed process leaves it until its lease ends.
        _mine(held).update(lease_until=None)
        raise
    finally:
        work.held = None
    _mine(held).update(draft=draft, lease_until=None)
    return True


def _take(work: _Work, most_tries: int | None) -> ChapterMap | None:
    free = ChapterMap.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=Now()), run=work.run, draft__isnull=True
    )
    if most_tries is not None:
        free = free.filter(tries__lt=most_tries)
    for row in free.order_by("index")[:50]:
        taken = free.filter(pk=row.pk, tries=row.tries)
        if taken.update(tries=F("tries") + 1, lease_until=_after(work.lease)):
            row.tries += 1
            return row
    return None


def chapters_share(run_id: int) -> int:
    """Help a run that works: map what is free, and leave. Returns how many chapters were mapped."""
    run = Run.objects.select_related("novel").filter(pk=run_id, state=Run.State.RUNNING).first()
    if run is None or not ChapterMap.objects.filter(run=run, draft__isnull=True).exists():
        return 0
    done = 0
    try:
        work = _Work.of(run)
        while Run.objects.filter(
            pk=run_id, state=Run.State.RUNNING, cancel_requested=False
        ).exists():
            if not _map_next(work, MOST_TRIES):
                break
            done += 1
    except (EngineError, LostClaim, story.StoryError):
        # The run's own worker meets the same and says so on the run.
        return done
    return done

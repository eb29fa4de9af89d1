"""A creator's novels: deleted for good, copied whole, and gone when they leave."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.deletion import Collector
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from crm import audit
from crm.models import Creator, DataExport, Job, User
from crm.services.creator_notices import notices_forget
from crm.services.own_data import Portion, exports_drop
from engines.services.forgetting import scope_forget
from generation.models import (
    AnswerNotice,
    FeatureVote,
    Film,
    FilmJob,
    Frame,
    FrameJob,
    Novel,
    ReliefDismissal,
    Run,
    StudioTask,
    TemplateUse,
)
from generation.services.evaluations.withdrawal import cases_forget
from generation.services.film_jobs import film_cancel
from generation.services.filming import run_folder
from generation.services.runs import run_cancel
from generation.services.studio import frames_cancel
from generation.services.studio_tasks import studio_task_cancel

GONE = "—"
# Numbers of a run that a decision may rest on; they hold no word of the novel.
COUNTED: set[type[models.Model]] = {TemplateUse}
# Kept of a run: that it was, what it cost, which features it used. Everything else has words.
BLANK_RUN = {"titles": {}, "error": "", "chapters": []}


@transaction.atomic
def novel_delete(*, novel: Novel, actor: User | None = None) -> None:
    """Delete a novel and all that was made of it: out of sight with the commit, out of the store soon.

    What stays is that a run took place and what it cost; the dossiers count it.
    """
    for run in Run.objects.filter(novel=novel):
        if not run.is_ended:
            run_cancel(run=run)
    for job in FrameJob.objects.filter(run__novel=novel):
        frames_cancel(job=job)
    for task in StudioTask.objects.filter(run__novel=novel):
        studio_task_cancel(task=task)
    for film in FilmJob.objects.filter(run__novel=novel):
        film_cancel(job=film)
    # The same text may be uploaded again at once: it is a new novel then.
    Novel.objects.filter(pk=novel.pk).update(
        deleted_at=timezone.now(), sha256=f"deleted-{novel.pk}"
    )
    cases_forget(novels=Novel.objects.filter(pk=novel.pk))
    notices_forget(about=f"novel:{novel.pk}")
    audit.record("novel.deleted", novel, actor=actor, data={"length": novel.length})


def _deleted_and_idle() -> models.QuerySet[Novel]:
    """Deleted novels that are still stored and that nobody works on: what works may write a file."""
    here, running = models.OuterRef("pk"), Job.State.RUNNING
    at_work = [
        Run.objects.filter(novel=here, state=running),
        FrameJob.objects.filter(run__novel=here, state=running),
        FilmJob.objects.filter(run__novel=here, state=running),
        StudioTask.objects.filter(run__novel=here, state=running),
        DataExport.objects.filter(creator=models.OuterRef("creator"), state=running),
    ]
    rows = Novel.objects.filter(deleted_at__isnull=False, purged_at=None)
    for jobs in at_work:
        rows = rows.exclude(models.Exists(jobs))
    return rows


def novels_to_purge() -> list[int]:
    """Novels that are deleted but still stored, and whose jobs have ended."""
    return list(_deleted_and_idle().values_list("pk", flat=True)[:50])


@transaction.atomic
def novel_purge(novel_id: int) -> int:
    """Remove the text, the storyboards and the files of a deleted novel; returns the rows removed.

    Nothing happens while a job of it still works; the sweeper comes again. May run twice: the
    second time nothing is left.
    """
    novel = _deleted_and_idle().select_for_update(of=("self",)).filter(pk=novel_id).first()
    if novel is None:
        return 0
    runs = Run.objects.filter(novel=novel)
    removed = _remove(Novel, models.Q(pk=novel.pk), spare={Run})
    removed += _remove(Run, models.Q(pk__in=list(runs.values_list("pk", flat=True))), spare=COUNTED)
    for run in runs:
        transaction.on_commit(partial(shutil.rmtree, run_folder(run), ignore_errors=True))
    scope_forget(novel.scope)
    exports_drop(novel.creator)
    runs.update(**BLANK_RUN)
    Novel.objects.filter(pk=novel.pk).update(
        title=GONE, text="", length=0, repairs=[], left_out=[],
        division=[], source_name="", purged_at=timezone.now(),
    )  # fmt: skip
    return removed


def _remove(model: type[models.Model], which: models.Q, *, spare: set[type[models.Model]]) -> int:
    """Delete what hangs on these rows by CASCADE, with its files, and leave the rows themselves."""
    removed, files = 0, []
    for relation in model._meta.related_objects:
        child = relation.related_model
        if relation.on_delete is not models.CASCADE or child in spare:
            continue
        found = child._default_manager.filter(
            **{f"{relation.field.name}__in": model._default_manager.filter(which)}
        )
        collector = Collector(using=found.db, origin=found)
        collector.collect(found)
        gone = [*collector.data.values(), *(list(rows) for rows in collector.fast_deletes)]
        files += [name for rows in gone for row in rows for name in _files(row)]
        removed += collector.delete()[0]
    for name in files:
        transaction.on_commit(partial(default_storage.delete, name))
    return removed


def _files(row: models.Model) -> Iterator[str]:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name)
        if isinstance(value, FieldFile) and value.name:
            yield value.name


def portions(creator: Creator) -> Iterator[Portion]:
    """Each novel's text, and of each run that is done its storyboard, pictures and film."""
    for novel in Novel.objects.visible_to(creator).order_by("pk"):
        folder = f"novels/{novel.pk}"
        yield Portion(f"{folder}/novel.txt", text=novel.text)
        yield Portion(
            f"{folder}/novel.json",
            {"title": novel.title, "uploaded": novel.created_at, "file": novel.source_name},
        )
        for run in Run.objects.filter(novel=novel).order_by("pk"):
            yield from _run(f"{folder}/run-{run.pk}", run)


def _run(folder: str, run: Run) -> Iterator[Portion]:
    yield Portion(f"{folder}/storyboard.json", path=run_folder(run) / "storyboard.json")
    for frame in Frame.objects.filter(shot__run=run).select_related("shot").order_by("pk"):
        if frame.file:
            name = f"{folder}/frames/{frame.shot.index + 1:05d}-v{frame.version}.png"
            yield Portion(name, path=Path(frame.file.path))
    film = Film.objects.filter(run=run).first()
    if film is not None:
        yield Portion(f"{folder}/film.mp4", path=Path(film.file.path))
        yield Portion(f"{folder}/film.srt", text=film.subtitles)


def end(creator: Creator) -> dict[str, int]:
    """What goes when a creator leaves: their novels, their votes and choices, what they were told."""
    novels = list(Novel.objects.filter(creator=creator, purged_at=None))
    for novel in novels:
        novel_delete(novel=novel)
    for model in (FeatureVote, ReliefDismissal, AnswerNotice):
        model._default_manager.filter(creator=creator).delete()
    return {"novels": len(novels)}

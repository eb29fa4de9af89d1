"""Reads of the pipeline: a creator's own novels, runs, pictures and films."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Substr

from crm.models import Creator
from generation.models import (
    CastCorrection,
    Chapter,
    Character,
    Feature,
    Film,
    FilmJob,
    Frame,
    FrameJob,
    Novel,
    PreviewLink,
    Run,
    Shot,
    StudioTask,
)
from generation.querysets import owned


def novels_visible_to(creator: Creator) -> QuerySet[Novel]:
    """The creator's novels without their text, newest first, with the number of chapters."""
    return (
        Novel.objects.visible_to(creator)
        .defer("text")
        .annotate(chapter_count=Count("chapters"))
        .order_by("-created_at", "-pk")
        .prefetch_related(Prefetch("runs", Run.objects.select_related("film")))
    )


@dataclass(frozen=True)
class MadeOf:
    """How much hangs on a novel: what a deletion would take along."""

    chapters: int
    runs: int
    shots: int
    frames: int
    films: int


def made_of(novel: Novel) -> MadeOf:
    return MadeOf(
        chapters=Chapter.objects.filter(novel=novel).count(),
        runs=Run.objects.filter(novel=novel).count(),
        shots=Shot.objects.filter(run__novel=novel).count(),
        frames=Frame.objects.filter(shot__run__novel=novel).count(),
        films=Film.objects.filter(run__novel=novel).count(),
    )


def chapters_of(novel: Novel) -> QuerySet[Chapter]:
    return Chapter.objects.filter(novel=novel).order_by("index")


def chapter_titles(run: Run) -> dict[int, str]:
    """Titles by index as the novel was divided when this run read it."""
    if run.titles:
        return {int(index): title or f"#{int(index) + 1}" for index, title in run.titles.items()}
    return {item.index: str(item) for item in chapters_of(run.novel)}


def corrections_visible_to(creator: Creator) -> QuerySet[CastCorrection]:
    return (
        CastCorrection.objects.filter(owned(creator, "novel"))
        .select_related("novel")
        .defer("novel__text")
    )


def look_kept(character: Character) -> CastCorrection | None:
    """The look that the character's novel remembers for it."""
    return CastCorrection.objects.filter(
        novel=character.run.novel_id, kind=CastCorrection.Kind.LOOK, name=character.name
    ).first()


def newest_cast(novel: Novel) -> QuerySet[Character]:
    """The cast of the newest run that has one, the most mentioned first."""
    newest = Run.objects.filter(novel=novel, cast__isnull=False).order_by("-queued_at", "-pk")
    return Character.objects.filter(run=newest.values("pk")[:1]).order_by("-mentions", "pk")


def chapter_text(novel: Novel, chapter: Chapter) -> str:
    """The words of one chapter, without reading the whole novel into memory."""
    return (
        Novel.objects.filter(pk=novel.pk)
        .annotate(part=Substr("text", chapter.start + 1, chapter.length))
        .values_list("part", flat=True)
        .get()
    )


def runs_visible_to(creator: Creator) -> QuerySet[Run]:
    return Run.objects.visible_to(creator).select_related("novel", "film").defer("novel__text")


def cast_of(run: Run) -> QuerySet[Character]:
    return Character.objects.filter(run=run)


def board_of(run: Run) -> QuerySet[Shot]:
    """Shots in order with their scenes, each with its frames, the one in use first."""
    frames = Prefetch("frames", Frame.objects.order_by("-current", "-version"))
    rows = Shot.objects.filter(run=run).order_by("index")
    return rows.select_related("scene").prefetch_related(frames)


def shot_before(shot: Shot) -> Shot | None:
    """The one before it in its run."""
    rows = Shot.objects.filter(run=shot.run_id, index__lt=shot.index)
    return rows.order_by("-index").first()


def shots_of(run: Run) -> QuerySet[Shot]:
    """Shots in order with scene and current picture (`shot.frames.all()` is that one or none)."""
    current = Prefetch("frames", Frame.objects.filter(current=True))
    return (
        Shot.objects.filter(run=run)
        .order_by("index")
        .select_related("scene")
        .prefetch_related(current)
    )


def shots_visible_to(creator: Creator) -> QuerySet[Shot]:
    return (
        Shot.objects.filter(owned(creator, "run__novel"))
        .select_related("scene", "run__novel")
        .defer("run__novel__text")
    )


def shots_shown(run: Run, show: str) -> QuerySet[Shot]:
    """The studio's shots: all, or those without a picture, whose picture does not show everybody,
    with several versions, locked."""
    rows = shots_of(run)
    mine = Frame.objects.filter(shot=OuterRef("pk"), current=True)
    if show == "missing":
        return rows.filter(~Exists(mine))
    if show == "unlike":
        return rows.filter(Exists(_unlike(mine)))
    if show == "versions":
        return rows.filter(Exists(Frame.objects.filter(shot=OuterRef("pk"), version__gt=1)))
    if show == "locked":
        return rows.filter(Exists(mine.filter(locked=True)))
    return rows


def _unlike(rows: QuerySet[Frame]) -> QuerySet[Frame]:
    """Pictures in which somebody who was expected was not recognised."""
    return rows.exclude(checks__missing=[]).filter(checks__has_key="missing")


@dataclass(frozen=True)
class StudioCounts:
    """How many shots each filter of the studio shows, and what the pictures have cost."""

    all: int
    missing: int
    unlike: int
    versions: int
    locked: int


def studio_counts(run: Run) -> StudioCounts:
    frames = Frame.objects.filter(shot__run=run)
    current = frames.filter(current=True)
    shots = Shot.objects.filter(run=run).count()
    return StudioCounts(
        all=shots,
        missing=shots - current.count(),
        unlike=_unlike(current).count(),
        versions=frames.filter(version__gt=1).values("shot").distinct().count(),
        locked=current.filter(locked=True).count(),
    )


def versions_of(shot: Shot) -> QuerySet[Frame]:
    """Every version of a shot's picture, the newest first."""
    return Frame.objects.filter(shot=shot).order_by("-version")


def current_frames(run: Run) -> dict[int, Frame]:
    """The picture in use of every shot that has one, by the shot's index."""
    rows = Frame.objects.filter(shot__run=run, current=True).select_related("shot")
    return {frame.shot.index: frame for frame in rows}


def frame_jobs_visible_to(creator: Creator) -> QuerySet[FrameJob]:
    return (
        FrameJob.objects.filter(owned(creator, "run__novel"))
        .select_related("run__novel")
        .defer("run__novel__text")
    )


def studio_tasks_visible_to(creator: Creator) -> QuerySet[StudioTask]:
    return (
        StudioTask.objects.filter(owned(creator, "run__novel"))
        .select_related("run__novel")
        .defer("run__novel__text")
    )


def latest_reports(run: Run) -> dict[str, StudioTask]:
    """The newest finished report of each kind of a run's pictures."""
    rows = StudioTask.objects.filter(run=run, state=StudioTask.State.DONE).exclude(kind="contact")
    return {task.kind: task for task in rows.order_by("ended_at", "pk")}


def frames_visible_to(creator: Creator) -> QuerySet[Frame]:
    return Frame.objects.filter(owned(creator, "shot__run__novel"))


def characters_visible_to(creator: Creator) -> QuerySet[Character]:
    return Character.objects.filter(owned(creator, "run__novel"))


def shots_with(character: Character) -> QuerySet[Shot]:
    """As `shots_of`: every shot that the character is in."""
    return shots_of(character.run).filter(cast__contains=[{"id": character.key}])


def films_visible_to(creator: Creator) -> QuerySet[Film]:
    films = Film.objects.filter(owned(creator, "run__novel"))
    return films.select_related("run__novel").defer("run__novel__text")


def frames_of(run: Run) -> QuerySet[Frame]:
    """The newest picture of each shot, in order."""
    newest = Frame.objects.filter(shot=OuterRef("shot")).order_by("-version", "-pk")
    return (
        Frame.objects.filter(shot__run=run, pk=Subquery(newest.values("pk")[:1]))
        .select_related("shot")
        .order_by("shot__index")
    )


def previews_visible_to(creator: Creator) -> QuerySet[PreviewLink]:
    return PreviewLink.objects.filter(owned(creator, "run__novel"))


def film_jobs_visible_to(creator: Creator) -> QuerySet[FilmJob]:
    jobs = FilmJob.objects.filter(run__novel__creator=creator)
    return jobs.select_related("run__novel").defer("run__novel__text")


def film_job_of(run: Run) -> FilmJob | None:
    """The newest film that was asked for of this run."""
    return FilmJob.objects.filter(run=run).first()


def storyboard_run_of(novel: Novel) -> Run | None:
    """The novel's newest run that is done."""
    done = Run.objects.filter(novel=novel, state=Run.State.DONE)
    return done.order_by("-ended_at", "-pk").first()


def features_for_team() -> QuerySet[Feature]:
    """Every feature with the number of its justifications and of the runs that used it."""
    return Feature.objects.annotate(
        reason_count=Count("justifications", distinct=True),
        run_count=Count("uses", distinct=True),
    ).order_by("step", "key")

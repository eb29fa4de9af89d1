"""Reads of the pipeline: a creator's own novels, runs, pictures and films."""

from django.db.models import Count, Prefetch, QuerySet
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
    Novel,
    Run,
    Scene,
    Shot,
)


def novels_visible_to(creator: Creator) -> QuerySet[Novel]:
    """The creator's novels without their text, newest first, with the number of chapters."""
    return (
        Novel.objects.visible_to(creator)
        .defer("text")
        .annotate(chapter_count=Count("chapters"))
        .order_by("-created_at", "-pk")
        .prefetch_related(Prefetch("runs", Run.objects.select_related("film")))
    )


def chapters_of(novel: Novel) -> QuerySet[Chapter]:
    return Chapter.objects.filter(novel=novel).order_by("index")


def chapter_titles(run: Run) -> dict[int, str]:
    """Titles by index as the novel was divided when this run read it."""
    if run.titles:
        return {int(index): title or f"#{int(index) + 1}" for index, title in run.titles.items()}
    return {item.index: str(item) for item in chapters_of(run.novel)}


def corrections_visible_to(creator: Creator) -> QuerySet[CastCorrection]:
    return CastCorrection.objects.filter(novel__creator=creator).select_related("novel")


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


def scenes_of(run: Run) -> QuerySet[Scene]:
    """Scenes with their shots, each shot with its frames, newest version first."""
    frames = Prefetch("frames", Frame.objects.order_by("-version"))
    shots = Prefetch("shots", Shot.objects.order_by("index").prefetch_related(frames))
    return Scene.objects.filter(run=run).order_by("index").prefetch_related(shots)


def frames_visible_to(creator: Creator) -> QuerySet[Frame]:
    return Frame.objects.filter(shot__run__novel__creator=creator)


def pictures_of(run: Run) -> dict[int, str]:
    """The newest picture of each shot by its index: a path below the media folder."""
    rows = Frame.objects.filter(shot__run=run).order_by("version")
    return dict(rows.values_list("shot__index", "file"))


def characters_visible_to(creator: Creator) -> QuerySet[Character]:
    return Character.objects.filter(run__novel__creator=creator)


def films_visible_to(creator: Creator) -> QuerySet[Film]:
    return Film.objects.filter(run__novel__creator=creator).select_related("run__novel")


def film_jobs_visible_to(creator: Creator) -> QuerySet[FilmJob]:
    return FilmJob.objects.filter(run__novel__creator=creator).select_related("run__novel")


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

"""Creators told how their work ended: a run, a film, a batch of pictures, a link that dies soon.

Each is told in the transaction that ends the work, which takes place once; a try that is started
again after a fault is told anew.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from crm.models import CreatorNotice
from crm.services.creator_notices import creator_tell
from generation.models import FilmJob, Frame, FrameJob, Job, PreviewLink, Run

Kind = CreatorNotice.Kind
FAILED = frozenset({Job.State.FAILED, Job.State.DEAD})
SOON = timedelta(days=1)
WATCHED = 1  # a single shot drawn again: its creator sits before it


def run_tell(run: Run, state: str) -> None:
    """A run is done or has failed; the starter project that everybody gets is told of by its page."""
    if run.is_sample:
        return
    if state == Run.State.DONE:
        _tell(run, Kind.RUN_DONE, _turn("run", run), {"film": run.wants_film})
    elif state in FAILED:
        _tell(run, Kind.RUN_FAILED, _turn("run", run), {"what": "run"})


def film_tell(job: FilmJob, state: str) -> None:
    """A film made again from its page is done or has failed."""
    if state == Job.State.DONE:
        _tell(job.run, Kind.FILM_READY, _turn("film", job), {}, "#film")
    elif state in FAILED:
        _tell(job.run, Kind.RUN_FAILED, _turn("film", job), {"what": "film"}, "#film")


def frames_tell(job: FrameJob, state: str) -> None:
    """A batch of pictures is there to be looked at, or has failed."""
    path = reverse("portal:batch", args=[job.pk])
    if state in FAILED:
        _tell(job.run, Kind.RUN_FAILED, _turn("frames", job), {"what": "frames"}, path=path)
        return
    made = Frame.objects.filter(job=job, current=True).values_list("checks", flat=True)
    drawn = len(made)
    unsure = sum(1 for checks in made if checks.get("right", 0) < checks.get("attributes", 0))
    if state == Job.State.DONE and len(job.shots) > WATCHED and drawn:
        facts = {"drawn": drawn, "unsure": unsure}
        _tell(job.run, Kind.FRAMES_REVIEW, _turn("frames", job), facts, path=path)


def previews_tell() -> int:
    """Tell of links that still work but not for long; those made for less than a day are not."""
    now = timezone.now()
    rows = PreviewLink.objects.filter(
        revoked_at=None,
        expires_at__gt=now,
        expires_at__lte=now + SOON,
        made_at__lt=now - SOON,
        run__novel__deleted_at=None,
    )
    told = 0
    for link in rows.select_related("run__novel__creator").defer("run__novel__text"):
        told += creator_tell(
            creator=link.run.novel.creator,
            kind=Kind.PREVIEW,
            key=f"preview:{link.pk}",
            path=reverse("portal:run", args=[link.run_id]),
            about=f"novel:{link.run.novel_id}",
            facts={"title": link.run.novel.title},
        )
    return told


def _turn(what: str, job: Run | FilmJob | FrameJob) -> str:
    """One ending of one try: its start tells it from the tries before and after."""
    return (
        f"{what}:{job.pk}:{job.started_at:%Y%m%d%H%M%S%f}" if job.started_at else f"{what}:{job.pk}"
    )


def _tell(
    run: Run, kind: str, key: str, facts: Mapping[str, object], tab: str = "", path: str = ""
) -> None:
    creator_tell(
        creator=run.novel.creator,
        kind=kind,
        key=key,
        path=path or reverse("portal:run", args=[run.pk]) + tab,
        about=f"novel:{run.novel_id}",
        facts={"title": run.novel.title, **facts},
    )

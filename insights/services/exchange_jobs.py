"""Large files in and out as work of their own: wanted, claimed, shown as it goes, ended.

Each works in one transaction, so that one that is stopped or lost leaves nothing half done and
begins anew when it is wanted again. What is small is done while somebody waits.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Job, Study, User
from crm.services import job_rows
from crm.services.job_rows import job_carried_out, job_claim
from insights.exchange.tables import FORMATS
from insights.models import Evidence, ExchangeJob, QdaImport
from insights.selectors import blind_interviews
from insights.services.evidence_tables import evidence_export
from insights.services.qda import (
    codebook_export,
    study_export,
    upload_book,
    upload_discard,
    upload_read,
)
from insights.services.telling import Tell

AT_ONCE_BYTES = 500_000  # of a file that is read within a second
AT_ONCE_READINGS = 1_500  # of a study that goes out within a second
AT_ONCE_INTERVIEWS = 20
KEPT = timedelta(days=1)


def large_studies(studies: Iterable[int]) -> set[int]:
    """Those of the studies whose files take more than a second to make."""
    wanted = list(studies)
    readings = dict(
        Evidence.objects.filter(interview__study__in=wanted)
        .order_by()
        .values_list("interview__study")
        .annotate(n=Count("pk"))
    )
    held = dict(
        Study.objects.filter(pk__in=wanted)
        .order_by()
        .values_list("pk")
        .annotate(n=Count("interviews"))
    )
    return {
        pk
        for pk in wanted
        if readings.get(pk, 0) > AT_ONCE_READINGS or held.get(pk, 0) > AT_ONCE_INTERVIEWS
    }


@transaction.atomic
def export_start(*, study: Study, format: str, wish: dict[str, bool], actor: User) -> ExchangeJob:
    """Want a study as a file; one that is being made already is not made twice."""
    refuse_blind(study, actor)
    if format not in (*FORMATS, "qdpx", "qdc"):
        raise DomainError(_("There is no such format."), "unknown_format")
    ExchangeJob.objects.filter(ended_at__lt=timezone.now() - KEPT).exclude(data=b"").update(
        data=b""
    )
    wanted = {"study": study, "format": format, "wish": wish}
    return _once(ExchangeJob.Task.EXPORT, actor, **wanted)


@transaction.atomic
def upload_start(*, upload: QdaImport, actor: User) -> ExchangeJob:
    """Want a kept file read or, where it waits for a yes, booked."""
    reading = upload.state == QdaImport.State.READING
    task = ExchangeJob.Task.READ if reading else ExchangeJob.Task.BOOK
    return _once(task, actor, upload=upload, name=upload.name)


def _once(task: str, actor: User, **wanted: Any) -> ExchangeJob:
    rows = ExchangeJob.objects.filter(task=task, asked_by=actor, **wanted)
    going = rows.exclude(state__in=ExchangeJob.ENDED).first()
    if going is not None:
        return going
    return ExchangeJob.objects.create(
        task=task, asked_by=actor, language=get_language() or "zh-hans", **wanted
    )


def refuse_blind(study: Study, actor: User) -> None:
    """Raises `DomainError` where the person has yet to read passages of the study blind."""
    if study.interviews.filter(pk__in=blind_interviews(actor.pk)).exists():
        raise DomainError(
            _(
                "You have passages of this study to read blind; its codes can be taken out after "
                "that, or by somebody else."
            ),
            "blind",
        )


def exchange_cancel(*, job: ExchangeJob) -> None:
    """Stop a job; a file that was to be read is forgotten."""
    if job_rows.job_cancel(ExchangeJob, job.pk) == Job.State.CANCELLED:
        _dropped(job)


def exchange_again(*, job: ExchangeJob) -> bool:
    """Begin a job anew that was stopped, refused or given up; not one whose file is forgotten."""
    if job.upload is not None and job.upload.state == QdaImport.State.DISCARDED:
        raise DomainError(_("This file was discarded; upload it again."), "discarded")
    states = (Job.State.CANCELLED, Job.State.FAILED, Job.State.DEAD)
    return job_rows.job_revive(ExchangeJob, job.pk, states)


@transaction.atomic
def exchange_take(*, job: ExchangeJob, actor: User) -> bytes:
    """The file that was made, for who asked for it. Raises `DomainError` where it is forgotten."""
    if job.study is None or job.asked_by_id != actor.pk:
        raise DomainError(_("Only who asked for this file can fetch it."), "not_yours")
    refuse_blind(job.study, actor)
    if not job.data or job.ended_at is None or job.ended_at < timezone.now() - KEPT:
        raise DomainError(_("This file is kept no longer; have it made again."), "forgotten")
    told = {"format": job.format, "file": job.name}
    audit.record("study.fetched", job.study, actor=actor, data=told)
    return bytes(job.data)


def exchange_execute(pk: int) -> str:
    """Do a job if it waits; returns the state it left it in. May be called twice."""
    job = job_claim(ExchangeJob, pk)
    if job is None:
        return "not_waiting"
    with override(job.language):
        state = job_carried_out(job, lambda tell: _TASKS[job.task](job, tell))
    if state in (Job.State.CANCELLED, Job.State.FAILED):
        _dropped(job)
    return state


def _dropped(job: ExchangeJob) -> None:
    """A file that could not be read, or was not wanted after all."""
    if job.task == ExchangeJob.Task.READ and job.upload_id is not None:
        upload_discard(pk=job.upload_id, actor=job.asked_by)


def _read(job: ExchangeJob, tell: Tell) -> dict[str, Any]:
    upload = QdaImport.objects.select_for_update().get(pk=job.upload_id or 0)
    if upload.state == QdaImport.State.READING:
        upload_read(row=upload, tell=tell)
    return {}


def _book(job: ExchangeJob, tell: Tell) -> dict[str, Any]:
    upload_book(pk=job.upload_id or 0, actor=job.asked_by, tell=tell)
    return {}


def _export(job: ExchangeJob, tell: Tell) -> dict[str, Any]:
    study = job.study
    if study is None:
        raise DomainError(_("There is no study yet."), "no_study")
    refuse_blind(study, job.asked_by)
    by: dict[str, Any] = {"study": study, "actor": job.asked_by}
    if job.format == "qdc":
        book = codebook_export(**by)
        return {"name": book.name, "data": book.data}
    if job.format == "qdpx":
        project = study_export(**by, **job.wish, tell=tell)
        return {"name": project.name, "data": project.data}
    table = evidence_export(**by, **job.wish, format=job.format, tell=tell)
    return {"name": table.name, "data": table.data}


_TASKS: dict[str, Callable[[ExchangeJob, Tell], dict[str, Any]]] = {
    ExchangeJob.Task.READ: _read,
    ExchangeJob.Task.BOOK: _book,
    ExchangeJob.Task.EXPORT: _export,
}

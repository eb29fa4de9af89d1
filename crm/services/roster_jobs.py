"""Long lists of creators booked, or taken back, by a worker: wanted, claimed, shown as it goes, ended.

A list that can be done while somebody waits is done at once. Each job works in one transaction, so
that one that is stopped or loses its worker leaves nothing half done and can begin again.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import CreatorImport, CreatorImportJob, Job, User
from crm.services import drafts
from crm.services.creator_imports import creators_import, creators_import_undo
from crm.services.job_rows import Tell, job_cancel, job_carried_out, job_claim, job_revive
from crm.services.roster_drafts import RosterDraft

AT_ONCE = 500  # rows that are done within a second

Task = CreatorImportJob.Task


@transaction.atomic
def roster_book_start(
    *, draft: RosterDraft, tier: str, expected: str, actor: User
) -> CreatorImportJob:
    """Want a list booked as its preview showed it; one that is being booked is not booked twice."""
    rows = CreatorImportJob.objects.filter(task=Task.BOOK, path=draft.path)
    going = rows.exclude(state__in=Job.ENDED).first()
    if going is not None:
        return going
    job = CreatorImportJob.objects.create(
        task=Task.BOOK, path=draft.path, name=draft.name, columns=dict(draft.columns), tier=tier,
        expected=expected, asked_by=actor, language=get_language() or "zh-hans",
    )  # fmt: skip
    audit.record("creators.import_wanted", job, actor=actor, data={"file": draft.name})
    return job


@transaction.atomic
def roster_undo_start(*, source: CreatorImport, actor: User) -> CreatorImportJob:
    """Want a list taken back; one that is being taken back is not wanted twice."""
    locked = CreatorImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    rows = CreatorImportJob.objects.filter(task=Task.UNDO, source=locked)
    going = rows.exclude(state__in=Job.ENDED).first()
    if going is not None:
        return going
    job = CreatorImportJob.objects.create(
        task=Task.UNDO, source=locked, name=locked.name, asked_by=actor,
        language=get_language() or "zh-hans",
    )  # fmt: skip
    audit.record("creators.import_undo_wanted", job, actor=actor, data={"file": locked.name})
    return job


def roster_job_cancel(*, job: CreatorImportJob) -> bool:
    """Stop it; False where it had ended already. Nothing of it is kept."""
    return bool(job_cancel(CreatorImportJob, job.pk))


def roster_job_again(*, job: CreatorImportJob) -> bool:
    """Begin anew one that was stopped, refused or given up."""
    states = (Job.State.CANCELLED, Job.State.FAILED, Job.State.DEAD)
    return job_revive(CreatorImportJob, job.pk, states)


def roster_job_execute(pk: int) -> str:
    """Do a job if it waits; returns the state it left it in. May be called twice."""
    job = job_claim(CreatorImportJob, pk)
    if job is None:
        return "not_waiting"
    with override(job.language):
        state = job_carried_out(job, lambda tell: {"source": _TASKS[job.task](job, tell)})
    if state == Job.State.DONE and job.path:
        drafts.drop(job.path)
    return state


def draft_of(job: CreatorImportJob) -> RosterDraft | None:
    """The list that a job is to book, while it is kept."""
    if not drafts.kept(job.path):
        return None
    return RosterDraft(job.path, job.name, job.columns, job.asked_by_id)


def _book(job: CreatorImportJob, tell: Tell) -> CreatorImport:
    draft = draft_of(job)
    if draft is None:
        raise DomainError(_("Upload the list again."), "no_draft")
    return creators_import(
        data=draft.read(), name=draft.name, columns=draft.columns, tier=job.tier,
        expected=job.expected, actor=job.asked_by, tell=tell,
    )  # fmt: skip


def _undo(job: CreatorImportJob, tell: Tell) -> CreatorImport:
    source = CreatorImport.objects.get(pk=job.source_id or 0)
    return creators_import_undo(source=source, actor=job.asked_by, tell=tell)


_TASKS: dict[str, Callable[[CreatorImportJob, Tell], CreatorImport]] = {
    Task.BOOK: _book,
    Task.UNDO: _undo,
}

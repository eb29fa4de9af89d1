"""Recordings of interviews: looked into before they are kept, and gone when consent is."""

import hashlib
import uuid
from datetime import timedelta
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import (
    Consent,
    Interview,
    Job,
    Recording,
    Redaction,
    Transcription,
    TranscriptionPart,
    User,
)
from engines.models import PaidCall
from engines.transcription.sound import Sound, SoundError, probe

FOLDER = "recordings"
ARRIVES_WITHIN = timedelta(hours=6)


def recording_add(
    *, interview: Interview, upload: File, name: str, actor: User | None
) -> Recording:
    """Keep a recording: checked by its content, streamed to storage, hashed on the way.

    Not inside a transaction. Raises `DomainError`; then nothing is kept. The row comes first and is
    marked once the file is whole, so that what a crash leaves can be found and removed.
    """
    if upload.size > settings.RECORDING_MAX_BYTES:
        most = settings.RECORDING_MAX_BYTES // 1_000_000
        raise DomainError(_("A recording has at most %(n)s MB.") % {"n": f"{most:,}"}, "too_large")
    sound = _looked_into(upload)
    digest = _digest(upload)
    row = _announced(interview, sound, name, upload.size, digest, actor)
    try:
        upload.seek(0)
        kept = default_storage.save(row.path, upload)
    except OSError as error:
        row.delete()
        raise DomainError(
            _("The recording could not be stored; try again."), "not_stored"
        ) from error
    with transaction.atomic():
        # Storage may have chosen another name; a withdrawal meanwhile took the row's path away.
        if not Recording.objects.filter(pk=row.pk, removed_at__isnull=True).update(
            path=kept, kept_at=timezone.now()
        ):
            default_storage.delete(kept)
            raise DomainError(_("Consent to use this interview was withdrawn."), "withdrawn")
        audit.record(
            "recording.added", row, actor=actor,
            data={"interview": interview.pk, "bytes": upload.size, "sha256": digest},
        )  # fmt: skip
    row.refresh_from_db()
    return row


def _looked_into(upload: File) -> Sound:
    try:
        return probe(cast("BinaryIO", upload))  # it reads and seeks
    except SoundError as error:
        told = {
            "not_sound": _(
                "This is no recording that browsers play. Save it as mp3, m4a, wav, ogg, flac, "
                "mp4 or webm."
            ),
            "no_sound": _("There is no sound in this file."),
        }.get(error.code, _("The recording is damaged and cannot be read; export it again."))
        raise DomainError(told, error.code) from error


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@transaction.atomic
def _announced(
    interview: Interview, sound: Sound, name: str, size: int, digest: str, actor: User | None
) -> Recording:
    held = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if not held.usable:
        raise DomainError(_("Consent to use this interview was withdrawn."), "withdrawn")
    if held.recordings.filter(sha256=digest, removed_at__isnull=True).exists():
        raise DomainError(_("This recording is here already."), "duplicate")
    return Recording.objects.create(
        interview=held,
        path=f"{FOLDER}/{held.pk}/{uuid.uuid4().hex}.{sound.container.suffix}",
        name=name[:255],
        kind=Recording.Kind.VIDEO if sound.video else Recording.Kind.AUDIO,
        content_type=sound.content_type,
        size=size,
        sha256=digest,
        duration_ms=sound.duration_ms,
        uploaded_by=actor,
    )


@transaction.atomic
def recording_remove(*, recording: Recording, actor: User | None) -> None:
    """Take a recording away for good; what was transcribed and accepted from it stays."""
    held = Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    if held.removed_at is not None:
        return
    _forget(Recording.objects.filter(pk=held.pk))
    audit.record("recording.removed", held, actor=actor, data={"sha256": held.sha256})


def reach(redaction: Redaction, interviews: QuerySet[Interview]) -> dict[str, int]:
    """With the record withdrawn: the files go, and what engines heard in them."""
    if Consent.Purpose.RECORD not in redaction.purposes:
        return {}
    gone = Recording.objects.filter(
        interview__in=interviews.filter(usable=False), removed_at__isnull=True
    )
    return _forget(gone)


def _forget(recordings: QuerySet[Recording]) -> dict[str, int]:
    """Delete files and drafts. A file goes before its row says so: a fault on the way repeats it."""
    rows = list(recordings)
    ids = [row.pk for row in rows]
    jobs = Transcription.objects.filter(recording__in=ids)
    jobs.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING)).update(
        state=Job.State.CANCELLED, ended_at=timezone.now()
    )
    parts = TranscriptionPart.objects.filter(transcription__in=jobs)
    calls = parts.exclude(call_key="").values_list("call_key", flat=True)
    PaidCall.objects.filter(key__in=list(calls)).update(answer=None)
    heard = parts.values("transcription").distinct().count()
    parts.delete()
    jobs.update(prompt="")
    for row in rows:
        if row.path:
            default_storage.delete(row.path)
    Recording.objects.filter(pk__in=ids).update(path="", name="", removed_at=timezone.now())
    return {"recordings": len(rows), "transcriptions": heard}


def recordings_sweep() -> int:
    """Remove what an upload left that never ended; returns how many."""
    lost = Recording.objects.filter(
        kept_at__isnull=True, removed_at__isnull=True,
        created_at__lt=timezone.now() - ARRIVES_WITHIN,
    )  # fmt: skip
    rows = list(lost)
    for row in rows:
        default_storage.delete(row.path)
        row.delete()
    return len(rows)

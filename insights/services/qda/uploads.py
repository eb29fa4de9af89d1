"""A file waits in a row until somebody has seen what it would bring and says yes, once."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Study, Tier, User
from insights.models import QdaImport
from insights.services.qda.booking import project_book, qda_outline, qda_read
from insights.services.telling import Tell, unheard

FORGOTTEN_AFTER = timedelta(days=1)
HELD = (QdaImport.State.READING, QdaImport.State.WAITING)


@transaction.atomic
def upload_keep(
    *,
    data: bytes,
    name: str,
    tier: str = Tier.ENTRY,
    study: Study | None = None,
    actor: User | None,
    unread: bool = False,
) -> QdaImport:
    """Read a file and keep it with what it would bring in. Raises `DomainError` for a bad one.

    The same bytes that the same person has waiting are the same row; what nobody said yes to
    within a day loses its bytes. `unread` keeps it to be read later (`upload_read`).
    """
    now = timezone.now()
    held = QdaImport.objects.filter(state__in=HELD)
    held.filter(at__lt=now - FORGOTTEN_AFTER).update(state=QdaImport.State.DISCARDED, data=b"")
    digest = hashlib.sha256(data).hexdigest()
    again = held.filter(sha256=digest, by=actor, study=study, tier=tier).first()
    if again is not None:
        return again
    row = QdaImport(
        name=name[:255], sha256=digest, data=data, study=study, tier=tier, by=actor,
        state=QdaImport.State.READING,
    )  # fmt: skip
    if not unread:
        _seen(row)
    row.save()
    return row


def upload_read(*, row: QdaImport, tell: Tell = unheard) -> None:
    """Read a file that was kept unread. Raises `DomainError` for a bad one."""
    tell(0, 1)
    _seen(row)
    row.save(update_fields=["state", "origin", "preview"])


def _seen(row: QdaImport) -> None:
    project = qda_read(bytes(row.data), row.name)
    outline = qda_outline(project).as_json()
    outline["texts"] = [
        {"name": source.name, "characters": len(source.text), "passages": len(source.selections)}
        for source in project.sources[:50]
    ]
    outline["coders"] = [user.name for user in project.users[:50]]
    row.origin, row.preview = project.origin[:120], outline
    row.state = QdaImport.State.WAITING


@transaction.atomic
def upload_book(*, pk: int, actor: User | None, tell: Tell = unheard) -> QdaImport:
    """Bring in what a waiting row holds. A second yes finds it done and changes nothing."""
    row = QdaImport.objects.select_for_update().get(pk=pk)
    if row.state == QdaImport.State.BOOKED:
        return row
    if row.state != QdaImport.State.WAITING:
        raise DomainError(_("This file was discarded; upload it again."), "discarded")
    project = qda_read(bytes(row.data), row.name)
    row.state, row.booked_at, row.data = QdaImport.State.BOOKED, timezone.now(), b""
    row.save(update_fields=["state", "booked_at", "data"])
    project_book(project=project, row=row, tier=row.tier, study=row.study, actor=actor, tell=tell)
    return row


@transaction.atomic
def upload_discard(*, pk: int, actor: User | None) -> None:
    """Forget a waiting file; what is imported stays."""
    rows = QdaImport.objects.filter(pk=pk, state__in=HELD)
    for row in rows.select_for_update():
        row.state, row.data = QdaImport.State.DISCARDED, b""
        row.save(update_fields=["state", "data"])
        audit.record("exchange.discarded", row, actor=actor, data={"file": row.name})

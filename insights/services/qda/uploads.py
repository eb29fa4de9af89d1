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

FORGOTTEN_AFTER = timedelta(days=1)


@transaction.atomic
def upload_keep(
    *,
    data: bytes,
    name: str,
    tier: str = Tier.ENTRY,
    study: Study | None = None,
    actor: User | None,
) -> QdaImport:
    """Read a file and keep it with what it would bring in. Raises `DomainError` for a bad one.

    The same bytes that the same person has waiting are the same row; what nobody said yes to
    within a day loses its bytes.
    """
    now = timezone.now()
    waiting = QdaImport.objects.filter(state=QdaImport.State.WAITING)
    waiting.filter(at__lt=now - FORGOTTEN_AFTER).update(state=QdaImport.State.DISCARDED, data=b"")
    digest = hashlib.sha256(data).hexdigest()
    again = waiting.filter(sha256=digest, by=actor, study=study, tier=tier).first()
    if again is not None:
        return again
    project = qda_read(data, name)
    outline = qda_outline(project).as_json()
    outline["texts"] = [
        {"name": source.name, "characters": len(source.text), "passages": len(source.selections)}
        for source in project.sources[:50]
    ]
    outline["coders"] = [user.name for user in project.users[:50]]
    return QdaImport.objects.create(
        name=name[:255], sha256=digest, origin=project.origin[:120], data=data, study=study,
        tier=tier, preview=outline, by=actor,
    )  # fmt: skip


@transaction.atomic
def upload_book(*, pk: int, actor: User | None) -> QdaImport:
    """Bring in what a waiting row holds. A second yes finds it done and changes nothing."""
    row = QdaImport.objects.select_for_update().get(pk=pk)
    if row.state == QdaImport.State.BOOKED:
        return row
    if row.state != QdaImport.State.WAITING:
        raise DomainError(_("This file was discarded; upload it again."), "discarded")
    project = qda_read(bytes(row.data), row.name)
    row.state, row.booked_at, row.data = QdaImport.State.BOOKED, timezone.now(), b""
    row.save(update_fields=["state", "booked_at", "data"])
    project_book(project=project, row=row, tier=row.tier, study=row.study, actor=actor)
    return row


@transaction.atomic
def upload_discard(*, pk: int, actor: User | None) -> None:
    """Forget a waiting file; what is imported stays."""
    rows = QdaImport.objects.filter(pk=pk, state=QdaImport.State.WAITING)
    for row in rows.select_for_update():
        row.state, row.data = QdaImport.State.DISCARDED, b""
        row.save(update_fields=["state", "data"])
        audit.record("exchange.discarded", row, actor=actor, data={"file": row.name})

"""Preview links: made by the creator, ended by time, by the creator, or with the novel."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from crm.services.keys_in_links import link_key, link_token
from generation.models import PreviewLink, Run

SALT = "generation.preview"
LONGEST_DAYS = 90
MOST_OPEN = 20


@transaction.atomic
def preview_make(*, run: Run, note: str, days: int, actor: User | None = None) -> PreviewLink:
    """A link to a run that has something to show. Raises `DomainError`."""
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(
            _("A link lives between 1 and %(n)s days.") % {"n": LONGEST_DAYS}, "bad_days"
        )
    if not run.usage:
        raise DomainError(_("There is nothing to show yet."), "empty")
    now = timezone.now()
    working = PreviewLink.objects.filter(run=run, revoked_at=None, expires_at__gt=now)
    if working.count() >= MOST_OPEN:
        raise DomainError(
            _("%(n)s links of this run still work; end one first.") % {"n": MOST_OPEN}, "too_many"
        )
    row = PreviewLink.objects.create(
        run=run, note=" ".join(note.split())[:120], expires_at=now + timedelta(days=days)
    )
    audit.record("preview.made", row, actor=actor, data={"days": days})
    return row


@transaction.atomic
def preview_revoke(*, link: PreviewLink, actor: User | None = None) -> bool:
    """End a link; returns whether it still worked."""
    ended = PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if ended:
        audit.record("preview.revoked", link, actor=actor)
    return bool(ended)


def preview_token(link: PreviewLink) -> str:
    return link_token(link.pk, salt=SALT)


def preview_of(token: str) -> PreviewLink | None:
    """The link behind a token, if it still works and the novel is not deleted."""
    key = link_key(token, salt=SALT)
    if key is None:
        return None
    row = (
        PreviewLink.objects.select_related("run__novel", "run__film")
        .defer("run__novel__text")
        .filter(pk=key, run__novel__deleted_at=None)
        .first()
    )
    return row if row is not None and row.works else None


def preview_opened(link: PreviewLink) -> None:
    PreviewLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)

"""Links to a page of statistics for people without a login: signed, limited in time, revocable."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from crm.services.keys_in_links import link_key, link_token
from insights.models import Share, ShareOpening
from insights.services.publishing import refuse_unread

SALT = "insights.share"
LONGEST_DAYS = 90


@transaction.atomic
def share_create(
    *,
    page: str,
    params: Mapping[str, str],
    pains: Collection[int],
    note: str,
    days: int,
    actor: User,
) -> Share:
    """A link to `page`, which makes claims on `pains`, for `days` days.

    Raises `UnreadError` while counter-evidence on one of them is unread.
    """
    note = " ".join(note.split())
    if not note or len(note) > 200:
        raise DomainError(_("Say for whom the link is, in at most 200 characters."), "no_note")
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(
            _("A link lives between 1 and %(n)s days.") % {"n": LONGEST_DAYS}, "bad_days"
        )
    refuse_unread(pains)
    share = Share.objects.create(
        page=page,
        params=dict(params),
        note=note,
        created_by=actor,
        expires_at=timezone.now() + timedelta(days=days),
    )
    data = {"page": page, "params": dict(params), "note": note, "days": days}
    audit.record("share.created", share, actor=actor, data=data)
    return share


def share_token(share: Share) -> str:
    """What stands in the link: the share's key, signed, so that no other can be guessed."""
    return link_token(share.pk, salt=SALT)


def share_of(token: str) -> Share | None:
    """The share of a link; None where the signature is not ours."""
    key = link_key(token, salt=SALT)
    return None if key is None else Share.objects.filter(pk=key).first()


@transaction.atomic
def share_revoke(*, share_id: int, actor: User) -> Share:
    share = Share.objects.select_for_update().get(pk=share_id)
    if share.revoked_at is None:
        share.revoked_at, share.revoked_by = timezone.now(), actor
        share.save(update_fields=["revoked_at", "revoked_by"])
        audit.record("share.revoked", share, actor=actor)
    return share


def share_opened(share: Share, pains: Collection[int]) -> str:
    """Log that the link was opened, and say what it may answer: one of `ShareOpening.Outcome`."""
    if share.revoked_at is not None:
        outcome = ShareOpening.Outcome.REVOKED
    elif not share.live:
        outcome = ShareOpening.Outcome.EXPIRED
    else:
        outcome = ShareOpening.Outcome.SHOWN
        try:
            refuse_unread(pains)
        except DomainError:
            outcome = ShareOpening.Outcome.BLOCKED
    ShareOpening.objects.create(share=share, outcome=outcome)
    return outcome

"""How a person becomes a creator with a login: by a personal link, or openly where that is allowed."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, LoginInvitation, Tier, User
from crm.services.keys_in_links import link_key, link_token
from crm.services.tiers import creator_set_tier

SALT = "crm.join"
LONGEST_DAYS = 90


def is_open() -> bool:
    """Whether anybody may sign up without an invitation (setting PORTAL_SIGNUP)."""
    return bool(settings.PORTAL_SIGNUP == "open")


@transaction.atomic
def invitation_make(
    *, creator: Creator | None, note: str, days: int, actor: User
) -> LoginInvitation:
    """A personal link. Raises `DomainError` where the creator has a login or the time is absurd."""
    if creator is not None and creator.user_id is not None:
        raise DomainError(_("%(name)s has a login already.") % {"name": creator.name}, "has_login")
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(
            _("A link lives between 1 and %(n)s days.") % {"n": LONGEST_DAYS}, "bad_days"
        )
    row = LoginInvitation.objects.create(
        creator=creator,
        note=" ".join(note.split())[:200],
        made_by=actor,
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit.record("invitation.made", row, actor=actor, data={"days": days})
    return row


@transaction.atomic
def invitation_revoke(*, invitation: LoginInvitation, actor: User) -> bool:
    """Make the link worthless; returns whether it still worked."""
    changed = LoginInvitation.objects.filter(
        pk=invitation.pk, used_at=None, revoked_at=None
    ).update(revoked_at=timezone.now())
    if changed:
        audit.record("invitation.revoked", invitation, actor=actor)
    return bool(changed)


def invitation_token(invitation: LoginInvitation) -> str:
    return link_token(invitation.pk, salt=SALT)


def invitation_of(token: str) -> LoginInvitation | None:
    """The invitation behind a link, if it still works."""
    key = link_key(token, salt=SALT)
    if key is None:
        return None
    row = LoginInvitation.objects.select_related("creator").filter(pk=key).first()
    return row if row is not None and row.is_open else None


@transaction.atomic
def creator_join(*, user: User, name: str, token: str = "") -> Creator:
    """Give a new login its creator: the invited one, or a new record in the entry tier.

    Raises `DomainError` where neither an open door nor a working link lets the person in; the
    caller's transaction then takes the login back.
    """
    invitation = invitation_of(token) if token else None
    if invitation is None and not is_open():
        raise DomainError(_("This invitation no longer works. Ask for a new one."), "closed")
    if invitation is not None:
        _claim(invitation, user)
    known = invitation.creator if invitation is not None else None
    creator = _known(known, user) if known is not None else _new(name, user)
    audit.record(
        "creator.joined",
        creator,
        actor=user,
        data={"invitation": invitation.pk if invitation else None, "new": known is None},
    )
    return creator


def _claim(invitation: LoginInvitation, user: User) -> None:
    now = timezone.now()
    taken = LoginInvitation.objects.filter(
        pk=invitation.pk, used_at=None, revoked_at=None, expires_at__gt=now
    ).update(used_at=now, used_by=user)
    if not taken:
        raise DomainError(_("This invitation no longer works. Ask for a new one."), "closed")


def _known(creator: Creator, user: User) -> Creator:
    """Their record stays the team's; only the login is new."""
    if not Creator.objects.filter(pk=creator.pk, user=None).update(user=user):
        raise DomainError(_("%(name)s has a login already.") % {"name": creator.name}, "has_login")
    creator.refresh_from_db()
    return creator


def _new(name: str, user: User) -> Creator:
    creator = Creator.objects.create(
        name=name,
        tier=Tier.ENTRY,
        language=get_language() or settings.LANGUAGE_CODE,
        contact=user.email,
        user=user,
    )
    creator_set_tier(creator=creator, tier=Tier.ENTRY, reason="sign-up", actor=user)
    return creator

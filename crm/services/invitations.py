"""Creators asked to take part in a study: a personal link, signed, limited in time, revocable."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import (
    Consent,
    Creator,
    CreatorNotice,
    Study,
    StudyInvitation,
    StudyMail,
    User,
)
from crm.services.appointments import study_lock
from crm.services.creator_notices import creator_tell
from crm.services.keys_in_links import link_key, link_token

SALT = "crm.study-invitation"
LONGEST_DAYS = 90
USUAL_DAYS = 21


@transaction.atomic
def creators_invite(
    *, study: Study, creators: Collection[Creator], days: int = USUAL_DAYS, actor: User
) -> list[StudyInvitation]:
    """Invite creators; each gets a link of their own and, where an address is known, an e-mail.

    Who has a link that still works is left as they are. Raises `DomainError` where somebody does
    not want to be contacted; then nobody is invited.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(
            _("A link lives between 1 and %(n)s days.") % {"n": LONGEST_DAYS}, "bad_days"
        )
    study_lock(study.pk)
    people = list(
        Creator.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in creators])
        .order_by("pk")
    )
    unwilling = [one.name for one in people if not may_contact(one)]
    if unwilling:
        raise DomainError(
            _("%(names)s: does not want to be contacted again. Leave them out.")
            % {"names": ", ".join(unwilling)},
            "no_contact",
        )
    until = timezone.now() + timedelta(days=days)
    made = []
    for one in people:
        known = StudyInvitation.objects.filter(study=study, creator=one, revoked_at=None).first()
        if known is not None and known.expires_at > timezone.now() and not known.declined_at:
            continue
        if known is not None:
            StudyInvitation.objects.filter(pk=known.pk).update(revoked_at=timezone.now())
        invitation = StudyInvitation.objects.create(
            study=study, creator=one, tier=one.tier, expires_at=until, by=actor
        )
        StudyMail.objects.create(kind="invitation", to="creator", invitation=invitation)
        creator_tell(
            creator=one,
            kind=CreatorNotice.Kind.SLOT,
            key=f"invitation:{invitation.pk}",
            path=reverse("portal:invitation", args=[invitation.pk]),
            facts={"what": "invitation", "study": [study.title_zh, study.title_en]},
            mailed=True,
        )
        audit.record("study.invited", invitation, actor=actor, data={"study": study.key})
        made.append(invitation)
    return made


def may_contact(creator: Creator) -> bool:
    """Whether the last word on being contacted is not a withdrawal."""
    rows = Consent.objects.filter(creator=creator, purpose=Consent.Purpose.CONTACT)
    return rows.order_by("-at", "-pk").values_list("given", flat=True).first() is not False


def invitation_token(invitation: StudyInvitation) -> str:
    """What stands in the link: the invitation's key, signed, so that no other can be guessed."""
    return link_token(invitation.pk, salt=SALT)


def invitation_of(token: str) -> StudyInvitation | None:
    """The invitation behind a link that still works."""
    pk = link_key(token, salt=SALT)
    if pk is None:
        return None
    found = StudyInvitation.objects.live().select_related("study", "creator").filter(pk=pk).first()
    if found is not None and found.opened_at is None:
        StudyInvitation.objects.filter(pk=pk, opened_at=None).update(opened_at=timezone.now())
    return found


@transaction.atomic
def invitation_decline(*, invitation: StudyInvitation, actor: User | None = None) -> None:
    """The creator would rather not; what they had booked has to be cancelled first."""
    if invitation.appointments.filter(state="booked").exists():
        raise DomainError(_("Cancel the appointment first."), "booked")
    done = StudyInvitation.objects.filter(pk=invitation.pk, declined_at=None)
    if done.update(declined_at=timezone.now()):
        audit.record("study.declined", invitation, actor=actor)


@transaction.atomic
def invitation_revoke(*, invitation: StudyInvitation, actor: User) -> None:
    """The link stops working at once; what was booked by it stays."""
    done = StudyInvitation.objects.filter(pk=invitation.pk, revoked_at=None)
    if done.update(revoked_at=timezone.now()):
        StudyMail.objects.filter(invitation=invitation, state="queued").update(
            state="cancelled", ended_at=timezone.now()
        )
        audit.record("study.invitation_revoked", invitation, actor=actor)

"""A creator leaves for good: what is theirs goes, what the law keeps stays without a login and is named.

Every room says what it removes (`ENDS`). Crm itself takes the consents back, which reaches all that
was said, then takes the name, the contact and the login from the record. All in one transaction.
"""

from collections.abc import Callable
from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import audit
from crm.exceptions import DomainError
from crm.models import (
    Creator,
    CreatorNotice,
    DataExport,
    Leaving,
    NoticeChoice,
    NoticeHook,
    PayerName,
    User,
)
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.job_rows import job_claim, job_end
from crm.services.own_data import other_services
from crm.services.redactions import redaction_execute

End = Callable[[Creator], dict[str, int]]
ENDS: list[End] = []
# What stays, and why: shown before the creator decides and on the receipt.
STAYS = (
    ("payments", gettext_lazy("Payments, refunds and receipts: accounting law keeps them for years.")),
    ("consents", gettext_lazy("What you agreed to and took back: the proof that we obey it.")),
    ("audit", gettext_lazy("The audit trail: what was done and when, without words of yours.")),
    ("numbers", gettext_lazy(
        "Numbers without a name: tier, ratings, tools, minutes. Nobody can tell that they are yours."
    )),
)  # fmt: skip
GONE = "—"


@transaction.atomic
def leaving_ask(*, creator: Creator, typed: str, actor: User) -> Leaving:
    """Begin the deletion: from the commit on the login is closed. Raises `DomainError`.

    `typed`: the pen name as the creator typed it, so that nobody leaves by a slip.
    """
    if typed.strip() != creator.name:
        raise DomainError(_("Type your pen name exactly as it stands above."), "not_confirmed")
    row, new = Leaving.objects.get_or_create(creator=creator)
    if new:
        audit.record("creator.leaving", creator, actor=actor)
        _close(creator)
    return row


def _close(creator: Creator) -> None:
    """No login, no session, no key from now on; the record itself is emptied by the job."""
    user = creator.user
    if user is None:
        return
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    for model in _doors():
        model._default_manager.filter(user=user).delete()
    user.username, user.email = f"gone-{user.pk}", ""
    user.first_name = user.last_name = ""
    user.is_active = False
    user.set_unusable_password()
    user.save()


def _doors() -> list[type[Model]]:
    """All that lets a login in, or tells where it was."""
    token = apps.get_model("authtoken.Token")
    return [UserSession, Authenticator, EmailAddress, token, *other_services()]


def leaving_execute(leaving_id: int) -> str:
    """Remove what goes, if the job waits; returns the state it left it in. May be called twice."""
    row = job_claim(Leaving, leaving_id)
    if row is None:
        return "not_waiting"
    with transaction.atomic():
        creator = Creator.objects.select_for_update().get(pk=row.creator_id)
        removed = _words(creator)
        for end in ENDS:
            removed |= end(creator)
        removed |= _record(creator)
        receipt = {"removed": removed, "stays": [key for key, _why in STAYS]}
        if not job_end(row, Leaving.State.DONE, receipt=receipt):
            transaction.set_rollback(True)
            return "lost"
        audit.record("creator.left", creator, data=removed)
    return Leaving.State.DONE


def _words(creator: Creator) -> dict[str, int]:
    """Everything that was said, through the one way that knows every copy of it."""
    purposes = {purpose for wish in WITHDRAWALS.values() for purpose in wish}
    redaction = consent_withdraw(creator=creator, purposes=sorted(purposes), channel="portal")
    redaction_execute(redaction.pk)
    redaction.refresh_from_db()
    return {name: int(rows) for name, rows in redaction.receipt.items() if rows}


def _record(creator: Creator) -> dict[str, int]:
    removed = {"payer_names": PayerName.objects.filter(creator=creator).delete()[0]}
    for told in (CreatorNotice, NoticeChoice, NoticeHook):
        told._default_manager.filter(creator=creator).delete()
    exports = DataExport.objects.filter(creator=creator)
    for export in exports.exclude(file=""):
        transaction.on_commit(partial(default_storage.delete, str(export.file.name)))
    removed["copies"] = exports.delete()[0]
    creator.name = f"{GONE} {creator.pk}"
    creator.handle = creator.city = creator.contact = creator.note = ""
    creator.followers = creator.income_minor = None
    creator.status = Creator.Status.LEFT
    creator.save()
    return removed

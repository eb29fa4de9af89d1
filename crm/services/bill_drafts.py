"""Bills between upload and booking: kept for a day under a name nobody can guess, then gone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import User
from crm.services import drafts

FOLDER = "bill-drafts"
_SALT = "crm.bill-draft"


@dataclass(frozen=True)
class BillDraft:
    """An uploaded bill with how it is to be read; `token` is its signed name in addresses."""

    path: str
    name: str
    format: str
    columns: Mapping[str, str]
    currency: str
    user: int

    @property
    def token(self) -> str:
        said = (self.path, self.name, self.format, dict(self.columns), self.currency, self.user)
        return drafts.token_of(_SALT, said)

    def read(self) -> bytes:
        return drafts.read(self.path)

    def mapped(self, columns: Mapping[str, str], currency: str) -> "BillDraft":
        return replace(self, format="csv", columns=columns, currency=currency)


def draft_keep(*, data: bytes, name: str, format: str, actor: User) -> BillDraft:
    """Put an upload aside; what others left behind for over a day is removed on the way."""
    return BillDraft(drafts.put_aside(FOLDER, data), name[:255], format, {}, "", actor.pk)


def draft_of(token: str, actor: User) -> BillDraft:
    """The draft behind a token. Raises `DomainError` where it is not this user's or is gone."""
    gone = _("Upload the bill again.")
    facts = drafts.opened(_SALT, token, gone=gone)
    if len(facts) != 6 or facts[5] != actor.pk:
        raise DomainError(gone, code="no_draft")
    return BillDraft(*facts)


def draft_drop(draft: BillDraft) -> None:
    drafts.drop(draft.path)

"""Lists of creators between upload and booking: kept for a day under a name nobody can guess."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import User
from crm.services import drafts

FOLDER = "roster-drafts"
_SALT = "crm.roster-draft"


@dataclass(frozen=True)
class RosterDraft:
    """An uploaded list with what its columns are; `token` is its signed name in addresses."""

    path: str
    name: str
    columns: Mapping[str, str]
    user: int

    @property
    def token(self) -> str:
        return drafts.token_of(_SALT, (self.path, self.name, dict(self.columns), self.user))

    def read(self) -> bytes:
        return drafts.read(self.path)

    def mapped(self, columns: Mapping[str, str]) -> "RosterDraft":
        return replace(self, columns=columns)


def roster_keep(*, data: bytes, name: str, columns: Mapping[str, str], actor: User) -> RosterDraft:
    """Put a list aside until somebody has looked at what it would become."""
    return RosterDraft(drafts.put_aside(FOLDER, data), name[:255], columns, actor.pk)


def roster_of(token: str, actor: User) -> RosterDraft:
    """The list behind a token. Raises `DomainError` where it is not this user's or is gone."""
    gone = _("Upload the list again.")
    facts = drafts.opened(_SALT, token, gone=gone)
    if len(facts) != 4 or facts[3] != actor.pk:
        raise DomainError(gone, code="no_draft")
    return RosterDraft(*facts)


def roster_drop(draft: RosterDraft) -> None:
    drafts.drop(draft.path)

"""Bills between upload and booking: kept for a day under a name nobody can guess, then gone."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import User

FOLDER = "bill-drafts"
_SALT = "crm.bill-draft"
_DAY = timedelta(days=1)


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
        return signing.dumps(said, salt=_SALT, compress=True)

    def read(self) -> bytes:
        with default_storage.open(self.path, "rb") as file:
            return bytes(file.read())

    def mapped(self, columns: Mapping[str, str], currency: str) -> "BillDraft":
        return replace(self, format="csv", columns=columns, currency=currency)


def draft_keep(*, data: bytes, name: str, format: str, actor: User) -> BillDraft:
    """Put an upload aside; what others left behind for over a day is removed on the way."""
    _sweep()
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(data))
    return BillDraft(path, name[:255], format, {}, "", actor.pk)


def draft_of(token: str, actor: User) -> BillDraft:
    """The draft behind a token. Raises `DomainError` where it is not this user's or is gone."""
    try:
        draft = BillDraft(*signing.loads(token, salt=_SALT, max_age=_DAY))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise DomainError(_("Upload the file again."), code="no_draft") from error
    if draft.user != actor.pk or not default_storage.exists(draft.path):
        raise DomainError(_("Upload the file again."), code="no_draft")
    return draft


def draft_drop(draft: BillDraft) -> None:
    default_storage.delete(draft.path)


def _sweep() -> None:
    if not default_storage.exists(FOLDER):
        return
    _folders, names = default_storage.listdir(FOLDER)
    for name in names:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < timezone.now() - _DAY:
            default_storage.delete(path)

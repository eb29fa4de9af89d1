"""Which tables are about a creator, and what of them they may take along, table by table.

A table that points to `Creator` is copied whole, field by field, unless it is listed here with the
reason; the same lists say what a deletion removes and what stays. A test walks every foreign key,
so that a new table cannot be forgotten.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile

from crm.models import Creator, User

# The team's own reading, or numbers derived from rows that are copied.
NOT_COPIED = {
    "crm.PayerMatch": "how the team told whose payment it is",
    "crm.PayingSpell": "summed from the payments",
    "crm.PayerBalance": "summed from the payments",
    "crm.SpellDue": "a note of a trigger",
    "crm.DataExport": "the copies themselves",
    "crm.Leaving": "there is no portal any more to ask for a copy in",
    "crm.LoginInvitation": "a link that has been used",
    "crm.CreatorImportRow": "how the record came here; the record itself is copied",
    "crm.CreatorMerge": "how the team keeps records together",
    "crm.CreatorsDiffer": "how the team keeps records apart",
    "crm.TierRefusal": "how the team decided on the tier",
    "insights.Evidence": "how the team codes what was said; the words are in the interviews",
    "crm.NoticeHook": "its secret is shown on the page of notices",
    "generation.Novel": "copied whole, with its runs",
}
# Fields that are the team's, or of no use outside this installation.
NOT_COPIED_FIELDS = {
    "id", "creator", "user", "note", "token", "is_sample", "by", "owner", "made_by", "digest",
    "cancel_requested", "tries", "heartbeat_at", "stage",
}  # fmt: skip


def tables() -> list[tuple[type[models.Model], str]]:
    """Every model with a direct foreign key to a creator, and the name of that key."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Creator and not model._meta.proxy:
                found.append((model, field.name))
                break
    return found


def copied() -> Iterator[tuple[str, type[models.Model], str]]:
    """Name in the zip, model and key of what is copied row by row."""
    for model, key in tables():
        if model._meta.label not in NOT_COPIED:
            yield f"{model._meta.app_label}/{model._meta.model_name}", model, key


def shown(row: models.Model) -> dict[str, Any]:
    """The row's own fields for JSON and CSV; a foreign key by what it is called."""
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name in NOT_COPIED_FIELDS or field.related_model is User:
            continue  # who of the team did it is not the creator's to take along
        value = getattr(row, field.name)
        if isinstance(value, models.Model):
            value = str(value)
        elif isinstance(value, FieldFile):
            value = str(value.name or "").rpartition("/")[2]
        told[field.name] = value
    return told

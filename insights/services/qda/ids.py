"""Which row a GUID of a file means, and which GUID a row goes out with."""

import uuid
from collections.abc import Iterable

from django.db import models

from insights.models import ExternalId


class Known:
    """The rows of one kind that the file's GUIDs mean; new ones are written at the end."""

    def __init__(self, kind: str, model: type[models.Model], guids: Iterable[str]) -> None:
        self.kind = kind
        self._new: dict[str, int] = {}
        named = dict(
            ExternalId.objects.filter(kind=kind, guid__in=set(guids)).values_list(
                "guid", "object_id"
            )
        )
        there = set(
            model._default_manager.filter(pk__in=named.values()).values_list("pk", flat=True)
        )
        self._rows = {str(guid): pk for guid, pk in named.items() if pk in there}
        self._stale = [guid for guid, pk in named.items() if pk not in there]

    def get(self, guid: str) -> int | None:
        return self._rows.get(guid)

    def put(self, guid: str, pk: int) -> None:
        if self._rows.get(guid) != pk:
            self._rows[guid] = self._new[guid] = pk

    def save(self) -> None:
        """Keep what was put; ids whose row is gone may name another row now."""
        ExternalId.objects.filter(kind=self.kind, guid__in=self._stale).delete()
        ExternalId.objects.bulk_create(
            [ExternalId(kind=self.kind, guid=guid, object_id=pk) for guid, pk in self._new.items()],
            batch_size=2000,
        )


def guids_of(kind: str, pks: Iterable[int]) -> dict[int, str]:
    """The GUID of every row, oldest first; rows without one get it now."""
    wanted = set(pks)
    found: dict[int, str] = {}
    rows = ExternalId.objects.filter(kind=kind, object_id__in=wanted).order_by("pk")
    for pk, guid in rows.values_list("object_id", "guid"):
        found.setdefault(pk, str(guid))
    fresh = [
        ExternalId(kind=kind, guid=uuid.uuid4(), object_id=pk) for pk in sorted(wanted - set(found))
    ]
    ExternalId.objects.bulk_create(fresh, batch_size=2000)
    return found | {row.object_id: str(row.guid) for row in fresh}

"""Saved mappings of columns to fields: once for a kind of table, then found by its header."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit, bills
from crm.exceptions import DomainError
from crm.models import BillMapping, User


def mapping_for(data: bytes) -> BillMapping | None:
    """The mapping saved for a table with these column names; None for a provider's own bill."""
    known = bills.detect_bytes(data)
    if known and known[0].format != "csv":
        return None
    try:
        signature = bills.table(data).signature
    except bills.BillError:
        return None
    return BillMapping.objects.filter(signature=signature).first()


@transaction.atomic
def mapping_save(
    *,
    data: bytes,
    name: str,
    columns: Mapping[str, str],
    currency: str = "",
    actor: User | None = None,
) -> BillMapping:
    """Remember how the columns of this file are read; the one saved before for them is replaced.

    Raises `DomainError` where the mapping does not read the file.
    """
    try:
        bills.parse(data, name, format="csv", mapping=columns, currency=currency or None)
        signature = bills.table(data).signature
    except bills.BillError as error:
        raise DomainError(str(error), code=error.code) from error
    if not name.strip():
        raise DomainError(_("Give the mapping a name."), code="name_missing")
    saved, _made = BillMapping.objects.update_or_create(
        signature=signature,
        defaults={
            "name": name.strip()[:80], "columns": dict(columns), "currency": currency, "by": actor,
        },
    )  # fmt: skip
    audit.record("bill_mapping.saved", saved, actor=actor, data={"columns": dict(columns)})
    return saved

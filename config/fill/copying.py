"""Rows into a table by COPY, and ids taken from its sequence beforehand.

A column that the caller does not name gets the model field's default, so a model may grow a field
without this room knowing.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

MARK = "fill-"


def take_ids(model: type[models.Model], count: int) -> range:
    """`count` ids that nobody else gets, in rising order."""
    table = model._meta.db_table
    column = model._meta.pk.column if model._meta.pk is not None else "id"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        first = int(cursor.fetchone()[0])
        cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, first + max(count, 1) - 1])
    return range(first, first + count)


def copy_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Send rows of the fields `names` (foreign keys as ids); the other fields take their defaults."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    unknown = set(names) - set(fields)
    if unknown:
        raise ValueError(f"{model._meta.label} has no field {', '.join(sorted(unknown))}")
    rest = [
        field
        for name, field in fields.items()
        if name not in names and not field.primary_key and not field.generated
    ]
    constants = [_default(field) for field in rest]
    columns = [str(field.column) for field in (*(fields[name] for name in names), *rest)]
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in columns)
    statement = f"COPY {quote(model._meta.db_table)} ({listed}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([*row, *constants])


def _default(field: "models.Field[Any, Any]") -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_db_prep_save(field.get_default(), connection)

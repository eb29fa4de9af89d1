"""Every table that points to a creator, whichever room it is in: found in the models, not listed.

A room that grows a table is reached without being known here. What triggers and schedules keep by
themselves is `DERIVED`: it is made anew and not moved.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Count

from crm.models import Creator

DERIVED = frozenset({"crm.PayerBalance", "crm.PayingSpell", "crm.SpellDue"})
OF_THE_RECORD = frozenset({"crm.CreatorImportRow", "crm.CreatorMerge", "crm.CreatorsDiffer"})
"""About the record and not about the person: they do not make it used."""


@dataclass(frozen=True)
class Link:
    """A foreign key to creators: `model`.`field`."""

    model: type[models.Model]
    field: str

    @property
    def label(self) -> str:
        return str(self.model._meta.label)

    @property
    def key(self) -> str:
        return f"{self.label}.{self.field}"

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def rows(self, creators: Collection[int]) -> "models.QuerySet[Any]":
        return self.model._base_manager.filter(**{f"{self.field}__in": creators})


@cache
def links() -> tuple[Link, ...]:
    """All foreign keys to creators that are not derived, by the name of their table."""
    fields = Creator._meta.get_fields(include_hidden=True)
    found = [
        Link(field.related_model, field.field.name)
        for field in fields
        if isinstance(field, models.ManyToOneRel | models.OneToOneRel)
        and field.related_model._meta.managed
        and not field.related_model._meta.proxy
        and field.related_model._meta.label not in DERIVED
    ]
    return tuple(sorted(found, key=lambda link: link.key))


def link_of(key: str) -> Link:
    """The link with this key. Raises KeyError where the table is gone."""
    return {link.key: link for link in links()}[key]


def uses_of(creators: Collection[int], *, besides: Collection[str] = ()) -> dict[int, list[str]]:
    """Creator → the names of the tables that have rows about them; unused ones are absent.

    One query a table. `besides` are labels of tables that do not count.
    """
    found: dict[int, list[str]] = {}
    for link in links():
        if link.label in OF_THE_RECORD or link.label in besides:
            continue
        name = f"{link.field}_id"
        counted = link.rows(creators).order_by().values(name).annotate(n=Count("pk"))
        for row in counted:
            titles = found.setdefault(row[name], [])
            if link.title not in titles:
                titles.append(link.title)
    return found

"""Ownership of the pipeline's rows, spelled once a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from crm.models import Creator
    from generation.models import Novel, Run  # noqa: F401


def owned(creator: Creator, path: str = "") -> models.Q:
    """Rows that hang on a novel of this creator's (`path` leads there) which is not deleted."""
    before = f"{path}__" if path else ""
    return models.Q(**{f"{before}creator": creator, f"{before}deleted_at": None})


class NovelQuerySet(models.QuerySet["Novel"]):
    def visible_to(self, creator: Creator) -> NovelQuerySet:
        return self.filter(owned(creator))


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, creator: Creator) -> RunQuerySet:
        return self.filter(owned(creator, "novel"))

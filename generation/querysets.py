"""Ownership of the pipeline's rows, spelled once a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from crm.models import Creator
    from generation.models import Novel, Run  # noqa: F401


class NovelQuerySet(models.QuerySet["Novel"]):
    def visible_to(self, creator: Creator) -> NovelQuerySet:
        return self.filter(creator=creator)


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, creator: Creator) -> RunQuerySet:
        return self.filter(novel__creator=creator)

"""Visibility and vocabulary of crm's rows, spelled once a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crm.models import Creator, Interview, Payment  # noqa: F401


class CreatorQuerySet(models.QuerySet["Creator"]):
    def visible_to(self, creator: Creator) -> CreatorQuerySet:
        return self.filter(pk=creator.pk)


class InterviewQuerySet(models.QuerySet["Interview"]):
    def visible_to(self, creator: Creator) -> InterviewQuerySet:
        return self.filter(creator=creator)


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, creator: Creator) -> PaymentQuerySet:
        return self.filter(creator=creator)

    def charges(self) -> PaymentQuerySet:
        return self.filter(kind="charge")

    def unmatched(self) -> PaymentQuerySet:
        return self.filter(Q(creator__isnull=True))

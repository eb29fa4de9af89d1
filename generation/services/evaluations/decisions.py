"""The choice of a template, kept with all that it rests on; the alias follows it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from generation.evaluations.documents import document_of
from generation.models import Arm, Evaluation, TemplateDecision
from generation.models.prompts import CURRENT
from generation.prompts.tables import table_of
from generation.services.templates import alias_move, template_make_usual


def decision_take(
    *,
    evaluation: Evaluation,
    arm: Arm,
    why: str,
    actor: User,
    move_alias: bool = True,
    usual_for: str = "",
) -> TemplateDecision:
    """Choose an arm on the rows as they are now. Raises `DomainError` where nothing is known yet.

    The table is computed from the very rows that are kept with it. With `move_alias` the chosen
    version becomes its template's current one; `usual_for` makes that template what new runs on novels
    in this language use where the creator chooses nothing.
    """
    if arm.evaluation_id != evaluation.pk:
        raise DomainError(_("This template was not in the evaluation."), "other_arm")
    if evaluation.state != Evaluation.State.DONE:
        raise DomainError(_("The evaluation is not done."), "not_done")
    if not why.strip():
        raise DomainError(_("Say why."), "why")
    document = document_of(evaluation)
    table = table_of(document)
    row: dict[str, Any] = next(item for item in table["arms"] if item["id"] == arm.pk)
    accepted = row["accepted"]["value"] if row["accepted"] else None
    with transaction.atomic():
        decision = TemplateDecision.objects.create(
            evaluation=evaluation, arm=arm, why=why.strip()[:600], by=actor, at=timezone.now(),
            acceptance=accepted, document={**document, "chosen": arm.pk, "table": table},
        )  # fmt: skip
        if move_alias:
            alias_move(
                template=arm.version.template, name=CURRENT, version=arm.version, actor=actor
            )
        if usual_for:
            template_make_usual(template=arm.version.template, language=usual_for, actor=actor)
        audit.record(
            "template.chosen", arm.version.template, actor=actor,
            data={"evaluation": evaluation.pk, "version": arm.version.number, "engine": arm.engine},
        )  # fmt: skip
    return decision

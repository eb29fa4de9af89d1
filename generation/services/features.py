"""A feature's way through its statuses; the gate stands before the work begins."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from generation.features.dossier import dossier, key_numbers
from generation.features.gate import Judgement, gate_policy, judgement
from generation.models import Criterion, Feature, GatePass, Grounds, Justification, Verdict
from generation.services.grounds import grounds_take

Status = Feature.Status
# Where the gate need not be asked again: the work had begun with a pass.
BEGUN = {Status.BUILDING, Status.LIVE, Status.WATCHED}


def gate_judgement(feature: Feature) -> Judgement:
    """What the gate would say now."""
    return judgement(dossier(feature, most=0), gate_policy())


@transaction.atomic
def feature_set_status(
    *, feature: Feature, status: str, actor: User | None, override_reason: str = ""
) -> Feature:
    """Change the status. Into work only through the gate: by policy, or by a named override.

    When work starts the criteria are locked. Raises `DomainError` that says which bar is missed
    and by how much; the database refuses every other way.
    """
    row = Feature.objects.select_for_update().get(pk=feature.pk)
    before = row.status
    if status == before:
        return row
    if status not in Status.values:
        raise DomainError(_("There is no such status."), "unknown_status")
    if status == Status.BUILDING:
        _pass(row, actor, override_reason.strip())
        Criterion.objects.filter(feature=row, locked_at__isnull=True).update(
            locked_at=timezone.now()
        )
    elif status in BEGUN and before not in BEGUN:
        raise DomainError(
            _("Only what is being built can go live: start the work first, through the gate."),
            "not_built",
        )
    row.status = status
    row.save(update_fields=["status"])
    feature.status = status
    audit.record("feature.status", row, actor=actor, data={"from": before, "to": status})
    return row


def _pass(feature: Feature, actor: User | None, reason: str) -> GatePass:
    found = gate_judgement(feature)
    if found.passes:
        kind = GatePass.Kind.POLICY
    elif reason and actor is not None:
        kind = GatePass.Kind.OVERRIDE
    else:
        raise DomainError(found.refusal, "gate")
    return GatePass.objects.create(
        feature=feature,
        kind=kind,
        reason=reason if kind == GatePass.Kind.OVERRIDE else "",
        numbers=found.numbers(),
        by=actor,
    )


@transaction.atomic
def justification_added(*, justification: Justification, actor: User | None) -> Grounds:
    """Keep what the feature rests on with the new claim."""
    feature = justification.feature
    audit.record(
        "feature.justified",
        feature,
        actor=actor,
        data={"pain": justification.pain_id, "payment": justification.payment_id},
    )
    return grounds_take(feature=feature, reason=Grounds.Reason.JUSTIFIED, actor=actor)


@transaction.atomic
def justification_remove(*, justification: Justification, actor: User | None) -> None:
    """Take a claim away; what it rested on stays in the audit trail."""
    feature = justification.feature
    audit.record(
        "feature.justification_removed",
        feature,
        actor=actor,
        data={
            "claim": justification.claim_zh,
            "pain": justification.pain_id,
            "payment": justification.payment_id,
        },
    )
    justification.delete()
    grounds_take(feature=feature, reason=Grounds.Reason.JUSTIFIED, actor=actor)


@transaction.atomic
def verdict_give(
    *,
    feature: Feature,
    decision: str,
    why: str,
    actor: User,
    confidence: float | None = None,
) -> Verdict:
    """Decide on the numbers of this moment, which are kept with the verdict, and its grounds."""
    if decision not in Verdict.Decision.values:
        raise DomainError(_("There is no such decision."), "unknown_decision")
    if not why.strip():
        raise DomainError(_("Say why."), "no_reason")
    if confidence is not None and not 0 <= confidence <= 1:
        raise DomainError(_("Confidence is a number from 0 to 1."), "bad_confidence")
    item = dossier(feature, most=0)
    verdict = Verdict.objects.create(
        feature=feature,
        decision=decision,
        why=why.strip(),
        confidence=None if confidence is None else str(confidence),
        numbers=key_numbers(item),
        by=actor,
        at=timezone.now(),
    )
    grounds_take(feature=feature, reason=Grounds.Reason.DECIDED, actor=actor, verdict=verdict)
    audit.record("feature.verdict", verdict, actor=actor, data={"decision": decision})
    return verdict

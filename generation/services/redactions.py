"""What a withdrawal reaches in generation: decisions that rest on the words, and quotes kept beside."""

from collections.abc import Collection
from typing import Any

import pgtrigger
from django.db.models import Max, QuerySet

from crm.models import Consent, Interview, Redaction
from crm.services.consents import QUOTING
from generation.models import AlarmChange, AlarmPolicy, GroundsChange, Justification, Novel
from generation.services.evaluations.withdrawal import cases_forget
from generation.services.grounds import grounds_check
from insights.models import Evidence
from insights.selectors import current

TOUCHES_WORDS = {Consent.Purpose.RECORD.value, *QUOTING}
"""Withdrawals after which words are shown less; the others leave every quote where it is."""


def reach(redaction: Redaction, interviews: QuerySet[Interview]) -> dict[str, int]:
    """Mark every feature whose evidence is in these interviews, and tell its owner.

    The receipt counts the features whose evidence this withdrawal changed, whoever noticed first:
    this job, or the check of every minute. The alarm keeps the quotes of its moment beside its
    numbers; those of these interviews go.
    """
    if TOUCHES_WORDS.isdisjoint(redaction.purposes):
        return {}
    rows = Evidence.objects.filter(highlight__transcript__interview__in=interviews)
    said = set(rows.values_list("pain_id", flat=True))
    rests = Justification.objects.filter(pain__isnull=False).values_list("feature_id", "pain_id")
    cited = [(feature, pain) for feature, pain in rests if pain is not None]
    now = current({pain for _feature, pain in cited})
    features = {feature for feature, pain in cited if now[pain] in said}
    grounds_check(features=features)
    receipt = {"features": _marked(redaction, features, rows)}
    hidden = rows.filter(interview__quoting="withdrawn")
    kept = alarms_forget(set(hidden.values_list("pk", flat=True)))
    return receipt | ({"alarms": kept} if kept else {})


def cases_reach(redaction: Redaction, interviews: QuerySet[Interview]) -> dict[str, int]:
    """Empty the cases of evaluations that rest on a consent that was taken back."""
    if Consent.Purpose.EVALUATION not in redaction.purposes:
        return {}
    return cases_forget(novels=Novel.objects.filter(creator_id=redaction.creator_id))


def _marked(redaction: Redaction, features: Collection[int], rows: QuerySet[Evidence]) -> int:
    """Features under which a coding of these interviews was found withdrawn since it was asked for."""
    said = Consent.objects.filter(
        creator_id=redaction.creator_id, given=False, purpose__in=redaction.purposes
    ).aggregate(at=Max("at"))["at"]
    since = min(redaction.queued_at, said or redaction.queued_at)
    changes = GroundsChange.objects.filter(
        grounds__feature_id__in=features,
        kind=GroundsChange.Kind.WITHDRAWN,
        item__in=[f"e{pk}" for pk in rows.values_list("pk", flat=True)],
        found_at__gte=since,
    )
    return changes.values("grounds__feature_id").distinct().count()


def alarms_forget(evidence: Collection[int]) -> int:
    """Take these quotes out of what the alarm has kept; returns the results that held one."""
    touched = 0
    for policy in AlarmPolicy.objects.all():
        document, found = without_quotes(policy.current, evidence)
        if found:
            AlarmPolicy.objects.filter(pk=policy.pk).update(current=document)
            touched += 1
    for change in AlarmChange.objects.only("pk", "document").iterator():
        document, found = without_quotes(change.document, evidence)
        if found:
            # The one edit of what is only added: words that their speaker has taken back.
            with pgtrigger.ignore("generation.AlarmChange:append_only"):
                AlarmChange.objects.filter(pk=change.pk).update(document=document)
            touched += 1
    return touched


def without_quotes(document: Any, evidence: Collection[int]) -> tuple[Any, int]:
    """A JSON document without the quotes of these codings, and how many it had."""
    if isinstance(document, dict):
        pairs = {key: without_quotes(value, evidence) for key, value in document.items()}
        return {key: value for key, (value, _n) in pairs.items()}, sum(
            found for _value, found in pairs.values()
        )
    if isinstance(document, list):
        stays = [item for item in document if not _is_quote(item, evidence)]
        parts = [without_quotes(item, evidence) for item in stays]
        gone = len(document) - len(stays)
        return [value for value, _n in parts], gone + sum(found for _value, found in parts)
    return document, 0


def _is_quote(item: Any, evidence: Collection[int]) -> bool:
    return isinstance(item, dict) and "text" in item and item.get("evidence") in evidence

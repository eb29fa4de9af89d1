"""What coders and readers make of evidence: a reading refined, counter-evidence read."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from insights.models import CounterReading, Evidence

EDITED = ("stance", "severity", "frequency", "workaround", "spend_minor")


@transaction.atomic
def evidence_edit(
    *,
    evidence_id: int,
    actor: User,
    stance: str,
    severity: int | None,
    frequency: str,
    workaround: str,
    spend_minor: int | None,
) -> Evidence:
    """Change what a coder reads in a passage: one's own, or with the right to change evidence.

    `spend_minor` is fen a month. Raises `DomainError`, and `ValidationError` for values that
    cannot be.
    """
    evidence = Evidence.objects.select_for_update().get(pk=evidence_id)
    if evidence.coder_id != actor.pk and not actor.has_perm("insights.change_evidence"):
        raise DomainError(_("This was tagged by somebody else."), "not_yours")
    wanted = {
        "stance": stance,
        "severity": severity,
        "frequency": frequency,
        "workaround": " ".join(workaround.split()),
        "spend_minor": spend_minor,
    }
    before = {name: getattr(evidence, name) for name in EDITED}
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed:
        return evidence
    for name, value in changed.items():
        setattr(evidence, name, value)
    evidence.full_clean()
    evidence.save(update_fields=list(changed))
    data = {"before": {name: before[name] for name in changed}, "after": changed}
    audit.record("evidence.edited", evidence, actor=actor, data=data)
    return evidence


@transaction.atomic
def counter_read(
    *, evidence_ids: Collection[int], reader: User, conclusion: str, note: str
) -> list[CounterReading]:
    """Say that one has read these pieces of counter-evidence, and what one concludes from them.

    The same conclusion and its reason go with each. Raises `DomainError` without a reason, and
    where a row is not evidence against.
    """
    note = " ".join(note.split())
    if conclusion not in CounterReading.Conclusion.values:
        raise DomainError(_("Choose what you conclude."), "no_conclusion")
    if not note or len(note) > 400:
        raise DomainError(_("Say in at most 400 characters why you conclude that."), "no_reason")
    rows = list(
        Evidence.objects.select_for_update()
        .filter(pk__in=evidence_ids, stance=Evidence.Stance.AGAINST)
        .order_by("pk")
    )
    if not rows or len(rows) != len(set(evidence_ids)):
        raise DomainError(
            _("Not all of these are counter-evidence any more; reload the page."), "not_against"
        )
    readings = CounterReading.objects.bulk_create(
        [
            CounterReading(evidence=row, reader=reader, conclusion=conclusion, note=note)
            for row in rows
        ]
    )
    for row in rows:
        data = {"pain": row.pain_id, "conclusion": conclusion}
        audit.record("counter_evidence.read", row, actor=reader, data=data)
    return readings

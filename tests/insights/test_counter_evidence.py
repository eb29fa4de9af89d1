"""Counter-evidence: a claim does not go out while what speaks against it is unread."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from crm.exceptions import DomainError
from crm.models import AuditEntry
from insights.models import CounterReading, Evidence
from insights.selectors import unread_against
from insights.services.codebook import pain_merge
from insights.services.publishing import UnreadError, refuse_unread
from insights.services.readings import counter_read, evidence_edit
from tests.conftest import Person
from tests.factories.insights import PainPointFactory, tag
from tests.insights.refusal import refused

AGAINST = Evidence.Stance.AGAINST


def test_only_evidence_against_that_nobody_read_counts_as_unread(bob: Person) -> None:
    pain, other = PainPointFactory(), PainPointFactory()
    tag(pain)
    first, second = (tag(pain, quote=text, stance=AGAINST) for text in ("分镜很快", "不觉得慢"))

    assert unread_against([pain.pk, other.pk]) == {pain.pk: 2, other.pk: 0}
    counter_read(evidence_ids=[first.pk], reader=bob.user, conclusion="holds", note="新手才慢")
    assert unread_against([pain.pk]) == {pain.pk: 1}
    counter_read(evidence_ids=[second.pk], reader=bob.user, conclusion="narrows", note="腰部")
    assert unread_against([pain.pk]) == {pain.pk: 0}
    assert AuditEntry.objects.filter(action="counter_evidence.read").count() == 2


def test_a_claim_is_held_back_until_the_counter_evidence_is_read(bob: Person) -> None:
    pain = PainPointFactory(title_zh="分镜太慢")
    against = tag(pain, quote="分镜很快", stance=AGAINST)

    with pytest.raises(UnreadError, match="分镜太慢") as refused:
        refuse_unread([pain.pk])
    assert refused.value.pains[0].unread == 1
    counter_read(evidence_ids=[against.pk], reader=bob.user, conclusion="refutes", note="工具好")

    refuse_unread([pain.pk])


def test_counter_evidence_of_a_merged_pain_holds_back_what_it_became(bob: Person) -> None:
    source, target = PainPointFactory(), PainPointFactory()
    tag(source, quote="分镜很快", stance=AGAINST)
    pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)

    assert unread_against([source.pk, target.pk]) == {source.pk: 1, target.pk: 1}


@pytest.mark.parametrize(
    ("conclusion", "note"), [("holds", " "), ("holds", "因" * 401), ("perhaps", "因为")]
)
def test_reading_needs_a_conclusion_and_a_reason(bob: Person, conclusion: str, note: str) -> None:
    against = tag(PainPointFactory(), quote="分镜很快", stance=AGAINST)

    with pytest.raises(DomainError):
        counter_read(evidence_ids=[against.pk], reader=bob.user, conclusion=conclusion, note=note)


def test_evidence_for_cannot_be_read_as_counter_evidence(bob: Person) -> None:
    with refused("not_against"):
        counter_read(
            evidence_ids=[tag(PainPointFactory()).pk], reader=bob.user, conclusion="holds", note="x"
        )


def test_a_conclusion_is_not_rewritten_but_followed_by_another(bob: Person) -> None:
    against = tag(PainPointFactory(), quote="分镜很快", stance=AGAINST)
    first = counter_read(
        evidence_ids=[against.pk], reader=bob.user, conclusion="holds", note="新手"
    )[0]

    with pytest.raises(DatabaseError), transaction.atomic():
        CounterReading.objects.filter(pk=first.pk).update(note="别的")
    counter_read(evidence_ids=[against.pk], reader=bob.user, conclusion="refutes", note="想错了")

    assert against.readings.count() == 2


def edit(evidence: Evidence, actor: Person, **wanted: object) -> Evidence:
    values: dict[str, object] = {
        "stance": "for", "severity": 4, "frequency": "weekly", "workaround": "外包 给 别人",
        "spend_minor": 30000,
    }  # fmt: skip
    return evidence_edit(evidence_id=evidence.pk, actor=actor.user, **(values | wanted))


def test_a_reading_is_refined_and_the_audit_trail_has_what_it_was(bob: Person) -> None:
    evidence = tag(PainPointFactory(), coder=bob.user)

    edit(evidence, bob)

    evidence.refresh_from_db()
    assert (evidence.severity, evidence.frequency, evidence.spend_minor) == (4, "weekly", 30000)
    entry = AuditEntry.objects.get(action="evidence.edited")
    assert entry.data["before"]["severity"] is None
    assert "stance" not in entry.data["after"]


def test_another_coders_reading_needs_the_right_to_change_evidence(
    bob: Person, staff: Person
) -> None:
    evidence = tag(PainPointFactory())

    with refused("not_yours"):
        edit(evidence, bob)

    assert edit(evidence, staff).severity == 4


@pytest.mark.parametrize(
    "wrong", [{"severity": 9}, {"stance": "maybe"}, {"frequency": "daily"}, {"spend_minor": -1}]
)
def test_values_that_cannot_be_are_refused(bob: Person, wrong: dict[str, object]) -> None:
    evidence = tag(PainPointFactory(), coder=bob.user)

    with pytest.raises(ValidationError):
        edit(evidence, bob, **wrong)

    evidence.refresh_from_db()
    assert evidence.severity is None

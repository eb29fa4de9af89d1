"""What is remembered is never stale: any row that a number comes from makes it be computed anew."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from crm.changes import changes_fold, data_state, remembered
from crm.models import Interview, Payment
from crm.services.consents import consent_withdraw
from generation.features.dossier import dossier
from generation.features.keeping import BUSY, dossiers_keep
from insights import ranking
from insights.models import Asked, Evidence, PainPoint
from insights.ranking import ranks_by_tier
from insights.services.readings import counter_read
from tests.dossier.market import market
from tests.factories.crm import PaymentFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

pytestmark = pytest.mark.django_db(transaction=True)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ranks are computed as often as this list is long."""
    calls: list[int] = []
    real = ranking._ranks

    def spy(draws: int, seed: int) -> object:
        calls.append(1)
        return real(draws, seed)

    monkeypatch.setattr(ranking, "_ranks", spy)
    return calls


CHANGES: dict[str, Callable[[PainPoint], object]] = {
    "evidence is added": lambda pain: tag(pain, quote="又一位这么说"),
    "evidence is edited in bulk": lambda pain: Evidence.objects.update(stance="against"),
    "evidence is deleted by SQL": lambda pain: connection.cursor().execute(
        "DELETE FROM insights_evidence"
    ),
    "somebody was asked": lambda pain: Asked.objects.create(
        interview=transcript_of([("墨", "没有")]).interview, pain=pain
    ),
    "a pain is closed": lambda pain: PainPoint.objects.filter(pk=pain.pk).update(status="retired"),
    "the tier then is corrected": lambda pain: Interview.objects.update(tier_then="head"),
    "consent is withdrawn": lambda pain: consent_withdraw(
        creator=Evidence.objects.filter(pain=pain)[0].creator, purposes=["record"]
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_ranks_are_remembered_until_a_row_changes(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pain = PainPointFactory()
    for _ in range(3):
        tag(pain)
    calls = counted(monkeypatch)

    ranks_by_tier()
    ranks_by_tier()
    assert len(calls) == 1
    CHANGES[what](pain)
    after = ranks_by_tier()
    assert len(calls) == 2
    cache.clear()
    assert ranks_by_tier() == after


def test_a_payment_makes_the_money_new() -> None:
    made = market(6)
    before = dossier(made.feature).paying
    someone = next(iter(dossier(made.feature).raised))

    PaymentFactory(creator_id=someone, minor=100_000_00)

    after = dossier(made.feature).paying
    assert after.revenue != before.revenue


def test_folding_keeps_what_is_remembered() -> None:
    pain = PainPointFactory()
    tag(pain)
    before = data_state()

    assert changes_fold() > 0
    assert data_state() == before
    tag(pain)
    assert data_state() != before


def test_nothing_is_remembered_from_changes_that_may_be_taken_back() -> None:
    pain = PainPointFactory()

    class Undo(Exception):
        pass

    def begin_and_take_back() -> None:
        with transaction.atomic():
            tag(pain)
            state = data_state()
            assert remembered("n", ("evidence",), Evidence.objects.count, state=state) == 1
            raise Undo

    with pytest.raises(Undo):
        begin_and_take_back()

    tag(pain)
    Evidence.objects.all().delete()
    assert remembered("n", ("evidence",), Evidence.objects.count, state=data_state()) == 0
    assert Payment.objects.count() == 0


def test_numbers_are_made_ready_once_after_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    made = market(6)
    calls = counted(monkeypatch)

    assert dossiers_keep() == 1
    assert dossiers_keep() == 0
    dossier(made.feature)
    assert len(calls) == 1
    tag(made.pains[0])
    dossiers_keep()
    assert len(calls) == 2
    dossier(made.feature)
    assert len(calls) == 2


def test_numbers_are_made_ready_by_one_process_at_a_time() -> None:
    market(6)
    cache.add(BUSY, True, 60)

    assert dossiers_keep() == 0
    cache.delete(BUSY)
    assert dossiers_keep() == 1


def test_a_reading_of_counter_evidence_makes_the_unread_new() -> None:
    made = market(6)
    against = tag(made.pains[0], quote="不觉得", stance="against")
    before = dossier(made.feature).unread

    counter_read(evidence_ids=[against.pk], reader=made.coder, conclusion="holds", note="看过")

    assert dossier(made.feature).unread == before - 1

"""Who paid: suggested by likeness, said once, remembered, done in bulk, taken back."""

from typing import Any

import pytest
from django.test import Client

from crm.exceptions import DomainError
from crm.matching import suggestions, unmatched_count, unmatched_payers
from crm.models import AuditEntry, PayerMatch, PayerName, Payment
from crm.services.ledger_check import ledger_check
from crm.services.matching import match_undo, payers_match, payment_match
from crm.services.payments import bill_import
from tests.bills.samples import wechat_csv
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, PaymentFactory


def test_a_payer_is_suggested_by_name_handle_known_name_and_masked_account(
    alice: Person, charlie: Person
) -> None:
    ink = CreatorFactory(name="墨白", handle="inkwhite")
    north = CreatorFactory(name="画师小北")
    PayerName.objects.create(creator=charlie.as_creator, name="查理工作室")
    payers = [("墨白", ""), ("InkWhite", ""), ("*北", ""), ("查理工作室2", ""),
              ("", "ali***@example.org"), ("毫不相干", "zz")]  # fmt: skip

    found = suggestions(payers)

    best = [found[payer][0].creator if found[payer] else None for payer in payers]
    assert best == [ink.pk, ink.pk, north.pk, charlie.as_creator.pk, alice.as_creator.pk, None]
    assert found["墨白", ""][0].score == 1.0
    assert found["", "ali***@example.org"][0].why == "account"
    assert found["*北", ""][0].score < 0.7


def test_the_queue_groups_a_payers_payments_and_leaves_out_what_follows_its_charge(
    alice: Person,
) -> None:
    for _ in range(2):
        PaymentFactory(payer="阿南", minor=5000)
    PaymentFactory(payer="阿南", minor=1000, kind="refund")
    PaymentFactory(payer="阿南", minor=700, kind="refund", refund_of="order-unknown")
    PaymentFactory(payer="阿南", currency="USD")
    PaymentFactory(payer="墨女士", creator=alice.as_creator)

    rows = [(row.payer, row.payments, row.currency, row.minor) for row in unmatched_payers()]

    assert rows == [("阿南", 3, "CNY", 9000), ("阿南", 1, "USD", 5900)]
    assert unmatched_count() == (2, 4)


def test_a_name_that_hides_letters_is_remembered_by_its_account(alice: Person) -> None:
    first = PaymentFactory(payer="*北", payer_account="*北(138****0001)")
    other = PaymentFactory(payer="*北", payer_account="*北(139****0002)")

    assert payment_match(payment=first, creator=alice.creator, actor=None) == 1

    rule = PayerName.objects.get()
    assert (rule.name, rule.by_account) == ("*北(138****0001)", True)
    other.refresh_from_db()
    assert other.creator is None


def test_a_match_taken_back_frees_its_payments_and_forgets_its_rule(
    alice: Person, staff: Person
) -> None:
    first = PaymentFactory(payer="墨女士", object_id="c1")
    PaymentFactory(payer="墨女士")
    refund = PaymentFactory(payer="", kind="refund", refund_of="c1", minor=100)
    assert payment_match(payment=first, creator=alice.creator, actor=staff.user) == 3
    refund.refresh_from_db()
    assert refund.creator == alice.creator

    act = PayerMatch.objects.get()
    assert match_undo(match=act, actor=staff.user) == 3

    assert not Payment.objects.filter(creator__isnull=False).exists()
    assert not PayerName.objects.exists()
    assert ledger_check().ok
    assert AuditEntry.objects.filter(action="payment.match_undone", actor=staff.user).exists()
    with pytest.raises(DomainError) as caught:
        match_undo(match=act, actor=None)
    assert caught.value.code == "undone_already"


def test_a_rule_that_was_there_before_outlives_the_match(alice: Person) -> None:
    PayerName.objects.create(creator=alice.as_creator, name="墨女士")
    payment_match(payment=PaymentFactory(payer="墨女士"), creator=alice.creator, actor=None)

    match_undo(match=PayerMatch.objects.get(), actor=None)

    assert PayerName.objects.filter(name="墨女士").exists()


def test_a_payment_given_to_another_takes_its_refunds_along_and_goes_back_with_them(
    alice: Person, charlie: Person
) -> None:
    charge = PaymentFactory(creator=alice.as_creator, object_id="c1")
    PaymentFactory(creator=alice.as_creator, kind="refund", refund_of="c1", minor=100)
    payment_match(payment=charge, creator=charlie.creator, actor=None, remember=False)
    assert set(Payment.objects.values_list("creator", flat=True)) == {charlie.as_creator.pk}

    match_undo(match=PayerMatch.objects.get(), actor=None)

    assert set(Payment.objects.values_list("creator", flat=True)) == {alice.as_creator.pk}


def test_many_are_matched_at_once_or_none(alice: Person, charlie: Person) -> None:
    one, two = PaymentFactory(payer="甲"), PaymentFactory(payer="乙")
    with pytest.raises(DomainError):
        payers_match(chosen={one.pk: alice.as_creator.pk, two.pk: 0}, actor=None)
    assert not Payment.objects.filter(creator__isnull=False).exists()

    chosen = {one.pk: alice.as_creator.pk, two.pk: charlie.as_creator.pk}
    assert payers_match(chosen=chosen, actor=None) == 2


def test_the_queue_page_matches_what_was_chosen_and_takes_it_back(
    staff: Person, django_assert_max_num_queries: object
) -> None:
    north = CreatorFactory(name="画师小北")
    bill_import(data=wechat_csv(), name="五月.csv")
    with django_assert_max_num_queries(25):
        page = staff.client.get("/admin/crm/payment/queue/")
    payment = Payment.objects.get(payer="画师小北")
    assert f'name="pick-{payment.pk}" value="{north.pk}"' in page.content.decode()

    staff.client.post(
        "/admin/crm/payment/queue/", {f"pick-{payment.pk}": str(north.pk), "remember": "on"}
    )

    assert PayerName.objects.get(name="画师小北").creator == north
    act = PayerMatch.objects.get()
    staff.client.post(f"/admin/crm/payment/match/{act.pk}/undo/")
    payment.refresh_from_db()
    assert payment.creator is None


def test_somebody_else_is_found_by_typing(staff: Person) -> None:
    payment = PaymentFactory(payer="甲")
    other = CreatorFactory(name="完全不同的名字")
    url = f"/admin/crm/payment/{payment.pk}/payer/"
    assert "admin-autocomplete" in staff.client.get(url).content.decode()

    staff.client.post(url, {"creator": other.pk, "remember": "on"})

    payment.refresh_from_db()
    assert payment.creator == other


def test_nobody_without_the_permission_matches(bob: Person) -> None:
    payment = PaymentFactory()
    client: Client = bob.client
    for url in ("queue/", f"{payment.pk}/payer/", f"{payment.pk}/correct/"):
        assert client.post(f"/admin/crm/payment/{url}", {}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_payers_or_creators(
    db: None, django_assert_num_queries: Any
) -> None:
    for name in ("墨白", "画师小北", "云海漫社"):
        CreatorFactory(name=name)
    with django_assert_num_queries(4):
        one = suggestions([("小北", "b***@example.org")])
    payers = [
        (name, "b***@example.org") for name in ("小北", "云海漫", "画 师 小 北", "墨白工作室")
    ]
    with django_assert_num_queries(4):
        found = suggestions(payers)

    assert [people[0].name for people in one.values()] == ["画师小北"]
    names = [people[0].name for people in found.values()]
    assert names == ["画师小北", "云海漫社", "画师小北", "墨白"]


def test_a_payers_name_is_never_a_pattern(db: None) -> None:
    CreatorFactory(name="墨白", handle="ink")

    found = suggestions([("%", "%@%"), ("_墨_", ""), ("{n}", ""), ("", "__%@_")])

    assert [people[0].name if people else None for people in found.values()] == [
        None, "墨白", None, None,
    ]  # fmt: skip

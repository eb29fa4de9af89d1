"""The team's pages about calls and money."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.sample.spending import load_spending
from engines.images.registry import built_in_documents
from engines.models import Budget, PaidCall, PictureTemplate, Price
from tests.conftest import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(staff: Person) -> Client:
    load_spending()
    return staff.client


def test_the_queue_shows_what_is_held_and_leads_to_the_decision(browser: Client) -> None:
    call = PaidCall.objects.get(state=PaidCall.State.IN_DOUBT)
    page = browser.get(reverse("admin:engines_in_doubt")).content.decode()
    assert reverse("admin:engines_resolve", args=[call.pk]) in page
    assert "0.0284 CNY" in page


def test_a_call_is_decided_by_the_bill_and_leaves_the_queue(browser: Client) -> None:
    call = PaidCall.objects.get(state=PaidCall.State.IN_DOUBT)
    address = reverse("admin:engines_resolve", args=[call.pk])

    silent = browser.post(address, {"outcome": "billed", "note": "账单 11-25"})
    assert silent.status_code == 200, "an amount is missing"
    browser.post(address, {"outcome": "billed", "amount": "0.0107", "note": "账单 11-25"})

    call.refresh_from_db()
    assert (call.state, call.cost_micro) == (PaidCall.State.SETTLED, 10_700)
    again = browser.post(address, {"outcome": "not_billed", "note": "x"})
    assert again.status_code == 200
    assert Budget.objects.get().reserved_micro == 0


def test_a_price_is_written_as_vendors_print_it_and_never_changed(browser: Client) -> None:
    browser.post(
        reverse("admin:engines_price_add"),
        {
            "engine": "deepseek", "model": "", "currency": "CNY", "source": "网站",
            "input_price": "2", "cached_price": "0.2", "output_price": "3",
            "valid_from_0": "2026-11-01", "valid_from_1": "00:00:00",
        },
    )  # fmt: skip
    price = Price.objects.get(engine="deepseek")
    told = (price.input_micro, price.cached_micro, price.output_micro)
    assert told == (2_000_000, 200_000, 3_000_000)
    address = reverse("admin:engines_price_change", args=[price.pk])
    assert browser.post(address, {"engine": "x"}).status_code == 403
    assert "2.00 CNY" in browser.get(address).content.decode()


def test_a_cap_is_changed_with_its_reason_when_refused(browser: Client) -> None:
    budget = Budget.objects.get()
    address = reverse("admin:engines_cap", args=[budget.pk])
    assert browser.post(address, {"cap": "0.01"}).status_code == 200
    assert browser.post(address, {"cap": "5"}).status_code == 302
    budget.refresh_from_db()
    assert budget.cap_micro == 5_000_000


def test_a_researcher_sees_the_queue_but_may_not_decide_without_the_permission(
    bob: Person, browser: Client
) -> None:
    call = PaidCall.objects.get(state=PaidCall.State.IN_DOUBT)
    for name, ids in (("in_doubt", []), ("resolve", [call.pk])):
        assert bob.client.get(reverse(f"admin:engines_{name}", args=ids)).status_code == 403


def test_lists_take_a_fixed_number_of_queries(
    browser: Client, django_assert_max_num_queries: object
) -> None:
    PaidCall.objects.bulk_create(
        PaidCall(key=f"k{n}", purpose="x", engine="e", budget=Budget.objects.get(),
                 reserved_at=timezone.now() - timedelta(hours=n))
        for n in range(60)
    )  # fmt: skip
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert browser.get(reverse("admin:engines_paidcall_changelist")).status_code == 200


def test_a_template_is_judged_saved_as_a_version_and_taken_back(browser: Client) -> None:
    address = reverse("admin:engines_picturetemplate_add")
    page = browser.get(f"{address}?from=comfyui-regions").content.decode()
    assert "ConditioningSetArea" in page
    text = built_in_documents()["comfyui-regions"]
    broken = text.replace("{{seed}}", "{{sed}}")
    refused = browser.post(address, {"name": "comfyui-regions", "text": broken, "note": ""})
    assert "body.sampler.inputs.seed" in refused.content.decode()
    for note in ("first", "second"):
        browser.post(address, {"name": "comfyui-regions", "text": text, "note": note})
    first = PictureTemplate.objects.get(note="first")
    assert not first.current
    browser.post(
        reverse("admin:engines_picturetemplate_changelist"),
        {"action": "use_again", "_selected_action": [first.pk]},
    )
    assert PictureTemplate.objects.get(current=True) == first
    shown = browser.get(reverse("admin:engines_picturetemplate_change", args=[first.pk]))
    assert "ConditioningSetArea" in shown.content.decode()

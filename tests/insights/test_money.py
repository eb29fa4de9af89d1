"""The money pages: every number from rows that can be opened, honest about who can be followed."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Creator, ExchangeRate, PayingSpell, Payment, Tier
from crm.paying import spells_in_state
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.paying import paying_refresh
from crm.tallies import GRACE_DAYS
from generation import tasks
from insights import kept as kept_answers
from insights import money
from insights.models import Asked, Need
from insights.money_pages import PAGES
from insights.statistics import wilson
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, PaymentFactory
from tests.factories.insights import PainPointFactory, tag, transcript_of

START = datetime(2026, 1, 1, 4, tzinfo=UTC)
PNG = b"\x89PNG"


def pays(creator: Creator, *days: float, minor: int = 5900, **other: Any) -> None:
    for day in days:
        PaymentFactory(
            creator=creator, minor=minor, occurred_at=START + timedelta(days=day), **other
        )


def a_crowd() -> list[Creator]:
    """Twelve creators of three tiers; eight pay, one of them most of it."""
    people = []
    for number in range(12):
        tier = list(Tier)[number % 3]
        people.append(CreatorFactory(tier=tier, joined_on=START.date()))
        if number < 8:
            pays(people[-1], *range(0, 31 * (number + 1), 31), minor=5900)
    pays(people[0], 1, minor=900_000)
    paying_refresh()
    return people


def test_the_paying_rate_counts_creators_once_with_wilsons_interval(db: None) -> None:
    a_crowd()

    everyone = money.rates_by_tier("CNY")[-1]

    assert (everyone.payers, everyone.creators) == (8, 12)
    assert (everyone.estimate.low, everyone.estimate.high) == tuple(wilson(8, 12))
    assert [row.payers for row in money.rates_by_month_joined("CNY")] == [8]


def test_who_got_everything_back_does_not_pay(db: None) -> None:
    creator = CreatorFactory()
    pays(creator, 0)
    charge = Payment.objects.get()
    pays(creator, 3, kind="refund", refund_of=charge.object_id)

    assert money.rates_by_tier("CNY")[-1].payers == 0


def test_the_one_big_payer_is_named_with_what_is_left_without_him(db: None) -> None:
    people = a_crowd()

    spread = money.revenue_spread("CNY")

    whale = spread.whale
    assert whale is not None
    assert whale.creator == people[0].pk
    others = [row for row in spread.largest if row.creator != whale.creator]
    assert whale.without.value == pytest.approx(sum(row.minor for row in others) / 7)
    assert spread.lorenz[0] == (0.0, 0.0)
    assert spread.lorenz[-1] == (1.0, 1.0)


def test_even_payers_are_no_warning(db: None) -> None:
    for _ in range(4):
        pays(CreatorFactory(), 0)
    paying_refresh()

    spread = money.revenue_spread("CNY")

    assert spread.whale is None
    assert spread.gini == 0


def test_nobody_is_said_to_have_left_before_the_grace_is_over(db: None) -> None:
    """One stopped, one has just been due: only the first is known to have left."""
    gone, due, running = CreatorFactory(), CreatorFactory(), CreatorFactory()
    pays(gone, 0)
    pays(due, 0, 31)
    pays(running, 0, 31, 31 + 31 + GRACE_DAYS - 1)
    paying_refresh()

    curve = money.retention_by_tier("CNY")[-1].curve

    assert (curve.n, curve.events) == (3, 1)
    assert curve.steps[0].time == 31
    assert spells_in_state(PayingSpell.objects.all(), "left").get().creator == gone
    assert spells_in_state(PayingSpell.objects.all(), "followed").count() == 3
    still = spells_in_state(PayingSpell.objects.all(), "still")
    assert {row.creator for row in still} == {due, running}


def test_each_provider_ends_where_its_own_data_ends(db: None) -> None:
    """A bill that nobody has brought in for a year does not mean that its payers left."""
    pays(CreatorFactory(), 0, 31, provider="wechat")
    pays(CreatorFactory(), *range(0, 400, 31), provider="stripe")
    paying_refresh()

    assert money.retention_by_tier("CNY")[-1].curve.events == 0


def test_the_curve_finds_the_churn_that_was_put_in(db: None) -> None:
    """Renewals come late, creators begin all through the year, and one month in five is the last."""
    chance = np.random.default_rng(5)
    rows = []
    people = Creator.objects.bulk_create(
        [Creator(name=f"第{number}位", tier="mid") for number in range(700)]
    )
    for creator in people:
        day = float(chance.uniform(0, 330))
        while day < 365:
            rows.append(
                Payment(
                    provider="stripe", event_id=f"e{len(rows)}", object_id=f"o{len(rows)}",
                    kind="charge", minor=5900, currency="CNY", creator=creator,
                    occurred_at=START + timedelta(days=day),
                )
            )  # fmt: skip
            if chance.random() < 0.2:
                break
            day += 31 + float(chance.uniform(0, GRACE_DAYS - 1)) * (chance.random() < 0.3)
    Payment.objects.bulk_create(rows)
    paying_refresh()

    curve = money.retention_by_tier("CNY")[-1].curve

    # Late renewals lengthen a stretch by two days a month at the mean, so read between renewals.
    for months in (1, 2, 3):
        estimate = curve.at(31 * months + 13)
        assert estimate.low is not None
        assert estimate.low - 0.02 <= 0.8**months <= estimate.high + 0.02


def test_stated_prices_stand_beside_what_the_same_people_pay(db: None) -> None:
    pain = PainPointFactory()
    for number in range(6):
        creator = CreatorFactory()
        Need.objects.create(
            creator=creator, pain=pain, tier="mid", importance=4, too_cheap_minor=1000,
            cheap_minor=3000, expensive_minor=8000, too_expensive_minor=15000,
        )  # fmt: skip
        if number < 3:
            pays(creator, 0, minor=(2000, 5900, 19900)[number])
    paying_refresh()

    found = money.willingness(pain.pk).value

    assert found.respondents == 6
    paid = found.revealed
    assert (len(paid.below), len(paid.within), len(paid.above)) == (1, 1, 1)
    assert paid.median_minor == 5900


def test_a_new_answer_or_payment_changes_what_was_kept(db: None) -> None:
    pain, creator = PainPointFactory(), CreatorFactory()

    def answer(day: int, price: int) -> None:
        Need.objects.create(
            creator=creator, pain=pain, tier="mid", importance=4, too_cheap_minor=100,
            cheap_minor=price, expensive_minor=price, too_expensive_minor=90000,
            at=START + timedelta(days=day),
        )  # fmt: skip

    answer(0, 5000)
    assert money.willingness().value.revealed.payers == 0
    pays(creator, 0, minor=5900)
    paying_refresh()
    assert money.willingness().value.revealed.above == (creator.pk,)
    answer(1, 7000)
    assert money.willingness().value.revealed.below == (creator.pk,)


def test_where_much_is_behind_an_answer_the_last_one_is_shown_with_its_time(
    staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "FEW", 0)
    pain = PainPointFactory()

    def answers(number: int) -> None:
        for _ in range(number):
            Need.objects.create(
                creator=CreatorFactory(), pain=pain, tier="mid", importance=4, too_cheap_minor=100,
                cheap_minor=5000, expensive_minor=8000, too_expensive_minor=90000,
            )  # fmt: skip

    answers(6)
    assert money.willingness().value.respondents == 6  # the first is made while one waits
    answers(2)
    last = money.willingness()
    assert (last.value.respondents, last.current) == (6, False)
    page = staff.client.get(reverse("admin:insights_money", args=["prices"])).content.decode()
    assert f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}" in page

    tasks.money_keep_task()

    made = money.willingness()
    assert (made.value.respondents, made.current) == (8, True)


def test_a_pains_payers_are_compared_with_those_asked_who_did_not_raise_it(db: None) -> None:
    pain = PainPointFactory()
    for number in range(6):
        creator = CreatorFactory()
        tag(pain, transcript=transcript_of([("访", "分镜要画三天")], creator=creator))
        if number < 4:
            pays(creator, 0)

    (row,) = money.paying_by_pain("CNY").value

    assert (row.raised_payers, row.raised.n, row.not_raised.n) == (4, 6, 0)
    assert money.creators_by_pain(pain.pk, raised=True, currency="CNY").count() == 4
    assert money.creators_by_pain(pain.pk, raised=False, currency="").count() == 0


def test_a_pains_payers_leave_with_the_words_that_were_taken_back(db: None) -> None:
    pain = PainPointFactory()
    said = transcript_of([("访", "分镜要画三天")], creator=CreatorFactory())
    creator = tag(pain, transcript=said).creator
    Asked.objects.get_or_create(interview=said.interview, pain=pain)
    pays(creator, 0)
    assert [row.raised.n for row in money.paying_by_pain("CNY").value] == [1]
    assert money.creators_by_pain(pain.pk, raised=None, currency="").count() == 1

    consent_withdraw(
        creator=creator, interview=said.interview, purposes=WITHDRAWALS["record"], channel="staff"
    )

    assert money.paying_by_pain("CNY").value == []
    assert money.creators_by_pain(pain.pk, raised=None, currency="").count() == 0


@pytest.mark.parametrize(("answers", "told"), [(4, False), (5, True)])
def test_below_five_answers_there_is_no_price_no_curve_and_no_share(
    db: None, answers: int, told: bool
) -> None:
    pain = PainPointFactory()
    for number in range(answers):
        Need.objects.create(
            creator=CreatorFactory(), pain=pain, tier="mid", importance=4,
            too_cheap_minor=1000 + number, cheap_minor=3000, expensive_minor=8000,
            too_expensive_minor=15000,
        )  # fmt: skip

    panel = PAGES["prices"].build("CNY")[0]

    assert (panel.figure is not None, bool(panel.data)) == (told, told)
    assert all((row[1].text != "—") == told for row in panel.rows)
    assert [row[3].text for row in panel.rows] == [str(answers)] * 4


# -- the pages --------------------------------------------------------------------------------


@pytest.fixture
def crowd(db: None) -> list[Creator]:
    return a_crowd()


@pytest.mark.parametrize("page", list(PAGES))
def test_a_page_of_an_empty_ledger_says_so(staff: Person, page: str) -> None:
    answer = staff.client.get(reverse("admin:insights_money", args=[page]))

    assert answer.status_code == 200


@pytest.mark.parametrize("page", list(PAGES))
@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_charts_and_tables_can_be_taken_along(
    staff: Person, crowd: list[Creator], page: str, kind: str
) -> None:
    for panel in PAGES[page].build("CNY"):
        url = reverse("admin:insights_money_file", args=[page, panel.key, kind])
        answer = staff.client.get(url, {"currency": "CNY"})
        if kind != "csv" and panel.figure is None:
            assert answer.status_code == 404
            continue
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        if kind == "png":
            assert answer.content.startswith(PNG)
        if kind == "csv":
            table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
            assert table[0] == list(panel.data_head)


def links(client: Client, page: str) -> set[str]:
    return {
        cell.url
        for panel in client.get(reverse("admin:insights_money", args=[page])).context["panels"]
        for row in panel.rows
        for cell in row
        if cell.url
    }


def test_every_number_opens_its_rows(staff: Person, crowd: list[Creator]) -> None:
    tag(PainPointFactory(), transcript=transcript_of([("访", "分镜要画三天")], creator=crowd[0]))
    followed = {url for page in PAGES for url in links(staff.client, page)}
    assert len(followed) > 20
    for url in followed:
        # A list that does not know a filter sends the visitor on without it.
        assert staff.client.get(url).status_code == 200, url


def test_the_payers_behind_the_rate_are_as_many_as_it_says(
    staff: Person, crowd: list[Creator]
) -> None:
    (whole,) = [
        row[1] for row in staff.client.get(reverse("admin:insights_money", args=["rates"]))
        .context["panels"][0].rows if row[0].text in ("All tiers", "全部层级", "所有层级")
    ] or [None]  # fmt: skip
    assert whole is not None
    listed = staff.client.get(whole.url).context["cl"]
    assert listed.result_count == int(whole.text) == 8


def test_a_page_asks_the_same_number_of_questions_whatever_there_is(
    staff: Person, crowd: list[Creator], django_assert_max_num_queries: Any
) -> None:
    ExchangeRate.objects.create(currency="USD", rate="7", source="央行")
    for page in PAGES:
        with django_assert_max_num_queries(25):
            staff.client.get(reverse("admin:insights_money", args=[page]))


def test_the_pages_are_closed_to_staff_who_may_not_see_payments(bob: Person) -> None:
    for page in PAGES:
        assert bob.client.get(reverse("admin:insights_money", args=[page])).status_code == 403

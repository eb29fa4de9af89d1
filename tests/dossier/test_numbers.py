"""Every number of the JSON, again from the raw rows with nothing but Python."""

import json
import math
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from generation.features.documents import to_document
from generation.features.dossier import WHOLE, dossier
from generation.features.markdown import to_markdown
from generation.models import Feature
from insights.models import Evidence
from insights.services.readings import counter_read
from tests.conftest import Person
from tests.dossier.market import Market, market

SCHEMA = Path(__file__).parents[3] / "shared/contracts/dossier.schema.json"
Z = 1.959963984540054


def rows(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def wilson(hits: int, n: int) -> tuple[float, float]:
    p, z2 = hits / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return centre - half, centre + half


def check_share(estimate: dict[str, Any], hits: int, n: int) -> None:
    assert estimate["n"] == n
    if not n:
        assert estimate["value"] is None
        return
    low, high = wilson(hits, n)
    assert estimate["value"] == pytest.approx(hits / n)
    assert (estimate["low"], estimate["high"]) == pytest.approx((max(0, low), min(1, high)))


class Raw:
    """The tables, joined by hand."""

    def __init__(self) -> None:
        self.interviews = {row["id"]: row for row in rows("crm_interview")}
        self.versions = {row["id"]: row for row in rows("crm_transcriptversion")}
        self.highlights = {row["id"]: row for row in rows("insights_highlight")}
        self.evidence = rows("insights_evidence")
        self.consents = rows("crm_consent")
        self.payments = rows("crm_payment")
        self.raised: dict[tuple[int, str], set[int]] = defaultdict(set)
        self.asked: dict[tuple[int, str], set[int]] = defaultdict(set)
        for item in self.evidence:
            interview = self.interview_of(item)
            if not self.given(interview, "record", unasked=True):
                continue
            for tier in (item["tier"], "all"):
                self.asked[item["pain_id"], tier].add(item["creator_id"])
                if item["stance"] == "for":
                    self.raised[item["pain_id"], tier].add(item["creator_id"])
        for item in rows("insights_asked"):
            interview = self.interviews[item["interview_id"]]
            if self.given(interview, "record", unasked=True):
                for tier in (interview["tier_then"], "all"):
                    self.asked[item["pain_id"], tier].add(interview["creator_id"])

    def interview_of(self, evidence: dict[str, Any]) -> dict[str, Any]:
        highlight = self.highlights[evidence["highlight_id"]]
        return self.interviews[self.versions[highlight["transcript_id"]]["interview_id"]]

    def given(self, interview: dict[str, Any], purpose: str, *, unasked: bool = False) -> bool:
        said = [
            row
            for row in self.consents
            if row["creator_id"] == interview["creator_id"]
            and row["purpose"] == purpose
            and row["interview_id"] in (None, interview["id"])
        ]
        return max(said, key=lambda row: (row["at"], row["id"]))["given"] if said else unasked

    def quotable(self, evidence: dict[str, Any]) -> bool:
        interview = self.interview_of(evidence)
        if not self.given(interview, "record", unasked=True):
            return False
        wishes = [self.given(interview, p) for p in ("quote_named", "quote_anonymous")]
        asked = any(
            row["creator_id"] == interview["creator_id"] and row["purpose"].startswith("quote_")
            for row in self.consents
        )
        return any(wishes) or not asked

    def net(self, creator: int) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for row in self.payments:
            if row["creator_id"] == creator:
                sums[row["currency"]] += row["minor"] if row["kind"] == "charge" else -row["minor"]
        return dict(sums)


@pytest.fixture
def made(db: None) -> Market:
    return market()


def document(feature: Feature) -> dict[str, Any]:
    with translation.override("en"):
        return to_document(dossier(feature, most=WHOLE))


def test_the_document_is_what_the_contract_says(made: Market) -> None:
    if not SCHEMA.is_file():
        pytest.skip("the contract lies in ../shared/contracts, which is not here")
    written = json.loads(json.dumps(document(made.feature)))

    jsonschema.validate(written, json.loads(SCHEMA.read_text("utf-8")))
    assert jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def test_voices_are_those_of_the_rows(made: Market) -> None:
    raw = Raw()
    withdrawn = [row for row in raw.evidence if not raw.quotable(row)]
    assert withdrawn, "the market must hold withdrawn words, or this compares nothing"

    for part in document(made.feature)["pain_points"]:
        for line in part["tiers"]:
            key = (part["id"], line["tier"])
            check_share(line["prevalence"], len(raw.raised[key]), len(raw.asked[key]))
            shares = {
                pain.pk: len(raw.raised[pain.pk, line["tier"]])
                / len(raw.asked[pain.pk, line["tier"]])
                for pain in made.pains
                if raw.asked[pain.pk, line["tier"]]
            }
            if part["id"] in shares and line["rank"] is not None:
                mine = round(shares[part["id"]], 12)
                assert line["rank"] == 1 + sum(round(s, 12) > mine for s in shares.values())
        for name, stance in (("quotes", "for"), ("against", "against")):
            expected = {
                row["id"]: row
                for row in raw.evidence
                if row["pain_id"] == part["id"] and row["stance"] == stance and raw.quotable(row)
            }
            assert part[f"{name}_total"] == len(expected)
            assert {quote["evidence"] for quote in part[name]} == set(expected)
            for quote in part[name]:
                row = expected[quote["evidence"]]
                highlight = raw.highlights[row["highlight_id"]]
                version = raw.versions[highlight["transcript_id"]]
                assert quote["text"] == version["text"][quote["start"] : quote["end"]]
                assert quote["sha256"] == version["sha256"]
                assert quote["tier"] == row["tier"]


def test_opportunity_is_that_of_the_latest_ratings(made: Market) -> None:
    needs = rows("insights_need")
    for part in document(made.feature)["pain_points"]:
        for line in part["tiers"]:
            rated = [
                row
                for row in needs
                if row["pain_id"] == part["id"] and line["tier"] in (row["tier"], "all")
            ]
            if not rated:
                assert line["opportunity"]["value"] is None
                continue
            important = 10 * sum(row["importance"] >= 4 for row in rated) / len(rated)
            satisfied = 10 * sum(row["satisfaction"] >= 4 for row in rated) / len(rated)
            expected = important + max(important - satisfied, 0)
            assert line["opportunity"]["n"] == len(rated)
            assert line["opportunity"]["value"] == pytest.approx(expected)


def test_money_is_that_of_the_ledger(made: Market) -> None:
    raw = Raw()
    cited = [made.pains[0].pk, made.pains[1].pk]
    raised = set().union(*(raw.raised[pain, "all"] for pain in cited))
    asked = set().union(*(raw.asked[pain, "all"] for pain in cited))
    payers = {person for person in asked if any(net > 0 for net in raw.net(person).values())}
    revenue: dict[str, int] = defaultdict(int)
    for person in raised:
        for currency, net in raw.net(person).items():
            revenue[currency] += net

    written = document(made.feature)["payments"]

    assert written["payers"] == len(payers & raised)
    assert {row["currency"]: row["amount"] for row in written["revenue"]} == {
        currency: f"{minor / 100:.2f}" for currency, minor in revenue.items()
    }
    others = asked - raised
    check_share(written["paying_rate_raised"], len(payers & raised), len(raised))
    check_share(written["paying_rate_not_raised"], len(payers & others), len(others))
    p1, p2 = len(payers & raised) / len(raised), len(payers & others) / len(others)
    (l1, u1), (l2, u2) = (
        wilson(len(payers & raised), len(raised)),
        wilson(len(payers & others), len(others)),
    )
    gap = written["difference"]
    assert gap["value"] == pytest.approx(p1 - p2)
    assert gap["low"] == pytest.approx(p1 - p2 - math.hypot(p1 - l1, u2 - p2))
    assert gap["high"] == pytest.approx(p1 - p2 + math.hypot(u1 - p1, p2 - l2))
    sums = [raw.net(person)["CNY"] for person in raised if "CNY" in raw.net(person)]
    assert written["largest_payer_share"] == pytest.approx(max(sums) / sum(sums))
    assert written["retention"]["n"] == len(payers & raised)


def test_use_and_relief_are_those_of_the_rows(made: Market) -> None:
    raw = Raw()
    uses = rows("generation_featureuse")
    people = {row["creator_id"] for row in uses}
    paying = {one for one in people if any(net > 0 for net in raw.net(one).values())}
    cost = sum(row["cost_minor"] for row in uses)
    kept = [row["accepted"] for row in uses if row["accepted"] is not None]
    relief = rows("generation_relief")

    written = document(made.feature)

    assert written["usage"]["runs"] == len(uses)
    assert written["usage"]["creators"] == len(people)
    assert written["usage"]["tokens"] == sum(row["tokens"] for row in uses)
    assert written["usage"]["cost"] == [{"amount": f"{cost / 100:.2f}", "currency": "CNY"}]
    assert written["usage"]["cost_per_paying_creator"] == [
        {"amount": f"{-(-cost // len(paying)) / 100:.2f}", "currency": "CNY"}
    ]
    check_share(written["usage"]["accepted_rate"], sum(kept), len(kept))
    check_share(written["usage"]["redo_rate"], len(kept) - sum(kept), len(kept))
    gaps = [row["after"] - row["before"] for row in relief]
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / (len(gaps) - 1) / len(gaps))
    found = written["relief"]["difference"]
    assert found["value"] == pytest.approx(mean)
    assert (found["high"] - found["low"]) / 2 >= 1.96 * spread  # Student's t is wider than normal
    by_tier = written["relief"]["tiers"]
    assert sum(by_tier[tier]["difference"]["n"] for tier in ("head", "mid", "entry")) == len(gaps)


def test_the_number_of_queries_does_not_grow_with_the_data(db: None) -> None:
    counts = []
    for people in (4, 12):
        made = market(people, seed=people)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dossier(made.feature)
        counts.append(len(queries))
        Feature.objects.filter(pk=made.feature.pk).update(key=f"old{people}")

    assert counts[0] == counts[1] <= 45


def test_quotes_on_the_page_are_capped_with_the_total_beside_them(
    staff: Person, made: Market
) -> None:
    whole = dossier(made.feature, most=WHOLE)
    capped = dossier(made.feature, most=1)

    for part, same in zip(capped.pain_parts, whole.pain_parts, strict=True):
        assert part.quotes_total == same.quotes_total == len(same.quotes)
        assert all(len(group.quotes) <= 1 for group in part.groups)
    page = staff.client.get("/admin/generation/feature/fixed/dossier/")
    assert page.status_code == 200


def test_markdown_keeps_peoples_words_from_acting_as_markup(made: Market) -> None:
    Feature.objects.filter(pk=made.feature.pk).update(hypothesis_zh="<b>#快</b> | 一半")
    text = to_markdown(dossier(Feature.objects.get(pk=made.feature.pk), most=WHOLE))

    assert "\\<b\\>\\#快\\</b\\> \\| 一半" in text
    assert "换个镜头脸就变了" in text


def test_retention_follows_each_payer_until_today_or_the_last_bill(made: Market) -> None:
    """Whoever has paid within 45 days stays; the curve at 90 days counts those followed so long."""
    raw = Raw()
    item = dossier(made.feature)
    now = timezone.now()
    still = 0
    for person in item.paying.payers:
        days = [row["occurred_at"] for row in raw.payments if row["creator_id"] == person]
        still += max(days) > now - timedelta(days=45)

    assert still == len(item.paying.payers)  # the market's payers all paid 20 days ago
    assert item.paying.retention.value in (None, 1.0)


def test_the_numbers_are_recomputed_when_nothing_is_remembered(made: Market) -> None:
    first = document(made.feature)
    cache.clear()
    again = document(made.feature)

    assert {**first, "as_of": ""} == {**again, "as_of": ""}


def test_what_is_sent_on_waits_for_unread_counter_evidence(staff: Person, made: Market) -> None:
    base = "/admin/generation/feature/fixed/dossier"
    against = list(Evidence.objects.filter(stance="against").values_list("pk", flat=True))

    held = staff.client.get(f"{base}.md")
    page = staff.client.get(f"{base}/").content.decode()
    machine = staff.client.get(f"{base}.json")

    assert held.status_code == 409
    assert "data-print" not in page
    assert "pj-printed" in page
    assert "against_unread" in {row["code"] for row in machine.json()["signals"]}
    warned = to_markdown(dossier(made.feature))
    counter_read(evidence_ids=against, reader=staff.user, conclusion="holds", note="看过")
    assert staff.client.get(f"{base}.md").status_code == 200
    page = staff.client.get(f"{base}/").content.decode()
    assert "data-print" in page
    assert "pj-printed" not in page
    assert "⚠" in warned
    assert "⚠" not in to_markdown(dossier(made.feature))

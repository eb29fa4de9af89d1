"""Insight over HTTP, for who may see it in the admin: shares with n and interval, quotes, search."""

import pytest
from django.contrib.auth.models import Permission

from insights.models import Asked
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag


def test_a_pain_point_comes_with_n_and_interval_by_tier(staff: Person) -> None:
    pain = PainPointFactory(title_zh="分镜太慢", title_en="Storyboards take days")
    for number in range(6):
        interview = InterviewFactory(creator=CreatorFactory(tier="mid"), tier_then="mid")
        if number < 2:
            tag(pain, transcript=transcript_of([("", "分镜要画三天")], interview=interview))
        else:
            Asked.objects.create(interview=interview, pain=pain)

    row = staff.client.get(f"/api/v1/pains/{pain.pk}/").json()
    listed = staff.client.get("/api/v1/pains/").json()["results"]

    tiers = {line["tier"]: line for line in row["tiers"]}
    assert list(tiers) == ["head", "mid", "entry", "all"]
    assert (tiers["mid"]["raised"], tiers["mid"]["asked"]) == (2, 6)
    assert tiers["mid"]["prevalence"]["n"] == 6
    low, high = tiers["mid"]["prevalence"]["low"], tiers["mid"]["prevalence"]["high"]
    assert 0 < low < 2 / 6 < high < 1
    assert tiers["head"]["prevalence"]["value"] is None
    assert listed == [row]


def test_below_five_people_the_api_gives_counts_and_no_share(staff: Person) -> None:
    pain = PainPointFactory()
    for _ in range(3):
        tag(pain, transcript=transcript_of([("", "分镜要画三天")], tier_then="head"))

    row = staff.client.get(f"/api/v1/pains/{pain.pk}/").json()

    head = row["tiers"][0]
    assert (head["raised"], head["asked"], head["prevalence"]["n"]) == (3, 3, 3)
    assert [head["prevalence"][name] for name in ("value", "low", "high")] == [None] * 3


def test_the_title_is_in_the_readers_language(staff: Person) -> None:
    pain = PainPointFactory(title_zh="分镜太慢", title_en="Storyboards take days")
    url = f"/api/v1/pains/{pain.pk}/"

    chinese = staff.client.get(url).json()["title"]
    staff.client.cookies["django_language"] = "en"

    assert (chinese, staff.client.get(url).json()["title"]) == ("分镜太慢", "Storyboards take days")


def test_quotes_stand_where_they_were_said(staff: Person) -> None:
    transcript = transcript_of([("", "什么最难？"), ("", "😀分镜要画三天")])
    pain = PainPointFactory()
    tag(pain, transcript=transcript, quote="分镜要画三天")

    (quote,) = staff.client.get(f"/api/v1/pains/{pain.pk}/quotes/").json()["results"]

    assert transcript.text[quote["start"] : quote["end"]] == quote["text"] == "分镜要画三天"
    assert quote["interview"] == transcript.interview_id


def test_search_answers_with_hits_and_their_number(staff: Person) -> None:
    transcript_of([("林小满", "分镜太慢"), ("林小满", "配音也慢")])

    answer = staff.client.get("/api/v1/search/", {"q": "慢", "limit": 1}).json()

    assert (answer["query"], answer["count"], answer["capped"]) == ("慢", 2, False)
    assert [hit["text"] for hit in answer["hits"]] == ["分镜太慢"]


def test_search_is_narrowed_and_comes_with_context(staff: Person) -> None:
    pain = PainPointFactory(title_zh="太慢")
    transcript = transcript_of([("问", "怎么样？"), ("林小满", "分镜太慢")], tier_then="mid")
    transcript_of([("林小满", "分镜很快")], tier_then="head")
    tag(pain, transcript=transcript, quote="分镜太慢")
    asked = {"q": "分镜", "pain": pain.pk, "tier": "mid", "until": "2026-12-31", "around": "true"}

    (hit,) = staff.client.get("/api/v1/search/", asked).json()["hits"]

    assert hit["around"] == {
        "before": {"speaker": "问", "text": "怎么样？"},
        "after": None,
        "codings": [{"pain": pain.pk, "title": "太慢", "against": False}],
    }
    del asked["around"]
    assert staff.client.get("/api/v1/search/", asked).json()["hits"][0]["around"] is None
    assert (
        staff.client.get("/api/v1/search/", {**asked, "since": "2026-12-01"}).json()["count"] == 0
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=x&limit=0",
        "q=x&limit=999",
        "q=x&tier=top",
        "q=x&offset=-1",
        "q=x&since=yesterday",
        "q=x&order=age",
        "q=x&pain=slow",
    ],
)
def test_a_search_that_makes_no_sense_is_refused(staff: Person, query: str) -> None:
    answer = staff.client.get(f"/api/v1/search/?{query}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


def test_a_permission_opens_exactly_its_own_route(bob: Person) -> None:
    paths = ["creators", "interviews", "pains", "features", "search"]

    def opened() -> set[str]:
        return {p for p in paths if bob.client.get(f"/api/v1/{p}/?q=x").status_code == 200}

    assert opened() == set()
    bob.user.user_permissions.add(Permission.objects.get(codename="view_painpoint"))
    assert opened() == {"pains"}
    bob.user.user_permissions.add(Permission.objects.get(codename="view_interview"))
    assert opened() == {"pains", "interviews", "search"}

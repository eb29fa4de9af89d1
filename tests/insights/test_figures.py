"""Pages of statistics, their files, and the links that show them to others."""

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from crm.models import (
    Consent,
    Creator,
    Interview,
    Segment,
    StepEffort,
    Study,
    Tier,
    TierChange,
    WorkflowStep,
)
from insights.figures.book import PAGES, figure_of
from insights.findings.corpus import corpus
from insights.findings.needs import landscape, prices
from insights.findings.ranks import ranked
from insights.findings.reach import reach
from insights.findings.saturating import saturations, whom_next
from insights.findings.selection import Selection
from insights.findings.shared import shares_about
from insights.models import Asked, Evidence, Need, PainPoint, Share, ShareOpening
from insights.ranking import ranks_by_tier
from insights.services.readings import counter_read
from insights.services.shares import share_create, share_revoke, share_token
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, StudyFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag
from tests.insights.refusal import refused

ROOT = "/admin/insights/painpoint/statistics"
ALL = Selection()


@pytest.fixture
def world(db: None) -> tuple[PainPoint, PainPoint]:
    """Six mid-tier creators with interviews, ratings, prices and steps; a study of two of them."""
    first, second = PainPointFactory(title_zh="串脸"), PainPointFactory(title_zh="=选题")
    study = StudyFactory(key="faces")
    step = WorkflowStep.objects.create(key="draw", title_zh="画图", title_en="Drawing")
    for n in range(6):
        creator = CreatorFactory(tier=Tier.MID)
        interview = InterviewFactory(
            creator=creator, study=study if n < 2 else None,
            at=timezone.now() - timedelta(days=n * 10),
        )  # fmt: skip
        if n < 4:
            tag(first, transcript=transcript_of([("", f"{n}号：两张脸又串了")], interview=interview),
                quote="两张脸又串了")  # fmt: skip
        else:
            Asked.objects.create(interview=interview, pain=first)
        Asked.objects.create(interview=interview, pain=second)
        Need.objects.create(
            creator=creator, pain=first, tier=Tier.MID, importance=5 if n else 2, satisfaction=1,
            too_cheap_minor=1000, cheap_minor=3000 + 100 * n, expensive_minor=6000,
            too_expensive_minor=9000,
        )  # fmt: skip
        StepEffort.objects.create(
            creator=creator, step=step, minutes=60, ai="assist" if n < 4 else "none", quality=3
        )
    return first, second


def test_every_figure_shows_what_is_there_and_says_what_to_do_where_nothing_is(db: None) -> None:
    for key in PAGES:
        figure = figure_of(key, {})
        assert figure.drawing is None
        assert figure.rows == ()
        assert figure.empty
        assert figure.empty_href.startswith("/admin/")


def test_a_share_has_the_people_asked_below_it_and_opens_its_rows(
    world: tuple[PainPoint, PainPoint],
) -> None:
    line = ranked(corpus(ALL))[0]
    assert (line.pain, len(line.prevalence["mid"].raised), line.prevalence["mid"].estimate.n) == (
        world[0], 4, 6,
    )  # fmt: skip
    assert line.places["mid"].first > 0.9

    row = next(row for row in figure_of("ranking", {}).rows if row[1].value == "mid")

    assert [cell.text for cell in row[2:5]] == ["4", "6", "66.7%"]
    ids = row[2].href.split("id__in=")[1].split(",")
    assert Creator.objects.filter(pk__in=ids).count() == 4


def test_the_ranking_says_the_same_as_the_dossier_and_the_first_page(
    world: tuple[PainPoint, PainPoint],
) -> None:
    here = {
        (line.pain.pk, tier): (place.rank, place.first)
        for line in ranked(corpus(ALL))
        for tier, place in line.places.items()
    }

    there = {key: (rank.rank, rank.first_probability) for key, rank in ranks_by_tier().items()}

    assert here == there != {}


def test_below_five_people_there_is_no_percentage(world: tuple[PainPoint, PainPoint]) -> None:
    figure = figure_of("ranking", {"study": "faces"})

    texts = [cell.text for row in figure.rows for cell in row]
    assert texts
    assert not any("%" in text for text in texts)
    assert {row[3].text for row in figure.rows} == {"2"}


def test_filters_by_study_and_days_narrow_what_is_counted(
    world: tuple[PainPoint, PainPoint],
) -> None:
    since = (timezone.localdate() - timedelta(days=15)).isoformat()

    assert len(corpus(ALL).interviews) == 6
    assert len(corpus(Selection(study="faces")).interviews) == 2
    assert figure_of("ranking", {"since": since}).rows[0][3].text == "2"
    for bad in ({"since": "heute"}, {"since": "2026-05-02", "until": "2026-05-01"}):
        with refused("bad_day" if len(bad) == 1 else "bad_days"):
            figure_of("ranking", bad)


def test_the_landscape_takes_each_creators_latest_rating(
    world: tuple[PainPoint, PainPoint],
) -> None:
    again = Creator.objects.order_by("pk").first()
    assert again is not None
    Need.objects.create(creator=again, pain=world[0], tier=Tier.MID, importance=5, satisfaction=5)

    standing = landscape(ALL)[0].tiers["mid"]

    assert (standing.importance.value, standing.importance.n) == (1.0, 6)
    assert standing.satisfaction.value == pytest.approx(1 / 6)
    assert standing.opportunity.value == pytest.approx(10 + 10 - 10 / 6)
    assert standing.opportunity.low is not None


def test_prices_have_all_four_answers_and_their_interval(
    world: tuple[PainPoint, PainPoint],
) -> None:
    priced = prices(ALL)[0].tiers["all"]

    assert priced.points.n == 6
    assert priced.points.pmc is not None
    assert priced.estimates["opp"].low is not None
    assert prices(ALL)[0].tiers["head"].points.n == 0


def test_the_reach_of_ai_uses_the_tier_of_the_day(world: tuple[PainPoint, PainPoint]) -> None:
    creator = Creator.objects.order_by("pk").first()
    assert creator is not None
    TierChange.objects.create(
        creator=creator, tier=Tier.HEAD, at=timezone.now() - timedelta(days=400)
    )

    tiers = reach(ALL)[0].tiers

    assert (tiers["head"].penetration.some.n, tiers["mid"].penetration.some.n) == (1, 5)
    assert len(tiers["all"].penetration.some.rows) == 4


def test_whom_to_interview_next_is_a_tier_of_which_nothing_is_known(
    world: tuple[PainPoint, PainPoint],
) -> None:
    lines = saturations(corpus(ALL))

    assert next(line for line in lines if line.tier == "mid").pains == 1
    assert whom_next(lines) == "head"


@pytest.mark.parametrize("key", ["landscape", "ranking", "saturation", "penetration", "prices"])
def test_each_chart_comes_as_csv_svg_and_png(
    world: tuple[PainPoint, PainPoint], staff: Person, key: str
) -> None:
    files = {kind: staff.client.get(f"{ROOT}/{key}/file/{kind}/") for kind in ("csv", "svg", "png")}

    assert {response.status_code for response in files.values()} == {200}
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    assert len(rows) == len(figure_of(key, {}).rows) + 1
    assert len({len(row) for row in rows}) == 1
    root = ElementTree.fromstring(files["svg"].content)  # noqa: S314  made by us
    assert root.tag.endswith("svg")
    picture = Image.open(io.BytesIO(files["png"].content))
    assert picture.size == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
    colours = picture.convert("RGB").getcolors(1_000_000)
    assert colours is not None
    assert len(colours) > 8


def test_a_title_is_no_formula_in_a_spreadsheet(
    world: tuple[PainPoint, PainPoint], staff: Person
) -> None:
    text = staff.client.get(f"{ROOT}/ranking/file/csv/").content.decode()

    assert "'=选题" in text
    assert "\n=选题" not in text


def test_files_and_links_wait_until_counter_evidence_is_read(
    world: tuple[PainPoint, PainPoint], staff: Person
) -> None:
    against = tag(world[0], quote="没有串过", stance=Evidence.Stance.AGAINST)
    wish = {"note": "给老板", "days": "7"}

    held = staff.client.get(f"{ROOT}/ranking/file/png/")
    page = staff.client.get(f"{ROOT}/ranking/").content.decode()
    staff.client.post(f"{ROOT}/ranking/share/", wish)

    assert held.status_code == 409
    assert "串脸" in held.content.decode()
    assert "fig-unprinted" in page
    assert "data-print>" not in page
    assert not Share.objects.exists()
    counter_read(evidence_ids=[against.pk], reader=staff.user, conclusion="holds", note="一个人")
    assert staff.client.get(f"{ROOT}/ranking/file/png/").status_code == 200
    assert "data-print>" in staff.client.get(f"{ROOT}/ranking/").content.decode()
    staff.client.post(f"{ROOT}/ranking/share/", wish)
    assert Share.objects.get().note == "给老板"


@pytest.fixture
def share(world: tuple[PainPoint, PainPoint], staff: Person) -> Share:
    return share_create(
        page="ranking", params={"study": ""}, pains=[world[0].pk], note="给老板", days=7,
        actor=staff.user,
    )  # fmt: skip


def opened(share: Share) -> tuple[int, str, str]:
    response = Client().get(f"/shared/{share_token(share)}/")
    outcome = ShareOpening.objects.filter(share=share).first()
    return response.status_code, response.content.decode(), outcome.outcome if outcome else ""


def test_a_shared_page_is_read_without_a_login_and_shows_no_link_name_or_quote(
    share: Share,
) -> None:
    status, page, outcome = opened(share)

    assert (status, outcome) == (200, "shown")
    assert "串脸" in page
    assert "66.7%" in page
    assert "/admin/" not in page
    assert "两张脸又串了" not in page
    assert not any(creator.name in page for creator in Creator.objects.all())


def test_a_shared_page_names_its_study_and_days_and_keeps_the_segment_to_the_team(
    world: tuple[PainPoint, PainPoint], staff: Person
) -> None:
    study = Study.objects.get(key="faces")
    part = Segment.objects.create(name="流失的大客户", by=staff.user)
    share = share_create(
        page="ranking", params={"study": "faces", "segment": str(part.pk), "until": "2099-01-01"},
        pains=[], note="给老板", days=7, actor=staff.user,
    )  # fmt: skip

    _status, page, _outcome = opened(share)

    assert f"{study} · … – 2099-01-01" in page
    assert part.name not in page


@pytest.mark.parametrize(("consent", "shown"), [("", False), ("quote_anonymous", True)])
def test_a_shared_pain_point_shows_only_words_that_may_leave_the_team(
    world: tuple[PainPoint, PainPoint], staff: Person, consent: str, shown: bool
) -> None:
    said = world[0].evidence.first()
    assert said is not None
    if consent:
        Consent.objects.create(
            creator=said.creator, interview=said.interview, purpose=consent, channel="staff"
        )
    share = share_create(
        page="pain", params={"pain": str(world[0].pk)}, pains=[world[0].pk], note="给老板", days=7,
        actor=staff.user,
    )  # fmt: skip

    status, page, outcome = opened(share)

    assert (status, outcome, said.highlight.text in page) == (200, "shown", shown)
    assert said.creator.name not in page


def test_a_link_that_was_tampered_with_expired_or_revoked_shows_nothing(
    share: Share, staff: Person
) -> None:
    token = share_token(share)
    assert Client().get(f"/shared/{token[:-1]}x/").status_code == 404
    other = "Mg" + token[2:]
    assert Client().get(f"/shared/{other}/").status_code == 404

    Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    status, page, outcome = opened(share)
    assert (status, outcome, "串脸" in page) == (410, "expired", False)
    Share.objects.update(expires_at=timezone.now() + timedelta(days=1))
    share_revoke(share_id=share.pk, actor=staff.user)
    status, page, outcome = opened(share)
    assert (status, outcome, "串脸" in page) == (410, "revoked", False)


def test_counter_evidence_that_comes_in_later_closes_a_link_until_it_is_read(
    share: Share, world: tuple[PainPoint, PainPoint], staff: Person
) -> None:
    against = tag(world[0], quote="没有串过", stance=Evidence.Stance.AGAINST)

    assert opened(share)[0::2] == (409, "blocked")
    counter_read(evidence_ids=[against.pk], reader=staff.user, conclusion="holds", note="一个人")
    assert opened(share)[0::2] == (200, "shown")
    assert ShareOpening.objects.count() == 2


def test_the_list_of_links_says_in_words_what_each_shows(
    world: tuple[PainPoint, PainPoint], staff: Person
) -> None:
    study = Study.objects.get(key="faces")
    for page, params in (
        ("pain", {"pain": str(world[0].pk)}),
        ("ranking", {"study": "faces", "since": "2026-01-01"}),
        ("prices", {"pain": str(world[0].pk), "tier": "mid"}),
        ("prices", {"pain": "999999999999999999", "tier": "top", "segment": "７"}),
    ):
        share_create(page=page, params=params, pains=[], note="给老板", days=7, actor=staff.user)

    odd, prices_of, ranking, pain = shares_about([row.params for row in Share.objects.all()])

    assert pain == world[0].title
    assert ranking == f"{study} · 2026-01-01 – …"
    assert prices_of == f"{world[0].title} · {Tier.MID.label}"
    assert odd == "999999999999999999 · ７"
    assert world[0].title in staff.client.get("/admin/insights/painpoint/shares/").content.decode()


@pytest.mark.parametrize(("note", "days", "code"), [(" ", 7, "no_note"), ("给", 91, "bad_days")])
def test_a_link_needs_a_purpose_and_an_end(staff: Person, note: str, days: int, code: str) -> None:
    with refused(code):
        share_create(page="ranking", params={}, pains=[], note=note, days=days, actor=staff.user)


def test_the_reads_of_a_page_do_not_grow(
    world: tuple[PainPoint, PainPoint], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        tag(PainPointFactory())

    with django_assert_num_queries(5):
        corpus(ALL)
    with django_assert_num_queries(4):
        reach(ALL)


def test_withdrawn_words_are_not_counted(world: tuple[PainPoint, PainPoint]) -> None:
    gone = Interview.objects.filter(transcripts__isnull=False).first()
    assert gone is not None
    Interview.objects.filter(pk=gone.pk).update(redacted_at=timezone.now())

    line = ranked(corpus(ALL))[0]

    assert (len(line.prevalence["mid"].raised), line.prevalence["mid"].estimate.n) == (3, 5)


def test_pages_open_in_both_languages(world: tuple[PainPoint, PainPoint], staff: Person) -> None:
    for language, word in (("zh-hans", "统计"), ("en", "Statistics")):
        staff.client.cookies["django_language"] = language
        for key in PAGES:
            page = staff.client.get(f"{ROOT}/{key}/")
            assert page.status_code == 200
            assert word in page.content.decode()

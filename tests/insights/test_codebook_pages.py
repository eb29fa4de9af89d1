"""The codebook's page, the pain point's page and the workspace: what a person does there."""

import json

import pytest

from crm.models import WorkflowStep
from insights.findings.codebook import codebook
from insights.models import CounterReading, Evidence, PainChange, PainPoint
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

ROOT = "/admin/insights/painpoint"


@pytest.fixture
def tree(db: None) -> tuple[PainPoint, PainPoint, PainPoint]:
    step = WorkflowStep.objects.create(key="draw", title_zh="画图", title_en="Drawing")
    top = PainPointFactory(title_zh="串脸", step=step)
    part = PainPointFactory(title_zh="换装串脸", step=step, parent=top)
    return top, part, PainPointFactory(title_zh="选题难")


def test_a_creator_who_raised_the_whole_and_a_part_is_one_creator(
    tree: tuple[PainPoint, PainPoint, PainPoint], bob: Person, staff: Person
) -> None:
    top, part, _other = tree
    creator = CreatorFactory(tier="mid")
    said = transcript_of(
        [("", "脸串了，换装也串了")], interview=InterviewFactory(creator=creator, tier_then="mid")
    )
    for coder in (bob, staff):
        tag(top, transcript=said, quote="脸串了", coder=coder.user)
    tag(part, transcript=said, quote="换装也串了", coder=bob.user)
    tag(part, quote="别人换装也串")

    lines = {line.pain.pk: line for branch in codebook() for line in branch.lines}

    assert (lines[top.pk].quotes, lines[top.pk].coders, lines[top.pk].depth) == (2, 2, 0)
    assert len(lines[top.pk].creators["all"]) == 1
    assert len(lines[top.pk].everybody) == 2
    assert [len(people) for _tier, people in lines[top.pk].tiers] == [0, 2, 0]
    assert (lines[part.pk].depth, len(lines[part.pk].everybody)) == (1, 2)


def test_the_tree_is_moved_without_any_script(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    top, _part, other = tree
    page = staff.client.get(f"{ROOT}/codebook/?pain={other.pk}").content.decode()
    assert 'id="panel"' in page

    staff.client.post(f"{ROOT}/codebook/move/", {"pain": other.pk, "parent": top.pk, "step": ""})

    other.refresh_from_db()
    assert (other.parent, other.step) == (top, top.step)
    page = staff.client.get(f"{ROOT}/codebook/").content.decode()
    change = PainChange.objects.get()
    assert f"{other.title}</a>" in page
    assert f"未归入环节 → {top.title}" in page
    staff.client.post(f"{ROOT}/codebook/undo/{change.pk}/")
    other.refresh_from_db()
    assert (other.parent, other.step) == (None, None)


def test_a_move_that_would_tie_a_knot_is_refused_in_words(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    top, part, _other = tree

    page = staff.client.post(
        f"{ROOT}/codebook/move/", {"pain": top.pk, "parent": part.pk}, follow=True
    )

    assert "请先把它移出来" in page.content.decode()
    top.refresh_from_db()
    assert top.parent is None


def test_a_merge_a_redirect_and_taking_it_back(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    _top, part, other = tree
    tag(part, quote="换装也串")

    staff.client.post(f"{ROOT}/codebook/{part.pk}/merge/", {"into": other.pk, "why": "同一件事"})

    assert (
        staff.client.get(f"{ROOT}/{part.pk}/page/")
        .headers["Location"]
        .endswith(f"/{other.pk}/page/")
    )
    change = PainChange.objects.get()
    assert "同一件事" in staff.client.get(f"{ROOT}/codebook/").content.decode()
    staff.client.post(f"{ROOT}/codebook/undo/{change.pk}/")
    assert staff.client.get(f"{ROOT}/{part.pk}/page/").status_code == 200
    assert Evidence.objects.get().pain == part


def test_a_refused_split_keeps_what_was_typed_and_a_right_one_goes_through(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    top = tree[0]
    first, _second = (tag(top, quote=quote) for quote in ("脸串了", "手也串了"))
    url = f"{ROOT}/codebook/{top.pk}/split/"

    page = staff.client.post(url, {"title_zh": "手部串", "why": "不是脸"}).content.decode()
    assert "手部串" in page
    assert "不是脸" in page
    staff.client.post(url, {"title_zh": "手部串", "evidence": [first.pk]})

    assert PainPoint.objects.get(title_zh="手部串").evidence.get() == first


def test_the_change_form_moves_by_the_service_and_cannot_close_or_delete(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    top, part, other = tree
    url = f"{ROOT}/{top.pk}/change/"
    page = staff.client.get(url).content.decode()
    assert 'type="color"' in page
    assert 'name="status"' not in page
    fields = {
        "title_zh": "串脸", "title_en": "", "description_zh": "", "description_en": "",
        "colour": "#123456", "step": "", "parent": part.pk,
    }  # fmt: skip

    staff.client.post(url, fields)
    top.refresh_from_db()
    assert (top.parent, top.colour) == (None, "#123456")
    staff.client.post(url, fields | {"parent": other.pk})
    top.refresh_from_db()
    assert top.parent == other
    assert staff.client.get(f"{ROOT}/{top.pk}/delete/").status_code == 403


def test_counter_evidence_is_read_on_the_pain_points_page(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    against = tag(tree[0], quote="从来不串", stance=Evidence.Stance.AGAINST)
    url = f"{ROOT}/{tree[0].pk}/page/"
    assert "fig-unprinted" in staff.client.get(url).content.decode()

    staff.client.post(
        f"{ROOT}/{tree[0].pk}/against/",
        {"evidence": [against.pk], "conclusion": "narrows", "note": "单人镜头不串"},
    )

    reading = CounterReading.objects.get()
    assert (reading.reader, reading.conclusion) == (staff.user, "narrows")
    page = staff.client.get(url).content.decode()
    assert "单人镜头不串" in page
    assert "fig-unprinted" not in page


def test_quotes_come_in_pages_and_by_tier(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    creator = CreatorFactory(tier="head")
    said = transcript_of(
        [("", "".join(f"第{n:02}次脸又串了。" for n in range(23)))],
        interview=InterviewFactory(creator=creator, tier_then="head"),
    )
    for n in range(23):
        tag(tree[0], transcript=said, quote=f"第{n:02}次脸又串了")
    url = f"{ROOT}/{tree[0].pk}/page/"

    assert staff.client.get(url).content.decode().count("次脸又串了</blockquote>") == 20
    assert staff.client.get(f"{url}?for=2").content.decode().count("次脸又串了</blockquote>") == 3
    assert "次脸又串了</blockquote>" not in staff.client.get(f"{url}?tier=mid").content.decode()


READING = {
    "stance": "against", "severity": "4", "frequency": "weekly", "workaround": "重抽",
    "spend": "12.50",
}  # fmt: skip


def test_a_reading_is_refined_from_the_workspace(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    evidence = tag(tree[0], coder=staff.user)
    url = f"/admin/insights/evidence/reading/{evidence.pk}/"

    bad = staff.client.post(
        url, json.dumps(READING | {"spend": "viel"}), content_type="application/json"
    )
    good = staff.client.post(url, json.dumps(READING), content_type="application/json")

    assert (bad.status_code, "error" in bad.json()) == (422, True)
    evidence.refresh_from_db()
    assert (evidence.stance, evidence.severity, evidence.spend_minor) == ("against", 4, 1250)
    shown = good.json()["highlights"][0]["evidence"][0]
    assert (shown["workaround"], shown["spend"]) == ("重抽", "12.50")


def test_a_reading_is_refined_from_the_pain_points_page_and_in_the_admin(
    tree: tuple[PainPoint, PainPoint, PainPoint], staff: Person
) -> None:
    evidence = tag(tree[0], coder=staff.user)

    answer = staff.client.post(f"/admin/insights/evidence/reading/{evidence.pk}/", READING)
    assert answer.headers["Location"].endswith(f"/page/#e{evidence.pk}")
    staff.client.post(
        f"/admin/insights/evidence/{evidence.pk}/change/",
        {"stance": "for", "severity": "2", "frequency": "", "workaround": "", "spend_minor": ""},
    )

    evidence.refresh_from_db()
    assert (evidence.stance, evidence.severity, evidence.workaround) == ("for", 2, "")


def test_a_tag_carries_workaround_and_spending(staff: Person, db: None) -> None:
    said = transcript_of([("墨", "分镜要画三天")])
    wish = READING | {
        "transcript": said.pk, "start": 0, "end": 2, "quote": "分镜", "title": "分镜慢",
    }  # fmt: skip

    answer = staff.client.post(
        f"/admin/insights/evidence/workspace/{said.interview_id}/tag/",
        json.dumps(wish),
        content_type="application/json",
    )

    assert answer.status_code == 200
    evidence = Evidence.objects.get()
    assert (evidence.workaround, evidence.spend_minor) == ("重抽", 1250)
    assert evidence.interview == said.interview

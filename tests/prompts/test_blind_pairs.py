"""Blind pairs: side drawn once and kept, no names anywhere, repeats, keys, undo, who may see what."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from crm.models import Consent
from crm.services.consents import consent_give
from generation.evaluations.documents import document_of
from generation.models import CaseSet, Evaluation, Vote
from generation.prompts.library import shipped
from generation.prompts.tables import table_of
from generation.services.evaluations import votes as service
from generation.services.evaluations.cases import case_set_add, shots_of_novel
from generation.services.evaluations.planning import Wanted, evaluation_add
from generation.services.evaluations.running import evaluation_execute
from generation.services.evaluations.votes import pair_next, vote_give, vote_undo
from tests.conftest import Person
from tests.factories.generation import NovelFactory
from tests.prompts.stories import house_shots, story_text
from tests.prompts.test_evaluations import SMALL, versions

pytestmark = pytest.mark.django_db
KEYS = ("film-still-zh", "impasto-en", "sketch-line-zh")


def finished(case_set: CaseSet, **facts: Any) -> Evaluation:
    wanted = Wanted(case_set, tuple((version, "sketch") for version in versions(*KEYS)))
    row = evaluation_add(
        wanted=wanted, title="三种画法", token=f"blind-{case_set.pk}", actor=None, size=SMALL,
        votes_wanted=40, **facts,
    )  # fmt: skip
    evaluation_execute(row.pk)
    return Evaluation.objects.get(pk=row.pk)


@pytest.fixture
def row() -> Evaluation:
    cases = house_shots(5, 2)
    return finished(
        case_set_add(
            key="house", title="自家", kind="shot", language="zh-Hans", cases=cases, actor=None
        ),
        in_portal=True,
    )


def vote(row: Evaluation, person: Person, outcome: str = "left") -> Vote:
    pair = pair_next(evaluation=row, rater=person.user)
    assert pair is not None
    return vote_give(token=pair.token, outcome=outcome, rater=person.user)[0]


def test_a_pair_is_drawn_once_and_reloading_shows_it_again(row: Evaluation, staff: Person) -> None:
    first = pair_next(evaluation=row, rater=staff.user)
    again = pair_next(evaluation=row, rater=staff.user)

    assert first == again
    assert first is not None
    assert first.left.case_id == first.right.case_id
    assert first.left.arm_id != first.right.arm_id
    assert first.left.output["sha256"] != first.right.output["sha256"]


def test_sides_are_random_and_kept_with_the_vote(row: Evaluation, staff: Person) -> None:
    lower = Counter()
    for _ in range(60):
        pair = pair_next(evaluation=row, rater=staff.user)
        assert pair is not None
        lower[pair.left.arm_id < pair.right.arm_id] += 1
        pair.delete()

    # 60 fair throws: fewer than 14 or more than 46 in one of 30,000 runs.
    assert 14 <= lower[True] <= 46


def test_no_name_of_what_made_them_reaches_the_rater(row: Evaluation, staff: Person) -> None:
    secrets = {"sketch", "ComfyUI", "FLUX", "SDXL", row.title}
    for key in KEYS:
        template = shipped()[key]
        secrets |= {key, template.title.zh, template.title.en, template.style, template.digest}
    secrets |= {f'"{arm.pk}"' for arm in row.arms.all()}
    page = staff.client.get(reverse("admin:generation_pairs", args=[row.pk]))
    html = page.content.decode()
    body = html[html.index('class="pair-state"') : html.index("data-undo")]
    pictures = re.findall(r'<img src="([^"]+)"', body)
    pair = Vote.objects.get()

    assert len(pictures) == 2
    for text in (body, page.headers.get("Link", "")):
        assert not [name for name in secrets if name in text]
    for trial in (pair.left, pair.right):
        for name in (trial.picture.name, trial.key, f"/{trial.pk}.", f"/{trial.arm_id}/"):
            assert name not in body
    for url in pictures:
        answer = staff.client.get(url)
        data = answer.content
        assert re.fullmatch(r".*/pairs/[0-9a-f]{32}/[ab]\.png", url)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "ETag" not in answer.headers
        assert "Last-Modified" not in answer.headers
        assert answer.headers["Content-Disposition"] == "inline"
        picture = Image.open(io.BytesIO(data))
        assert picture.info == {}
        assert not picture.getexif()
        assert b"tEXt" not in data
        assert b"iTXt" not in data


def test_metadata_of_an_engine_is_taken_off(row: Evaluation, staff: Person) -> None:
    from PIL.PngImagePlugin import PngInfo

    pair = pair_next(evaluation=row, rater=staff.user)
    assert pair is not None
    info = PngInfo()
    info.add_text("parameters", "film-still-zh, Steps: 24")
    with Image.open(pair.left.picture.path) as picture:
        picture.copy().save(pair.left.picture.path, pnginfo=info)
    with Image.open(pair.left.picture.path) as kept:
        assert "parameters" in kept.info  # the control

    url = reverse("admin:generation_pair_picture", args=[pair.token, "a"])

    assert b"film-still" not in staff.client.get(url).content


def test_a_vote_goes_through_the_page_and_the_next_pair_comes(
    row: Evaluation, staff: Person
) -> None:
    page = reverse("admin:generation_pairs", args=[row.pk])
    staff.client.get(page)
    token = Vote.objects.get().token

    done = staff.client.post(
        reverse("admin:generation_pair_say", args=[token]), {"outcome": "right"}, follow=True
    )

    assert Vote.objects.get(token=token).outcome == "right"
    assert Vote.objects.filter(outcome="").count() == 1
    html = done.content.decode()
    for key in ("1", "2", "0", "u"):
        assert f'data-key="{key}"' in html
    assert 'max="40" value="1"' in html


def test_the_last_word_can_be_taken_back_and_comes_as_it_stood(
    row: Evaluation, staff: Person
) -> None:
    given = vote(row, staff, "left")
    pair_next(evaluation=row, rater=staff.user)

    assert vote_undo(evaluation=row, rater=staff.user)

    again = pair_next(evaluation=row, rater=staff.user)
    assert again is not None
    assert (again.pk, again.left_id, again.undone) == (given.pk, given.left_id, 1)
    vote_give(token=again.token, outcome="tie", rater=staff.user)
    Vote.objects.update(at=timezone.now() - timezone.timedelta(seconds=service.UNDO_WITHIN + 1))  # type: ignore[attr-defined]
    assert not vote_undo(evaluation=row, rater=staff.user)


def test_a_word_on_a_judged_or_strange_pair_is_refused(
    row: Evaluation, staff: Person, bob: Person
) -> None:
    from crm.exceptions import DomainError

    given = vote(row, staff, "left")
    assert vote_give(token=given.token, outcome="left", rater=staff.user)[0] == given
    for person, outcome, code in (
        (staff, "right", "judged"), (bob, "left", "no_pair"), (staff, "best", "outcome"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            vote_give(token=given.token, outcome=outcome, rater=person.user)
        assert refused.value.code == code


def test_earlier_pairs_come_again_for_agreement_with_oneself(
    row: Evaluation, staff: Person
) -> None:
    for _ in range(18):
        vote(row, staff, "left")

    repeats = list(Vote.objects.filter(repeat_of__isnull=False).select_related("repeat_of"))
    assert len(repeats) == 2
    for again in repeats:
        first = again.repeat_of
        assert first is not None
        assert {again.left_id, again.right_id} == {first.left_id, first.right_id}
    table = table_of(document_of(row))
    assert table["raters"]["repeats"] == 2
    assert table["ranking"]["votes"] == 16


def test_votes_rank_what_raters_prefer_and_a_left_bias_shows(
    row: Evaluation, staff: Person, bob: Person
) -> None:
    arms = {arm.pk: KEYS.index(arm.version.template.key) for arm in row.arms.all()}
    for person in (staff, bob):
        for _ in range(14):
            pair = pair_next(evaluation=row, rater=person.user)
            if pair is None:
                break
            better = arms[pair.left.arm_id] < arms[pair.right.arm_id]
            vote_give(token=pair.token, outcome="left" if better else "right", rater=person.user)

    table = table_of(document_of(row))
    ranked = [arms[one["arm"]] for one in table["ranking"]["ranked"]]

    assert ranked[-1] == 2
    assert table["raters"]["with_oneself"]["value"] == 1.0
    assert table["raters"]["raters"] == 2


def test_a_creator_judges_the_houses_cases_and_never_another_ones_novel(
    row: Evaluation, alice: Person, charlie: Person
) -> None:
    consent_give(creator=alice.as_creator, purposes=[Consent.Purpose.EVALUATION])
    novel = NovelFactory(creator=alice.as_creator, text=story_text(2), title="墨雪")
    held = finished(
        case_set_add(
            key="alice", title="授权", kind="shot", language="zh-Hans", actor=None,
            cases=shots_of_novel(novel, most=3),
        ),
        in_portal=True,
    )  # fmt: skip

    assert pair_next(evaluation=held, rater=alice.user, creator=alice.as_creator) is not None
    assert pair_next(evaluation=held, rater=charlie.user, creator=charlie.as_creator) is None
    assert pair_next(evaluation=row, rater=charlie.user, creator=charlie.as_creator) is not None
    own = Vote.objects.get(rater=alice.user)
    picture = reverse("portal:pair_picture", args=[own.token, "a"])
    say = reverse("portal:pair_say", args=[own.token])
    assert alice.client.get(picture).status_code == 200
    assert charlie.client.get(picture).status_code == 404
    assert charlie.client.post(say, {"outcome": "left"}).status_code == 404
    page = charlie.client.get(reverse("portal:pairs")).content.decode()
    assert "data-pair" in page
    assert not [key for key in KEYS if key in page]


def test_a_creator_votes_in_the_portal(row: Evaluation, alice: Person) -> None:
    page = reverse("portal:pairs")
    alice.client.get(page)
    pair = Vote.objects.get(rater=alice.user)

    alice.client.post(reverse("portal:pair_say", args=[pair.token]), {"outcome": "tie"})
    alice.client.get(page)
    shown = Vote.objects.get(rater=alice.user, outcome="")
    alice.client.post(reverse("portal:pair_undo", args=[shown.token]))

    pair.refresh_from_db()
    assert (pair.outcome, pair.undone) == ("", 1)
    Evaluation.objects.filter(pk=row.pk).update(in_portal=False)
    assert "data-pair" not in alice.client.get(page).content.decode()


def test_a_creator_who_may_vote_is_invited_and_led_there(
    row: Evaluation, alice: Person, bob: Person
) -> None:
    home = reverse("portal:novel_list")
    page = reverse("portal:pairs")
    assert f'href="{page}"' in alice.client.get(home).content.decode()

    alice.client.get(page)
    pair = Vote.objects.get(rater=alice.user)
    alice.client.post(reverse("portal:pair_say", args=[pair.token]), {"outcome": "left"})
    assert "继续比较" in alice.client.get(home).content.decode()

    Evaluation.objects.filter(pk=row.pk).update(votes_wanted=1)  # what was wanted is there
    assert page not in bob.client.get(home).content.decode()
    Evaluation.objects.filter(pk=row.pk).update(votes_wanted=40, in_portal=False)
    assert page not in bob.client.get(home).content.decode()


def test_sizes_tell_no_engine_from_another(row: Evaluation, staff: Person) -> None:
    pair = pair_next(evaluation=row, rater=staff.user)
    assert pair is not None
    with Image.open(pair.left.picture.path) as picture:
        picture.resize((104, 168)).save(pair.left.picture.path)  # an engine that rounds to eights
    shown = [
        staff.client.get(reverse("admin:generation_pair_picture", args=[pair.token, side])).content
        for side in "ab"
    ]

    assert {Image.open(io.BytesIO(data)).size for data in shown} == {SMALL}

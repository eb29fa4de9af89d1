"""The choice of a template: kept whole, recomputed by a stranger, re-priced, watched in production."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.exceptions import DomainError
from engines.models import PaidCall, Price
from generation.evaluations.decisions import decision_page, production_of
from generation.evaluations.documents import document_of
from generation.library import version_named
from generation.models import Evaluation, TemplateDecision, TemplateUse, Trial
from generation.prompts.tables import repriced, table_of
from generation.services.evaluations.cases import case_set_add
from generation.services.evaluations.decisions import decision_take
from tests.conftest import Person
from tests.factories.generation import RunFactory
from tests.prompts.stories import house_shots
from tests.prompts.test_blind_pairs import finished, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Evaluation:
    cases = house_shots(6, 2)
    return finished(
        case_set_add(
            key="house", title="自家", kind="shot", language="zh-Hans", cases=cases, actor=None
        )
    )


@pytest.fixture
def decision(row: Evaluation, staff: Person) -> TemplateDecision:
    for _ in range(9):
        vote(row, staff)
    arm = row.arms.get(version__template__key="film-still-zh")
    return decision_take(evaluation=row, arm=arm, why="效果最好，代价相当", actor=staff.user)


def sceptic(file: Path) -> dict[str, Any]:
    """The table by a script that imports nothing of ours, in a Python that sees nothing of ours."""
    script = Path(__file__).with_name("sceptic.py")
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(file)], capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_sceptic_computes_the_same_table_from_the_file_alone(
    decision: TemplateDecision, staff: Person, tmp_path: Path
) -> None:
    answer = staff.client.get(reverse("admin:generation_decision_file", args=[decision.pk]))
    file = tmp_path / "choice.json"
    file.write_bytes(answer.content)

    mine = sceptic(file)

    document = json.loads(answer.content)
    assert mine["chosen"] == ["film-still-zh@2", "sketch"]
    for item in document["table"]["arms"]:
        told = mine["arms"][str(item["id"])]
        assert item["score"]["value"] == pytest.approx(told["score"])
        assert item["accepted"]["value"] == pytest.approx(told["accepted"])
        assert item["cost_per_accepted"]["value"] == pytest.approx(told["cost"])
        if item["difference"] is not None:
            assert item["difference"]["value"] == pytest.approx(told["difference"])
            assert item["p"] == pytest.approx(told["p"])
            assert item["p_holm"] == pytest.approx(told["p_holm"])
    for one in document["table"]["ranking"]["ranked"]:
        assert one["strength"] == pytest.approx(mine["arms"][str(one["arm"])]["strength"], abs=1e-3)
    assert len(mine["ratios"]) == len(document["table"]["ratios"])
    for told, (score, ratio) in zip(document["table"]["ratios"], mine["ratios"], strict=True):
        assert (told["score"], told["ratio"]["value"]) == pytest.approx((score, ratio))
    assert table_of(document) == document["table"]
    # The control: with one trial's score changed the sceptic's table is another.
    document["trials"][0][-1]["prompt"] = 0.0
    file.write_text(json.dumps(document), "utf-8")
    assert sceptic(file) != mine


def test_the_file_has_no_word_of_a_novel_and_no_name(
    decision: TemplateDecision, staff: Person
) -> None:
    text = json.dumps(decision.document, ensure_ascii=False)

    assert "沈砚" not in text
    assert "house-" not in text
    assert staff.user.username not in text
    case = Trial.objects.first().case  # type: ignore[union-attr]
    assert case.content["shot"]["narration"] not in text


def test_a_choice_is_kept_for_good_and_moves_the_alias(decision: TemplateDecision) -> None:
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        TemplateDecision.objects.update(why="x")
    assert version_named("film-still-zh") == decision.arm.version
    assert decision.document["chosen"] == decision.arm_id


def test_nothing_is_chosen_before_it_is_done_or_without_a_reason(
    row: Evaluation, staff: Person
) -> None:
    arm = row.arms.first()
    assert arm is not None
    with pytest.raises(DomainError) as refused:
        decision_take(evaluation=row, arm=arm, why=" ", actor=staff.user)
    assert refused.value.code == "why"
    row.state = Evaluation.State.RUNNING
    with pytest.raises(DomainError) as refused:
        decision_take(evaluation=row, arm=arm, why="x", actor=staff.user)
    assert refused.value.code == "not_done"


def test_later_prices_are_applied_to_the_same_trials_without_a_call(
    row: Evaluation, staff: Person
) -> None:
    Price.objects.create(
        engine="sketch", input_micro=1_000_000, cached_micro=0, output_micro=4_000_000
    )
    Trial.objects.filter(evaluation=row).update(cost_micro=100)
    arm = row.arms.get(version__template__key="film-still-zh")
    decision = decision_take(evaluation=row, arm=arm, why="试", actor=staff.user)
    Price.objects.create(
        engine="sketch", input_micro=2_000_000, cached_micro=0, output_micro=8_000_000,
        valid_from=timezone.now() + timedelta(seconds=0),
    )  # fmt: skip

    page = decision_page(decision)

    assert page.repriced is not None
    chosen = next(item for item in page.arms if item.chosen)
    tokens = sum(trial.input_tokens for trial in Trial.objects.filter(arm=arm))
    kept = Trial.objects.filter(arm=arm, accepted=True).count()
    assert chosen.now is not None
    assert chosen.now["cost_per_accepted"]["value"] == pytest.approx(tokens * 2 / kept)
    assert PaidCall.objects.count() == 0
    assert repriced(decision.document, {}) == decision.document
    shown = staff.client.get(reverse("admin:generation_decision", args=[decision.pk]))
    assert shown.status_code == 200


def test_production_flows_back_and_drift_is_flagged_only_where_it_is_sure(
    decision: TemplateDecision, staff: Person
) -> None:
    now = timezone.now()

    def uses(number: int, kept: int, days: int) -> None:
        for place in range(number):
            TemplateUse.objects.create(
                run=RunFactory(), version=decision.arm.version, shots=10, redone=1,
                accepted=place < kept, at=now - timedelta(days=days),
            )  # fmt: skip

    uses(25, 22, 60)
    uses(12, 2, 3)
    assert production_of(decision).change is None  # too few lately
    uses(13, 3, 4)
    found = production_of(decision)

    assert (found.runs, found.redone, found.shots) == (50, 50, 500)
    assert found.drifts
    assert found.lately.value == pytest.approx(5 / 25)
    TemplateUse.objects.filter(at__gte=now - timedelta(days=10)).update(accepted=True)
    assert not production_of(decision).drifts
    assert staff.client.get(reverse("admin:generation_decisions")).status_code == 200


def test_the_page_shows_front_ranking_and_pictures(row: Evaluation, staff: Person) -> None:
    for _ in range(6):
        vote(row, staff)
    staff.client.post(
        reverse("admin:generation_evaluation_act", args=[row.pk]), {"what": "compute"}
    )

    html = staff.client.get(reverse("admin:generation_evaluation", args=[row.pk])).content.decode()

    assert html.count('class="front-plot"') == 2
    assert html.count("/trials/") >= 3
    assert document_of(row)["votes"]
    chosen = row.arms.first()
    assert chosen is not None
    done = staff.client.post(
        reverse("admin:generation_evaluation_decide", args=[row.pk]),
        {"arm": chosen.pk, "why": "好用", "alias": "on"},
    )
    assert done.status_code == 302
    assert TemplateDecision.objects.count() == 1


def test_an_evaluation_is_planned_priced_and_started_from_the_page(
    row: Evaluation, staff: Person
) -> None:
    new = reverse("admin:generation_evaluation_new")
    picked = [version_named(key).pk for key in ("ink-wash-zh", "gongbi-zh")]  # type: ignore[union-attr]
    asked = {"cases": row.case_set_id, "version": picked, "engine": "sketch", "token": "page"}

    planned = staff.client.post(new, asked)
    refused = staff.client.post(new, {**asked, "version": picked[:1]})
    started = staff.client.post(new, {**asked, "start": "yes", "title": "水墨对工笔", "cap": "0"})

    assert 'name="start"' in planned.content.decode()
    assert refused.status_code == 422
    assert started.status_code == 302
    made = Evaluation.objects.get(token="page")
    assert made.trials.count() == 24
    assert (
        staff.client.get(reverse("admin:generation_evaluation", args=[made.pk])).status_code == 200
    )
    assert staff.client.get(reverse("admin:generation_case_set_new")).status_code == 200

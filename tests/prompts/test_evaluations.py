"""Evaluations: planned, run whole offline, resumed, cached, paid under a cap, withdrawn."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image, ImageStat

from crm.exceptions import DomainError
from crm.models import Consent
from crm.services.consents import consent_give, consent_withdraw
from crm.services.redactions import redaction_execute
from engines.chat.openai_compatible import _accepted
from engines.models import Budget, PaidCall, Price
from generation.evaluations.documents import document_of
from generation.library import version_named
from generation.models import Case, CaseSet, Evaluation, Score, TemplateVersion, Trial
from generation.prompts.library import shipped
from generation.prompts.tables import table_of
from generation.services.evaluations import running
from generation.services.evaluations.cases import (
    case_set_add,
    chapters_of_text,
    shots_of_novel,
)
from generation.services.evaluations.planning import Wanted, evaluation_add, plan_of
from generation.services.evaluations.running import (
    evaluation_cancel,
    evaluation_execute,
    evaluation_resume,
)
from tests.conftest import Person
from tests.engines.chat_server import ChatServer, chat_server
from tests.engines.test_likeness import pooling_model
from tests.factories.generation import NovelFactory
from tests.prompts.stories import house_shots, story_text
from tests.story.director import direct_words

pytestmark = pytest.mark.django_db
SMALL = (96, 160)


def versions(*keys: str) -> list[TemplateVersion]:
    found = [version_named(key) for key in keys]
    return [version for version in found if version is not None]


@pytest.fixture
def shots() -> CaseSet:
    return case_set_add(
        key="house", title="自家短篇", kind="shot", language="zh-Hans", actor=None,
        cases=house_shots(4, 3),
    )  # fmt: skip


def asked(shots: CaseSet, *keys: str, **facts: Any) -> Evaluation:
    wanted = Wanted(shots, tuple((version, "sketch") for version in versions(*keys)), **{
        name: facts.pop(name) for name in ("repetitions", "judge", "judge_pairs") if name in facts
    })  # fmt: skip
    usual: dict[str, Any] = {"title": "试", "token": "t", "actor": None, "size": SMALL}
    return evaluation_add(wanted=wanted, **{**usual, **facts})


def test_24_templates_on_40_shots_run_whole_offline() -> None:
    pictures = [key for key, template in shipped().items() if template.makes == "picture"][:24]
    cases = house_shots(8, 5)
    assert len(cases) == 40
    row = asked(
        case_set_add(
            key="forty", title="四十镜", kind="shot", language="zh-Hans", cases=cases, actor=None
        ),
        *pictures,
        threshold=0.9,
    )

    assert evaluation_execute(row.pk) == Evaluation.State.DONE

    row.refresh_from_db()
    assert row.trials.filter(state=Trial.State.DONE).count() == 960
    assert Score.objects.filter(trial__evaluation=row, value__isnull=False).count() == 960 * 3
    table = row.results
    assert len(table["arms"]) == 24
    assert table["unit"] == "tokens"
    assert table["stories"] == 8
    scores = {one["id"]: one["score"]["value"] for one in table["arms"]}
    english = row.arms.filter(version__template__language="en", version__template__family="natural")
    chinese = row.arms.filter(version__template__key="film-still-zh").get()
    # What cannot be said in English is not drawn, and costs the English templates their score.
    assert all(scores[arm.pk] < scores[chinese.pk] for arm in english)
    assert table["ratios"]
    assert row.trials.filter(cached=True).count() > 480
    assert table == json.loads(json.dumps(table_of(document_of(row))))


def test_a_stopped_evaluation_goes_on_from_its_rows(
    shots: CaseSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asked(shots, "film-still-zh", "gongbi-zh", "impasto-en")
    made: list[int] = []
    one = running._one

    def counting(evaluation: Evaluation, trial: Trial, *rest: Any) -> None:
        made.append(trial.pk)
        if len(made) == 15:
            evaluation_cancel(evaluation=evaluation, actor=None)
        one(evaluation, trial, *rest)

    monkeypatch.setattr(running, "_one", counting)

    assert evaluation_execute(row.pk) == Evaluation.State.CANCELLED
    first = set(made)
    assert evaluation_execute(row.pk) == "not_waiting"
    assert evaluation_resume(evaluation=row, actor=None)
    assert evaluation_execute(row.pk) == Evaluation.State.DONE
    assert not evaluation_resume(evaluation=row, actor=None)

    assert len(first) < 36
    assert len(made) == len(set(made)) == 36


def test_equal_work_is_taken_from_an_earlier_trial(shots: CaseSet) -> None:
    first = asked(shots, "sketch-ink-zh", "sketch-line-zh")
    evaluation_execute(first.pk)
    again = asked(shots, "sketch-ink-zh", "sketch-line-zh", token="t2")

    evaluation_execute(again.pk)

    assert first.trials.filter(cached=False).count() == 24
    assert again.trials.filter(cached=True).count() == 24
    effect = [
        table["results"]["arms"][0]["score"] for table in Evaluation.objects.values("results")
    ]
    assert effect[0] == effect[1]


def test_the_same_form_is_the_same_evaluation_and_seeds_are_paired(shots: CaseSet) -> None:
    row = asked(shots, "film-still-zh", "gongbi-zh", repetitions=2)

    assert asked(shots, "film-still-zh", "gongbi-zh", repetitions=2) == row
    assert row.trials.count() == 4 * 3 * 2 * 2
    for arm in row.arms.all():
        seeds = arm.trials.order_by("case", "repetition").values_list("seed", flat=True)
        assert len(set(seeds)) == 24
        assert list(seeds) == list(
            row.arms.first().trials.order_by("case", "repetition").values_list("seed", flat=True)  # type: ignore[union-attr]
        )


def test_a_plan_says_what_it_would_find_and_refuses_what_does_not_fit(shots: CaseSet) -> None:
    film, ink, director = versions("film-still-zh", "ink-wash-zh", "director-zh")
    plan = plan_of(Wanted(shots, ((film, "sketch"), (ink, "sketch"))))

    assert plan.quote.trials == 24
    assert plan.quote.cost_micro == 0
    assert 0.1 < (plan.power.effect or 0) < 0.5
    assert 0.7 < (plan.power.simulated or 0) < 0.9
    for arms, facts, code in (
        (((film, "sketch"),), {}, "arms"), (((film, "sketch"),) * 2, {}, "arms"),
        (((film, "sketch"), (director, "sketch")), {}, "kind"),
        (((film, "sketch"), (ink, "magic")), {}, "unknown_engine"),
        (((film, "sketch"), (ink, "sketch")), {"repetitions": 0}, "repetitions"),
        (((film, "sketch"), (ink, "sketch")), {"judge": "offline", "judge_pairs": 2}, "unknown_engine"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            plan_of(Wanted(shots, arms, **facts))  # type: ignore[arg-type]
        assert refused.value.code == code


def test_cases_are_versioned_and_fixed(shots: CaseSet) -> None:
    second = case_set_add(
        key="house", title="自家短篇", kind="shot", language="zh-Hans", actor=None,
        cases=house_shots(1, 2),
    )  # fmt: skip

    assert (shots.number, second.number) == (1, 2)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Case.objects.filter(case_set=shots).update(content={"shot": {}})
    with pytest.raises(DomainError):
        case_set_add(key="x", title="x", kind="shot", language="zh", cases=[], actor=None)


def test_a_novel_is_used_only_with_its_creators_consent_and_until_it_is_withdrawn(
    alice: Person, django_capture_on_commit_callbacks: Any
) -> None:
    novel = NovelFactory(creator=alice.as_creator, text=story_text(1))
    with pytest.raises(DomainError) as refused:
        shots_of_novel(novel, most=3)
    assert refused.value.code == "no_consent"
    consent_give(creator=alice.as_creator, purposes=[Consent.Purpose.EVALUATION])
    held = case_set_add(
        key="alice", title="授权", kind="shot", language="zh-Hans", actor=None,
        cases=shots_of_novel(novel, most=3),
    )  # fmt: skip
    row = asked(held, "film-still-zh", "gongbi-zh")
    evaluation_execute(row.pk)
    files = [trial.picture.path for trial in row.trials.all()]

    redaction = consent_withdraw(creator=alice.as_creator, purposes=[Consent.Purpose.EVALUATION])
    with django_capture_on_commit_callbacks(execute=True):
        redaction_execute(redaction.pk)

    assert all(case.content == {} and case.withdrawn_at for case in held.cases.all())
    assert set(row.trials.values_list("state", flat=True)) == {"withdrawn"}
    assert not any(Path(path).exists() for path in files)
    redaction.refresh_from_db()
    assert redaction.receipt["cases"] == 3


def test_a_learned_encoder_says_whether_characters_stay_the_same(
    shots: CaseSet, tmp_path: Path, settings: Any, staff: Person
) -> None:
    pytest.importorskip("onnxruntime", reason="pip install -r requirements-models.txt")
    without = asked(shots, "usual-zh", "cel-anime-tags", token="none")
    assert evaluation_execute(without.pk) == Evaluation.State.DONE
    page = reverse("admin:generation_evaluation", args=[without.pk])
    assert not Score.objects.filter(scorer="likeness").exists()  # not computed, and no 0
    assert "IDENTITY_ENCODER" in staff.client.get(page).content.decode()

    file = tmp_path / "pool.onnx"
    file.write_bytes(pooling_model())
    digest = sha256(file.read_bytes()).hexdigest()
    settings.IDENTITY_ENCODER = json.dumps(
        {"title": "pool", "path": str(file), "sha256": digest, "side": 32}
    )
    row = asked(shots, "usual-zh", "cel-anime-tags", token="with")
    assert evaluation_execute(row.pk) == Evaluation.State.DONE

    scores = Score.objects.filter(trial__evaluation=row, scorer="likeness")
    assert 12 < scores.count() <= 24
    assert set(scores.values_list("version", flat=True)) == {f"likeness@1 pool:{digest[:8]}"}
    assert all(0.5 < score.value <= 1.0 for score in scores)  # type: ignore[operator]
    row.refresh_from_db()
    assert document_of(row)["effect"] == [
        "prompt",
        "attributes",
    ]  # shown beside the score, not in it
    assert "likeness" in row.results["arms"][0]["scores"]
    assert (
        "IDENTITY_ENCODER"
        not in staff.client.get(
            reverse("admin:generation_evaluation", args=[row.pk])
        ).content.decode()
    )
    assert evaluation_resume(evaluation=row, actor=None) is False


# -- with a chat engine behind the real protocol ------------------------------------------------
def as_told(body: dict[str, Any]) -> str:
    return json.dumps(direct_words(body["messages"][-1]["content"]), ensure_ascii=False)


@pytest.fixture
def chat(settings: Any) -> Iterator[ChatServer]:
    _accepted.clear()
    with chat_server(as_told) as server:
        settings.CHAT_ENGINES = json.dumps(
            {
                name: {"base_url": server.url, "model": name, "context": 8_000}
                for name in ("director", "critic")
            }
        )
        for name in ("director", "critic"):
            Price.objects.create(
                engine=name, input_micro=1_000_000, cached_micro=100_000, output_micro=4_000_000
            )
        yield server


@pytest.fixture
def chapters() -> CaseSet:
    cases = [
        told
        for number in range(2)
        for told in chapters_of_text(story_text(number, 6), name=f"house-{number}", most=1)
    ]
    return case_set_add(
        key="chapters", title="两章", kind="chapter", language="zh-Hans", cases=cases, actor=None
    )


def directing(chapters: CaseSet, **facts: Any) -> Evaluation:
    arms = tuple(
        (version, "director") for version in versions("director-zh", "director-cinematic-zh")
    )
    wanted = Wanted(chapters, arms, **{
        name: facts.pop(name) for name in ("repetitions", "judge", "judge_pairs") if name in facts
    })  # fmt: skip
    return evaluation_add(wanted=wanted, title="导演", token="d", actor=None, **facts)


def test_directors_are_paid_once_under_the_cap_and_scored(
    chapters: CaseSet, chat: ChatServer
) -> None:
    row = directing(chapters, repetitions=2)

    assert evaluation_execute(row.pk) == Evaluation.State.DONE

    row.refresh_from_db()
    trials = list(row.trials.all())
    assert all(trial.state == "done" and trial.calls and trial.cost_micro for trial in trials)
    spent = sum(call.cost_micro for call in PaidCall.objects.filter(state="settled"))
    assert spent == sum(trial.cost_micro for trial in trials) <= row.cap_micro
    assert max(chat.by_content.values()) == 1
    assert row.results["unit"] == "micro"
    told = {body["messages"][0]["content"] for body in chat.requests}
    assert len(told) == 2
    bills = chat.bills
    Evaluation.objects.filter(pk=row.pk).update(state="queued")
    Trial.objects.filter(evaluation=row).update(state="waiting", calls=0, cost_micro=0)
    assert evaluation_execute(row.pk) == Evaluation.State.DONE
    assert chat.bills == bills  # every answer was kept


def test_a_spent_budget_stops_the_evaluation_and_a_higher_cap_lets_it_go_on(
    chapters: CaseSet, chat: ChatServer
) -> None:
    row = directing(chapters, cap_micro=20_000)

    assert evaluation_execute(row.pk) in (Evaluation.State.FAILED, Evaluation.State.DONE)

    budget = Budget.objects.get(key=f"evaluation:{row.pk}")
    assert budget.spent_micro <= budget.cap_micro == 20_000
    Budget.objects.filter(pk=budget.pk).update(cap_micro=5_000_000)
    if evaluation_resume(evaluation=row, actor=None):
        assert evaluation_execute(row.pk) == Evaluation.State.DONE
    assert not row.trials.filter(state="waiting").exists()


def test_the_judge_reads_both_orders_and_only_what_survives_counts(
    shots: CaseSet, chat: ChatServer
) -> None:
    chat.answerer = prefers("宣纸")
    row = asked(shots, "film-still-zh", "ink-wash-zh", "gongbi-zh", judge="critic", judge_pairs=12)

    assert evaluation_execute(row.pk) == Evaluation.State.DONE

    row.refresh_from_db()
    judge = row.results["judge"]
    ink = row.arms.get(version__template__key="ink-wash-zh")
    assert judge["pairs"] == judge["usable"] == 12
    assert judge["ranked"][0]["arm"] == ink.pk
    assert row.judgements.count() == 12
    for body in chat.requests:
        words = json.dumps(body, ensure_ascii=False)
        assert "ink-wash" not in words
        assert "sketch" not in words


def test_a_judge_who_always_takes_the_first_place_is_told_and_changes_nothing(
    shots: CaseSet, chat: ChatServer
) -> None:
    chat.answerer = lambda body: '{"better": "1", "why": "first"}'
    row = asked(shots, "film-still-zh", "ink-wash-zh", judge="critic", judge_pairs=8)

    evaluation_execute(row.pk)

    row.refresh_from_db()
    judge = row.results["judge"]
    assert judge["first_place"]["value"] == 1.0
    assert judge["survived"]["value"] == 0.0
    assert {one["elo"] for one in judge["ranked"]} == {1000.0}  # what the order decides is a tie


def test_a_judge_that_sees_looks_at_the_pictures_in_both_orders(
    shots: CaseSet, chat: ChatServer, settings: Any
) -> None:
    settings.CHAT_ENGINES = json.dumps(
        {"critic": {"base_url": chat.url, "model": "critic", "context": 8_000, "sees": True}}
    )
    chat.answerer = redder
    row = asked(shots, "film-still-zh", "sketch-line-zh", judge="critic", judge_pairs=4)
    quoted = row.plan["quote"]["input_tokens"]

    assert evaluation_execute(row.pk) == Evaluation.State.DONE

    bodies = [body for body in chat.requests if len(body["messages"]) == 2]
    assert len(bodies) == 8
    for there, back in zip(bodies[::2], bodies[1::2], strict=True):
        assert pictures_in(there) == pictures_in(back)[::-1]
        for body in (there, back):
            parts = body["messages"][1]["content"]
            assert [part["type"] for part in parts] == ["text", "image_url", "image_url"]
            assert "<material>" in parts[0]["text"]
            for png in pictures_in(body):
                with Image.open(io.BytesIO(png)) as picture:
                    assert max(picture.size) <= 768
                    assert picture.info == {}
            words = json.dumps(body["messages"][0]) + parts[0]["text"]
            assert not [one for one in ("film-still", "sketch", "线稿") if one in words]
    judgements = list(row.judgements.all())
    assert all(one.saw_pictures for one in judgements)
    assert {one.first + one.second for one in judgements} <= {"12", "21", "00"}
    document = document_of(row)
    assert document["judge"] == {"engine": "critic", "version": "judge@2", "saw_pictures": 4}
    assert quoted > 8 * 2 * 500  # the pictures are in the price
    settings.CHAT_ENGINES = settings.CHAT_ENGINES.replace("true", "false")
    blind = asked(shots, "film-still-zh", "ink-wash-zh", judge="critic", judge_pairs=1, token="w")
    evaluation_execute(blind.pk)
    assert not blind.judgements.get().saw_pictures  # the control: without eyes it reads words


def test_pictures_of_a_configured_engine_go_through_the_ledger(
    shots: CaseSet, settings: Any
) -> None:
    settings.IMAGE_ENGINES = json.dumps({"camera": {"kind": "rehearsal", "model": "m"}})
    Price.objects.create(
        engine="camera", input_micro=0, cached_micro=0, output_micro=0, picture_micro=40_000
    )
    film, ink = versions("film-still-zh", "ink-wash-zh")
    wanted = Wanted(shots, ((film, "camera"), (ink, "camera"), (film, "sketch")))
    row = evaluation_add(wanted=wanted, title="付费", token="p", actor=None, size=SMALL)

    assert evaluation_execute(row.pk) == Evaluation.State.DONE

    row.refresh_from_db()
    assert row.plan["quote"]["cost_micro"] == 24 * 40_000
    assert PaidCall.objects.filter(state="settled").count() == 24
    assert Budget.objects.get(key=f"evaluation:{row.pk}").spent_micro == 24 * 40_000
    assert not Score.objects.filter(
        trial__arm__engine="camera", scorer="attributes", value__isnull=False
    ).exists()  # not computed is not 0
    assert row.results["unit"] == "micro"
    costs = [one["cost_per_accepted"]["value"] for one in row.results["arms"]]
    assert costs[0] == pytest.approx(40_000)
    assert costs[2] == 0


def pictures_in(body: dict[str, Any]) -> list[bytes]:
    urls = [
        part["image_url"]["url"]
        for part in body["messages"][1]["content"]
        if part["type"] == "image_url"
    ]
    assert all(url.startswith("data:image/png;base64,") for url in urls)
    return [base64.b64decode(url.partition(",")[2]) for url in urls]


def redder(body: dict[str, Any]) -> str:
    """A critic that looks: the picture with more red in it is better, equal ones are a tie."""
    content = body["messages"][1]["content"]
    if isinstance(content, str):
        return '{"better": "0"}'
    red = []
    for png in pictures_in(body):
        with Image.open(io.BytesIO(png)) as picture:
            red.append(ImageStat.Stat(picture.convert("RGB")).sum[0])
    return json.dumps({"better": "0" if red[0] == red[1] else "1" if red[0] > red[1] else "2"})


def prefers(word: str) -> Callable[[dict[str, Any]], str]:
    """A critic that likes a word; without it on one side only, neither."""

    def answer(body: dict[str, Any]) -> str:
        text = body["messages"][1]["content"]
        first, second = text.split("<second>")
        a, b = word in first, word in second
        return json.dumps({"better": "0" if a == b else "1" if a else "2"})

    return answer

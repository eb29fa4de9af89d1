"""Chapters shared among workers: any number, any order, any death gives the board of one process."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from crm.exceptions import DomainError
from engines.chat.openai_compatible import _accepted
from engines.models import Budget, PaidCall, Price
from engines.services import ledger
from generation import story
from generation.models import ChapterMap, FeatureUse, Novel, Run
from generation.services import mapping
from generation.services.jobs import LostClaim, run_claim
from generation.services.mapping import board_of, chapters_share
from generation.services.novels import novel_upload
from generation.services.run_work import run_execute
from generation.services.runs import run_resume, run_start
from generation.story.chat import Limits, direct_chapter
from tests.conftest import Person
from tests.engines.chat_server import ChatServer, chat_server
from tests.factories.generation import FeatureFactory
from tests.story.director import Asked, direct_words
from tests.story.samples import WEB_NOVEL

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
PARTS = "三四五六七"
TEXT = "".join(
    WEB_NOVEL.replace("第一章", f"第{n}章").replace("第二章", f"第十{n}章") for n in PARTS
)


@pytest.fixture
def novel(alice: Person) -> Novel:
    made, _ = novel_upload(
        creator=alice.as_creator, data=TEXT.encode(), name="n.txt", title="书", actor=alice.user
    )
    return made


def running(novel: Novel, **wish: Any) -> Run:
    run, _ = run_start(
        novel=novel, token=str(random.random()), with_frames=False, with_film=False, **wish
    )
    claimed = run_claim(run.pk)
    assert claimed is not None
    return claimed


def quiet(stage: str, done: int, total: int) -> None:
    """Nobody looks."""


def alone(novel: Novel) -> dict[str, Any]:
    text = story.Text(novel.text, novel.encoding, (), novel.sha256, novel.title, novel.language)
    return story.storyboard(text, title=novel.title, density=20.0).to_dict()


def board(run: Run, call_helpers: Callable[[int], None] | None = None) -> dict[str, Any]:
    made = board_of(run, progress=quiet, call_helpers=call_helpers)
    return json.loads(json.dumps(made))


def test_a_run_gives_the_board_of_one_process(novel: Novel) -> None:
    assert board(running(novel)) == alone(novel)


def test_chapters_taken_by_helpers_in_any_order_give_the_same_board(
    novel: Novel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = running(novel)
    shared: list[int] = []
    asked: list[int] = []

    def call_helpers(count: int) -> None:
        asked.append(count)
        shared.append(chapters_share(run.pk))

    take = mapping._take

    def backwards(work: Any, most: int | None) -> ChapterMap | None:
        held = take(work, most)
        if held is not None and held.index % 2:
            other = take(work, most)
            if other is not None:
                mapping._mine(held).update(lease_until=None)
                return other
        return held

    monkeypatch.setattr(mapping, "_take", backwards)
    assert board(run, call_helpers) == alone(novel)
    assert asked == [8]
    assert shared[0] > novel.chapters.count() / 2


def test_a_chapter_whose_worker_died_is_taken_again_when_its_lease_ends(novel: Novel) -> None:
    run = running(novel)
    work = mapping._Work.of(run)
    mapping._prepare(work)
    dead = mapping._take(work, None)
    assert dead is not None
    others = ChapterMap.objects.filter(run=run).exclude(pk=dead.pk)
    while mapping._map_next(work):
        pass
    assert others.filter(draft__isnull=True).count() == 0
    assert ChapterMap.objects.get(pk=dead.pk).draft is None, "its lease still lasts"

    ChapterMap.objects.filter(pk=dead.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert board(run) == alone(novel)
    assert not mapping._mine(dead).update(draft={"late": True}), "the dead one writes no more"


def test_a_resumed_run_maps_only_what_has_no_draft(
    novel: Novel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = running(novel)
    work = mapping._Work.of(run)
    mapping._prepare(work)
    for _ in range(3):
        mapping._map_next(work)
    again: list[int] = []

    def counted(text: str, chapter: story.Chapter, **facts: Any) -> story.ChapterDraft:
        again.append(chapter.index)
        return story.map_chapter(text, chapter, **facts)

    monkeypatch.setattr(mapping._Work, "of", partial(_counted, mapping._Work.of, counted))
    board(run)

    assert len(again) == novel.chapters.count() - 3


def _counted(of: Callable[[Run], Any], mapper: Any, run: Run) -> Any:
    work = of(run)
    work.mapper = mapper
    return work


def test_drafts_of_another_density_are_never_used(novel: Novel) -> None:
    run = running(novel)
    board(run)
    Run.objects.filter(pk=run.pk).update(density=9.0)
    run.density = 9.0
    assert len(board(run)["shots"]) < len(alone(novel)["shots"])


def test_a_helper_leaves_a_run_that_does_not_work_and_a_chapter_that_kills(novel: Novel) -> None:
    run = running(novel)
    mapping._prepare(mapping._Work.of(run))
    ChapterMap.objects.filter(run=run).exclude(index=0).update(tries=3)
    assert chapters_share(run.pk) == 1
    Run.objects.update(state=Run.State.DONE)
    assert chapters_share(run.pk) == 0
    assert chapters_share(0) == 0


def test_the_lease_of_a_chapter_taken_by_another_is_lost(novel: Novel) -> None:
    work = mapping._Work.of(running(novel))
    mapping._prepare(work)
    work.held = mapping._take(work, None)
    assert not work.is_over()
    ChapterMap.objects.update(tries=9)
    with pytest.raises(LostClaim):
        work.is_over()


# -- with a model -----------------------------------------------------------------------------------


@pytest.fixture
def server(settings: "Settings") -> Iterator[ChatServer]:
    _accepted.clear()

    def told(body: dict[str, Any]) -> str:
        return json.dumps(direct_words(body["messages"][-1]["content"]), ensure_ascii=False)

    with chat_server(told) as running_server:
        settings.CHAT_ENGINES = {
            "stub": {"base_url": running_server.url, "model": "stub-chat", "timeout": 5}
        }
        Price.objects.create(engine="stub", input_micro=1_000_000, cached_micro=100_000,
                             output_micro=4_000_000, valid_from=timezone.now())  # fmt: skip
        yield running_server


def test_a_run_with_a_model_is_paid_from_its_own_budget_and_counted_as_use(
    server: ChatServer, novel: Novel
) -> None:
    FeatureFactory(key="auto_storyboard")
    run, _ = run_start(novel=novel, token="t", with_frames=False, with_film=False,
                       text_engine="stub", cap_micro=2_000_000)  # fmt: skip

    assert run_execute(run.pk) == Run.State.DONE

    run.refresh_from_db()
    budget = Budget.objects.get(key=f"run:{run.pk}")
    assert Decimal(run.usage["cost"]) == Decimal(budget.spent_micro).scaleb(-6) > 0
    assert run.usage["text_engine"] == "stub"
    assert run.usage["calls"] == server.bills == novel.chapters.count()
    use = FeatureUse.objects.get()
    assert use.tokens == run.usage["input_tokens"] + run.usage["output_tokens"]
    assert use.cost_minor == -(-budget.spent_micro // 10_000), "rounded up to a fen, once"


def test_helpers_with_a_model_give_the_board_of_one_process(
    server: ChatServer, novel: Novel
) -> None:
    run = running(novel, text_engine="stub")
    made = board(run, lambda count: chapters_share(run.pk) and None)
    mapper = partial(direct_chapter, complete=Asked(), title=novel.title,
                     limits=Limits(max_output=4000, timeout=5))  # fmt: skip
    text = story.Text(novel.text, novel.encoding, (), novel.sha256, novel.title, novel.language)
    whole = story.storyboard(text, title=novel.title, density=20.0, mapper=mapper).to_dict()

    def told(document: dict[str, Any]) -> list[Any]:
        return [
            {key: value for key, value in shot.items() if key != "usage"}
            for shot in document["shots"]
        ]

    assert told(made) == told(whole)
    assert (made["cast"], made["scenes"]) == (whole["cast"], whole["scenes"])


def test_a_run_whose_engine_is_gone_fails_with_its_reason_and_goes_on_for_the_rest(
    server: ChatServer, novel: Novel
) -> None:
    run, _ = run_start(novel=novel, token="t", with_frames=False, with_film=False,
                       text_engine="stub")  # fmt: skip
    server.plan = ["", "", "401"]
    assert run_execute(run.pk) == Run.State.FAILED
    run.refresh_from_db()
    assert run.error_code == "bad_key"

    run_resume(run=run)
    assert run_execute(run.pk) == Run.State.DONE

    assert server.bills == novel.chapters.count()
    run.refresh_from_db()
    assert run.usage["calls"] == novel.chapters.count(), "what the first try paid is in the receipt"


def test_a_worker_killed_after_paying_loses_no_money(
    server: ChatServer, novel: Novel, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*args: Any, **kwargs: Any) -> None:
        settle(*args, **kwargs)
        raise Killed

    settle = ledger.settle
    run = running(novel, text_engine="stub")
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "settle", dies)
        with pytest.raises(Killed):
            board(run)
    ChapterMap.objects.update(lease_until=None)

    made = board(run)

    assert server.bills == novel.chapters.count()
    assert made["usage"]["calls"] == server.bills
    assert not PaidCall.objects.exclude(state=PaidCall.State.SETTLED).exists()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"text_engine": "nobody"}, "unknown_engine"),
        ({"text_engine": "stub", "cap_micro": 0}, "bad_cap"),
        ({"text_engine": "stub", "cap_micro": 21_000_000}, "bad_cap"),
    ],
)
def test_a_wish_that_cannot_be_paid_is_refused_before_it_is_written(
    server: ChatServer, novel: Novel, wish: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as caught:
        run_start(novel=novel, token="t", with_frames=False, with_film=False, **wish)
    assert caught.value.code == code
    assert not Run.objects.exists()
    assert not Budget.objects.exists()

"""A run is asked for, shown, stopped, taken up again and judged."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from generation.models import Chapter, Character, FeatureUse, Novel, Run, Scene, Shot
from tests.conftest import Person
from tests.factories.generation import FeatureFactory, NovelFactory, RunFactory, finished_run

Capture = Callable[..., Any]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that were queued, instead of a broker."""
    ids: list[int] = []
    for module in ("novels", "runs"):
        monkeypatch.setattr(f"generation.views.{module}.run_execute_start", ids.append)
    return ids


@pytest.fixture
def novel(alice: Person) -> Novel:
    row = NovelFactory(creator=alice.creator, text="序\n第一章\n雪落。\n第二章\n门开。\n")
    row.chapters.all().delete()
    for index, (title, start, end) in enumerate(
        [("", 0, 2), ("第一章", 2, 10), ("第二章", 10, 18)]
    ):
        Chapter.objects.create(novel=row, index=index, title=title, start=start, end=end)
    return row


def _wish(**changes: Any) -> dict[str, Any]:
    return {
        "token": "form-1",
        "scope": "chosen",
        "chapters": [1],
        "density": "12",
        "shape": "vertical",
        "with_frames": "on",
        "with_film": "on",
        **changes,
    }


def test_the_first_chapter_with_a_title_is_ticked_at_first(alice: Person, novel: Novel) -> None:
    page = alice.client.get(reverse("portal:novel", args=[novel.pk]))

    assert page.context["ticked"] == {1}
    assert page.context["estimate"].characters == 8


def test_the_form_starts_a_run_with_what_it_says(
    alice: Person, novel: Novel, started: list[int]
) -> None:
    answer = alice.client.post(
        reverse("portal:novel", args=[novel.pk]),
        _wish(chapters=[1, 2], density="20", shape="horizontal"),
    )

    run = Run.objects.get()
    assert answer.url == reverse("portal:run", args=[run.pk])
    assert (run.chapters, run.density, run.portrait, run.wants_film) == ([1, 2], 20, False, True)
    assert started == [run.pk]


def test_the_whole_novel_is_asked_for_as_no_choice(
    alice: Person, novel: Novel, started: list[int]
) -> None:
    alice.client.post(reverse("portal:novel", args=[novel.pk]), _wish(scope="all"))

    assert Run.objects.get().chapters == []


def test_the_same_form_twice_is_one_run(alice: Person, novel: Novel, started: list[int]) -> None:
    address = reverse("portal:novel", args=[novel.pk])

    first = alice.client.post(address, _wish())
    second = alice.client.post(address, _wish())

    assert Run.objects.count() == 1
    assert first.url == second.url
    assert len(started) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"chapters": []}, "chapters"),
        ({"chapters": [7]}, "chapters"),
        ({"density": "0"}, "density"),
        ({"density": "nan"}, "density"),
        ({"density": "many"}, "density"),
        ({"shape": "round"}, "shape"),
        ({"token": ""}, "token"),
        ({"with_frames": ""}, "with_film"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_at_its_field(
    alice: Person, novel: Novel, started: list[int], changes: dict[str, Any], field: str
) -> None:
    answer = alice.client.post(reverse("portal:novel", args=[novel.pk]), _wish(**changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Run.objects.exists()
    assert started == []


def test_more_pictures_than_a_run_draws_are_refused_with_the_number(
    alice: Person, started: list[int]
) -> None:
    long = NovelFactory(creator=alice.creator, text="第一章\n" + "雪落了。" * 15_000)

    answer = alice.client.post(
        reverse("portal:novel", args=[long.pk]), _wish(scope="all", chapters=[])
    )

    assert answer.status_code == 422
    assert "600" in str(answer.context["form"].non_field_errors())
    assert not Run.objects.exists()


def test_a_quote_tells_shots_and_money_and_starts_nothing(alice: Person, novel: Novel) -> None:
    address = reverse("portal:novel", args=[novel.pk])

    fragment = alice.client.post(
        address, _wish(quote="1", chapters=[1, 2]), headers={"hx-request": "true"}
    )
    page = alice.client.post(address, _wish(quote="1", chapters=[1, 2]))

    assert fragment.context["estimate"] == page.context["estimate"]
    assert (page.context["estimate"].chapters, page.context["estimate"].characters) == (2, 16)
    assert "¥0.00" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "<html" in page.content.decode()
    assert not Run.objects.exists()


@pytest.mark.parametrize("density", ["", "nan", "x", "-4", "1e9"])
def test_a_quote_for_a_bad_density_is_still_a_page(
    alice: Person, novel: Novel, density: str
) -> None:
    answer = alice.client.post(
        reverse("portal:novel", args=[novel.pk]), _wish(quote="1", density=density)
    )

    assert answer.status_code == 422


def test_a_waiting_run_is_stopped_and_taken_up_again(
    alice: Person, novel: Novel, started: list[int]
) -> None:
    run = RunFactory(novel=novel)

    alice.client.post(reverse("portal:run_cancel", args=[run.pk]))
    stopped = Run.objects.get().state
    alice.client.post(reverse("portal:run_resume", args=[run.pk]))

    assert (stopped, Run.objects.get().state) == ("cancelled", "queued")
    assert started == [run.pk]


def test_a_run_at_work_is_not_started_a_second_time(
    alice: Person, novel: Novel, started: list[int]
) -> None:
    run = RunFactory(novel=novel, state=Run.State.RUNNING)

    alice.client.post(reverse("portal:run_resume", args=[run.pk]))

    assert started == []
    assert Run.objects.get().state == "running"


def test_the_verdict_reaches_every_use_of_the_run(alice: Person, novel: Novel) -> None:
    run = finished_run(novel)
    for feature in (FeatureFactory(), FeatureFactory()):
        FeatureUse.objects.create(run=run, feature=feature, creator=alice.creator, at=run.queued_at)

    alice.client.post(reverse("portal:run_accept", args=[run.pk]), {"accepted": "no"})

    assert set(FeatureUse.objects.values_list("accepted", flat=True)) == {False}
    assert alice.client.get(reverse("portal:run", args=[run.pk])).context["accepted"] is False


def test_progress_is_a_fragment_that_asks_again_while_the_run_works(
    alice: Person, novel: Novel
) -> None:
    run = RunFactory(novel=novel, state=Run.State.RUNNING, stage="frames", done=3, total=12)
    address = reverse("portal:run_progress", args=[run.pk])

    answer = alice.client.get(address, {"phase": "waiting"}, headers={"hx-request": "true"})

    assert "every 1s" in answer.content.decode()
    assert (answer.context["progress"].done, answer.context["progress"].total) == (3, 12)
    assert 0 < answer.context["progress"].percent < 100


def test_progress_reloads_the_page_when_there_is_more_to_show(alice: Person, novel: Novel) -> None:
    run = finished_run(novel)

    answer = alice.client.get(
        reverse("portal:run_progress", args=[run.pk]),
        {"phase": "board"},
        headers={"hx-request": "true"},
    )

    assert answer.headers["HX-Refresh"] == "true"


def test_several_runs_at_once_show_how_far_each_is_wherever_they_are_listed(
    alice: Person, novel: Novel
) -> None:
    other = NovelFactory(creator=alice.creator, title="江上")
    runs = [
        RunFactory(novel=row, state=Run.State.RUNNING, stage="frames", done=done, total=12)
        for row, done in ((novel, 3), (novel, 6), (other, 9))
    ]
    listed = alice.client.get(reverse("portal:novel_list")).content.decode()
    beside = alice.client.get(reverse("portal:novel", args=[novel.pk])).content.decode()

    assert [f"glance{run.pk}" in listed for run in runs] == [
        False,
        True,
        True,
    ]  # the newest of each
    assert [f"glance{run.pk}" in beside for run in runs] == [True, True, False]
    Run.objects.filter(pk=runs[0].pk).update(state=Run.State.DONE)
    told = [
        alice.client.get(
            reverse("portal:run_progress", args=[run.pk]), {"glance": "1"},
            headers={"hx-request": "true"},
        ).content.decode()
        for run in runs
    ]  # fmt: skip
    assert ["hx-get" in one for one in told] == [False, True, True]
    assert ["<progress" in one for one in told] == [False, True, True]


def test_percent_never_falls_from_stage_to_stage(alice: Person, novel: Novel) -> None:
    from generation.board_page import progress_of

    steps = [("chapters", 0, 0), ("chapters", 1, 1), ("map", 0, 4), ("map", 4, 4), ("shots", 1, 4)]
    steps += [("shots", 4, 4), ("frames", 0, 9), ("frames", 8, 9), ("film", 0, 100)]
    steps += [("film", 99, 100)]
    run = RunFactory(novel=novel, state=Run.State.RUNNING)

    seen = []
    for run.stage, run.done, run.total in steps:
        seen.append(progress_of(run).percent)

    assert seen == sorted(seen)
    assert seen[-1] < 100


@pytest.mark.parametrize("state", list(Run.State))
def test_a_run_has_a_page_in_every_state(alice: Person, novel: Novel, state: str) -> None:
    run = RunFactory(novel=novel, state=state, error_code="no_frame", error="Frame 3 is gone.")

    page = alice.client.get(reverse("portal:run", args=[run.pk]))

    assert page.status_code == 200
    assert ("Frame 3 is gone." in page.content.decode()) == (state in ("failed", "dead"))


def test_the_storyboard_tells_the_text_once_with_its_speakers(alice: Person, novel: Novel) -> None:
    run = finished_run(NovelFactory(creator=alice.creator))
    text = run.novel.text
    start = text.index("“")
    shot = run.shots.get()
    shot.lines = [{"speaker": "c1", "start": start, "end": text.index("”") + 1}]
    shot.save()

    page = alice.client.get(reverse("portal:run", args=[run.pk]))

    pieces = page.context["scenes"][0].shots[0].pieces
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())
    assert [(piece.text, piece.speaker) for piece in pieces if piece.spoken] == [
        ("“你怎么才回来？”", "沈砚")
    ]


def test_a_page_of_the_storyboard_has_so_many_shots_however_long_a_scene_is(
    alice: Person, novel: Novel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.views.runs.SHOTS_A_PAGE", 2)
    monkeypatch.setattr("generation.views.runs.CAST_AT_FIRST", 1)
    run = finished_run(novel)
    run.shots.all().delete()
    scene = run.scenes.get()
    other = Scene.objects.create(run=run, index=scene.index + 1, chapter=0, start=5, end=9)
    for number in range(4):
        Shot.objects.create(
            run=run, scene=scene if number < 3 else other, index=number, start=number,
            end=number + 1, framing="medium", movement="static", duration_ms=1000,
        )  # fmt: skip
    Character.objects.create(run=run, key="c9", name="路人", mentions=1, first_at=0, seed=1)
    address = reverse("portal:run", args=[run.pk])

    def board(query: str) -> list[tuple[int, bool, list[int]]]:
        found = alice.client.get(address + query).context["scenes"]
        return [(s.number, s.continued, [shot.number for shot in s.shots]) for s in found]

    first, second = scene.index + 1, other.index + 1
    assert board("") == [(first, False, [1, 2])]
    assert board("?page=2") == [(first, True, [3]), (second, False, [4])]
    page = alice.client.get(address)
    assert (len(page.context["cast"]), page.context["cast_left"]) == (1, 1)
    assert "路人" in alice.client.get(f"{address}?everybody").content.decode()


def test_markup_in_a_novel_is_text_on_every_page(alice: Person) -> None:
    attack = "<script>alert(1)</script>"
    run = finished_run(NovelFactory(creator=alice.creator, title=attack, text=f"{attack}\n雪。"))

    for address in (
        reverse("portal:novel_list"),
        reverse("portal:novel", args=[run.novel_id]),
        reverse("portal:run", args=[run.pk]),
    ):
        assert attack not in alice.client.get(address).content.decode()


def test_a_film_length_bounds_quote_and_run_and_a_silly_one_is_refused(
    alice: Person, started: list[int]
) -> None:
    novel = NovelFactory(creator=alice.creator, text="雪落在城外的桥上。" * 400)
    address = reverse("portal:novel", args=[novel.pk])
    wish = {"scope": "all", "chapters": [], "density": "20"}

    whole = alice.client.post(address, _wish(quote="1", **wish)).context["estimate"]
    short = alice.client.post(address, _wish(quote="1", film_minutes="2", **wish))
    alice.client.post(address, _wish(film_minutes="2", **wish))
    refused = alice.client.post(address, _wish(token="other", film_minutes="0", **wish))

    assert (short.context["estimate"].seconds, short.context["estimate"].shots) == (120, 24)
    assert whole.shots > 24
    assert [(run.film_seconds, round(run.density or 0, 1)) for run in Run.objects.all()] == [
        (120, 6.7)
    ]
    assert refused.status_code == 422

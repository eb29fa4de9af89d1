"""A novel comes in: decoded whatever it was written in, kept once, cut into chapters."""

import pytest

from crm.exceptions import DomainError
from crm.models import AuditEntry
from generation.models import Feature, FeatureUse, Novel, Run
from generation.selectors import novels_visible_to, runs_visible_to, storyboard_run_of
from generation.services.filming import run_folder
from generation.services.novels import novel_upload
from generation.services.run_work import USED_ALWAYS, USED_WITH_FRAMES, run_execute
from generation.services.runs import run_accept, run_start
from tests.conftest import Person
from tests.factories.generation import NovelFactory, RunFactory, finished_run

TEXT = "第一章 叩门\n沈砚推开门，風雪撲面。\n第二章 灯\n苏青点了灯。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_whatever_it_was_written_in_it_is_the_same_novel(alice: Person, encoding: str) -> None:
    first, _ = novel_upload(creator=alice.as_creator, data=TEXT.encode(), name="雪.txt")

    again, made = novel_upload(
        creator=alice.as_creator, data=TEXT.replace("\n", "\r\n").encode(encoding), name="b.txt"
    )

    assert (again, made) == (first, False)
    assert Novel.objects.count() == 1
    assert AuditEntry.objects.filter(action="novel.uploaded").count() == 1


def test_the_chapters_cover_the_text(alice: Person) -> None:
    novel, _ = novel_upload(creator=alice.as_creator, data=TEXT.encode(), name="雪.txt")

    chapters = list(novel.chapters.order_by("index"))

    assert "".join(novel.text[row.start : row.end] for row in chapters) == novel.text
    assert [row.title for row in chapters] == ["第一章 叩门", "第二章 灯"]


def test_two_creators_may_have_the_same_novel(alice: Person, charlie: Person) -> None:
    for person in (alice, charlie):
        novel_upload(creator=person.as_creator, data=TEXT.encode(), name="雪.txt")

    assert Novel.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"\x89PNG\r\n\x1a\n\0", "binary"), (b"\x7fELF\x02\x01\x01\0", "binary")],
)
def test_what_is_no_text_is_refused_by_name_and_kept_nowhere(
    alice: Person, data: bytes, code: str
) -> None:
    with pytest.raises(DomainError, match=r"雪\.txt") as caught:
        novel_upload(creator=alice.as_creator, data=data, name="雪.txt")

    assert caught.value.code == code
    assert not Novel.objects.exists()


def test_a_creator_sees_her_own_novels_and_runs_only(alice: Person, charlie: Person) -> None:
    mine = RunFactory(novel__creator=alice.creator)
    RunFactory(novel__creator=charlie.creator)

    assert [row.pk for row in novels_visible_to(alice.as_creator)] == [mine.novel_id]
    assert [row.pk for row in runs_visible_to(alice.as_creator)] == [mine.pk]


def test_the_storyboard_is_that_of_a_run_that_is_done(alice: Person) -> None:
    novel = NovelFactory(creator=alice.creator)
    RunFactory(novel=novel, state=Run.State.FAILED)
    assert storyboard_run_of(novel) is None
    done = finished_run(novel)
    RunFactory(novel=novel)

    assert storyboard_run_of(novel) == done


def test_a_run_is_recorded_as_use_of_its_features_once(alice: Person) -> None:
    for key in (*USED_ALWAYS, *USED_WITH_FRAMES):
        Feature.objects.create(key=key, title_zh=key, step="storyboard")
    novel, _ = novel_upload(creator=alice.as_creator, data=TEXT.encode(), name="雪.txt")
    run, _ = run_start(novel=novel, token="t", with_frames=False, with_film=False)

    assert run_execute(run.pk) == Run.State.DONE

    uses = list(FeatureUse.objects.filter(run=run))
    assert [use.feature.key for use in uses] == list(USED_ALWAYS)
    assert {(use.tokens, use.cost_minor, use.creator) for use in uses} == {(0, 0, alice.creator)}
    run_accept(run=run, accepted=False, actor=alice.user)
    assert FeatureUse.objects.get().accepted is False


def test_a_run_that_lost_its_worker_after_the_storyboard_uses_it_again(alice: Person) -> None:
    novel, _ = novel_upload(creator=alice.as_creator, data=TEXT.encode(), name="雪.txt")
    run, _ = run_start(novel=novel, token="t", with_frames=False, with_film=False)
    run_execute(run.pk)
    path = run_folder(run) / "storyboard.json"
    written, shots = path.stat().st_mtime_ns, set(run.shots.values_list("pk", flat=True))
    Run.objects.filter(pk=run.pk).update(state=Run.State.QUEUED)

    assert run_execute(run.pk) == Run.State.DONE

    assert path.stat().st_mtime_ns == written
    assert set(run.shots.values_list("pk", flat=True)) == shots

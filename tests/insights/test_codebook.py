"""The codebook's tree: moved, merged, split, and taken back to the row."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, close_old_connections, connection, transaction

from crm.exceptions import DomainError
from crm.models import AuditEntry, WorkflowStep
from insights.findings.codebook import changes
from insights.models import Asked, Evidence, Need, PainChange, PainPoint
from insights.selectors import quotes_of, raised_and_asked
from insights.services.codebook import (
    change_undo,
    pain_merge,
    pain_move,
    pain_reopen,
    pain_retire,
    pain_split,
)
from insights.services.highlights import pain_create, passage_tag
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, UserFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag
from tests.insights.refusal import refused


def state() -> dict[str, list[tuple[object, ...]]]:
    """Everything that a change of the codebook may touch."""
    return {
        "evidence": sorted(Evidence.objects.values_list("pk", "pain_id", "stance", "severity")),
        "asked": sorted(Asked.objects.values_list("interview_id", "pain_id")),
        "needs": sorted(Need.objects.values_list("pk", "pain_id")),
        "pains": sorted(
            PainPoint.objects.values_list("pk", "status", "parent_id", "step_id", "merged_into_id"),
            key=str,
        ),
    }


@pytest.fixture
def two(db: None, bob: Person) -> tuple[PainPoint, PainPoint]:
    """Two pain points with evidence, a shared passage, ratings and a part."""
    source, target = PainPointFactory(title_zh="分镜慢"), PainPointFactory(title_zh="分镜太慢")
    PainPointFactory(title_zh="分镜改得慢", parent=source)
    transcript = transcript_of([("墨", "分镜要画三天，改一次又三天。")])
    tag(source, transcript=transcript, quote="分镜要画三天", coder=bob.user)
    tag(target, transcript=transcript, quote="分镜要画三天", coder=bob.user)
    tag(source, transcript=transcript, quote="改一次又三天", coder=bob.user)
    tag(source, quote="分镜我画了一周")
    creator = CreatorFactory()
    Need.objects.create(creator=creator, pain=source, tier=creator.tier, importance=5)
    Asked.objects.create(interview=InterviewFactory(), pain=source)
    return source, target


def test_merged_evidence_ratings_asked_and_parts_follow(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two

    change = pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user, why="同一件事")

    source.refresh_from_db()
    assert (source.status, source.merged_into) == ("merged", target)
    assert target.evidence.count() == 3  # the passage that both had counts once
    assert source.evidence.count() == 1
    assert Need.objects.get().pain == target
    assert target.children.get().title_zh == "分镜改得慢"
    assert (len(change.moved["evidence"]), len(change.moved["asked"])) == (2, 2)
    assert AuditEntry.objects.filter(action="pain.merged").count() == 1


def test_a_merged_pain_has_the_numbers_and_quotes_of_what_it_became(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two
    last = PainPointFactory()
    pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)
    pain_merge(source_id=target.pk, target_id=last.pk, actor=bob.user)

    facts = raised_and_asked([source.pk, last.pk])

    assert facts[source.pk] == facts[last.pk]
    assert set(quotes_of(source)) == set(quotes_of(last)) != set()


def test_undoing_a_merge_restores_every_row(two: tuple[PainPoint, PainPoint], bob: Person) -> None:
    source, target = two
    before = state()
    change = pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)
    assert state() != before

    change_undo(change_id=change.pk, actor=bob.user)

    assert state() == before
    change.refresh_from_db()
    assert change.undone_by == bob.user


def test_undoing_after_new_evidence_leaves_the_new_where_it_came_in(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two
    before = state()
    change = pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)
    new = tag(target, quote="分镜又拖了一个月")
    # An interview whose being asked came over with the merge, and which then raised the target.
    moved = Asked.objects.get(pk=change.moved["asked"][-1])
    late = tag(target, transcript=transcript_of([("", "分镜慢死")], interview=moved.interview),
               quote="慢死")  # fmt: skip

    change_undo(change_id=change.pk, actor=bob.user)

    after = state()
    assert set(before["evidence"]) < set(after["evidence"])
    assert {row[0] for row in after["evidence"]} - {row[0] for row in before["evidence"]} == {
        new.pk, late.pk,
    }  # fmt: skip
    assert set(before["asked"]) <= set(after["asked"])
    assert (moved.interview_id, target.pk) in after["asked"]
    assert after["pains"] == before["pains"]


def test_a_merge_that_was_merged_on_is_undone_last_first(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two
    last = PainPointFactory()
    before = state()
    first = pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)
    second = pain_merge(source_id=target.pk, target_id=last.pk, actor=bob.user)

    with refused("moved_on"):
        change_undo(change_id=first.pk, actor=bob.user)
    change_undo(change_id=second.pk, actor=bob.user)
    change_undo(change_id=first.pk, actor=bob.user)

    assert state() == before
    with refused("undone"):
        change_undo(change_id=first.pk, actor=bob.user)


def test_one_coder_who_read_for_and_against_has_to_settle_it_before_a_merge(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two
    target.evidence.update(stance=Evidence.Stance.AGAINST)
    before = state()

    with refused("stances_differ"):
        pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)

    assert state() == before


def test_undoing_a_merge_whose_title_is_taken_says_so(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two
    change = pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)
    pain_create(title="分镜慢", actor=bob.user)

    with refused("title_taken"):
        change_undo(change_id=change.pk, actor=bob.user)


@pytest.mark.parametrize("same", [True, False])
def test_a_pain_merges_neither_into_itself_nor_into_its_own_part(
    two: tuple[PainPoint, PainPoint], bob: Person, same: bool
) -> None:
    source, _target = two
    into = source if same else source.children.get()

    with pytest.raises(DomainError):
        pain_merge(source_id=source.pk, target_id=into.pk, actor=bob.user)


def test_a_split_moves_the_chosen_evidence_and_counts_the_same_people_as_asked(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, _target = two
    before = state()
    chosen = source.evidence.get(highlight__text="分镜我画了一周")

    change = pain_split(
        pain_id=source.pk, evidence_ids=[chosen.pk], title_zh="画得太久", actor=bob.user
    )

    made = change.target
    assert list(made.evidence.all()) == [chosen]
    assert made.asked.count() == source.asked.count()
    assert made.colour != source.colour
    change_undo(change_id=change.pk, actor=bob.user)
    after = state()
    after["pains"] = [row for row in after["pains"] if row[0] != made.pk]
    assert after == before
    made.refresh_from_db()
    assert made.status == PainPoint.Status.RETIRED


def test_a_split_may_count_only_those_whose_words_moved(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, _target = two
    chosen = source.evidence.get(highlight__text="分镜我画了一周")

    change = pain_split(
        pain_id=source.pk, evidence_ids=[chosen.pk], title_zh="画得太久", actor=bob.user,
        asked_all=False, as_part=True,
    )  # fmt: skip

    assert change.target.asked.get().interview == chosen.highlight.transcript.interview
    assert change.target.parent == source


def test_undoing_a_split_keeps_the_new_pain_that_has_new_evidence(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, _target = two
    chosen = source.evidence.get(highlight__text="分镜我画了一周")
    change = pain_split(
        pain_id=source.pk, evidence_ids=[chosen.pk], title_zh="画得太久", actor=bob.user
    )
    new = tag(change.target, quote="一张画两天")

    change_undo(change_id=change.pk, actor=bob.user)

    chosen.refresh_from_db()
    made = PainPoint.objects.get(pk=change.target_id)
    assert (chosen.pain, made.status, made.evidence.get()) == (source, "open", new)


@pytest.mark.parametrize("wrong", ["none", "all", "foreign", "untitled"])
def test_a_split_that_makes_no_sense_is_refused_and_changes_nothing(
    two: tuple[PainPoint, PainPoint], bob: Person, wrong: str
) -> None:
    source, target = two
    keys = {
        "none": [],
        "all": [row.pk for row in source.evidence.all()],
        "foreign": [target.evidence.get().pk],
        "untitled": [source.evidence.first().pk],
    }[wrong]
    before = state()

    with pytest.raises(DomainError):
        pain_split(
            pain_id=source.pk, evidence_ids=keys, actor=bob.user,
            title_zh=" " if wrong == "untitled" else "新的",
        )  # fmt: skip

    assert state() == before
    assert not PainChange.objects.exists()


def test_a_part_lives_in_the_step_of_what_it_is_a_part_of(bob: Person, db: None) -> None:
    step = WorkflowStep.objects.create(key="board", title_zh="分镜", title_en="Storyboard")
    parent, pain = PainPointFactory(step=step), PainPointFactory()
    part = PainPointFactory(parent=pain)

    pain_move(pain_id=pain.pk, parent_id=parent.pk, step_id=None, actor=bob.user)

    assert {row.step for row in PainPoint.objects.filter(pk__in=[pain.pk, part.pk])} == {step}
    assert AuditEntry.objects.get(action="pain.moved").data["before"] == {
        "parent": None, "step": None,
    }  # fmt: skip


def test_a_move_is_in_the_history_and_is_taken_back_with_its_parts(bob: Person, db: None) -> None:
    board = WorkflowStep.objects.create(key="board", title_zh="分镜", title_en="Storyboard")
    draw = WorkflowStep.objects.create(key="draw", title_zh="画图", title_en="Drawing")
    parent, pain = PainPointFactory(step=board), PainPointFactory(step=draw)
    PainPointFactory(parent=pain, step=draw)
    before = state()

    change = pain_move(pain_id=pain.pk, parent_id=parent.pk, step_id=None, actor=bob.user)
    again = pain_move(pain_id=pain.pk, parent_id=parent.pk, step_id=None, actor=bob.user)

    assert change is not None
    assert again is None
    assert [(row.before, row.after) for row in changes(9)] == [(draw.title, parent.title)]
    change_undo(change_id=change.pk, actor=bob.user)
    assert state() == before
    assert AuditEntry.objects.filter(action="pain.change_undone").count() == 1
    with refused("undone"):
        change_undo(change_id=change.pk, actor=bob.user)


def test_a_move_that_another_one_followed_is_taken_back_after_it(bob: Person, db: None) -> None:
    pain, one, other = PainPointFactory(), PainPointFactory(), PainPointFactory()
    first, second = (
        pain_move(pain_id=pain.pk, parent_id=to.pk, step_id=None, actor=bob.user)
        for to in (one, other)
    )
    assert first is not None
    assert second is not None

    with refused("moved_on"):
        change_undo(change_id=first.pk, actor=bob.user)
    for change in (second, first):
        change_undo(change_id=change.pk, actor=bob.user)

    pain.refresh_from_db()
    assert pain.parent is None


def test_a_move_out_of_what_was_retired_since_is_not_taken_back(bob: Person, db: None) -> None:
    parent = PainPointFactory()
    pain = PainPointFactory(parent=parent)
    change = pain_move(pain_id=pain.pk, parent_id=None, step_id=None, actor=bob.user)
    assert change is not None
    pain_retire(pain_id=parent.pk, actor=bob.user)

    with refused("pain_closed"):
        change_undo(change_id=change.pk, actor=bob.user)

    change.refresh_from_db()
    assert change.undone_at is None


def test_a_pain_cannot_be_put_under_its_own_part(bob: Person, db: None) -> None:
    top = PainPointFactory()
    part = PainPointFactory(parent=PainPointFactory(parent=top))

    with refused("cycle"):
        pain_move(pain_id=top.pk, parent_id=part.pk, step_id=None, actor=bob.user)
    with pytest.raises(DatabaseError, match="part of its own part"), transaction.atomic():
        PainPoint.objects.filter(pk=top.pk).update(parent=part)


def test_without_the_trigger_the_knot_would_go_in(db: None) -> None:
    """The control of the test above."""
    top = PainPointFactory()
    part = PainPointFactory(parent=top)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE insights_painpoint DISABLE TRIGGER USER")

    assert PainPoint.objects.filter(pk=top.pk).update(parent=part) == 1


@pytest.mark.django_db(transaction=True)
def test_two_moves_that_cross_at_the_same_time_tie_no_knot() -> None:
    actor = UserFactory(is_staff=True)
    one, other = PainPointFactory(), PainPointFactory()
    outcome: list[str] = []
    together = threading.Barrier(2)

    def move(pain: PainPoint, parent: PainPoint) -> Callable[[], None]:
        def run() -> None:
            close_old_connections()
            together.wait(10)
            try:
                pain_move(pain_id=pain.pk, parent_id=parent.pk, step_id=None, actor=actor)
                outcome.append("moved")
            except DomainError:
                outcome.append("refused")
            finally:
                connection.close()

        return run

    threads = [threading.Thread(target=move(*pair)) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(outcome) == ["moved", "refused"]


def test_a_retired_pain_takes_no_evidence_until_it_is_used_again(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two
    with refused("has_parts"):
        pain_retire(pain_id=source.pk, actor=bob.user)

    pain_retire(pain_id=target.pk, actor=bob.user)
    with refused("pain_closed"):
        tag(target, quote="还是慢")
    pain_reopen(pain_id=target.pk, actor=bob.user)

    assert tag(target, quote="还是慢").pain == target


def test_tagging_with_a_pain_that_was_merged_meanwhile_is_refused(
    two: tuple[PainPoint, PainPoint], bob: Person
) -> None:
    source, target = two
    pain_merge(source_id=source.pk, target_id=target.pk, actor=bob.user)
    transcript = transcript_of([("", "分镜慢")])

    assert source.status == "open"  # as the page still has it
    with refused("pain_closed"):
        passage_tag(transcript=transcript, start=0, end=2, pain=source, coder=bob.user)


def test_new_pain_points_get_different_colours(bob: Person, db: None) -> None:
    colours = {pain_create(title=f"痛点{n}", actor=bob.user).colour for n in range(8)}

    assert len(colours) == 8

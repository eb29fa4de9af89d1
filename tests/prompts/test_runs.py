"""Runs that use a template: their prompts are its words, and the creator's word counts for it."""

from __future__ import annotations

import json

import pytest

from crm.exceptions import DomainError
from generation.models import Run, Shot, TemplateUse
from generation.services.runs import run_accept, run_execute, run_folder, run_start
from tests.conftest import Person
from tests.factories.generation import NovelFactory

pytestmark = pytest.mark.django_db


def test_a_run_writes_its_prompts_by_the_template_and_is_counted_as_its_use(alice: Person) -> None:
    novel = NovelFactory(creator=alice.as_creator)

    run, _new = run_start(
        novel=novel, token="t", template="gongbi-zh", with_film=False, with_frames=False
    )
    assert run_execute(run.pk) == Run.State.DONE
    run_accept(run=run, accepted=True)

    use = TemplateUse.objects.get(run=run)
    shots = Shot.objects.filter(run=run)
    assert {shot.prompt["template"] for shot in shots} == {"gongbi-zh@1"}
    assert (use.shots, use.accepted) == (shots.count(), True)
    board = json.loads((run_folder(run) / "storyboard.json").read_text("utf-8"))
    assert "矿物颜料" in board["shots"][0]["prompt"]["positive"]


def test_a_run_without_a_template_has_the_usual_words(alice: Person) -> None:
    run, _new = run_start(
        novel=NovelFactory(creator=alice.as_creator), token="t", with_film=False, with_frames=False
    )
    run_execute(run.pk)

    assert {shot.prompt["template"] for shot in run.shots.all()} == {"offline-zh@1"}
    assert not TemplateUse.objects.exists()


def test_a_template_that_is_not_there_is_refused_before_anything_is_written(alice: Person) -> None:
    with pytest.raises(DomainError) as refused:
        run_start(novel=NovelFactory(creator=alice.as_creator), token="t", template="no-such")

    assert refused.value.code == "unknown_template"
    assert not Run.objects.exists()

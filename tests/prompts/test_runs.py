"""Runs that use a template: their prompts are its words, and the creator's word counts for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from crm.exceptions import DomainError
from engines.models import PaidCall, Price
from generation.library import template_of, version_named
from generation.models import Frame, PromptTemplate, Run, Shot, TemplateUse
from generation.prompts.compiling import compile_shot
from generation.prompts.library import shipped
from generation.services.drawing import cast_documents, scene_document, shot_document
from generation.services.evaluations.drawing import PaidDrawer, Work, prompt_of
from generation.services.filming import run_folder
from generation.services.frame_jobs import frames_execute
from generation.services.run_work import run_execute
from generation.services.runs import run_accept, run_start
from generation.services.studio import Edit, binding_for, frames_redo, shot_edit
from generation.services.templates import alias_move, template_make_usual, version_add
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


def test_a_run_without_a_choice_has_the_usual_words_and_counts_for_them(alice: Person) -> None:
    novel = NovelFactory(creator=alice.as_creator)
    run, _new = run_start(novel=novel, token="t", with_film=False, with_frames=False)
    run_execute(run.pk)
    run_accept(run=run, accepted=False)

    assert {shot.prompt["template"] for shot in run.shots.all()} == {"usual-zh@1"}
    assert TemplateUse.objects.get(run=run).accepted is False
    # Where the team makes nothing usual, the story room writes, and it writes the same.
    template_make_usual(
        template=PromptTemplate.objects.get(key="usual-zh"), language="", actor=None
    )
    other, _new = run_start(novel=novel, token="u", with_film=False, with_frames=False)
    run_execute(other.pk)
    assert {shot.prompt["template"] for shot in other.shots.all()} == {"offline-zh@1"}
    assert [shot.prompt["positive"] for shot in other.shots.all()] == [
        shot.prompt["positive"] for shot in run.shots.all()
    ]


def test_a_template_that_is_not_there_is_refused_before_anything_is_written(alice: Person) -> None:
    with pytest.raises(DomainError) as refused:
        run_start(novel=NovelFactory(creator=alice.as_creator), token="t", template="no-such")

    assert refused.value.code == "unknown_template"
    assert not Run.objects.exists()


@pytest.fixture
def drawn(alice: Person) -> Run:
    run, _new = run_start(
        novel=NovelFactory(creator=alice.as_creator),
        token="t",
        template="gongbi-zh",
        with_film=False,
    )
    assert run_execute(run.pk) == Run.State.DONE
    return run


@pytest.fixture
def camera(settings: Any) -> str:
    settings.IMAGE_ENGINES = json.dumps({"camera": {"kind": "rehearsal", "model": "m"}})
    Price.objects.create(
        engine="camera", input_micro=0, cached_micro=0, output_micro=0, picture_micro=1
    )
    return "camera"


def case_of(shot: Shot) -> dict[str, Any]:
    """The shot as a case of an evaluation."""
    return {
        "shot": {**shot_document(shot), "scene": shot.scene.index},
        "cast": cast_documents(shot.run), "scene": scene_document(shot.scene),
    }  # fmt: skip


def test_the_studio_draws_by_the_very_words_that_an_evaluation_tries(
    drawn: Run, camera: str
) -> None:
    shot = drawn.shots.exclude(cast=[]).first()
    assert shot is not None
    template = template_of(version_named("gongbi-zh@1"))  # type: ignore[arg-type]
    content = case_of(shot)
    tried = compile_shot(template, content["shot"], cast=content["cast"], scene=content["scene"])

    job, _new = frames_redo(run=drawn, token="r", shots=[shot.index], engine=camera)
    assert frames_execute(job.pk) == "done"

    frame = Frame.objects.get(job=job)
    assert (frame.positive, frame.negative) == (tried.positive, tried.negative)
    assert frame.positive == shot.prompt["positive"]
    # and what the engine is asked for in an evaluation is the same but for seed and reference
    drawer = PaidDrawer(camera, None)  # type: ignore[arg-type]
    work = Work(template, prompt_of(template, content), content, 7, (540, 960))
    _binding, request = drawer._asked(work)
    assert request.prompt == frame.positive
    assert [region.prompt for region in request.regions] == [
        person.words for person in binding_for(shot).people if request.regions
    ]
    assert PaidCall.objects.get(engine=camera).state == "settled"


@pytest.mark.parametrize("key", ["cel-anime-tags", "impasto-en", "xianxia-images-zh"])
def test_templates_of_every_register_pass_the_gate(alice: Person, key: str) -> None:
    run, _new = run_start(
        novel=NovelFactory(creator=alice.as_creator), token=key, template=key, with_film=False,
        with_frames=False,
    )  # fmt: skip
    run_execute(run.pk)
    for shot in run.shots.exclude(cast=[]):
        binding = binding_for(shot)
        assert binding.template == shipped()[key].name
        assert binding.prompt == shot.prompt["positive"]
        from generation import frames

        assert frames.judge(binding).passes
        assert frames.judge(binding).integrity == 1.0


def test_an_edited_shot_is_written_anew_by_its_template(drawn: Run) -> None:
    shot = drawn.shots.exclude(cast=[]).first()
    assert shot is not None
    edit = Edit(
        framing="close_up", movement="static", action="回头一笑", narration="", cast=shot.cast
    )

    assert "prompt" in shot_edit(shot=shot, edit=edit)

    shot.refresh_from_db()
    assert shot.prompt["template"] == "gongbi-zh@1"
    assert "特写，面部占满画面" in shot.prompt["positive"]
    assert "矿物颜料" in shot.prompt["positive"]


def test_pictures_drawn_again_count_for_the_template_that_wrote_them(
    drawn: Run, camera: str, alice: Person
) -> None:
    indices = list(drawn.shots.values_list("index", flat=True)[:2])
    job, _new = frames_redo(run=drawn, token="r", shots=indices, engine=camera)
    frames_execute(job.pk)

    use = TemplateUse.objects.get(run=drawn)
    assert (use.redone, use.version.name) == (len(indices), "gongbi-zh@1")
    receipt = alice.client.get(reverse("portal:run", args=[drawn.pk])).content.decode()
    assert "gongbi-zh@1" in receipt


def test_a_run_stays_with_its_version_when_the_alias_moves(drawn: Run) -> None:
    template = PromptTemplate.objects.get(key="gongbi-zh")
    first = template.versions.get()
    second = version_add(
        template=template, body=first.body + "绢色微黄。", negative=first.negative, settings={},
        note="绢色", actor=None,
    )  # fmt: skip
    alias_move(template=template, name="current", version=second, actor=None)
    shot = drawn.shots.first()
    assert shot is not None

    assert binding_for(shot).template == "gongbi-zh@1"
    later, _new = run_start(
        novel=drawn.novel, token="later", template="gongbi-zh", with_frames=False, with_film=False
    )
    assert TemplateUse.objects.get(run=later).version == second


def test_what_the_team_makes_usual_is_used_where_nothing_is_chosen(alice: Person) -> None:
    novel = NovelFactory(creator=alice.as_creator)
    ink, film = (PromptTemplate.objects.get(key=key) for key in ("ink-wash-zh", "film-still-zh"))
    template_make_usual(template=ink, language="zh", actor=None)
    template_make_usual(template=film, language="zh", actor=None)  # the former gives way
    template_make_usual(template=ink, language="en", actor=None)

    run, _new = run_start(novel=novel, token="usual", with_frames=False, with_film=False)
    other, _new = run_start(
        novel=novel, token="own", template="gongbi-zh", with_frames=False, with_film=False
    )

    assert TemplateUse.objects.get(run=run).version == version_named("film-still-zh")
    assert TemplateUse.objects.get(run=other).version.name == "gongbi-zh@1"
    PromptTemplate.objects.filter(pk=film.pk).update(retired=True)
    with pytest.raises(DomainError):
        template_make_usual(template=film, language="zh", actor=None)
    without, _new = run_start(novel=novel, token="none", with_frames=False, with_film=False)
    assert not TemplateUse.objects.filter(run=without).exists()

"""A character's look changed by hand: every prompt follows, the sheet too, the pictures once drawn."""

import json
from pathlib import Path

import pytest

from crm.exceptions import DomainError
from crm.models import AuditEntry
from generation.frames.sketch.look import look_of
from generation.look_page import form_of
from generation.models import CastCorrection, Character, Frame, Novel, Run
from generation.selectors import shots_with
from generation.services.character_looks import CHOICES, LookEdit, further_of, look_edit
from generation.services.continuity import scene_report
from generation.services.corrections import cast_correction_undo
from generation.services.filming import run_folder
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from generation.services.studio import binding_for, shot_edit
from generation.story.look_words import describe
from tests.conftest import Person
from tests.factories.generation import NovelFactory
from tests.generation.test_studio import TEXT, again, edit_of

BLUE = ("#1f4e9e", "#f2efe6")


@pytest.fixture
def run(db: None, settings: object, tmp_path: Path) -> Run:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    row, _ = run_start(
        novel=NovelFactory(
            text=f"{TEXT}第二章 雨夜\n苏青独自坐在窗前，流下眼泪，一直坐到天亮，谁也没有再来敲门。\n"
        ),
        token="a",
        with_film=False,
    )
    assert run_execute(row.pk) == "done"
    return Run.objects.get(pk=row.pk)


@pytest.fixture
def person(run: Run) -> Character:
    return Character.objects.get(run=run, name="沈砚")


def edit(person: Character, further: str | None = None, **traits: str) -> LookEdit:
    form = form_of(person)
    told = {field.name: field.value for field in form.fields}
    colours = traits.pop("colours", None) or form.colours
    return LookEdit({**told, **traits}, colours, form.further if further is None else further)  # type: ignore[arg-type]


def test_one_attribute_changes_the_words_of_every_shot_with_that_character_and_no_other(
    run: Run, person: Character
) -> None:
    mine = set(shots_with(person).values_list("index", flat=True))
    before = {shot.index: shot.prompt["positive"] for shot in run.shots.all()}
    changed = look_edit(character=person, edit=edit(person, clothes="armour", colours=BLUE))
    person.refresh_from_db()
    assert set(changed) == mine
    assert mine < set(before)
    assert "宝蓝色铠甲" in person.appearance["summary"]
    assert look_of({"appearance": person.appearance}).primary == BLUE[0]
    for shot in run.shots.all():
        if shot.index in mine:
            assert person.appearance["summary"] in shot.prompt["positive"]
            assert binding_for(shot).prompt == shot.prompt["positive"]
        else:
            assert shot.prompt["positive"] == before[shot.index]
    entry = AuditEntry.objects.filter(action="character.look_edited").last()
    assert entry is not None
    assert entry.data["traits"] == ["clothes", "colours"]


def test_the_continuity_report_asks_for_a_redo_and_is_content_after_it(
    run: Run, person: Character, django_capture_on_commit_callbacks: object
) -> None:
    def asked() -> set[int]:
        scenes = set(run.shots.values_list("scene", flat=True))
        found = scene_report(run, scenes)
        return {
            index
            for index, rows in found.items()
            if any(row.code == "look_changed" and row.who == (person.key,) for row in rows)
        }

    assert asked() == set()
    old = Path(person.sheet.path)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        changed = look_edit(character=person, edit=edit(person, hair="bald"))
    assert asked() == set(changed)
    again(run, "b", shots=changed)
    assert asked() == set()
    assert Frame.objects.filter(shot__run=run, version=2, current=True).count() == len(changed)
    told = json.loads((run_folder(run) / "storyboard.json").read_text("utf-8"))
    kept = next(item for item in told["cast"] if item["id"] == person.key)
    assert kept["appearance"]["traits"]["hair"] == "bald"
    sheet = run_folder(run) / kept["reference"]
    assert sheet.exists()
    assert sheet != old  # no cache shows the old one
    assert not old.exists()


def test_words_of_ones_own_keep_all_but_the_look_and_further_words_go_everywhere(
    run: Run, person: Character
) -> None:
    shot = shots_with(person).first()
    assert shot is not None
    own = f"{shot.prompt['positive']}，雪落在肩上"
    shot_edit(shot=shot, edit=edit_of(shot, prompt=own, negative="雨"))
    look_edit(character=person, edit=edit(person, beard="long", further="左脸有一道刀疤"))
    shot.refresh_from_db()
    person.refresh_from_db()
    assert shot.prompt["positive"].endswith("，雪落在肩上")
    assert all("左脸有一道刀疤" in row.prompt["positive"] for row in shots_with(person))
    assert all(person.appearance["summary"] in row.prompt["positive"] for row in shots_with(person))
    assert further_of(person.appearance, english=False) == form_of(person).further


def test_what_changes_nothing_or_cannot_be_is_not_written(run: Run, person: Character) -> None:
    assert look_edit(character=person, edit=edit(person)) == []
    for changes in (
        {"hair": "mohawk"}, {"species": "cat"}, {"colours": ("red", "#ffffff")}, {"further": "疤" * 121},
    ):  # fmt: skip
        with pytest.raises(DomainError):
            look_edit(character=person, edit=edit(person, **changes))  # type: ignore[arg-type]
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)
    with pytest.raises(DomainError) as caught:
        look_edit(character=person, edit=edit(person, hair="bald"))
    assert caught.value.code == "run_at_work"
    assert Character.objects.get(pk=person.pk).appearance == person.appearance
    assert not AuditEntry.objects.filter(action="character.look_edited").exists()


@pytest.mark.parametrize("english", [False, True])
def test_every_choice_has_words_for_the_prompt(english: bool) -> None:
    usual = {name: values[0] for name, values in CHOICES.items()} | {"colours": list(BLUE)}
    said = set()
    for name, value in ((n, v) for n, values in CHOICES.items() for v in values):
        said.add((name, describe(usual | {"species": "human"} | {name: value}, english)))
    assert len(said) > sum(len(values) for values in CHOICES.values()) - len(CHOICES)


def test_the_page_shows_what_would_change_and_saves_it(
    run: Run, person: Character, alice: Person
) -> None:
    Novel.objects.update(creator=alice.as_creator)
    where = f"/studio/cast/{person.pk}/"
    fields = {field.name: field.value for field in form_of(person).fields}
    sent = {**fields, "clothes": "armour", "colour-1": BLUE[0], "colour-2": BLUE[1], "do": "look"}
    page = alice.client.post(where, sent).content.decode()
    assert page.count("data:image/png;base64,") == 2
    assert "铠甲</ins>" in page
    person.refresh_from_db()
    assert person.appearance["traits"]["clothes"] != "armour"
    assert alice.client.post(where, {**sent, "do": "save"}).status_code == 302
    page = alice.client.get(where).content.decode()
    # Beside the shots it is ticked that the look is kept.
    assert page.count(" checked>") - 1 == shots_with(person).count() > 0


def test_a_chosen_look_is_found_again_in_the_next_storyboard_of_the_novel(
    run: Run, person: Character
) -> None:
    look_edit(character=person, edit=edit(person, clothes="armour", further="左脸有一道刀疤"))
    later, _ = run_start(novel=run.novel, token="later", with_film=False)
    assert run_execute(later.pk) == "done"
    again_ = Character.objects.get(run=later, name="沈砚")
    person.refresh_from_db()
    assert again_.appearance["summary"] == person.appearance["summary"]
    assert "clothes" not in again_.appearance["invented"]
    assert all(
        "铠甲" in row.prompt["positive"] and "左脸有一道刀疤" in row.prompt["positive"]
        for row in shots_with(again_)
    )
    # The control: taken back, the next one reads the text again.
    kept = CastCorrection.objects.get(kind="look")
    cast_correction_undo(correction=kept)
    last, _ = run_start(novel=run.novel, token="last", with_film=False)
    assert run_execute(last.pk) == "done"
    assert "铠甲" not in Character.objects.get(run=last, name="沈砚").appearance["summary"]


def test_a_look_for_this_storyboard_only_is_not_kept(run: Run, person: Character) -> None:
    look_edit(character=person, edit=edit(person, clothes="armour"), keep=False)
    assert not CastCorrection.objects.exists()
    look_edit(character=person, edit=edit(person, clothes="rags"))
    look_edit(character=person, edit=edit(person, clothes="suit"))
    kept = CastCorrection.objects.get()
    assert (kept.name, kept.look["traits"]["clothes"]) == ("沈砚", "suit")


def test_the_pages_say_what_is_kept_and_let_it_be_taken_back(
    run: Run, person: Character, alice: Person, bob: Person
) -> None:
    Novel.objects.update(creator=alice.as_creator)
    where = f"/studio/cast/{person.pk}/"
    fields = {field.name: field.value for field in form_of(person).fields}
    sent = {**fields, "clothes": "armour", "colour-1": BLUE[0], "colour-2": BLUE[1], "do": "save"}
    alice.client.post(where, {**sent, "keep": "yes"})
    kept = CastCorrection.objects.get(kind="look")
    cast_page = f"/studio/novels/{run.novel_id}/cast/"
    for page in (where, cast_page):
        assert f"/corrections/{kept.pk}/undo/" in alice.client.get(page).content.decode()
    # The newest storyboard has it already: there is nothing to be made again for it.
    assert f"/runs/{run.pk}/again/" not in alice.client.get(cast_page).content.decode()
    # The form for names cannot make one.
    alice.client.post(cast_page, {"kind": "look", "name": "苏青"})
    assert CastCorrection.objects.count() == 1
    assert bob.client.post(f"/studio/corrections/{kept.pk}/undo/").status_code == 404
    alice.client.post(f"/studio/corrections/{kept.pk}/undo/")
    assert not CastCorrection.objects.exists()

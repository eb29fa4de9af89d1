"""The library in the workspace: versions that stay, aliases that move, files out and in, pages."""

import io
import json
import zipfile
from typing import Any

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from crm.exceptions import DomainError
from crm.models import AuditEntry
from generation.library import template_named, template_of, version_named
from generation.models import (
    PromptTemplate,
    TemplateAlias,
    TemplateRating,
    TemplateUse,
    TemplateVersion,
)
from generation.prompts.library import USUAL, editions, shipped
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from generation.services.template_files import export_json, export_zip, templates_import
from generation.services.templates import (
    alias_move,
    library_sync,
    rating_give,
    template_add,
    version_add,
)
from tests.conftest import Person
from tests.factories.generation import NovelFactory, RunFactory
from tests.prompts.stories import story_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ink() -> PromptTemplate:
    return PromptTemplate.objects.get(key="ink-wash-zh")


def better(ink: PromptTemplate, actor: Any = None, **facts: Any) -> TemplateVersion:
    first = ink.versions.get(number=1)
    usual = {
        "body": first.body + "雨丝以淡墨斜扫。", "negative": first.negative, "settings": {},
        "note": "写雨",
    }  # fmt: skip
    return version_add(template=ink, actor=actor, **{**usual, **facts})


def forget_everything() -> None:
    with pgtrigger.ignore("generation.TemplateVersion:immutable"):
        TemplateAlias.objects.all().delete()
        TemplateVersion.objects.all().delete()
        PromptTemplate.objects.all().delete()


def test_the_shipped_library_is_there_and_comes_once() -> None:
    assert TemplateAlias.objects.filter(name="current").count() == len(shipped())
    assert TemplateVersion.objects.count() == sum(len(group) for group in editions().values())
    assert library_sync() == 0
    film = PromptTemplate.objects.get(key="film-still-zh")
    assert version_named("film-still-zh") == film.versions.get(number=2)
    assert film.versions.get(number=2).note
    usual = PromptTemplate.objects.exclude(usual_for="").values_list("usual_for", "key")
    assert dict(usual) == USUAL
    for template in shipped().values():
        version = version_named(template.key)
        assert version is not None
        assert template_of(version).digest == version.digest


def test_a_version_can_be_neither_changed_nor_deleted(ink: PromptTemplate) -> None:
    version = ink.versions.get()
    for act in (
        lambda: TemplateVersion.objects.filter(pk=version.pk).update(body="x"),
        version.delete,
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            act()
    with pgtrigger.ignore("generation.TemplateVersion:immutable"):  # the control
        assert TemplateVersion.objects.filter(pk=version.pk).update(note="x") == 1


def test_better_words_are_a_new_version_and_the_alias_moves_by_hand(
    ink: PromptTemplate, staff: Person
) -> None:
    made = better(ink, staff.user)

    assert made.number == 2
    assert version_named("ink-wash-zh") == ink.versions.get(number=1)
    alias_move(template=ink, name="current", version=made, actor=staff.user)
    alias_move(template=ink, name="stable", version=ink.versions.get(number=1), actor=staff.user)
    assert version_named("ink-wash-zh") == made == version_named("ink-wash-zh@2")
    assert version_named("ink-wash-zh@stable").number == 1  # type: ignore[union-attr]
    assert version_named("ink-wash-zh@nothing") is None
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"template.version_added", "template.alias_moved"} <= actions


def test_the_command_line_takes_shipped_names_from_the_files(ink: PromptTemplate) -> None:
    alias_move(template=ink, name="current", version=better(ink), actor=None)

    assert template_named("ink-wash-zh").version == 1  # type: ignore[union-attr]
    assert template_named("ink-wash-zh@current").version == 2  # type: ignore[union-attr]
    assert template_named("ink-wash-zh@9") is None


def test_the_same_words_again_and_unknown_variables_are_refused(ink: PromptTemplate) -> None:
    first = ink.versions.get()
    for facts, code in (
        ({"body": first.body}, "same"), ({"body": "{{moon}}"}, "unknown_variable"),
        ({"body": "{{count}"}, "syntax"), ({"body": "长" * 30_000}, "too_long"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            better(ink, **facts)
        assert refused.value.code == code
    with pytest.raises(DomainError, match="ink-wash-zh"):
        template_add(template=shipped()["ink-wash-zh"], actor=None)


def test_an_alias_points_to_a_sound_version_of_its_own_template(ink: PromptTemplate) -> None:
    other = PromptTemplate.objects.get(key="gongbi-zh").versions.get()
    poor = better(ink, body="{{place}}{{count}}{{framing}}{{subjects}}")
    for version, name, code in (
        (other, "current", "other_template"), (poor, "current", "fails_standard"),
        (ink.versions.get(number=1), "3", "bad_alias"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            alias_move(template=ink, name=name, version=version, actor=None)
        assert refused.value.code == code
    with pytest.raises(DatabaseError, match="own template"), transaction.atomic():
        TemplateAlias.objects.filter(template=ink).update(version=other)


@pytest.mark.parametrize("export", [export_json, export_zip])
def test_a_file_brings_everything_back_into_an_empty_workspace(
    ink: PromptTemplate, export: Any
) -> None:
    alias_move(template=ink, name="current", version=better(ink), actor=None)
    rows = PromptTemplate.objects.order_by("key")
    data, before = export(rows), export_json(rows)
    forget_everything()

    done = templates_import(data=data, name="prompts", actor=None)

    versions = sum(len(group) for group in editions().values())
    assert (done.templates, done.versions) == (len(shipped()), versions + 1)
    assert json.loads(export_json(rows.all())) == json.loads(before)
    assert templates_import(data=data, name="prompts", actor=None).versions == 0


def test_a_number_taken_by_other_words_gets_the_next(ink: PromptTemplate) -> None:
    better(ink)
    data = export_json(PromptTemplate.objects.filter(pk=ink.pk))
    with pgtrigger.ignore("generation.TemplateVersion:immutable"):
        ink.versions.filter(number=2).delete()
    better(ink, body=ink.versions.get(number=1).body + "大雪满弓刀。")

    done = templates_import(data=data, name="prompts.json", actor=None)

    assert done.renumbered == ["ink-wash-zh@2 → 3"]
    assert (done.versions, done.same) == (1, 1)
    assert version_named("ink-wash-zh").number == 1  # type: ignore[union-attr]


def test_a_broken_file_is_refused_and_nothing_is_half_written(ink: PromptTemplate) -> None:
    good = json.loads(export_json([ink]))
    bad = json.loads(export_json([ink]))
    bad["templates"][0]["versions"][0] |= {"key": "ink-wash-two", "family": "magic"}
    both = {
        **good,
        "templates": [json.loads(json.dumps(good["templates"][0])), bad["templates"][0]],
    }
    both["templates"][0]["versions"][0]["key"] = "ink-wash-three"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.json", "{")
    files = {
        "not JSON": b"hello", "another format": b'{"a": 1}', "no versions": json.dumps(
            {**good, "templates": [{}]}).encode(), "family": json.dumps(both).encode(),
        "broken archive": b"PK\x03\x04 nothing", "broken part": buffer.getvalue(),
        "future": json.dumps({**good, "version": 2}).encode(), "big": b" " * (9 * 1024 * 1024),
    }  # fmt: skip
    for name, data in files.items():
        with pytest.raises(DomainError):
            templates_import(data=data, name=name, actor=None)
    assert not PromptTemplate.objects.filter(key__startswith="ink-wash-t").exists()


def test_a_person_rates_once_a_criterion(ink: PromptTemplate, staff: Person) -> None:
    version = ink.versions.get()
    rating_give(version=version, ratings={"concrete": 2}, reason="虚", actor=staff.user)
    rating_give(version=version, ratings={"concrete": 4, "ordered": 5}, reason="", actor=staff.user)

    assert dict(TemplateRating.objects.values_list("criterion", "rating")) == {
        "concrete": 4, "ordered": 5,
    }  # fmt: skip
    for wrong in ({}, {"concrete": 6}, {"charm": 3}):
        with pytest.raises(DomainError):
            rating_give(version=version, ratings=wrong, reason="", actor=staff.user)


def test_the_pages_show_card_standard_preview_diff_and_users(
    ink: PromptTemplate, staff: Person
) -> None:
    made = better(ink, staff.user)
    TemplateUse.objects.create(run=RunFactory(), version=made, shots=9, redone=2, accepted=True)
    page = reverse("admin:generation_template", args=[ink.key])

    shown = staff.client.get(page, {"version": "2"}).content.decode()
    diff = staff.client.get(
        reverse("admin:generation_template_diff", args=[ink.key]), {"b": "2"}
    ).content.decode()
    listed = staff.client.get(reverse("admin:generation_prompttemplate_changelist"))

    assert ink.strengths in shown
    assert "雨丝以淡墨斜扫" in shown
    assert "2 / 9" in shown
    assert '<ins class="pj-ins">雨丝以淡墨斜扫。</ins>' in diff
    assert listed.status_code == 200
    for template in PromptTemplate.objects.all():
        assert (
            staff.client.get(reverse("admin:generation_template", args=[template.key])).status_code
            == 200
        )
    assert staff.client.get(page, {"version": "7"}).status_code == 404


def test_a_new_version_an_alias_and_a_file_go_through_the_pages(
    ink: PromptTemplate, staff: Person
) -> None:
    new = reverse("admin:generation_template_new", args=[ink.key])
    first = ink.versions.get()
    words = {"body": first.body + "留一线天光。", "negative": first.negative, "note": "天光"}

    refused = staff.client.post(new, {"body": "{{moon}}", "note": "x", "settings": "[1]"})
    done = staff.client.post(new, {**words, "settings": '{"steps": 8}'})
    staff.client.post(
        reverse("admin:generation_template_alias", args=[ink.key]),
        {"name": "current", "version": "2"},
    )
    file = SimpleUploadedFile("p.json", export_json([ink]), "application/json")
    brought = staff.client.post(reverse("admin:generation_template_import"), {"file": file})

    assert refused.status_code == 422
    assert done.status_code == 302
    assert version_named("ink-wash-zh").settings == {"steps": 8}  # type: ignore[union-attr]
    assert brought.status_code == 302


def test_a_template_is_seen_at_work_on_a_shot_of_the_sample(
    ink: PromptTemplate, staff: Person
) -> None:
    preview = reverse("admin:generation_template_preview", args=[ink.key])
    assert staff.client.get(preview).status_code == 404  # no sample here yet
    run, _new = run_start(
        novel=NovelFactory(text=story_text(3)), token="s", with_frames=False, with_film=False,
        sample=True,
    )  # fmt: skip
    run_execute(run.pk)

    page = staff.client.get(reverse("admin:generation_template", args=[ink.key])).content.decode()
    data = staff.client.get(preview).content
    line = staff.client.get(reverse("admin:generation_template_preview", args=["sketch-line-zh"]))

    assert preview in page
    assert Image.open(io.BytesIO(data)).size == (270, 480)
    assert line.content != data
    director = reverse("admin:generation_template_preview", args=["director-zh"])
    assert staff.client.get(director).status_code == 404

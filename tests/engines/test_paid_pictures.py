"""Pictures are paid at most once, kept beside their receipt, and found again after an accident."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from engines.errors import EngineError
from engines.images import PictureRequest
from engines.images.comfyui import ComfyUIImages, ComfyUISettings
from engines.images.registry import (
    BadImageSettings,
    UnknownImageEngine,
    built_in,
    built_in_documents,
    image_engine,
    image_settings,
)
from engines.images.rehearsal import RehearsalImages
from engines.images.templates import BadTemplate, parse
from engines.models import Budget, PaidCall, PictureTemplate, Price
from engines.services import ledger
from engines.services.pictures import (
    key_of,
    paid_picture,
    picture_engine,
    template_back,
    template_save,
    template_text,
)
from engines.wire import Wire
from tests.engines.comfyui_server import ComfyUIServer

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = PictureRequest(prompt="a hall", seed=5, width=64, height=96, timeout=5)


@pytest.fixture(autouse=True)
def _media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def priced() -> Price:
    return Price.objects.create(
        engine="home", input_micro=0, cached_micro=0, output_micro=0, picture_micro=30_000,
        valid_from=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def server() -> Iterator[ComfyUIServer]:
    with ComfyUIServer() as running:
        yield running


@pytest.fixture
def comfy(server: ComfyUIServer) -> ComfyUIImages:
    line = Wire(server.url)
    return ComfyUIImages(
        ComfyUISettings("home", "sdxl", line, built_in("comfyui-regions"), poll=0.05)
    )


def test_a_picture_is_paid_once_and_read_from_what_is_kept(
    priced: Price, budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    held = budget()
    first = paid_picture(engine=comfy, request=ASKED, budget=held)
    again = paid_picture(engine=comfy, request=ASKED, budget=held)

    assert (first.cost_micro, first.kept, again.kept, again.own) == (30_000, False, True, True)
    assert again.answer.sha256 == first.answer.sha256
    assert server.drawn == 1
    held.refresh_from_db()
    assert (held.spent_micro, held.reserved_micro) == (30_000, 0)
    assert "png" not in json.dumps(PaidCall.objects.get().answer).replace(".png", "")


def test_a_cap_that_does_not_reach_sends_nothing(
    priced: Price, budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    with pytest.raises(EngineError) as caught:
        paid_picture(engine=comfy, request=ASKED, budget=budget(29_999))
    assert caught.value.code == "budget_spent"
    assert not server.requests


def test_an_engine_without_a_price_is_not_asked(
    budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    with pytest.raises(EngineError) as caught:
        paid_picture(engine=comfy, request=ASKED, budget=budget())
    assert caught.value.code == "no_price"
    assert not server.requests


def test_an_old_picture_from_the_engines_cache_costs_nothing(
    priced: Price, budget: Callable[..., Budget], server: ComfyUIServer
) -> None:
    template = built_in("comfyui-regions")
    body = json.loads(json.dumps(template.body).replace("pingju/{{job}}", "fixed"))
    engine = ComfyUIImages(
        ComfyUISettings("home", "m", Wire(server.url), replace(template, body=body), poll=0.05)
    )
    engine.draw(ASKED)
    server.history.clear()
    bought = paid_picture(engine=engine, request=ASKED, budget=budget())
    assert (bought.answer.fresh, bought.cost_micro) == (False, 0)


def test_what_a_watch_raises_comes_out_and_the_money_is_free_again(
    priced: Price, budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    server.steps, server.step_seconds = 1000, 0.05  # it runs until it is told to stop
    held = budget()

    def watch(done: int, total: int) -> None:
        raise KeyError("stop")

    with pytest.raises(KeyError):
        paid_picture(engine=comfy, request=ASKED, budget=held, watch=watch)
    held.refresh_from_db()
    assert (held.spent_micro, held.reserved_micro) == (0, 0)
    assert PaidCall.objects.get().state == PaidCall.State.FAILED


def _in_doubt(engine: ComfyUIImages, held: Budget, reserved: int) -> None:
    """As a process leaves it that was killed while the engine was at work."""
    Budget.objects.filter(pk=held.pk).update(reserved_micro=reserved)
    PaidCall.objects.create(
        key=key_of(engine, ASKED), purpose="picture", engine="home", budget=held,
        state=PaidCall.State.IN_DOUBT, reserved_micro=reserved,
    )  # fmt: skip


def test_a_picture_that_was_drawn_while_its_process_died_is_found_and_not_drawn_again(
    priced: Price, budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    comfy.draw(ASKED)
    held = budget()
    _in_doubt(comfy, held, 30_000)

    bought = paid_picture(engine=comfy, request=ASKED, budget=held)

    assert bought.kept
    assert server.drawn == 1
    held.refresh_from_db()
    assert (held.spent_micro, held.reserved_micro) == (30_000, 0)


def test_a_call_in_doubt_with_money_in_it_waits_for_a_person(
    priced: Price, budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    held = budget()
    _in_doubt(comfy, held, 30_000)
    with pytest.raises(EngineError) as caught:
        paid_picture(engine=comfy, request=ASKED, budget=held)
    assert caught.value.code == "in_doubt"
    assert not server.drawn


def test_a_call_in_doubt_that_costs_nothing_is_asked_anew(
    budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    Price.objects.create(engine="home", input_micro=0, cached_micro=0, output_micro=0)
    held = budget()
    _in_doubt(comfy, held, 0)
    assert not paid_picture(engine=comfy, request=ASKED, budget=held).kept
    assert server.drawn == 1


def test_a_kept_picture_whose_file_is_gone_is_not_silently_bought_again(
    priced: Price, budget: Callable[..., Budget], comfy: ComfyUIImages, server: ComfyUIServer
) -> None:
    held = budget()
    paid_picture(engine=comfy, request=ASKED, budget=held)
    default_storage.delete(PaidCall.objects.get().answer["file"])
    with pytest.raises(EngineError) as caught:
        paid_picture(engine=comfy, request=ASKED, budget=held)
    assert caught.value.code == "picture_lost"
    assert server.drawn == 1


def test_the_sweeper_leaves_a_killed_call_in_doubt_and_a_late_picture_settles_it(
    priced: Price, budget: Callable[..., Budget], comfy: ComfyUIImages
) -> None:
    held = budget()
    paid_picture(engine=comfy, request=ASKED, budget=held)
    PaidCall.objects.update(state=PaidCall.State.CALLING, lease_until=timezone.now())
    Budget.objects.update(reserved_micro=30_000, spent_micro=0)
    assert ledger.sweep() == (0, 1)
    assert paid_picture(engine=comfy, request=ASKED, budget=held).cost_micro == 30_000


# -- templates and settings ------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(built_in_documents()))
def test_every_template_of_the_house_is_valid(name: str) -> None:
    assert built_in(name).digest


def _document(**changes: object) -> dict:
    return {**json.loads(built_in_documents()["comfyui-regions"]), **changes}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "must be a JSON object"),
        ({"kind": "dalle"}, "kind: must be one of"),
        (_document(body={}), "body: must be an object"),
        (_document(output="nowhere"), "output: must name the node"),
        (
            _document(parameters={"steps": {"default": 99, "least": 1, "most": 80}}),
            "parameters.steps",
        ),
        (_document(surprise=1), "not known: surprise"),
        (_document(each=[{"over": "shots"}]), "each[0].over"),
        (_document(body={"save": {"inputs": {}}}), "body.save: needs a class_type"),
    ],
)
def test_a_bad_template_is_refused_with_the_place_named(document: object, place: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        parse(document)
    assert any(place in problem for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("{{seed}}", "{{sed}}", "body.sampler.inputs.seed: the slot sed is not known here"),
        ('"{{seed}}"', "5", "nothing takes the seed"),
        ("pingju/{{job}}", "fixed", "nothing takes {{job}}"),
        ('["decode", 0]', '["decoder", 0]', "body.save.inputs.images: there is no node decoder"),
        ('["area", 0]', '["areas", 0]', "each[0].nodes.join.inputs.conditioning_2"),
        ("{{common}}", "{{ Common }}", "a slot is written"),
        ("{{region.left}}", "{{reference.image}}", "the slot reference.image is not known here"),
    ],
)
def test_a_slip_in_a_template_is_found_before_it_is_used(
    before: str, after: str, place: str
) -> None:
    text = built_in_documents()["comfyui-regions"]
    assert before in text
    with pytest.raises(BadTemplate) as caught:
        parse(json.loads(text.replace(before, after)))
    assert any(place in problem for problem in caught.value.problems), caught.value.problems


def test_a_saved_template_is_a_version_that_the_engine_is_asked_with(settings: object) -> None:
    settings.IMAGE_ENGINES = {  # type: ignore[attr-defined]
        "home": {"kind": "comfyui", "base_url": "http://127.0.0.1:9", "model": "m"}
    }
    before = picture_engine("home").version
    text = template_text("comfyui-regions").replace('"default": 28', '"default": 30')
    first = template_save(name="comfyui-regions", document=json.loads(text), note="more steps")
    second = template_save(name="comfyui-regions", document=json.loads(text))
    assert (first.version, second.version) == (1, 2)
    assert picture_engine("home").version != before
    template_back(template=first)
    assert [t.version for t in PictureTemplate.objects.filter(current=True)] == [1]
    with pytest.raises(BadTemplate):
        template_save(name="comfyui-regions", document={"kind": "comfyui", "body": {"a": 1}})
    assert PictureTemplate.objects.count() == 2


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("{", "IMAGE_ENGINES is not JSON"),
        ({"Sketch!": {}}, "cannot be a name"),
        ({"sketch": {}}, "cannot be a name"),
        ({"a": {"kind": "painter"}}, "kind must be one of"),
        ({"a": {"base_url": "ftp://x", "model": "m"}}, "base_url must be"),
        ({"a": {"base_url": "https://u:p@x", "model": "m"}}, "keys go to"),
        ({"a": {"base_url": "https://x"}}, "model is missing"),
        ({"a": {"api_key": "sk"}}, "holds a key"),
        ({"a": {"base_url": "https://x", "model": "m", "sizes": ["big"]}}, "sizes are written"),
        ({"a": {"base_url": "https://x", "model": "m", "timeout": 0}}, "timeout must be"),
    ],
)
def test_settings_that_cannot_be_read_name_the_place(
    settings: object, told: object, place: str
) -> None:
    settings.IMAGE_ENGINES = told  # type: ignore[attr-defined]
    with pytest.raises(BadImageSettings) as caught:
        image_settings()
    assert place in str(caught.value)


def test_an_engine_is_made_by_its_name(settings: object) -> None:
    settings.IMAGE_ENGINES = {  # type: ignore[attr-defined]
        "try": {"kind": "rehearsal"},
        "sd": {"kind": "webui", "base_url": "http://127.0.0.1:7860/"},
        "gpt": {"base_url": "https://api.example.com/v1", "model": "gpt-image-1"},
    }
    assert isinstance(image_engine("try"), RehearsalImages)
    assert image_engine("sd").takes_regions
    assert image_engine("gpt").most_references == 8
    with pytest.raises(UnknownImageEngine):
        image_engine("nobody")

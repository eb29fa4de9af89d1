"""Everybody at every door: strangers get nothing of alice's, the owner gets what is hers.

The controls take one guard away each, and the walk must then report it.
"""

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings
from rest_framework.permissions import IsAuthenticated

from crm import audit
from crm.api import IsCreator, MayView
from crm.models import Appointment, Consent, Creator, CreatorNotice, Payment, PlanOrder
from generation.models import Frame, Novel, Run, Shot
from insights.models import PainReport
from insights.services.assistants import suggestion_accept
from tests.access.table import TABLE
from tests.access.walk import (
    Audience,
    Report,
    Route,
    Row,
    got_by_owners,
    routes,
    snapshot,
    visit,
    walk,
)
from tests.access.world import CANARIES, World

CREATOR_ROUTES = {name for name, row in TABLE.items() if row.audience is Audience.CREATOR}


def over(*names: str) -> list[Route]:
    wanted = set(names)
    return [route for route in routes() if route.name in wanted]


def told(report: Report, persona: str) -> list[str]:
    return [line for line in report.findings if line.startswith(persona)]


def test_every_url_is_closed_to_strangers_and_open_to_its_owner(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot()

    report = walk(world, TABLE, routes(), got_by_owners(world, TABLE))

    visits = sum(report.visits.values())
    numbers = {"routes": report.routes, "visits": report.visits, "controls": report.controls}
    home = Path(house.HOME)
    (home / "access.json").write_text(json.dumps(numbers))
    with capsys.disabled():
        print(f"\n{report.routes} routes, {visits} visits: {report.visits}")  # noqa: T201
    assert report.findings == []
    assert snapshot() == before
    assert set(report.visits) == {"anonymous", "charlie", "bob", "staff", "second coder", "alice"}
    assert report.controls > len(CREATOR_ROUTES)


def test_every_row_of_the_table_belongs_to_a_route() -> None:
    assert set(TABLE) - {route.name for route in routes()} == set()


def test_every_canary_is_shown_to_somebody_who_may_see_it() -> None:
    assert {name for row in TABLE.values() for name in row.shows} == set(CANARIES)


def test_a_url_without_a_row_is_a_finding_that_says_what_to_do(world: World) -> None:
    new = Route("portal:secrets", "studio/secrets/<int:pk>/", ("pk",))
    half = Route("portal:novel", "studio/novels/<int:pk>/<int:page>/", ("pk", "page"))
    model = Route("admin:crm_secret_change", "admin/crm/secret/<path:object_id>/", ("object_id",))

    report = walk(world, TABLE, [new, half, model])

    assert "portal:secrets" in report.findings[0]
    assert "tests/access/table.py" in report.findings[0]
    assert "no id for page" in report.findings[1]
    assert "tests/access/world.py" in report.findings[2]


SELECTORS = [
    (module, selector)
    for module, selectors in {
        "generation.views.novels": ["novels_visible_to"],
        "generation.views.runs": ["runs_visible_to"],
        "generation.views.files": [
            "characters_visible_to",
            "films_visible_to",
            "frames_visible_to",
            "runs_visible_to",
        ],
        "crm.views": ["interviews_visible_to", "payments_visible_to", "redactions_visible_to"],
        "generation.api": ["films_visible_to", "novels_visible_to", "runs_visible_to"],
        "crm.api": ["interviews_visible_to", "payments_visible_to"],
    }.items()
    for selector in selectors
]


@pytest.mark.parametrize(("module", "selector"), SELECTORS)
def test_an_unscoped_selector_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch, module: str, selector: str
) -> None:
    source = importlib.import_module(module)
    scoped: Callable[[Any], Any] = getattr(source, selector)
    owner = world.alice.as_creator
    monkeypatch.setattr(source, selector, lambda creator: scoped(owner))
    its_own = [route for route in over(*CREATOR_ROUTES) if route.module == module]

    # One route that tells is enough, and the walk of all is the test above.
    assert any(told(walk(world, TABLE, [route]), "charlie") for route in its_own)


def test_without_the_login_middleware_the_walk_reports(world: World, settings: Settings) -> None:
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.endswith("LoginRequiredMiddleware")
    ]

    report = walk(world, TABLE, over("portal:novel_list", "portal:novel", "door"))

    assert told(report, "anonymous") != []


def test_without_the_portal_middleware_the_walk_reports(world: World, settings: Settings) -> None:
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.endswith("PortalMiddleware")
    ]
    world.charlie = world.charlie.again()

    report = walk(world, TABLE, over("portal:novel"))

    assert told(report, "charlie") != []


@pytest.mark.parametrize(
    ("guard", "route", "persona"),
    [
        (IsAuthenticated, "api:schema", "anonymous"),
        (MayView, "api:interview-transcript", "charlie"),
        (MayView, "api:creator-list", "bob"),
        (IsCreator, "api:novel-list", "staff"),
    ],
)
def test_an_api_permission_that_says_yes_is_reported(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    guard: type[Any],
    route: str,
    persona: str,
) -> None:
    monkeypatch.setattr(guard, "has_permission", lambda *_: True)

    report = walk(world, TABLE, over(route))

    assert told(report, persona) != []


def test_a_page_that_no_longer_shows_the_owner_her_rows_is_reported(world: World) -> None:
    blind = {"portal:me": Row(Audience.CREATOR, shows=["error"])}

    report = walk(world, blind, over("portal:me"))

    assert "does not show the error" in told(report, "alice")[0]


def test_a_first_reading_that_the_second_coder_is_told_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insights.admin.pain_page.blind_interviews", lambda _coder: ())
    monkeypatch.setattr("insights.admin.workspace_state.is_blind", lambda *_: False)
    monkeypatch.setattr(audit, "WITHHOLDS", [])
    names = ("insights_pain_page", "insights_workspace", "crm_auditentry_changelist")

    report = walk(world, TABLE, over(*(f"admin:{name}" for name in names)))

    assert len(told(report, "staff")) == 2
    assert len(told(report, "second coder")) == 1


def test_evidence_that_nobody_said_yes_to_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if whoever starts an assistant took its suggestion over at once."""
    offered = world.ids["suggestion"]
    monkeypatch.setattr(
        "insights.admin.assistants.assistant_job_start",
        lambda _job: suggestion_accept(pk=offered, actor=world.staff.user),
    )

    report = walk(world, TABLE, over("admin:insights_suggest", "admin:insights_machine_code"))

    assert [line for line in told(report, "staff") if "unasked" in line] == told(report, "staff")
    assert len(told(report, "staff")) == 2


def test_a_strangers_id_in_a_body_answers_like_one_that_is_not_there(world: World) -> None:
    before = snapshot()
    wish = {"token": "t", "chapters": [], "with_frames": False, "with_film": False}

    def ask(novel: int) -> tuple[int, bytes]:
        body = json.dumps({**wish, "novel": novel})
        answer = visit(world.charlie.client, "POST", "/api/v1/runs/", body)
        return answer.status, answer.text.split(b"\n\n", 1)[1]

    theirs, missing = ask(world.ids["novel"]), ask(987_654_321)

    assert theirs == missing
    assert theirs[0] == 404
    assert snapshot() == before


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/runs/?novel=", "novel"),
        ("/api/v1/films/?novel=", "novel"),
        ("/api/v1/novels/?creator=", "creator"),
        ("/api/v1/me/payments/?creator=", "creator"),
        ("/api/v1/me/interviews/?creator=", "creator"),
        ("/studio/?creator=", "creator"),
        ("/studio/me/?creator=", "creator"),
    ],
)
def test_a_strangers_id_in_a_filter_answers_like_one_that_is_not_there(
    world: World, path: str, name: str
) -> None:
    def rows(value: int) -> bytes:
        answer = visit(world.charlie.client, "GET", f"{path}{value}")
        assert answer.status == 200
        assert answer.canaries == set()
        body = answer.text.split(b"\n\n", 1)[1]
        # only the filter itself may be repeated (in links to other pages), never another digit
        asked = f"{path.partition('?')[2]}{value}".encode()
        return body.replace(asked, b"") if path.startswith("/api") else b""

    assert rows(world.ids[name]) == rows(987_654_321)


def test_the_teams_forms_refuse_a_creator_who_sends_them_whole(world: World) -> None:
    before = snapshot()
    wishes = {
        f"/admin/crm/payment/{world.ids['payment']}/payer/": {
            "creator": world.charlie.as_creator.pk
        },
        f"/admin/insights/evidence/untag/{world.ids['evidence']}/": {},
        f"/admin/insights/evidence/workspace/{world.ids['interview']}/asked/": {"asked": "1"},
        f"/admin/crm/creator/{world.ids['creator']}/delete/": {"post": "yes"},
        "/admin/crm/user/add/": {"username": "mallory", "usable_password": "false"},
    }

    answers = {url: visit(world.charlie.client, "POST", url, data) for url, data in wishes.items()}

    assert all(answer.to_login for answer in answers.values()), answers
    assert snapshot() == before


def test_the_snapshot_notices_one_changed_character(world: World) -> None:
    before = snapshot()
    creator = world.alice.as_creator
    creator.city = "杭州"
    creator.save()

    assert snapshot() != before


def test_a_token_opens_the_api_and_nothing_else(world: World) -> None:
    made = Client().post("/api/v1/token/")
    assert made.status_code in (401, 403)
    key = world.alice.client.post("/api/v1/token/").json()["token"]
    headers = {"Authorization": f"Token {key}"}

    mine = Client(headers=headers).get(f"/api/v1/novels/{world.ids['novel']}/")
    page = Client(headers=headers).get(f"/studio/novels/{world.ids['novel']}/")
    again = world.alice.client.post("/api/v1/token/").json()["token"]
    old = Client(headers=headers).get("/api/v1/novels/")
    gone = world.alice.client.delete("/api/v1/token/")
    new = Client(headers={"Authorization": f"Token {again}"}).get("/api/v1/novels/")

    assert CANARIES["title"] in mine.content.decode()
    assert page.status_code == 302
    assert gone.status_code == 204
    assert {old.status_code, new.status_code} <= {401, 403}


def test_the_portal_puts_the_visitor_and_not_a_parameter_on_the_request(world: World) -> None:
    """A control of the middleware itself: nothing that the visitor sends names the creator."""
    seen: list[Any] = []

    def note(request: HttpRequest) -> None:
        seen.append(getattr(request, "creator", None))

    client = world.charlie.again().client
    response = client.get(f"/studio/me/?creator={world.ids['creator']}", headers={"X-Creator": "1"})
    note(response.wsgi_request)

    assert seen == [world.charlie.creator]


def test_alices_ids_in_the_body_of_a_strangers_own_form_lead_nowhere(world: World) -> None:
    """Every form of the portal that charlie may send at all, filled with ids that are alice's."""
    mine = Novel.objects.get(creator=world.charlie.as_creator)
    own = {"novel": mine.pk, "run": Run.objects.get(novel=mine).pk, "chapter": 0}
    stolen = {name: str(value) for name, value in world.ids.items() if isinstance(value, int | str)}
    names = ("pk", "id", "creator", "novel", "run", "shot", "frame", "interview", "evidence",
             "slot", "order", "number", "notice", "report", "appointment", "invitation")  # fmt: skip
    body = {**stolen, **{name: stolen[name] for name in names if name in stolen}}
    before = _of_alice(world)
    reached = 0
    for route in over(*CREATOR_ROUTES):
        row = TABLE[route.name]
        if row.post is None or isinstance(row.post, str) or not set(row.ids.values()) <= set(own):
            continue
        url = route.url({keyword: own[row.ids[keyword]] for keyword in route.keywords})
        with transaction.atomic():
            answer = visit(world.charlie.client, "POST", url, {**row.post, **body})
            assert answer.canaries == set(), url
            assert answer.status < 500, url
            world.charlie.again().client.post(url, {**row.post, **body})
            assert _of_alice(world) == before, url
            transaction.set_rollback(True)
        reached += 1
    assert reached > 20


def _of_alice(world: World) -> list[tuple[Any, ...]]:
    """What of alice's such a form could reach, row by row."""
    owner = world.alice.as_creator
    kinds: list[tuple[type[Model], dict[str, Any]]] = [
        (Creator, {"pk": owner.pk}), (Novel, {"creator": owner}), (Run, {"novel__creator": owner}),
        (Shot, {"run__novel__creator": owner}), (Frame, {"shot__run__novel__creator": owner}),
        (CreatorNotice, {"creator": owner}), (Consent, {"creator": owner}),
        (Appointment, {"creator": owner}), (PlanOrder, {"creator": owner}),
        (PainReport, {"creator": owner}), (Payment, {"creator": owner}),
    ]  # fmt: skip
    return [
        row for kind, which in kinds
        for row in kind._default_manager.filter(**which).order_by("pk").values_list()
    ]  # fmt: skip

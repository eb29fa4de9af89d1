"""Settings that must not be started together, and a schema that says all of the API."""

from collections.abc import Iterable

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from pytest_django import Settings

from config.sample import logins
from tests.conftest import Person
from tests.factories.crm import UserFactory


def ids(messages: Iterable[CheckMessage]) -> set[str]:
    return {str(message.id) for message in messages if str(message.id).startswith("pingju.")}


def test_the_settings_as_they_are_raise_no_error() -> None:
    assert ids(run_checks()) == set()


def test_sample_logins_are_refused_on_a_server_of_ones_own(settings: Settings) -> None:
    settings.SAMPLE_WORKSPACE, settings.EMBEDDED = True, False

    assert "pingju.E001" in ids(run_checks())


def test_sample_logins_are_allowed_on_the_embedded_default(settings: Settings) -> None:
    settings.SAMPLE_WORKSPACE, settings.EMBEDDED = True, True

    assert ids(run_checks()) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENGINE_TIMEOUT", 3000),
        ("CELERY_TASK_SOFT_TIME_LIMIT", 3300),
        ("CELERY_TASK_TIME_LIMIT", 3600),
        ("CELERY_BROKER_TRANSPORT_OPTIONS", {"visibility_timeout": 3300}),
    ],
)
def test_time_limits_that_do_not_nest_are_refused(
    settings: Settings, name: str, value: object
) -> None:
    options = {"visibility_timeout": 3600}
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = options
    assert ids(run_checks()) == set()
    setattr(settings, name, value)

    assert ids(run_checks()) == {"pingju.E002"}


def test_a_server_of_ones_own_is_reminded_of_its_keys(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMBEDDED = False
    for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS"):
        monkeypatch.delenv(name, raising=False)
    found = run_checks(include_deployment_checks=True)
    assert [message.id for message in found].count("pingju.W001") == 2

    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", "y")

    assert "pingju.W001" not in ids(run_checks(include_deployment_checks=True))


@pytest.mark.parametrize(("sample", "embedded"), [(False, True), (True, False), (False, False)])
def test_sample_logins_are_shown_only_beside_the_sample_workspace(
    db: None, settings: Settings, sample: bool, embedded: bool
) -> None:
    for login in logins.SAMPLE:
        UserFactory(username=login.username)
    settings.SAMPLE_WORKSPACE, settings.EMBEDDED = True, True
    assert logins.shown() == logins.SAMPLE

    settings.SAMPLE_WORKSPACE, settings.EMBEDDED = sample, embedded

    assert logins.shown() == ()


def test_the_schema_says_all_of_the_api_without_a_warning(tmp_path: object) -> None:
    target = f"{tmp_path}/schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, api_version="1", file=target)

    with open(target, encoding="utf-8") as file:
        text = file.read()
    assert "/api/v1/novels/{id}/storyboard/" in text


@pytest.mark.parametrize(
    ("who", "place"), [("staff", "/admin/"), ("alice", "/studio/"), ("bob", "/admin/")]
)
def test_the_door_leads_everybody_to_their_own_rooms(
    request: pytest.FixtureRequest, who: str, place: str
) -> None:
    person: Person = request.getfixturevalue(who)

    assert person.client.get("/door/").headers["Location"] == place


def test_a_login_that_is_neither_team_nor_creator_is_told_so(client: object, db: None) -> None:
    from django.test import Client

    browser = Client()
    browser.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get("/door/").status_code == 403
    assert browser.get("/studio/").status_code == 404

"""How somebody becomes a creator with a login: by a personal link, or openly."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from crm.exceptions import DomainError
from crm.models import AuditEntry, Creator, LoginInvitation, TierChange, User
from crm.services.joining import (
    creator_join,
    invitation_make,
    invitation_revoke,
    invitation_token,
)
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, UserFactory

FORM = {"name": "沈砚秋", "email": "shen@example.com", "password1": "三更少一刻的雪落满船"}


@pytest.fixture
def invited(settings: Settings) -> None:
    settings.PORTAL_SIGNUP = "invitation"


@pytest.fixture
def opened(settings: Settings) -> None:
    settings.PORTAL_SIGNUP = "open"


def link(person: Person, creator: Creator | None = None, days: int = 7) -> LoginInvitation:
    return invitation_make(creator=creator, note="写玄幻的", days=days, actor=person.user)


def follow(client: Client, invitation: LoginInvitation) -> Any:
    return client.get(reverse("join", args=[invitation_token(invitation)]))


def sign_up(client: Client, **data: str) -> Any:
    return client.post(reverse("account_signup"), {**FORM, **data})


def test_an_open_portal_makes_a_creator_in_the_entry_tier_and_a_mail(
    db: None, opened: None, anonymous: Client
) -> None:
    answer = sign_up(anonymous)

    assert answer.status_code == 302
    creator = Creator.objects.get(name="沈砚秋")
    assert creator.user is not None
    assert (creator.user.email, creator.contact) == ("shen@example.com", "shen@example.com")
    assert (creator.tier, TierChange.objects.filter(creator=creator).count()) == ("entry", 1)
    assert AuditEntry.objects.filter(action="creator.joined").count() == 1
    assert anonymous.get(reverse("portal:novel_list")).status_code == 200
    assert mail.outbox[0].to == ["shen@example.com"]


def test_without_an_invitation_a_closed_portal_lets_nobody_in(
    db: None, invited: None, anonymous: Client
) -> None:
    answer = sign_up(anonymous)

    assert "凭邀请注册" in answer.content.decode() or answer.status_code == 200
    assert not User.objects.filter(email="shen@example.com").exists()


def test_a_link_opens_the_door_once(staff: Person, invited: None, anonymous: Client) -> None:
    invitation = link(staff)

    assert follow(anonymous, invitation).status_code == 302
    assert sign_up(anonymous).status_code == 302

    invitation.refresh_from_db()
    assert invitation.used_by is not None
    assert follow(Client(), invitation).status_code == 410


def test_a_link_for_a_known_creator_gives_them_their_own_record(
    staff: Person, invited: None, anonymous: Client
) -> None:
    creator = CreatorFactory(name="老墨", tier="head")

    follow(anonymous, link(staff, creator))
    sign_up(anonymous, name="别的名字")

    creator.refresh_from_db()
    assert creator.user is not None
    assert (creator.name, creator.tier) == ("老墨", "head")
    assert Creator.objects.filter(name="别的名字").count() == 0


@pytest.mark.parametrize("how", ["expired", "revoked", "forged"])
def test_a_link_that_no_longer_works_says_so(
    staff: Person, invited: None, anonymous: Client, how: str
) -> None:
    invitation = link(staff)
    token = invitation_token(invitation)
    if how == "expired":
        LoginInvitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    elif how == "revoked":
        assert invitation_revoke(invitation=invitation, actor=staff.user)
    else:
        token = token[:-2] + "xx"

    answer = anonymous.get(reverse("join", args=[token]))

    assert answer.status_code == 410
    assert "这份邀请已失效" in answer.content.decode()


def test_a_link_revoked_between_following_and_signing_up_leaves_no_login(
    staff: Person, invited: None, anonymous: Client
) -> None:
    invitation = link(staff)
    follow(anonymous, invitation)
    page = anonymous.get(reverse("account_signup"))
    assert page.status_code == 200

    invitation_revoke(invitation=invitation, actor=staff.user)
    with pytest.raises(DomainError):
        creator_join(
            user=UserFactory(username="late"), name="迟", token=invitation_token(invitation)
        )
    sign_up(anonymous)

    assert not User.objects.filter(email="shen@example.com").exists()


@pytest.mark.django_db(transaction=True)
def test_one_link_used_by_many_at_once_makes_one_creator(invited: None) -> None:
    staff = UserFactory(username="staff", is_staff=True)
    token = invitation_token(invitation_make(creator=None, note="", days=1, actor=staff))
    logins = [UserFactory(username=f"u{number}") for number in range(6)]

    def join(user: User) -> str:
        try:
            creator_join(user=user, name=user.username, token=token)
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(6) as pool:
        ends = list(pool.map(join, logins))

    assert sorted(ends) == ["closed"] * 5 + ["in"]
    assert Creator.objects.filter(user__in=logins).count() == 1


def test_a_creator_with_a_login_is_not_invited_again(staff: Person, alice: Person) -> None:
    with pytest.raises(DomainError, match="已有登录"):
        link(staff, alice.as_creator)


def test_the_team_makes_a_link_in_the_admin_and_revokes_it(staff: Person) -> None:
    creator = CreatorFactory(name="老墨")
    data = {"creator": creator.pk, "note": "头部，写悬疑", "days": 5}
    made = staff.client.post(reverse("admin:crm_logininvitation_add"), data, follow=True)
    invitation = LoginInvitation.objects.get()

    assert invitation_token(invitation) in made.content.decode()
    page = staff.client.get(reverse("admin:crm_logininvitation_change", args=[invitation.pk]))
    assert invitation_token(invitation) in page.content.decode()

    staff.client.post(
        reverse("admin:crm_logininvitation_changelist"),
        {"action": "revoke", "_selected_action": [invitation.pk]},
    )
    invitation.refresh_from_db()
    assert not invitation.is_open


def test_a_second_factor_is_asked_at_the_admins_door_too(staff: Person, anonymous: Client) -> None:
    answer = anonymous.get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name", ["account_home", "account_email", "account_change_password", "usersessions_list"]
)
def test_the_pages_of_the_account_open(alice: Person, name: str) -> None:
    assert alice.client.get(reverse(name)).status_code == 200


def test_other_services_are_offered_where_they_are_set_up() -> None:
    """In a process of its own: what is installed is decided when the settings are read."""
    code = (
        "import django; django.setup();"
        "from crm.templatetags.joining import other_doors;"
        "from allauth.socialaccount.adapter import get_adapter;"
        "print(other_doors(), type(get_adapter()).__name__,"
        " get_adapter().is_auto_signup_allowed(None, None))"
    )
    app = {"github": {"client_id": "id", "secret": "s"}}
    env = {
        **os.environ, "SOCIAL_LOGINS": json.dumps(app),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }  # fmt: skip

    said = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    ).stdout

    assert "('GitHub', '/accounts/github/login/?process=login')" in said
    assert "PortalSocialAdapter False" in said

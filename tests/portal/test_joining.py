"""How somebody becomes a creator with a login: by a personal link, or openly."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings

from config.middleware import OnwardMiddleware
from crm.browser_names import browser_name
from crm.exceptions import DomainError
from crm.models import AuditEntry, Creator, LoginInvitation, TierChange, User
from crm.services.joining import (
    creator_join,
    invitation_make,
    invitation_of,
    invitation_revoke,
    invitation_token,
)
from tests.conftest import Person, just_signed_in
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

    page = staff.client.get(reverse("admin:crm_logininvitation_change", args=[invitation.pk]))
    for shown in (made, page):  # a link carries the second in which it was written
        links = re.findall(r"/join/([\w:-]+)/", shown.content.decode())
        assert links
        assert {invitation_of(link) for link in links} == {invitation}

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


@pytest.mark.parametrize(
    ("host", "works", "leads"),
    [
        ("127.0.0.1:8218", False, "http://localhost:8218/accounts/2fa/webauthn/add/"),
        ("[::1]:8218", False, "http://localhost:8218/accounts/2fa/webauthn/add/"),
        ("10.0.0.7", False, ""),
        ("localhost:8218", True, ""),
        ("pingju.example", True, ""),
    ],
)
def test_a_passkey_is_offered_where_the_address_is_a_name(
    alice: Person, settings: Settings, host: str, works: bool, leads: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    EmailAddress.objects.create(user=alice.user, email=alice.user.email, verified=True)

    page = just_signed_in(alice).get(reverse("mfa_add_webauthn"), headers={"Host": host})

    text = page.content.decode()
    assert page.status_code == 200, page.headers
    assert ("mfa_webauthn_add" in text) == works
    assert (f'href="{leads}"' in text) == bool(leads)


def test_a_form_of_the_sign_in_that_leads_elsewhere_goes_by_a_page_of_ours() -> None:
    def answering(target: str) -> HttpResponse:
        request = RequestFactory().post("/accounts/github/login/")
        return OnwardMiddleware(lambda _request: HttpResponseRedirect(target))(request)

    inside, outside = answering("/studio/"), answering("https://example.org/in?a=1&b=2")

    assert inside.status_code == 302
    assert outside.status_code == 200
    assert 'content="0;url=https://example.org/in?a=1&amp;b=2"' in outside.content.decode()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/142.0.0.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/19.0 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Mobile/15E148 MicroMessenger/8.0.60 NetType/WIFI Language/zh_CN", "微信 · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1 HuaweiBrowser/5.0", "华为浏览器 · 鸿蒙"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.9", "未知浏览器"),
        ("", "未知浏览器"),
    ],
)  # fmt: skip
def test_a_browser_is_called_what_its_reader_calls_it(agent: str, name: str) -> None:
    with translation.override("zh-hans"):
        assert browser_name(agent) == name


def test_the_list_of_sessions_names_browsers(alice: Person) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36"
    UserSession.objects.create(
        user=alice.user, ip="10.0.0.7", user_agent=agent,
        session_key=alice.client.session.session_key,
    )  # fmt: skip

    page = alice.client.get(reverse("usersessions_list")).content.decode()

    assert "Chrome · Windows" in page
    assert "Mozilla" not in page


def test_the_secrets_of_a_second_factor_lie_encrypted_and_still_work(alice: Person) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    factor = TOTP.activate(alice.user, secret)
    codes = RecoveryCodes.activate(alice.user)

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert factor.validate_code(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    assert codes.validate_code(codes.get_unused_codes()[0])


def test_a_second_factor_of_before_secrets_were_encrypted_still_works(alice: Person) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    row = Authenticator.objects.create(
        user=alice.user, type=Authenticator.Type.TOTP, data={"secret": secret}
    )

    assert TOTP(row).validate_code(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))

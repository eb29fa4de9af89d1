"""Coming in: through another service, with a second factor, with a passkey; and seeing where one is."""

import base64
import hashlib
import hmac
import re
import time
import uuid
from email import message_from_bytes

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PASSWORD = "long-enough-for-us-7"


def code_of(secret: str) -> str:
    """The six digits that an app shows now (RFC 6238)."""
    counter = int(time.time()) // 30
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def joined(page: Page) -> str:
    """A new creator, signed in; the e-mail of the login."""
    email = f"{uuid.uuid4().hex}@example.org"
    page.goto("/accounts/signup/")
    for name, value in (("name", "夜航"), ("email", email), ("password1", PASSWORD)):
        page.fill(f"[name={name}]", value)
    page.locator("form[action$='/accounts/signup/'] button[type=submit]").click()
    page.wait_for_url("**/studio/welcome/")
    return email


def confirmed(page: Page, house: House, email: str) -> None:
    """By the link in the letter, which the house writes into a file: no factor without it."""
    if house.home is None:
        pytest.skip("this house does not say where it keeps its letters")
    letters = [
        message_from_bytes(path.read_bytes().split(b"-" * 79)[0])
        for path in (house.home / "mail").iterdir()
    ]
    (letter,) = [one for one in letters if one["To"] == email]
    words = letter.get_payload(decode=True)
    assert isinstance(words, bytes)
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", words.decode())
    assert link is not None, words.decode()
    page.goto(link[1])
    pressed(page)
    page.wait_for_url(lambda url: "/confirm-email/" not in url)


def trusted(page: Page, path: str) -> None:
    """A page of the second factor: it asks for the password once more."""
    page.goto(path)
    page.fill("main [name=password]", PASSWORD)
    pressed(page)
    page.wait_for_url(f"**{path}")


def left(page: Page) -> None:
    page.locator("form[action$='/accounts/logout/'] button").first.click()
    page.wait_for_url(re.compile(r"/$"))


def knocked(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def pressed(page: Page) -> None:
    """The only form of the page with a button of its own."""
    page.locator("main form button[type=submit]").first.click()


def test_somebody_comes_in_through_another_service(visitor: Visitor, house: House) -> None:
    if house.identity is None:
        pytest.skip("this house was started without another service")
    page = visitor(language="zh-hans")
    page.goto("/accounts/login/")
    page.locator("main a", has_text="Elsewhere").click()
    pressed(page)
    page.locator("#no").click()  # who turns back is told that nothing happened
    expect(page.locator("main h1")).to_have_text("你中途返回了")

    for _again in range(2):  # signs up, then signs in
        page.goto("/accounts/login/")
        page.locator("main a", has_text="Elsewhere").click()
        pressed(page)
        page.locator("#yes").click()
        if page.url.endswith("/3rdparty/signup/"):
            expect(page.locator("[name=email]")).to_have_value("shen@elsewhere.example")
            page.fill("[name=name]", "别处来客")
            pressed(page)
            page.wait_for_url("**/studio/welcome/")
        else:
            page.wait_for_url("**/studio/")
        expect(page.locator(".who")).to_have_text("别处来客")
        if not _again:
            left(page)
    page.goto("/accounts/3rdparty/")
    expect(page.locator("main label.choice")).to_contain_text("Elsewhere")
    assert house.identity.asked.count("/token") == 2


def test_a_second_factor_is_asked_and_recovery_codes_open_once(
    visitor: Visitor, house: House
) -> None:
    page = visitor(language="zh-hans")
    email = joined(page)
    confirmed(page, house, email)
    trusted(page, "/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("[name=code]", "000000" if code_of(secret) != "000000" else "111111")
    pressed(page)
    expect(page.locator(".errorlist")).to_be_visible()
    page.fill("[name=code]", code_of(page.locator("#authenticator_secret").input_value()))
    pressed(page)
    expect(page.locator("#recovery_codes")).to_be_visible()
    codes = page.locator("#recovery_codes").input_value().split()
    assert len(codes) == 10

    left(page)
    knocked(page, email)
    page.fill("[name=code]", code_of(secret))
    pressed(page)
    page.wait_for_url("**/studio/**")
    left(page)
    for opens in (True, False):
        knocked(page, email)
        page.fill("[name=code]", codes[0])
        pressed(page)
        if opens:
            page.wait_for_url("**/studio/**")
            left(page)
    expect(page.locator(".errorlist")).to_be_visible()


def test_a_passkey_opens_the_door_and_other_browsers_are_signed_out(
    visitor: Visitor, house: House
) -> None:
    named = house.url.replace("127.0.0.1", "localhost")
    page = visitor(language="en", base_url=named)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": named}])
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    made = keys.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True}},
    )  # fmt: skip
    email = joined(page)
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"
    other = visitor(language="en", user_agent=agent)
    knocked(other, email)
    other.wait_for_url("**/studio/**")
    confirmed(page, house, email)
    trusted(page, "/accounts/2fa/webauthn/add/")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator("main li .tag--done")).to_have_text("Passkey")

    left(page)
    page.goto("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/studio/**")
    left(page)
    keys.send("WebAuthn.setUserVerified", {**made, "isUserVerified": False})
    page.goto("/accounts/login/")
    page.locator("#passkey_login").click()
    expect(page.locator("[data-key-failed]")).to_be_visible()
    keys.send("WebAuthn.setUserVerified", {**made, "isUserVerified": True})
    page.locator("#passkey_login").click()
    page.wait_for_url("**/studio/**")

    page.goto("/accounts/sessions/")
    expect(page.locator(".doorlist strong")).to_have_text(["Safari · iPhone", "Chrome · Linux"])
    page.locator("main form button").click()
    expect(page.locator(".doorlist strong")).to_have_text(["Chrome · Linux"])
    other.goto("/studio/")
    expect(other).to_have_url(re.compile("/accounts/login/"))

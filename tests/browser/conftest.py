"""A whole installation as a newcomer has it: the supervisor with web, worker, scheduler, sample.

One house, one browser and one sign-in of each sample login serve all the tests of the session.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.identity import Identity, identifying
from tests.migrated import carry_to

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("PINGJU_CHROMIUM") or shutil.which("chromium") or ""
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 240
DESKTOP = {"width": 1360, "height": 860}
PHONE = {"width": 390, "height": 844}
PASSWORD = "pingju-sample"
expect.set_options(timeout=60_000)  # a loaded machine is slow; nothing waits longer than it must


@dataclass(frozen=True)
class House:
    """`cookies`: the session of each sample login, once somebody has signed in with it.

    `identity`: the other service that people may sign in through, `home`: where the house keeps its
    files; of a house that ran before neither is known.
    """

    url: str
    said: str
    identity: Identity | None = None
    home: Path | None = None
    cookies: dict[str, list[Any]] = field(default_factory=dict)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def house(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    """`make run` without make, in a home of its own; everything ends with the session.

    Its migrations are applied beforehand; that a house applies them itself is tested in tests/local.

    PINGJU_HOUSE names one that runs already, with the sample workspace: for who writes a test.
    """
    if running := os.environ.get("PINGJU_HOUSE"):
        yield House(running, "")
        return
    folder = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock():
        carry_to(folder / "home")
    with identifying() as identity:
        yield from _house(folder, identity)


def _house(folder: Path, identity: Identity) -> Iterator[House]:
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    env |= {"PORT": str(port), "PINGJU_HOME": str(folder / "home"), "PINGJU_THROWAWAY": "1"}
    env["SOCIAL_LOGINS"] = json.dumps(identity.settings())
    log = folder / "said.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.local.supervisor"],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}", log)
        yield House(f"http://127.0.0.1:{port}", log.read_text("utf-8"), identity, folder / "home")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while url not in log.read_text("utf-8"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the house did not start:\n{log.read_text('utf-8')[-3000:]}")
        time.sleep(0.3)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ends with its module: while Playwright's loop runs, Django takes the worker for async."""
    if not CHROMIUM:
        pytest.skip("no Chromium here: install it, or name it in PINGJU_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


Visitor = Callable[..., Page]


@pytest.fixture
def visitor(chromium: Browser, house: House) -> Iterator[Visitor]:
    """Makes fresh visitors, as many as a test needs; an error of a page's script fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def enter(*, phone: bool = False, language: str = "", login: str = "", **more: Any) -> Page:
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
            **{"base_url": house.url, **more},
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        if language:
            choose(tab, house, language)
        if login:
            sign_in(tab, house, login)
        return tab

    yield enter
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A fresh visitor on a desktop."""
    return visitor()


def choose(page: Page, house: House, language: str) -> None:
    """The language as the switch keeps it."""
    page.context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])


def sign_in(page: Page, house: House, login: str) -> None:
    """By the form the first time; after that with the session that it gave."""
    if login in house.cookies:
        page.context.add_cookies(house.cookies[login])
        return
    page.goto("/accounts/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    house.cookies[login] = [
        cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"
    ]

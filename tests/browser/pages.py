"""Every page that a creator or a visitor can meet, by name; what has an id is found in the sample."""

from collections.abc import Iterator
from typing import NamedTuple

from playwright.sync_api import Page, TimeoutError

MAKING_SECONDS = 240
PUBLIC = {
    "home": "/",
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
    "not-found": "/studio-that-is-not-there/",
    "offline": "/offline/",
    "link-over": "/invited/nothing/",
    "preview-over": "/preview/nothing/",
}
OWN = {
    "studio": "/studio/",
    "upload": "/studio/upload/",
    "welcome": "/studio/welcome/",
    "voice": "/studio/voice/",
    "answers": "/studio/answers/",
    "pairs": "/studio/pairs/",
    "plan": "/studio/me/plan/",
    "notices": "/studio/me/notices/",
    "notice-settings": "/studio/me/notices/settings/",
    "me": "/studio/me/",
    "times": "/studio/me/times/",
    "words": "/studio/me/words/",
    "consent": "/studio/me/consent/",
    "withdraw": "/studio/me/withdraw/",
    "data": "/studio/me/data/",
    "leave": "/studio/me/leave/",
    "account": "/accounts/",
    "password": "/accounts/password/change/",
    "email": "/accounts/email/",
    "second-factor": "/accounts/2fa/",
    "sessions": "/accounts/sessions/",
}
# Name → the page that links to it, and the link.
LINKED = {
    "novel": ("studio", "a[href*='/studio/novels/']"),
    "run": ("studio", "a[href*='/studio/runs/']"),
    "chapters": ("novel", "a[href$='/chapters/']"),
    "chapter": ("chapters", "a[href*='/chapters/']:not([href$='/chapters/'])"),
    "cast": ("novel", "a[href$='/cast/']"),
    "delete-novel": ("novel", "a[href$='/delete/']"),
    "film": ("run", "main a[href$='/film/']"),
    "pictures": ("run", "a[href$='/studio/']:not([href='/studio/'])"),
    "character": ("pictures", "a[href*='/studio/cast/']"),
    "batch": ("pictures", "a[href*='/studio/batches/']"),
    "shot": ("pictures", "a[href*='/studio/shots/']"),
    "invitation": ("times", "main a[href*='/studio/me/times/']:not([href$='.ics'])"),
    "receipt": ("plan", "a[href$='/receipt/']"),
    "interview": ("me", "main a[href*='/me/interviews/']"),
    "interview-withdraw": ("words", "a[href*='/withdraw/']"),
}


class Place(NamedTuple):
    name: str
    path: str


def places(page: Page, *, own: bool) -> Iterator[Place]:
    """Each page once, for who is signed in already where `own`; those that are linked come last."""
    known = dict(OWN if own else PUBLIC)
    yield from (Place(name, path) for name, path in known.items())
    if not own:
        return
    at = ""
    for name, (source, link) in LINKED.items():
        if at != source:
            page.goto(known[source])
            at = source
        known[name] = _linked(page, name, link)
    yield from (Place(name, known[name]) for name in LINKED)


def follow(page: Page, name: str) -> None:
    """To the page of that name, by the links that lead to it."""
    source, link = LINKED[name]
    if source in OWN:
        page.goto(OWN[source])
    else:
        follow(page, source)
    page.goto(_linked(page, name, link))


def _linked(page: Page, name: str, link: str) -> str:
    """Where the page leads. The sample's film may still be made; its page says by itself when it is."""
    there = page.locator(link).first
    try:
        there.wait_for(state="attached", timeout=MAKING_SECONDS * 1000)
    except TimeoutError as error:
        raise AssertionError(f"{page.url} does not link to {name} ({link})") from error
    return there.get_attribute("href") or ""

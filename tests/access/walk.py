"""Every route of the resolver, visited as everybody; what is not as the table says is a finding."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from insights.models import Evidence
from tests.access.world import CANARIES, CODING, PASSAGE, READING, World

OURS = ("crm", "insights", "generation", "engines")
ABSENT = (404, 405)  # 405 comes before any row is looked for, so it tells a stranger nothing
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")
_ADMIN_ROW = re.compile(r"admin/(\w+)/(\w+)/")


class Audience(Enum):
    """Who a route is for."""

    PUBLIC = "everybody, logged in or not"
    KNOWN = "everybody with a login"
    CREATOR = "a creator, for rows of their own"
    TEAM = "the product team"


@dataclass(frozen=True)
class Row:
    """What is right for one route.

    `ids`: keyword of the URL → name in `World.ids`. `shows`: canaries that the owner (alice, or
    the team) must get, the positive control. `get`: statuses of a right GET. `post`: what the
    owner sends (with %(id)s from `World.ids`; a text is JSON); None where POST is not for them. `query`: the owner's GET
    parameters. `any_staff`: open to the team without a permission for the model. `codes`: sending
    the form is a person's own coding; no other route may add evidence.
    """

    audience: Audience
    ids: Mapping[str, str] = field(default_factory=dict)
    shows: Sequence[str] = ()
    get: Sequence[int] = (200,)
    post: Mapping[str, Any] | str | None = None
    any_staff: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    codes: bool = False


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    keywords: tuple[str, ...]
    module: str = ""  # of the view

    def url(self, values: Mapping[str, Any]) -> str:
        filled = _PART.sub(lambda match: str(values[match[1] or match[2]]), self.pattern)
        return "/" + filled.replace("^", "").replace("$", "")


def routes(resolver: URLResolver | None = None) -> list[Route]:
    return list(_routes(resolver or get_resolver(), (), ""))


def _routes(resolver: URLResolver, spaces: tuple[str, ...], before: str) -> Iterator[Route]:
    for item in resolver.url_patterns:
        pattern = before + str(item.pattern)
        if isinstance(item, URLPattern):
            keywords = tuple(match[1] or match[2] for match in _PART.finditer(pattern))
            call = item.callback
            view = getattr(call, "cls", None) or inspect.unwrap(call)
            yield Route(
                ":".join((*spaces, item.name or pattern)), pattern, keywords, view.__module__
            )
        else:
            yield from _routes(
                item, (*spaces, item.namespace) if item.namespace else spaces, pattern
            )


class NoRow(AssertionError):
    """A route that nobody has said anything about."""


def row_of(route: Route, table: Mapping[str, Row], world: World) -> tuple[Row, str]:
    """The route's row and its URL for alice's things. Raises `NoRow`, with what to do."""
    row = table.get(route.name)
    if row is None and (match := _ADMIN_ROW.match(route.pattern)):
        label = f"{match[1]}.{match[2]}"
        if route.keywords == ("object_id",) and label not in world.rows:
            raise NoRow(
                f"{route.pattern}: make a row of {label} in tests/access/world.py and keep() it."
            )
        if route.keywords in ((), ("object_id",)):
            # Adding and deleting are closed for some models; the pages are never for creators.
            statuses = (
                (200,) if route.name.endswith(("_changelist", "_change")) else (200, 302, 403)
            )
            return Row(Audience.TEAM, get=statuses), route.url({"object_id": world.rows.get(label)})
    if row is None:
        raise NoRow(
            f"{route.name} ({route.pattern}) has no row: say in tests/access/table.py who may see "
            "it, which ids it takes, and what of alice's it shows."
        )
    missing = set(route.keywords) - set(row.ids)
    if missing:
        raise NoRow(f"{route.name}: its row gives no id for {', '.join(sorted(missing))}.")
    return row, route.url({keyword: world.ids[row.ids[keyword]] for keyword in route.keywords})


@dataclass(frozen=True)
class Answer:
    """`text`: head and body; `error`: the exception behind a 500; `coded`: evidence that it added;
    `templates`: what it is made of."""

    status: int
    location: str
    text: bytes
    error: str = ""
    coded: int = 0
    templates: frozenset[str] = frozenset()

    @property
    def canaries(self) -> set[str]:
        return {name for name, value in CANARIES.items() if value.encode() in self.text}

    def reading(self, url: str) -> bool:
        """Whether it tells what the first coder read where the second one has yet to read; a number
        that was asked for in the address, and is repeated by a refusal, tells nothing."""
        marks = (READING, str(CODING), str(PASSAGE))
        return any(mark.encode() in self.text for mark in marks if mark not in url)

    @property
    def to_login(self) -> bool:
        return self.status == HTTPStatus.FOUND and "/login/" in self.location


def visit(
    browser: Client, method: str, url: str, data: Mapping[str, Any] | str | None = None
) -> Answer:
    """One request with the browser's cookies; what it wrote is undone, its cookies are dropped."""
    client = Client(raise_request_exception=False)
    client.handler = browser.handler  # it builds the middleware once
    client.cookies.load({key: morsel.value for key, morsel in browser.cookies.items()})
    errors: list[str] = []

    def note(*, request: HttpRequest, **kwargs: Any) -> None:
        errors.append(repr(sys.exc_info()[1]))

    got_request_exception.connect(note)
    with transaction.atomic():
        before = Evidence.objects.count()
        response = _send(client, method, url, data)
        answer = Answer(
            response.status_code,
            response.headers.get("Location", ""),
            _everything(response),
            "; ".join(errors),
            Evidence.objects.count() - before,
            frozenset(one.name for one in getattr(response, "templates", ()) if one.name),
        )
        transaction.set_rollback(True)
    got_request_exception.disconnect(note)
    return answer


def _send(
    client: Client, method: str, url: str, data: Mapping[str, Any] | str | None
) -> HttpResponseBase:
    if data is None:
        return client.generic(method, url)
    if isinstance(data, str):
        return client.generic(method, url, data, content_type="application/json")
    return client.post(url, dict(data))


def _everything(response: HttpResponseBase) -> bytes:
    head = "\n".join(f"{key}: {value}" for key, value in response.headers.items())
    if isinstance(response, StreamingHttpResponse):
        body = response.getvalue()  # the test client closes it at its end
    else:
        body = getattr(response, "content", b"")
    return head.encode() + b"\n\n" + body


@dataclass
class Report:
    """`visits`: requests by persona; `findings`: what was not as it should be."""

    routes: int = 0
    visits: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    controls: int = 0

    def count(self, persona: str) -> None:
        self.visits[persona] = self.visits.get(persona, 0) + 1


@dataclass(frozen=True)
class Got:
    """What one right GET of a route brought to whom it is for; everybody's pages, to nobody known."""

    route: Route
    row: Row
    url: str
    answer: Answer

    @property
    def page(self) -> bytes | None:
        """The page, where it is one."""
        head, _, body = self.answer.text.partition(b"\n\n")
        is_page = self.answer.status == HTTPStatus.OK and b"Content-Type: text/html" in head
        return body if is_page else None


_got: dict[str, Got] = {}


def got_by_owners(world: World, table: Mapping[str, Row]) -> dict[str, Got]:
    """Every route by name, asked once in this process: several tests look at the same answers."""
    if not _got:
        nobody = Client()
        browsers = {
            Audience.PUBLIC: nobody, Audience.KNOWN: world.alice.client,
            Audience.CREATOR: world.alice.client, Audience.TEAM: world.staff.client,
        }  # fmt: skip
        for route in routes():
            try:
                row, url = row_of(route, table, world)
            except NoRow:
                continue
            answer = visit(browsers[row.audience], "GET", asked(row, url, world))
            _got[route.name] = Got(route, row, url, answer)
    return _got


def asked(row: Row, url: str, world: World) -> str:
    """The address of the right GET, with its parameters filled from `World.ids`."""
    query = "&".join(f"{key}={value % world.ids}" for key, value in row.query.items())
    return f"{url}?{query}" if query else url


def walk(
    world: World,
    table: Mapping[str, Row],
    over: Iterable[Route],
    got: Mapping[str, Got] | None = None,
) -> Report:
    """Visit each route as nobody, charlie, bob without permissions, the team and alice.

    `got`: answers that are known, so that they are not asked for again.
    """
    report, nobody = Report(), Client()
    for route in over:
        report.routes += 1
        try:
            row, url = row_of(route, table, world)
        except NoRow as error:
            report.findings.append(str(error))
            continue
        known = got[route.name].answer if got and route.name in got else None
        _as_anonymous(report, row, url, nobody, known)
        _as_stranger(report, row, url, world)
        _as_newcomer(report, row, url, world)
        if isinstance(row.post, str):
            row = replace(row, post=row.post % world.ids)
        elif row.post is not None:
            row = replace(row, post={name: str(v) % world.ids for name, v in row.post.items()})
        _as_team(report, row, url, world, known)
        _as_second_coder(report, row, route, world)
        _as_alice(report, row, url, world, known)
    return report


def _tell(report: Report, persona: str, method: str, url: str, answer: Answer, why: str) -> None:
    report.findings.append(f"{persona} {method} {url} → {answer.status}: {why} {answer.error}")


def _methods(row: Row) -> tuple[str, ...]:
    unsafe = UNSAFE if row.audience is Audience.CREATOR else ("POST",)
    return ("GET", "HEAD", *unsafe)


def _as_anonymous(report: Report, row: Row, url: str, nobody: Client, known: Answer | None) -> None:
    public = row.audience is Audience.PUBLIC
    for method in _methods(row):
        if public and method in UNSAFE:
            continue
        answer = (known if public and method == "GET" else None) or visit(nobody, method, url)
        report.count("anonymous")
        if row.audience is not Audience.PUBLIC and not (
            answer.status in (401, 403) or answer.to_login
        ):
            _tell(report, "anonymous", method, url, answer, "not sent to the login")
        _judge(report, "anonymous", method, url, answer)


def _as_stranger(report: Report, row: Row, url: str, world: World) -> None:
    for method in _methods(row):
        if row.audience in (Audience.PUBLIC, Audience.KNOWN) and method in UNSAFE:
            continue
        answer = visit(world.charlie.client, method, url)
        report.count("charlie")
        _judge(report, "charlie", method, url, answer)
        if row.audience is Audience.TEAM and not _refused(answer):
            _tell(report, "charlie", method, url, answer, "a creator is let into the team's page")
        owned = row.audience is Audience.CREATOR and row.ids
        if owned and answer.status not in ABSENT:
            _tell(report, "charlie", method, url, answer, "a stranger's row must be 404")


def _as_newcomer(report: Report, row: Row, url: str, world: World) -> None:
    """A member of the team whom nobody has given any permission yet."""
    if row.audience is not Audience.TEAM or row.any_staff:
        return
    for method in ("GET", "POST"):
        answer = visit(world.bob.client, method, url)
        report.count("bob")
        sent_on = answer.status == HTTPStatus.FOUND  # to another page of the table
        if not (sent_on or _refused(answer)) or answer.canaries:
            _tell(report, "bob", method, url, answer, "staff without any permission is let in")


def _refused(answer: Answer) -> bool:
    return answer.to_login or answer.status in (403, 404, 405)


def _judge(report: Report, persona: str, method: str, url: str, answer: Answer) -> None:
    if answer.coded > 0:
        _tell(report, persona, method, url, answer, "evidence came in without the team's yes")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and answer.status != 503:
        _tell(report, persona, method, url, answer, "the server failed")
    if answer.canaries:
        told = ", ".join(sorted(answer.canaries))
        _tell(report, persona, method, url, answer, f"is shown alice's {told}")


def _as_team(report: Report, row: Row, url: str, world: World, known: Answer | None) -> None:
    browser = world.staff.client
    if row.audience is Audience.TEAM:
        _positive(report, "staff", row, url, browser, known, asked(row, url, world))
        return
    answer = visit(browser, "GET", url)
    report.count("staff")
    if row.audience is Audience.CREATOR and answer.status not in ABSENT:
        _tell(report, "staff", "GET", url, answer, "is no creator, so this must be 404")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _tell(report, "staff", "GET", url, answer, "the server failed")


def _as_second_coder(report: Report, row: Row, route: Route, world: World) -> None:
    """The team's pages of the interview that staff has to read blind."""
    ids = {keyword: row.ids.get(keyword, "") for keyword in route.keywords}
    if match := _ADMIN_ROW.match(route.pattern):
        ids = {
            keyword: f"{match[1]}.{match[2]}" if keyword == "object_id" else name
            for keyword, name in ids.items()
        }
    if row.audience is not Audience.TEAM or not set(ids.values()) & set(world.unread):
        return
    known = {**world.ids, **world.rows, **world.unread}
    url = route.url({keyword: known[name] for keyword, name in ids.items()})
    answer = visit(world.staff.client, "GET", url)
    report.count("second coder")
    if answer.reading(url):
        _tell(report, "second coder", "GET", url, answer, "is told the first coder's reading")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _tell(report, "second coder", "GET", url, answer, "the server failed")


def _as_alice(report: Report, row: Row, url: str, world: World, known: Answer | None) -> None:
    if row.audience is not Audience.TEAM:
        theirs = None if row.audience is Audience.PUBLIC else known
        _positive(report, "alice", row, url, world.alice.client, theirs, asked(row, url, world))
        return
    for method in ("GET", "POST"):
        answer = visit(world.alice.client, method, url)
        report.count("alice")
        if not _refused(answer) or answer.canaries:
            _tell(report, "alice", method, url, answer, "a creator is let into the team's page")


def _positive(
    report: Report,
    persona: str,
    row: Row,
    url: str,
    browser: Client,
    known: Answer | None,
    address: str,
) -> None:
    """The owner gets it, with the canaries that make a stranger's empty hands mean something."""
    answer = known or visit(browser, "GET", address)
    report.count(persona)
    if answer.status not in row.get:
        _tell(report, persona, "GET", url, answer, f"should be {row.get}")
    if answer.coded > 0:
        _tell(report, persona, "GET", url, answer, "evidence came in by looking")
    if persona == "staff" and answer.reading(url):
        _tell(report, persona, "GET", url, answer, "the second coder is told the first reading")
    for name in row.shows:
        report.controls += 1
        if name not in answer.canaries:
            _tell(report, persona, "GET", url, answer, f"does not show the {name} of the control")
    if row.post is None:
        return
    answer = visit(browser, "POST", url, row.post)
    report.count(persona)
    report.controls += 1
    if answer.status not in (200, 201, 204, 302):
        _tell(report, persona, "POST", url, answer, "the owner is refused")
    if (answer.coded > 0) is not row.codes:
        why = "evidence came in unasked" if answer.coded > 0 else "no evidence came in"
        _tell(report, persona, "POST", url, answer, why)
    if persona == "staff" and answer.reading(url):
        _tell(report, persona, "POST", url, answer, "the second coder is told the first reading")


def snapshot() -> dict[str, str]:
    """A digest of every table of ours but the audit trail: to see that nothing was changed."""
    digests = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in OURS and model._meta.model_name != "auditentry":
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(
                    f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
                )
                digests[model._meta.label] = str(cursor.fetchone()[0])
    return digests

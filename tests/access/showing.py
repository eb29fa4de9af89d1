"""Pages shown to Chromium as they were sent, by a server of their own: no house, no database."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.access.pages import Shown
from tests.browser.conftest import CHROMIUM, DESKTOP, QUIET

LONG = "max-age=86400"


@contextmanager
def shown_to_chromium(shown: Sequence[Shown]) -> Iterator[tuple[Page, list[str]]]:
    """A tab at a desk in the light, and the address of each page in it."""
    if not CHROMIUM:
        pytest.skip("no Chromium here: install it, or name it in PINGJU_CHROMIUM")
    with serving(shown) as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(
            viewport=DESKTOP,  # type: ignore[arg-type]
            reduced_motion="reduce",
            service_workers="block",
        )
        yield page, [f"{house}{urlsplit(one.url).path}?place={n}" for n, one in enumerate(shown)]
        browser.close()


@contextmanager
def serving(shown: Sequence[Shown]) -> Iterator[str]:
    """Pages by their place, styles and scripts from the sources, pictures as a dot; nothing else is
    there, and parts that a page asks for again by itself stay as they are."""
    dot = io.BytesIO()
    Image.new("RGB", (8, 8), (90, 120, 160)).save(dot, "PNG")

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # one connection for all of a page

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.query.startswith("place="):
                one = shown[int(parts.query.removeprefix("place="))]
                policy = {"Content-Security-Policy": one.policy} if one.policy else {}
                stays = one.body.replace(b'http-equiv="refresh"', b'http-equiv="stays"')
                self.give(stays, "text/html; charset=utf-8", policy)
            elif parts.path.startswith(settings.STATIC_URL):
                self.give_static(unquote(parts.path.removeprefix(settings.STATIC_URL)))
            elif self.headers.get("Sec-Fetch-Dest") == "image":
                self.give(dot.getvalue(), "image/png", {"Cache-Control": LONG})
            else:
                self.give(b"", "text/plain", status=HTTPStatus.NO_CONTENT)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.give(b"", "text/plain", status=HTTPStatus.NO_CONTENT)

        def give_static(self, name: str) -> None:
            found = finders.find(name)
            if not found:
                self.give(b"", "text/plain", status=HTTPStatus.NOT_FOUND)
                return
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            self.give(Path(str(found)).read_bytes(), kind, {"Cache-Control": LONG})

        def give(
            self, body: bytes, kind: str, more: dict[str, str] | None = None, *, status: int = 200
        ) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, **(more or {})}.items():
                self.send_header(name, value)
            if status != HTTPStatus.NO_CONTENT:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

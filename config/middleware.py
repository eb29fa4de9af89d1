"""What holds for every request: the language as chosen, text that can be kept, ways to the login."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

GetResponse = Callable[[HttpRequest], HttpResponse]


class ChosenLanguageMiddleware:
    """The language of the cookie that the switch sets; Chinese until somebody chooses.

    The browser's Accept-Language is left aside on purpose: many Chinese users run an English
    browser, and the switch stands on every page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _name in settings.LANGUAGES}
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        patch_vary_headers(response, ["Cookie"])
        return response


class PagesCompressedMiddleware(GZipMiddleware):
    """Pages travel compressed (with Django's guard against BREACH); files and streams as they are.

    A film that is compressed could not be played from its middle; css and scripts lie compressed
    beside themselves where `collectstatic` has run.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith("text/html"):
            return response
        return super().process_response(request, response)


class KeepableTextMiddleware:
    """Text that PostgreSQL cannot keep, with a NUL character in it, is refused at the door (400).

    Django's forms and the API's serializers refuse it themselves; addresses, and what a view reads
    off the form as it was sent, go through neither.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        sent = [request.path_info, *_words(request.GET)]
        # The check against forged forms has read this one by now; who is exempt from it reads alone.
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            sent += _words(request.POST)
        if any("\0" in text for text in sent):
            raise BadRequest("a NUL character")


def _words(sent: QueryDict) -> list[str]:
    return [text for name, values in sent.lists() for text in (name, *values)]


class HtmxLoginMiddleware:
    """A fragment request that meets the login redirect navigates there instead of swapping it in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "htmx", False) and response.status_code == 302:
            target = response.headers.get("Location", "")
            if "/accounts/login/" in target:
                redirect = HttpResponse(status=204)
                redirect.headers["HX-Redirect"] = target
                return redirect
        return response


class OnwardMiddleware:
    """A form of the sign-in that leads to another house goes there by a page of ours.

    Our policy sends forms to ourselves only (`form-action`), and browsers hold that against where
    a form is sent on to as well; a page may lead anywhere, with or without scripts.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        target = response.headers.get("Location", "")
        if request.method != "POST" or not target or not request.path.startswith("/accounts/"):
            return response
        if url_has_allowed_host_and_scheme(target, {request.get_host()}):
            return response
        onward = render(request, "onward.html", {"target": target, "host": urlsplit(target).netloc})
        onward.cookies = response.cookies
        return onward


class AdminPolicyMiddleware:
    """The admin's skin evaluates expressions in attributes; only there is eval allowed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = {  # type: ignore[attr-defined]  # django-csp's own hook
                "script-src": ["'self'", UNSAFE_EVAL, UNSAFE_INLINE],
                "style-src": ["'self'", UNSAFE_INLINE],
            }
        return response

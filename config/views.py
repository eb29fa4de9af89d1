"""Pages that belong to no room: the front door, health, language, the font, errors."""

from http import HTTPStatus
from pathlib import Path

import manimgx_fonts_cjk
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET, require_POST
from redis.exceptions import RedisError

from config.sample import logins
from crm.selectors import creator_of


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Two doors, product team and creators; sample logins only beside the sample workspace."""
    return render(request, "home.html", {"logins": logins.shown()})


@require_GET
def door(request: HttpRequest) -> HttpResponse:
    """After login: the team goes to the admin, a creator to the studio."""
    if request.user.is_staff:
        return redirect("admin:index")
    if creator_of(request.user) is not None:
        return redirect("portal:novel_list")
    return render(request, "no_door.html", status=HTTPStatus.FORBIDDEN)


@require_GET
def account_home(request: HttpRequest) -> HttpResponse:
    """Password, e-mail, second factor, sessions: allauth's pages under one roof."""
    return render(request, "account/home.html")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language for a year and go back to where the switch was used."""
    chosen = request.POST.get("language", "")
    target = request.POST.get("next") or request.META.get("HTTP_REFERER") or reverse("home")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("home")
    response = HttpResponseRedirect(target)  # an address, never the name of a view
    if chosen in {code for code, _name in settings.LANGUAGES}:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


@login_not_required
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"live": True})


@login_not_required
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Database, cache and migrations are there: 200, else 503 with the names of what is not."""
    problems = []
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            problems.append("migrations")
    except DatabaseError:
        problems.append("database")
    try:
        cache.set("ready", "1", 5)
    except (OSError, RedisError):
        problems.append("broker")
    status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
    return JsonResponse({"ready": not problems, "problems": problems}, status=status)


@login_not_required
@require_GET
def cjk_font(request: HttpRequest) -> HttpResponseBase:
    """A Chinese font for machines without one; browsers ask only when no local font has the glyph."""
    folder = Path(manimgx_fonts_cjk.__file__).parent
    path = next(iter(sorted(folder.rglob("*.[ot]t[cf]"))))
    response = FileResponse(path.open("rb"), content_type="font/collection")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@login_not_required
@require_GET
def favicon(request: HttpRequest) -> HttpResponseBase:
    """The brand's mark for browsers that ask at the root without having read a page."""
    path = settings.BASE_DIR / "config" / "static" / "pingju" / "favicon.ico"
    response = FileResponse(path.open("rb"), content_type="image/x-icon")
    response.headers["Cache-Control"] = "public, max-age=604800"
    return response


@login_not_required
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker reaches only what lies below it."""
    return render(request, "service_worker.js", content_type="text/javascript; charset=utf-8")


@login_not_required
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows while there is no connection, in the language it asks for."""
    language = request.GET.get("language", "")
    known = {code for code, _name in settings.LANGUAGES}
    with override(language if language in known else get_language()):
        return render(request, "offline.html")


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Damaged or suspicious; what is only too large says so."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)

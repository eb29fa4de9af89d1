"""A creator's own data: a copy of everything, and the way out."""

from http import HTTPStatus
from pathlib import Path

from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.exceptions import DomainError
from crm.http import PortalRequest
from crm.selectors import exports_visible_to
from crm.services.leaving import STAYS, leaving_ask
from crm.services.own_data import KEPT_DAYS, export_ask
from crm.tasks import data_export_start, leaving_start

SHOWN = 5


@never_cache
@require_GET
def data(request: PortalRequest) -> HttpResponse:
    """Copies made so far, and the two wishes: another copy, or to leave."""
    exports = exports_visible_to(request.creator)[:SHOWN]
    return render(request, "portal/data.html", {"exports": exports, "days": KEPT_DAYS})


@require_POST
def copy(request: PortalRequest) -> HttpResponse:
    row, new = export_ask(creator=request.creator, actor=request.user)
    if new:
        data_export_start(row.pk)
    return redirect("portal:data")


@never_cache
@require_GET
def copy_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """How far a copy is: a fragment that asks again until it is ready."""
    row = get_object_or_404(exports_visible_to(request.creator), pk=pk)
    if not request.htmx:
        return redirect("portal:data")
    return render(request, "portal/_copy.html", {"export": row})


@never_cache
@require_GET
def copy_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(exports_visible_to(request.creator), pk=pk)
    if not row.file or not Path(row.file.path).exists():
        raise Http404
    name = _("Pingju-%(name)s-%(day)s.zip") % {
        "name": request.creator.name, "day": f"{row.queued_at:%Y%m%d}",
    }  # fmt: skip
    return FileResponse(Path(row.file.path).open("rb"), as_attachment=True, filename=name)


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: PortalRequest) -> HttpResponse:
    """Delete the account: says what goes and what stays, and asks for the pen name."""
    error = ""
    if request.method == "POST":
        try:
            row = leaving_ask(
                creator=request.creator, typed=request.POST.get("name", ""), actor=request.user
            )
        except DomainError as refused:
            error = str(refused)
        else:
            leaving_start(row.pk)
            logout(request)
            return _farewell(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    context = {"stays": [why for _key, why in STAYS], "error": error}
    return render(request, "portal/leave.html", context, status=status)


def _farewell(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/left.html", {"stays": [why for _key, why in STAYS]})

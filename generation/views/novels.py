"""A creator's novels: the list, the upload, and one novel with the form that starts a run."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from crm.exceptions import DomainError
from crm.http import PortalRequest
from generation.board_page import novel_cards
from generation.estimates import run_estimate
from generation.evaluations.pairs import invitation_for
from generation.forms import NovelUploadForm, RunForm
from generation.selectors import chapters_of, made_of, novels_visible_to, runs_visible_to
from generation.services.novels import novel_upload as upload
from generation.services.own_data import novel_delete as delete
from generation.services.runs import DEFAULT_DENSITY, run_start
from generation.tasks import novel_purge_start, run_execute_start

PAGE = 20


@require_GET
def novel_list(request: PortalRequest) -> HttpResponse:
    """The creator's novels, newest first; without any, the upload form itself."""
    page = Paginator(
        novels_visible_to(request.creator).order_by("-created_at", "-pk"), PAGE
    ).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "cards": novel_cards(page.object_list),
        "compare": invitation_for(request.creator, request.user),
    }
    if not page.object_list:
        context["form"] = _upload_form(request)
    return render(request, "portal/novel_list.html", context)


@require_http_methods(["GET", "POST"])
def novel_upload(request: PortalRequest) -> HttpResponse:
    form = _upload_form(request)
    if request.method == "POST" and form.is_valid():
        data, name = form.content()
        try:
            novel, new = upload(
                creator=request.creator,
                data=data,
                name=name,
                title=form.chosen_title(),
                actor=request.user,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if not new:
                messages.info(request, _("You have uploaded this text before; here it is."))
            return _go(request, reverse("portal:novel", args=[novel.pk]))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "portal/novel_upload.html", {"form": form}, status=status)


def _upload_form(request: HttpRequest) -> NovelUploadForm:
    """Bound on POST; reading the body is what finds out that a file is over the limit."""
    posted = request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    return NovelUploadForm(
        data,
        files,
        oversize=request.META.get("pingju.oversize", ""),
        limit_bytes=settings.NOVEL_MAX_BYTES,
    )


def _go(request: PortalRequest, target: str) -> HttpResponse:
    """A redirect that also works where htmx sent the form."""
    return HttpResponseClientRedirect(target) if request.htmx else redirect(target)


@never_cache
@require_http_methods(["GET", "POST"])
def novel(request: PortalRequest, pk: int) -> HttpResponse:
    """Chapters and repairs; POST starts a run, or with `quote` only tells what it would be."""
    row = get_object_or_404(novels_visible_to(request.creator), pk=pk)
    chapters = list(chapters_of(row))
    if request.method != "POST":
        return _novel_page(request, row, RunForm.fresh(chapters, row.language))
    form = RunForm(request.POST, chapters=chapters)
    if "quote" in request.POST or not form.is_valid():
        return _novel_page(request, row, form)
    try:
        run, new = run_start(
            novel=row,
            token=form.cleaned_data["token"],
            chapters=_wanted(form),
            density=form.cleaned_data["density"],
            film_seconds=form.film_seconds(),
            portrait=form.cleaned_data["shape"] == RunForm.VERTICAL,
            with_frames=form.cleaned_data["with_frames"],
            with_film=form.cleaned_data["with_film"],
            text_engine=form.text(),
            cap_micro=form.cap_micro(),
            template=form.cleaned_data["template"],
            actor=request.user,
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _novel_page(request, row, form)
    if new:
        run_execute_start(run.pk)
    else:
        messages.info(request, _("This run has been started already; here it is."))
    return redirect("portal:run", run.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def novel_delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask once what goes with it, then delete a novel for good."""
    row = get_object_or_404(novels_visible_to(request.creator), pk=pk)
    if request.method == "POST":
        delete(novel=row, actor=request.user)
        novel_purge_start(row.pk)
        messages.success(request, _("“%(title)s” is deleted.") % {"title": row.title})
        return redirect("portal:novel_list")
    return render(request, "portal/novel_delete.html", {"novel": row, "made": made_of(row)})


def _wanted(form: RunForm) -> list[int]:
    """Indices for the service; empty means all."""
    whole = form.cleaned_data["scope"] == RunForm.ALL
    return [] if whole else form.cleaned_data["chapters"]


def _novel_page(request: PortalRequest, row: Any, form: RunForm) -> HttpResponse:
    failed = form.is_bound and bool(form.errors)
    values = form.cleaned_data if form.is_bound else form.initial
    context = {
        "novel": row,
        "form": form,
        "chapters": form.rows,
        "ticked": form.ticked(),
        "cap": values.get("cap"),
        "runs": runs_visible_to(request.creator).filter(novel=row)[:PAGE],
        "estimate": run_estimate(
            row,
            form.chosen(),
            density=float(values.get("density") or DEFAULT_DENSITY),
            film_seconds=form.film_seconds(),
            with_frames=bool(values.get("with_frames")),
            text_engine=form.text(),
        ),
    }
    if request.htmx:
        return render(request, "portal/_estimate.html", context)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "portal/novel.html", context, status=status)

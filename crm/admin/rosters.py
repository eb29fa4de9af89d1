"""Lists of creators on their way in: upload, columns and preview on one page, booking, taking back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminFileFieldWidget

from crm.admin import roster_jobs
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Creator, CreatorImport, Tier, User
from crm.money import shown
from crm.roster_words import BECOMES, FIELDS, rejected_text
from crm.services.creator_imports import creators_import, creators_import_undo
from crm.services.creator_plans import Plan, PlanRow, columns_for, roster_plan, table_of
from crm.services.roster_drafts import RosterDraft, roster_drop, roster_keep, roster_of
from crm.services.roster_jobs import AT_ONCE, roster_book_start, roster_undo_start
from crm.templatetags.amounts import grouped
from engines.admin import ReadOnlyAdmin, guarded

PAGE = 100
PEOPLE = 60  # creators that the page of a list names


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("list of creators"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("csv or xlsx in any encoding, up to 10,000 rows, column names above."),
    )


@admin.register(CreatorImport)
class CreatorImportAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "at",
        "rows_total",
        "created",
        "updated",
        "duplicates",
        "left_out",
        "state",
    ]
    search_fields = ["name"]
    list_before_template = "admin/crm/_roster_jobs.html"
    actions_list = ["import_list"]
    actions_detail = ["take_back"]
    fields = [
        ("name", "encoding"), ("by", "at"), ("rows_total", "created", "updated", "duplicates"),
        "people_shown", "rejected_shown", "kept_shown", "undone_at",
    ]  # fmt: skip
    readonly_fields = ["people_shown", "rejected_shown", "kept_shown"]

    def get_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return guarded(self.admin_site, view, "crm.add_creator")

        undo = guarded(self.admin_site, self.undo_view, "crm.delete_creator")
        return [
            path("new/", page(self.upload_view), name="crm_roster_upload"),
            path("preview/", page(self.preview_view), name="crm_roster_preview"),
            path("<int:pk>/undo/", undo, name="crm_roster_undo"),
            *roster_jobs.urls(self.admin_site),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {"roster_jobs": roster_jobs.unfinished(), **(extra_context or {})}
        return super().changelist_view(request, shown)

    @action(description=_("Import a list"), url_path="import-list", icon="upload_file")
    def import_list(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_roster_upload")

    @action(description=_("Take back"), url_path="take-back", icon="undo")
    def take_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_roster_undo", object_id)

    @display(description=_("Left out"))
    def left_out(self, source: CreatorImport) -> int:
        return len(source.rejected)

    @display(description=_("state"), label=True)
    def state(self, source: CreatorImport) -> str | None:
        return gettext("taken back") if source.undone_at else None

    @display(description=_("Who came or changed with it"))
    def people_shown(self, source: CreatorImport) -> SafeString | str:
        lines = source.lines.select_related("creator").order_by("number")
        shown = format_html_join(
            " · ",
            '<a class="pj-link" href="{}">{}</a> <span class="pj-muted">{}</span>',
            (
                (reverse("admin:crm_creator_change", args=[line.creator.pk]), line.creator.name,
                 line.get_what_display())
                for line in lines[:PEOPLE]
                if line.creator is not None
            ),
        )  # fmt: skip
        more = source.created + source.updated - PEOPLE
        if more > 0:
            return format_html("{} · {}", shown, _("and %(n)s more") % {"n": grouped(more)})
        return shown or "—"

    @display(description=_("Left out"))
    def rejected_shown(self, source: CreatorImport) -> str:
        lines = [
            _("Row %(row)s: %(why)s")
            % {"row": item["row"], "why": rejected_text(item["code"], item["field"], item["cell"])}
            for item in source.rejected
        ]
        return "\n".join(map(str, lines)) or "—"

    @display(description=_("kept when it was taken back"))
    def kept_shown(self, source: CreatorImport) -> str:
        return "\n".join(_kept(item) for item in source.kept) or "—"

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        form = RosterForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload: UploadedFile = form.cleaned_data["file"]
            data = upload.read()
            try:
                columns = columns_for(table_of(data))
            except DomainError as error:
                form.add_error("file", str(error))
            else:
                draft = roster_keep(
                    data=data, name=upload.name or "list", columns=columns, actor=_user(request)
                )
                return _go(draft)
        context = self._context(request, _("Import a list of creators")) | {
            "form": form,
            "back": reverse("admin:crm_creatorimport_changelist"),
        }
        status = 422 if form.errors else 200
        return render(request, "admin/upload_form.html", context, status=status)

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What each column is taken for and what each row would become; booked only from here."""
        try:
            draft = roster_of(request.GET.get("draft", ""), _user(request))
            table = table_of(draft.read())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("admin:crm_roster_upload")
        named = [(place, name) for place, name in enumerate(table.names) if name]
        if request.method == "POST":
            if "columns" in request.POST:
                chosen = {name: request.POST.get(f"column-{place}", "") for place, name in named}
                return _go(draft.mapped({key: to for key, to in chosen.items() if to}))
            done = self._decided(request, draft, len(table.rows))
            if done is not None:
                return done
        plan, problem = None, ""
        try:
            plan = roster_plan(table, draft.columns)
        except DomainError as error:
            problem = str(error)
        only = request.GET.get("only", "")
        rows = [row for row in plan.rows if not only or row.becomes == only] if plan else []
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        title = _("Before the list is booked: %(name)s") % {"name": draft.name}
        context = self._context(request, title) | {
            "draft": draft,
            "table": table,
            "columns": [
                {
                    "key": f"column-{place}",
                    "name": name,
                    "field": draft.columns.get(name, ""),
                    "examples": table.examples(place),
                }
                for place, name in named
            ],
            "fields": FIELDS.items(),
            "problem": problem,
            "only": only,
            "page": page,
            "rows": [_row(row) for row in page],
            "tiers": Tier.choices,
            "tier": request.POST.get("tier", Tier.ENTRY),
            **(_counts(plan) if plan else {}),
        }
        status = 422 if problem else 200
        return render(request, "admin/crm/roster_preview.html", context, status=status)

    def _decided(self, request: HttpRequest, draft: RosterDraft, rows: int) -> HttpResponse | None:
        if "book" not in request.POST:
            roster_drop(draft)
            messages.info(request, _("Nothing of the list was booked."))
            return redirect("admin:crm_roster_upload")
        tier, expected = request.POST.get("tier", ""), request.POST.get("digest", "")
        if rows > AT_ONCE:
            return roster_jobs.begun(
                roster_book_start(draft=draft, tier=tier, expected=expected, actor=_user(request))
            )
        try:
            done = creators_import(
                data=draft.read(), name=draft.name, columns=draft.columns, tier=tier,
                expected=expected, actor=actor_of(request),
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
            return None
        roster_drop(draft)
        messages.success(
            request,
            _("New: %(new)s, updated: %(updated)s, known: %(known)s, left out: %(rejected)s.")
            % {
                "new": done.created,
                "updated": done.updated,
                "known": done.duplicates,
                "rejected": len(done.rejected),
            },
        )
        return redirect("admin:crm_creatorimport_change", done.pk)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(CreatorImport, pk=pk)
        if request.method == "POST":
            if source.undone_at is None and source.created + source.updated > AT_ONCE:
                return roster_jobs.begun(roster_undo_start(source=source, actor=_user(request)))
            try:
                done = creators_import_undo(source=source, actor=actor_of(request))
            except DomainError as error:
                messages.error(request, str(error))
            else:
                kept = len(done.kept)
                if kept:
                    text = ngettext(
                        "Taken back, but %(n)s creator was used or changed since and stays.",
                        "Taken back, but %(n)s creators were used or changed since and stay.",
                        kept,
                    )
                    messages.warning(request, text % {"n": kept})
                else:
                    messages.success(request, _("The list is taken back."))
            return redirect("admin:crm_creatorimport_change", pk)
        context = self._context(request, _("Take “%(name)s” back?") % {"name": source.name})
        return render(request, "admin/crm/roster_undo.html", context | {"source": source})

    def _context(self, request: HttpRequest, title: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def _user(request: HttpRequest) -> User:
    user = actor_of(request)
    if user is None:
        raise DomainError(gettext("Log in again."), code="no_user")
    return user


def _go(draft: RosterDraft) -> HttpResponse:
    return redirect(f"{reverse('admin:crm_roster_preview')}?{urlencode({'draft': draft.token})}")


def _counts(plan: Plan) -> dict[str, Any]:
    return {
        "digest": plan.digest,
        "counts": [
            (word, label, plan.counts[word]) for word, label in BECOMES.items() if plan.counts[word]
        ],
        "bookable": plan.counts["new"] + plan.counts["update"],
        "tierless": any(row.becomes == "new" and "tier" not in row.values for row in plan.rows),
    }


def _row(row: PlanRow) -> dict[str, Any]:
    values = row.values
    return {
        "number": row.number,
        "word": row.becomes,
        "becomes": BECOMES[row.becomes],
        "name": row.name,
        "creator": row.creator,
        "platform": values.get("platform", ""),
        "handle": values.get("handle", ""),
        "tier": Tier(values["tier"]).label if "tier" in values else "",
        "followers": _said("followers", values.get("followers")),
        "income": _said("income_minor", values.get("income_minor")),
        "changes": [
            (FIELDS[item.field], _said(item.field, item.before), _said(item.field, item.after))
            for item in row.changes
        ],
        "alike": row.alike,
        "why": rejected_text(row.code, row.field, row.cell) if row.code else "",
    }


def _said(field: str, value: Any) -> str:
    """A value as the page shows it."""
    if value in (None, ""):
        return "—"
    if field == "tier":
        return str(Tier(value).label)
    if field == "status":
        return str(Creator.Status(value).label)
    if field == "income_minor":
        return shown(int(value), "CNY")
    if field == "followers":
        return grouped(int(value))
    if field == "joined_on":
        return date_format(value, "Y-m-d")
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _kept(item: dict[str, Any]) -> str:
    what = [str(FIELDS.get(name, name)) for name in item["what"]]
    why = _("used since") if item["why"] == "used" else _("changed since")
    return f"{item['row']}: {item['name']} — {why}" + (f" ({', '.join(what)})" if what else "")

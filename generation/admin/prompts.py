"""The prompt library in the admin: cards, versions, aliases, the standard, preview, files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from engines.admin import guarded
from generation.library import (
    difference,
    library_rows,
    preview_picture,
    prices_per_shot,
    ratings_of,
    real_shot,
    report_of,
    runs_using,
    template_of,
    uses_of,
)
from generation.models import PromptTemplate, TemplateRating, TemplateVersion
from generation.models.prompts import CURRENT
from generation.prompts.compiling import compile_shot, instructions_of
from generation.prompts.facts import VARIABLES
from generation.prompts.rubric import probes
from generation.services.template_files import export_json, export_zip, templates_import
from generation.services.templates import (
    alias_move,
    rating_give,
    template_describe,
    template_make_usual,
    version_add,
)
from generation.standard_page import told

VIEW, CHANGE, ADD = (f"generation.{name}_prompttemplate" for name in ("view", "change", "add"))


class VersionForm(forms.Form):
    """Better words for a template. `settings` is a JSON object."""

    body = forms.CharField(
        label=_("text"), widget=forms.Textarea(attrs={"rows": 8, "class": "pj-input pj-code"})
    )
    negative = forms.CharField(
        label=_("negative prompt"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "pj-input pj-code"}),
    )
    settings = forms.CharField(
        label=_("settings of the engine"),
        required=False,
        widget=forms.TextInput(attrs={"class": "pj-input pj-code"}),
    )
    note = forms.CharField(
        label=_("what is new"), max_length=300, widget=forms.TextInput(attrs={"class": "pj-input"})
    )

    def clean_settings(self) -> dict[str, Any]:
        text = self.cleaned_data["settings"].strip() or "{}"
        try:
            value = json.loads(text)
        except ValueError as error:
            raise forms.ValidationError(_("No JSON object: %(why)s") % {"why": error}) from error
        if not isinstance(value, dict):
            raise forms.ValidationError(_('Write an object, such as {"steps": 24}.'))
        return value


class TemplateFileForm(forms.Form):
    file = forms.FileField(
        label=_("templates (.json, .zip)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".json,.zip"}),
    )


@admin.register(PromptTemplate)
class PromptTemplateAdmin(ModelAdmin):
    list_display = [
        "card", "makes", "family", "style", "language", "current", "score", "version_total",
        "run_total",
    ]  # fmt: skip
    list_filter = [
        ("makes", ChoicesDropdownFilter), ("family", ChoicesDropdownFilter),
        ("style", ChoicesDropdownFilter), ("language", ChoicesDropdownFilter), "retired",
    ]  # fmt: skip
    list_filter_submit = True
    list_per_page = 50
    search_fields = ["key", "title_zh", "title_en", "strengths_zh", "use_when_zh"]
    change_list_template = "admin/generation/template_list.html"
    fieldsets = [
        (None, {"fields": [("title_zh", "title_en"), "retired"]}),
        (_("Worth"), {"fields": [("strengths_zh", "strengths_en"), ("weaknesses_zh", "weaknesses_en"),
                                 ("use_when_zh", "use_when_en"), ("avoid_when_zh", "avoid_when_en")]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptTemplate]:
        return library_rows()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Templates come in by file, whole, or as shipped."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: PromptTemplate, form: Any, change: bool
    ) -> None:
        template_describe(template=obj, actor=actor_of(request), changed=list(form.changed_data))

    @display(description=_("template"), ordering="key")
    def card(self, row: PromptTemplate) -> SafeString:
        url = reverse("admin:generation_template", args=[row.key])
        return format_html(
            '<a class="pj-link" href="{}">{}</a><br><span class="pj-muted">{}</span>',
            url, row.title, row.key,
        )  # fmt: skip

    @display(description=_("current"))
    def current(self, row: PromptTemplate) -> str:
        alias = next(iter(row.at_current), None)  # type: ignore[attr-defined]
        return f"@{alias.version.number}" if alias else "—"

    @display(description=_("standard"))
    def score(self, row: PromptTemplate) -> str:
        alias = next(iter(row.at_current), None)  # type: ignore[attr-defined]
        return f"{alias.version.report.get('score', '—')}" if alias else "—"

    @display(description=_("versions"), ordering="version_count")
    def version_total(self, row: PromptTemplate) -> int:
        return row.version_count  # type: ignore[attr-defined]

    @display(description=_("runs"), ordering="run_count")
    def run_total(self, row: PromptTemplate) -> int:
        return row.run_count  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site

        def ours(route: str, view: Callable[..., Any], permission: str, name: str) -> URLPattern:
            checked: Any = guarded(site, view, permission)
            return path(route, checked, name=f"generation_template{name}")

        return [
            ours("export.<slug:kind>", require_GET(self.export), VIEW, "_export"),
            ours("import/", self.bring_in, ADD, "_import"),
            ours("of/<slug:key>/", require_GET(self.page), VIEW, ""),
            ours("of/<slug:key>/new/", self.new_version, CHANGE, "_new"),
            ours("of/<slug:key>/diff/", require_GET(self.diff), VIEW, "_diff"),
            ours("of/<slug:key>/preview.png", require_GET(self.drawn), VIEW, "_preview"),
            ours("of/<slug:key>/alias/", require_POST(self.alias), CHANGE, "_alias"),
            ours("of/<slug:key>/usual/", require_POST(self.usual), CHANGE, "_usual"),
            ours("of/<slug:key>/rate/", require_POST(self.rate), CHANGE, "_rate"),
            *super().get_urls(),
        ]

    def _context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "may_change": request.user.has_perm(CHANGE),
            "may_add": request.user.has_perm(ADD),
            **more,
        }

    def page(self, request: HttpRequest, key: str) -> HttpResponse:
        """A template with its worth, its words, what the standard says, prices, preview and users."""
        template = get_object_or_404(PromptTemplate, key=key)
        version = _chosen(template, request.GET.get("version", ""))
        report, ratings = report_of(version), ratings_of(version)
        context = self._context(
            request,
            title=template.title,
            template=template,
            version=version,
            aliases=list(template.aliases.select_related("version")),
            current=CURRENT,
            report=report,
            told=told([finding.to_dict() for finding in report.findings]),
            criteria=[
                (value, label, ratings.get(value, []))
                for value, label in TemplateRating.Criterion.choices
            ],
            prices=prices_per_shot(template_of(version)),
            uses=uses_of(template),
            runs=runs_using(template),
            scale=range(1, 6),
            variables=VARIABLES[template.makes],
            languages=PromptTemplate.Language.choices,
            **_preview(version, request.GET.get("shot", "")),
        )
        return render(request, "admin/generation/template.html", context)

    def new_version(self, request: HttpRequest, key: str) -> HttpResponse:
        template = get_object_or_404(PromptTemplate, key=key)
        base = _chosen(template, request.GET.get("version", ""))
        begin = {
            "body": base.body, "negative": base.negative,
            "settings": json.dumps(base.settings, ensure_ascii=False) if base.settings else "",
        }  # fmt: skip
        form = VersionForm(request.POST or None, initial=begin)
        if request.method == "POST" and form.is_valid():
            try:
                made = version_add(template=template, actor=actor_of(request), **form.cleaned_data)
            except DomainError as error:
                form.add_error("body", str(error))
            else:
                score = made.report["score"]
                messages.success(
                    request,
                    _("Version %(n)s is kept; the standard gives it %(score)s of 100.")
                    % {"n": made.number, "score": score},
                )
                url = reverse("admin:generation_template", args=[key])
                return redirect(f"{url}?version={made.number}")
        context = self._context(
            request, title=_("New version of %(title)s") % {"title": template.title},
            template=template, form=form, variables=VARIABLES[template.makes],
        )  # fmt: skip
        status = 422 if form.is_bound else 200
        return render(request, "admin/generation/template_new.html", context, status=status)

    def diff(self, request: HttpRequest, key: str) -> HttpResponse:
        template = get_object_or_404(PromptTemplate, key=key)
        new = _chosen(template, request.GET.get("b", ""))
        old = _chosen(template, request.GET.get("a", "") or str(max(1, new.number - 1)))
        context = self._context(
            request,
            title=f"{template.title}: {old.number} → {new.number}",
            template=template, old=old, new=new, parts=difference(old, new),
            numbers=list(template.versions.order_by("number").values_list("number", flat=True)),
        )  # fmt: skip
        return render(request, "admin/generation/template_diff.html", context)

    def drawn(self, request: HttpRequest, key: str) -> HttpResponse:
        """What the version's words say of a shot of the sample, as the sketch engine reads them."""
        template = get_object_or_404(PromptTemplate, key=key)
        version = _chosen(template, request.GET.get("version", ""))
        data = preview_picture(version, _place(request.GET.get("shot", "")))
        if data is None:
            raise Http404
        response = HttpResponse(data, content_type="image/png")
        response.headers["Cache-Control"] = "private, max-age=300"
        return response

    def alias(self, request: HttpRequest, key: str) -> HttpResponse:
        template = get_object_or_404(PromptTemplate, key=key)
        version = _chosen(template, request.POST.get("version", ""))
        name = request.POST.get("name", "").strip() or CURRENT
        try:
            alias_move(template=template, name=name, version=version, actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("%(alias)s is now version %(n)s.") % {"alias": name, "n": version.number}
            )
        return redirect("admin:generation_template", key)

    def usual(self, request: HttpRequest, key: str) -> HttpResponse:
        """`novels` in which it is what new runs use: zh, en, or nowhere."""
        template = get_object_or_404(PromptTemplate, key=key)
        try:
            template_make_usual(
                template=template, language=request.POST.get("novels", ""),
                actor=actor_of(request),
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("New runs follow it from now on."))
        return redirect("admin:generation_template", key)

    def rate(self, request: HttpRequest, key: str) -> HttpResponse:
        template = get_object_or_404(PromptTemplate, key=key)
        version = _chosen(template, request.POST.get("version", ""))
        given = {
            name: int(request.POST[name])
            for name in _criteria()
            if request.POST.get(name, "").isdecimal() and len(request.POST[name]) < 3
        }
        actor = actor_of(request)
        try:
            if actor is not None:
                reason = request.POST.get("reason", "")
                rating_give(version=version, ratings=given, reason=reason, actor=actor)
                messages.success(request, _("Your rating is kept."))
        except DomainError as error:
            messages.error(request, str(error))
        url = reverse("admin:generation_template", args=[key])
        return redirect(f"{url}?version={version.number}#rating")

    def export(self, request: HttpRequest, kind: str) -> HttpResponse:
        """All templates, or those named by `key`, as JSON or an archive."""
        rows = PromptTemplate.objects.order_by("key")
        if keys := request.GET.getlist("key"):
            rows = rows.filter(key__in=keys)
        if kind not in ("json", "zip"):
            raise Http404
        data = export_json(list(rows)) if kind == "json" else export_zip(list(rows))
        response = HttpResponse(
            data, content_type="application/json" if kind == "json" else "application/zip"
        )
        response.headers["Content-Disposition"] = f'attachment; filename="prompts.{kind}"'
        return response

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        form = TemplateFileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                done = templates_import(data=file.read(), name=file.name, actor=actor_of(request))
            except DomainError as error:
                form.add_error("file", str(error))
            else:
                messages.success(
                    request,
                    _("New templates: %(t)s, new versions: %(v)s, known already: %(s)s.")
                    % {"t": done.templates, "v": done.versions, "s": done.same},
                )
                if done.renumbered:
                    messages.warning(
                        request,
                        _("Numbers taken by other words: %(names)s")
                        % {"names": ", ".join(done.renumbered[:20])},
                    )
                return redirect("admin:generation_prompttemplate_changelist")
        context = self._context(request, title=_("Bring in templates"), form=form)
        status = 422 if form.is_bound else 200
        return render(request, "admin/upload_form.html", context, status=status)


def _criteria() -> list[str]:
    return list(TemplateRating.Criterion.values)


def _chosen(template: PromptTemplate, number: str) -> TemplateVersion:
    """The version with this number; without one what `current` points to, or the newest."""
    rows = template.versions.select_related("template", "by")
    if number.isdecimal() and len(number) < 6:
        return get_object_or_404(rows, number=int(number))
    found = rows.filter(aliases__name=CURRENT).first() or rows.order_by("-number").first()
    if found is None:
        raise Http404
    return found


def _place(index: str) -> int:
    return int(index) if index.isdecimal() and len(index) < 7 else 0


def _preview(version: TemplateVersion, index: str) -> dict[str, Any]:
    """The prompt of a real shot of the house's sample, a probe where there is none."""
    template = template_of(version)
    if template.makes == "storyboard":
        return {"instructions": instructions_of(template)}
    place = _place(index)
    real = real_shot(place)
    if real is None:
        language = template.language
        shot, cast, scene = probes.shot(2, language), probes.cast(language), probes.scene(language)
    else:
        shot, cast, scene = real.shot, real.cast, real.scene
    made = compile_shot(template, shot, cast=cast, scene=scene)
    return {
        "preview": made, "shot": shot, "place": place, "next_shot": place + 1, "real": real,
        "tokens": made.tokens, "window": made.family.window, "exact": made.family.exact,
    }  # fmt: skip

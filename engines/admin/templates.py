import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from engines.admin.problem_words import problem_words
from engines.images.registry import built_in_documents
from engines.images.templates import BadTemplate, parse
from engines.models import PictureTemplate
from engines.services.pictures import template_back, template_save, template_text


class TemplateForm(forms.ModelForm):
    """A template is judged before it is kept: every slot, every link, every bound."""

    text = forms.CharField(
        label=_("template"),
        max_length=64 * 1024,
        strip=True,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 32, "spellcheck": "false", "dir": "ltr"}),
        help_text=_(
            "JSON: kind, body, each, without, parameters, output. {{prompt}}, {{seed}} and the "
            "other slots are filled for every picture; docs/adr/0022 lists them."
        ),
    )

    class Meta:
        model = PictureTemplate
        fields = ["name", "note"]

    def clean_text(self) -> dict[str, Any]:
        try:
            document = json.loads(self.cleaned_data["text"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(
                _("This is not JSON: %(reason)s."), params={"reason": error}
            ) from error
        try:
            parse(document)
        except BadTemplate as error:
            raise forms.ValidationError([problem_words(one) for one in error.problems]) from error
        found: dict[str, Any] = document
        return found


@admin.register(PictureTemplate)
class PictureTemplateAdmin(ModelAdmin):
    """Workflows of picture engines. Saving makes a new version; an earlier one can be used again."""

    form = TemplateForm
    list_display = ["name", "version", "kind", "in_use", "note", "created_at", "change_it"]
    list_filter = ["kind", "current"]
    search_fields = ["name", "note"]
    actions = ["use_again"]
    fields = ["name", "text", "note"]

    def get_fields(self, request: HttpRequest, obj: PictureTemplate | None = None) -> Any:
        return (
            self.fields if obj is None else ["name", "version", "kind", "current", "shown", "note"]
        )

    def get_readonly_fields(self, request: HttpRequest, obj: PictureTemplate | None = None) -> Any:
        return ["beginnings"] if obj is None else ["shown"]

    def get_fieldsets(self, request: HttpRequest, obj: PictureTemplate | None = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["beginnings", *self.fields]})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        name = request.GET.get("from", "")
        return {"name": name, "text": template_text(name)} if name else {}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: PictureTemplate, form: TemplateForm, change: bool
    ) -> None:
        told = form.cleaned_data
        saved = template_save(
            name=told["name"], document=told["text"], note=told["note"], actor=request.user
        )
        obj.pk = saved.pk
        obj.version = saved.version

    @admin.action(description=_("Use this version"))
    def use_again(self, request: HttpRequest, rows: QuerySet[PictureTemplate]) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if len({row.name for row in rows}) != len(rows):
            messages.error(request, _("Choose one version of each template."))
            return
        for row in rows:
            template_back(template=row, actor=request.user)
        messages.success(request, _("The chosen versions are in use from now on."))

    @display(description=_("in use"), boolean=True)
    def in_use(self, template: PictureTemplate) -> bool:
        return template.current

    @display(description="")
    def change_it(self, template: PictureTemplate) -> SafeString:
        return _begin(template.name, _("New version"))

    @display(description=_("template"))
    def shown(self, template: PictureTemplate) -> SafeString:
        text = json.dumps(template.document, ensure_ascii=False, indent=2)
        return format_html('<pre class="pj-code">{}</pre>', text)

    @display(description=_("start from"))
    def beginnings(self, template: PictureTemplate | None = None) -> SafeString:
        """The templates that come with the house, to be changed from."""
        return format_html_join(
            " · ", "{}", ((_begin(name, name),) for name in built_in_documents())
        )


def _begin(name: str, label: Any) -> SafeString:
    address = reverse("admin:engines_picturetemplate_add")
    return format_html('<a class="pj-link" href="{}?from={}">{}</a>', address, name, label)

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Consent, ConsentForm, Creator, Interview, Redaction
from crm.portal_pages import receipt_of
from crm.selectors import consent_form_current
from crm.services.consents import (
    WITHDRAWALS,
    consent_form_publish,
    consent_give,
    consent_withdraw,
)
from crm.services.redactions import redaction_again
from crm.tasks import redaction_execute_start
from engines.admin import ReadOnlyAdmin, guarded


class RecordForm(forms.Form):
    creator = forms.ModelChoiceField(
        Creator.objects.all(), label=_("creator"), widget=UnfoldAdminSelectWidget
    )
    interview = forms.ModelChoiceField(
        Interview.objects.select_related("creator"),
        required=False,
        label=_("interview"),
        empty_label=_("For everything this creator says"),
        widget=UnfoldAdminSelectWidget,
    )
    at = forms.DateTimeField(
        required=False,
        label=_("time"),
        help_text=_("Empty: now."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "pj-input"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    purposes = forms.MultipleChoiceField(label=_("Agreed to"), widget=forms.CheckboxSelectMultiple)


class WordsForm(forms.ModelForm):
    """A new version of the form: title, text and one clause for each purpose, in both languages."""

    class Meta:
        model = ConsentForm
        fields = ["version", "title_zh", "title_en", "text_zh", "text_en"]
        widgets = {
            **dict.fromkeys(fields[:3], UnfoldAdminTextInputWidget()),
            **dict.fromkeys(fields[3:], UnfoldAdminTextareaWidget(attrs={"rows": 7})),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = consent_form_current()
        for name in self.Meta.fields[1:]:
            self.fields[name].initial = getattr(now, name)
        for purpose in Consent.Purpose:
            languages = _("{purpose}: the words in Chinese"), _("{purpose}: the words in English")
            for place, label in enumerate(languages):
                self.fields[f"clause-{purpose.value}-{place}"] = forms.CharField(
                    label=format_lazy(label, purpose=purpose.label),
                    max_length=400,
                    initial=now.clauses[purpose.value][place],
                    widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
                )

    @property
    def clauses(self) -> dict[str, tuple[str, str]]:
        said = self.cleaned_data
        return {
            purpose.value: (
                said[f"clause-{purpose.value}-0"], said[f"clause-{purpose.value}-1"]
            )
            for purpose in Consent.Purpose
        }  # fmt: skip


@admin.register(ConsentForm)
class ConsentFormAdmin(ModelAdmin):
    """Versions are only added: whoever agreed, agreed to the words of their version."""

    list_display = ["version", "title_zh", "title_en", "created_at", "created_by"]
    list_select_related = ["created_by"]

    def get_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.publish_view, "crm.add_consentform")
        return [path("add/", page, name="crm_consentform_add"), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def publish_view(self, request: HttpRequest) -> HttpResponse:
        """The words that are in force, to be written anew under another version."""
        form = WordsForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                consent_form_publish(
                    version=said["version"],
                    titles=(said["title_zh"], said["title_en"]),
                    texts=(said["text_zh"], said["text_en"]),
                    clauses=form.clauses,
                    actor=actor_of(request),
                )
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The form is in force."))
                return redirect("admin:crm_consentform_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("New version of the consent form"),
            "form": form,
            "send": _("Put it in force"),
            "opts": self.model._meta,
        }
        return render(
            request, "admin/upload_form.html", context, status=422 if form.errors else 200
        )


@admin.register(Consent)
class ConsentAdmin(ModelAdmin):
    """Rows are only added: a withdrawal is a new row with `given` off."""

    actions_list = ["record_consent"]

    list_display = ["creator", "purpose", "given", "channel", "at", "by"]
    list_select_related = ["creator", "by"]
    autocomplete_fields = ["creator", "interview"]
    exclude = ["by"]

    def get_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.record_view, "crm.add_consent")
        return [path("record/", page, name="crm_consent_record"), *super().get_urls()]

    @action(description=_("Record a consent"), url_path="record-consent", icon="how_to_reg")
    def record_consent(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_consent_record")

    def record_view(self, request: HttpRequest) -> HttpResponse:
        """What a creator agreed to on paper or aloud, with the words that were read to them."""
        asked = {name: request.GET.get(name, "") for name in ("creator", "interview")}
        form = RecordForm(request.POST or None, initial=asked)
        words = consent_form_current()
        form.fields["purposes"].choices = [  # type: ignore[attr-defined]  # a choice field's
            (purpose.value, words.clause(purpose.value)) for purpose in Consent.Purpose
        ]
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                consent_give(
                    creator=said["creator"],
                    purposes=said["purposes"],
                    interview=said["interview"],
                    at=said["at"],
                    form=words,
                    actor=actor_of(request),
                )
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The consent is recorded."))
                return redirect("admin:crm_consent_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Record a consent"),
            "form": form,
            "words": words,
            "opts": self.model._meta,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/crm/consent_record.html", context, status=status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("creator")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Consent, form: Any, change: bool) -> None:
        """Given or withdrawn, through the service: a withdrawal also starts its redaction."""
        wish: dict[str, Any] = {
            "creator": obj.creator,
            "interview": obj.interview,
            "channel": obj.channel,
            "actor": actor_of(request),
        }
        if obj.given:
            consent_give(purposes=[obj.purpose], at=obj.at, **wish)
        else:
            takes = WITHDRAWALS["record"] if obj.purpose == obj.Purpose.RECORD else (obj.purpose,)
            redaction = consent_withdraw(purposes=takes, at=obj.at, **wish)
            redaction_execute_start(redaction.pk)
        rows = Consent.objects.filter(creator=obj.creator, purpose=obj.purpose, given=obj.given)
        obj.pk = rows.order_by("-pk").values_list("pk", flat=True).first()


@admin.register(Redaction)
class RedactionAdmin(ReadOnlyAdmin):
    """Withdrawals and their receipts; one that was given up can be started again."""

    list_display = ["queued_at", "creator", "withdrawn", "state_badge", "reached", "ended_at"]
    list_select_related = ["creator"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_filter_submit = True
    actions = ["again"]
    show_full_result_count = False
    fields = [
        ("creator", "interview"), "withdrawn", ("state", "tries", "error"), "reached",
        ("queued_at", "ended_at"), "by",
    ]  # fmt: skip
    readonly_fields = ["withdrawn", "reached"]

    @display(description=_("withdrawn"))
    def withdrawn(self, redaction: Redaction) -> str:
        return " · ".join(receipt_of(redaction).withdrawn)

    @display(description=_("receipt"))
    def reached(self, redaction: Redaction) -> str:
        reached = receipt_of(redaction).reached
        return " · ".join(f"{label}: {rows}" for label, rows in reached) or "—"

    @display(
        description=_("state"),
        ordering="state",
        label={Redaction.State.DONE: "success", Redaction.State.DEAD: "danger"},
    )
    def state_badge(self, redaction: Redaction) -> tuple[str, str]:
        return redaction.state, redaction.get_state_display()

    @action(description=_("Start again what was given up"))
    def again(self, request: HttpRequest, queryset: QuerySet[Redaction]) -> None:
        started = [row for row in queryset if redaction_again(redaction=row)]
        for row in started:
            redaction_execute_start(row.pk)
        messages.success(request, _("Started again: %(n)s") % {"n": len(started)})

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from crm.exceptions import DomainError
from crm.http import actor_of
from insights.models import PainReport
from insights.services.voice import report_decline, report_join
from insights.voices import pains_like

STATE_COLOURS = {
    PainReport.State.NEW: "warning",
    PainReport.State.KNOWN: "success",
    PainReport.State.DECLINED: "info",
}


class ReportForm(forms.ModelForm):
    class Meta:
        model = PainReport
        fields = ["pain", "answer"]
        help_texts = {
            "pain": _(
                "The pain point that it is. Empty: not followed up, and the answer says why."
            ),
            "answer": _("The creator reads this."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("pain") and not (data.get("answer") or "").strip():
            raise forms.ValidationError(_("Choose a pain point, or give the creator a reason."))
        return data


@admin.register(PainReport)
class PainReportAdmin(ModelAdmin):
    """What creators told by themselves: each is joined to a pain point or answered with a reason."""

    form = ReportForm
    list_display = ["words_shown", "creator", "tier", "importance", "satisfaction", "state_badge",
                    "pain", "at"]  # fmt: skip
    list_select_related = ["creator", "pain"]
    list_filter = [("state", ChoicesDropdownFilter), ("tier", ChoicesDropdownFilter)]
    list_filter_submit = True
    search_fields = ["words"]
    autocomplete_fields = ["pain"]
    show_full_result_count = False
    told = ["words", "creator", "tier", "importance", "satisfaction", "at", "resembles"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return PainReport.objects.readable()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.told, "pain", "answer", "answered_by", "answered_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = [*self.told, "answered_by", "answered_at"]
        waiting = obj is not None and obj.state == PainReport.State.NEW
        return fixed if waiting else [*fixed, "pain", "answer"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor = actor_of(request)
        assert actor is not None  # noqa: S101  the admin's door is closed to others
        pain, answer = form.cleaned_data["pain"], form.cleaned_data["answer"]
        try:
            if pain is not None:
                report_join(report=obj, pain=pain, answer=answer, actor=actor)
            else:
                report_decline(report=obj, answer=answer, actor=actor)
        except DomainError as error:
            messages.error(request, str(error))

    @display(description=_("in own words"))
    def words_shown(self, report: PainReport) -> str:
        return report.words if len(report.words) <= 60 else f"{report.words[:60]}…"

    @display(description=_("state"), label=STATE_COLOURS)
    def state_badge(self, report: PainReport) -> tuple[str, str]:
        return report.state, report.get_state_display()

    @display(description=_("resembles"))
    def resembles(self, report: PainReport) -> str:
        return " · ".join(pain.title for pain in pains_like(report.words)) or "–"

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Creator
from engines.admin import ReadOnlyAdmin, guarded
from generation.charts import paying_chart
from generation.features.alarm.page import AlarmState, alarm_state, history, payments, raters
from generation.features.alarm.rising import MATTERS
from generation.models import AlarmChange, AlarmNotice, AlarmPolicy
from generation.services.alarm import alarm_check, alarm_settings_saved, webhook_check
from generation.tasks import alarm_check_task, alarm_notices_task

AT_ONCE = 2000
"""Up to this many creators an evaluation takes about a second and is done while one waits."""
SHOWN = 50

STATE_COLOURS = {
    AlarmChange.State.FIRES: "danger",
    AlarmChange.State.QUIET: "success",
    AlarmChange.State.NOT_ENOUGH: "warning",
}


class NoticeInline(TabularInline):
    model = AlarmNotice
    extra = 0
    can_delete = False
    fields = ["channel", "address", "user", "state", "tries", "ended_at", "error"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AlarmChange)
class AlarmChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "state_badge", "pain", "tier", "probability", "coverage"]
    list_select_related = ["pain"]
    list_filter = ["state"]
    exclude = ["document"]
    inlines = [NoticeInline]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        page = guarded(site, require_GET(self.page), "generation.view_alarmchange")
        check = guarded(site, require_POST(self.evaluate), "generation.change_alarmpolicy")
        return [
            path("now/", page, name="generation_alarm"),
            path("now/evaluate/", check, name="generation_alarm_evaluate"),
            *super().get_urls(),
        ]

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_badge(self, change: AlarmChange) -> tuple[str, str]:
        return change.state, change.get_state_display()

    def page(self, request: HttpRequest) -> HttpResponse:
        """The last evaluation with every factor, its rows, its thresholds and its history."""
        found = alarm_state()
        rise = found.numbers.get("rise", {})
        context = {
            **self.admin_site.each_context(request),
            "title": _("The monetisation alarm"),
            "opts": self.model._meta,
            "a": found,
            "conditions": conditions(found),
            "links": links(found),
            "chart": paying_chart(rise.get("months", [])),
            "payments": payments((rise.get("rows") or {}).get("ids", [])[:SHOWN]),
            "history": history()[:SHOWN],
            "may_evaluate": request.user.has_perm("generation.change_alarmpolicy"),
        }
        return render(request, "admin/generation/alarm.html", context)

    def evaluate(self, request: HttpRequest) -> HttpResponse:
        if Creator.objects.count() <= AT_ONCE:
            alarm_check(force=True)
            alarm_notices_task.delay_on_commit()
            messages.success(request, _("Evaluated on the data of this moment."))
        else:
            alarm_check_task.delay_on_commit(True)
            messages.info(request, _("The evaluation is running; reload in a moment."))
        return redirect("admin:generation_alarm")


def conditions(found: AlarmState) -> list[dict[str, Any]]:
    """The four conditions with what was measured and the bar; `holds` is None where not judged."""
    limits, numbers = found.policy, found.numbers
    if found.state in ("", AlarmChange.State.NOT_ENOUGH):
        return []
    covered, rise = numbers["coverage"], numbers["rise"]
    verdicts = [
        item
        for item in (numbers["rating"], numbers["kept"])
        if item["n"] >= limits.minimum_n and item["low"] is not None
    ]
    loved = any(item["low"] >= limits.loved for item in verdicts) and not any(
        item["high"] < limits.loved for item in verdicts
    )
    chance = found.probability or 0.0
    flat = not ((rise["low"] or 0.0) > 0 or (rise["high"] or 0.0) >= MATTERS)
    return [
        {"name": _("One pain is first"), "holds": chance >= limits.rank, "number": numbers["first"],
         "bar": limits.rank, "kind": "first"},
        {"name": _("It is uncovered"), "holds": covered["high"] < limits.coverage,
         "number": covered, "bar": limits.coverage, "kind": "coverage"},
        {"name": _("What we built is loved"), "holds": loved,
         "number": max(verdicts, key=lambda item: item["low"], default=numbers["rating"]),
         "bar": limits.loved, "kind": "loved"},
        {"name": _("Paying does not rise"), "holds": flat,
         "number": rise, "bar": MATTERS, "kind": "flat"},
    ]  # fmt: skip


def links(found: AlarmState) -> dict[str, str]:
    """Number → the admin's page with its rows."""
    if found.pain is None:
        return {}
    mine = {"pain__id__exact": found.pain.pk, "tier__exact": found.tier}
    evidence = reverse("admin:insights_evidence_changelist")
    needs = reverse("admin:insights_need_changelist")
    creators = reverse("admin:crm_creator_changelist")
    cell = {"pain": found.pain.pk, "tier": found.tier}

    def of(name: str) -> list[int]:
        rows = found.numbers.get(name, {}).get("rows") or {}
        return list(rows.get("ids", []))

    def listed(ids: list[int]) -> str:
        return f"{creators}?{urlencode({'id__in': ','.join(str(pk) for pk in ids)})}"

    return {
        "prevalence": f"{evidence}?{urlencode({**mine, 'stance__exact': 'for'})}",
        "importance": f"{needs}?{urlencode(mine)}",
        "satisfaction": f"{needs}?{urlencode(mine)}",
        "wallet": listed(of("wallet")),
        "coverage": f"{reverse('admin:generation_coverage')}?{urlencode(cell)}",
        "rating": listed(raters(of("rating"))),
        "kept": listed(of("kept")),
    }


class PolicyForm(forms.ModelForm):
    new_secret = forms.CharField(
        label=_("new secret"),
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Signs the webhook's messages (HMAC-SHA256). Leave empty to keep it."),
    )

    class Meta:
        model = AlarmPolicy
        fields = [
            "rank", "coverage", "loved", "minimum_n", "months", "paying_days", "own_tool",
            "listeners", "tell_owners", "webhook",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_secret"):
            self.instance.webhook_secret = data["new_secret"]
        try:
            webhook_check(data.get("webhook") or "", self.instance.webhook_secret)
        except DomainError as error:
            raise ValidationError({"webhook": str(error)}) from error
        return data


@admin.register(AlarmPolicy)
class AlarmPolicyAdmin(ModelAdmin):
    form = PolicyForm
    autocomplete_fields = ["listeners", "own_tool"]
    fieldsets = [
        (_("When it fires"), {"fields": [("rank", "coverage"), ("loved", "minimum_n"),
                                         ("months", "paying_days"), "own_tool"]}),
        (_("Who is told"), {"fields": ["listeners", "tell_owners", "webhook", "new_secret"]}),
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one row, so the list is its page."""
        AlarmPolicy.objects.get_or_create(pk=1)
        return redirect("admin:generation_alarmpolicy_change", 1)

    def save_model(self, request: HttpRequest, obj: AlarmPolicy, form: Any, change: bool) -> None:
        alarm_settings_saved(row=obj, actor=actor_of(request), changed=list(form.changed_data))

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.money import shown
from engines.admin import ReadOnlyAdmin, guarded
from generation.admin import dossiers, money
from generation.models import (
    Criterion,
    Feature,
    FeatureUse,
    GatePass,
    GatePolicy,
    Justification,
    Relief,
    Verdict,
)
from generation.services.features import (
    feature_set_status,
    gate_judgement,
    justification_added,
    justification_remove,
)

STATUS_COLOURS = {
    Feature.Status.IDEA: "info",
    Feature.Status.JUSTIFIED: "info",
    Feature.Status.BUILDING: "warning",
    Feature.Status.LIVE: "success",
    Feature.Status.WATCHED: "warning",
    Feature.Status.RETIRED: "danger",
}


class JustificationInline(TabularInline):
    model = Justification
    extra = 0
    autocomplete_fields = ["pain", "payment"]
    fields = ["claim_zh", "claim_en", "pain", "payment"]


class CriterionForm(ModelForm):
    """What is locked is shown, and cannot be changed: the database would refuse it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.locked_at is not None:
            for field in self.fields.values():
                field.disabled = True


class CriterionFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.locked_at is not None:
                raise forms.ValidationError(
                    _("“%(criterion)s” is locked and stays."),
                    params={"criterion": form.instance.text},
                )


class CriterionInline(TabularInline):
    model = Criterion
    form = CriterionForm
    formset = CriterionFormSet
    extra = 0
    fields = ["decides", "text_zh", "metric", "tier", "minimum_n", "operator", "threshold", "due"]


class VerdictInline(TabularInline):
    """Given on the page of the dossier, with the numbers of the moment; here they are read."""

    model = Verdict
    extra = 0
    can_delete = False
    fields = ["decision", "confidence", "why", "by", "at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FeatureForm(ModelForm):
    override_reason = forms.CharField(
        required=False,
        label=_("reason to build in spite of the gate"),
        help_text=_("Only where the policy is not met: kept for good, with your name."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    class Meta:
        model = Feature
        fields = [
            "title_zh", "title_en", "key", "step", "status", "owner", "hypothesis_zh",
            "hypothesis_en", "open_to_votes",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The gate is asked before anything is written, so that its answer stands at the field."""
        data = super().clean() or {}
        before = self.initial.get("status", Feature.Status.IDEA)
        wanted = data.get("status", before)
        if wanted == before:
            return data
        if self.instance.pk is None and wanted != Feature.Status.JUSTIFIED:
            self.add_error("status", _("A new feature begins as an idea."))
        elif wanted == Feature.Status.BUILDING and not data.get("override_reason", "").strip():
            found = gate_judgement(Feature.objects.get(pk=self.instance.pk))
            if not found.passes:
                self.add_error("status", found.refusal)
        return data


@admin.register(Feature)
class FeatureAdmin(ModelAdmin):
    form = FeatureForm
    list_display = ["title_shown", "step", "status_badge", "reasons", "run_count", "dossier_link"]
    list_filter = [("status", ChoicesDropdownFilter), ("step", ChoicesDropdownFilter)]
    list_filter_submit = True
    search_fields = ["key", "title_zh", "title_en"]
    inlines = [JustificationInline, CriterionInline, VerdictInline]
    autocomplete_fields = ["owner"]
    readonly_fields = ["dossier_link"]
    actions = ["start_building"]
    fieldsets = [
        (None, {"fields": [("title_zh", "title_en"), ("key", "step"), ("status", "owner"),
                           "override_reason", "dossier_link"]}),
        (_("Hypothesis"), {"fields": ["hypothesis_zh", "hypothesis_en", "open_to_votes"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feature]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                reason_total=Count("justifications", distinct=True),
                run_total=Count("uses", distinct=True),
            )
        )

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        see, change = "generation.view_feature", "generation.change_feature"

        def dossier_page(request: HttpRequest, key: str) -> HttpResponse:
            return dossiers.page(request, key, site)

        def markdown_file(request: HttpRequest, key: str) -> HttpResponse:
            return dossiers.as_markdown(request, key, site)

        def chain_page(request: HttpRequest, pk: int) -> HttpResponse:
            return dossiers.chain(request, pk, site)

        def gate_page(request: HttpRequest, key: str) -> HttpResponse:
            return dossiers.gate(request, key, site)

        def decide_page(request: HttpRequest, key: str) -> HttpResponse:
            return dossiers.decide(request, key, site)

        def calibration_page(request: HttpRequest) -> HttpResponse:
            return dossiers.calibration_page(request, site)

        def ours(route: str, view: Any, permission: str, name: str) -> URLPattern:
            checked: Any = guarded(site, view, permission)
            return path(route, checked, name=name)

        return [
            ours("calibration/", calibration_page, see, "generation_calibration"),
            ours("chain/<int:pk>/", chain_page, see, "generation_chain"),
            ours("<slug:key>/dossier/", dossier_page, see, "generation_dossier"),
            ours("<slug:key>/dossier.json", dossiers.as_json, see, "generation_dossier_json"),
            ours("<slug:key>/dossier.md", markdown_file, see, "generation_dossier_md"),
            ours("<slug:key>/read/", dossiers.changes_read, change, "generation_changes_read"),
            ours("<slug:key>/gate/", gate_page, change, "generation_gate"),
            ours("<slug:key>/verdict/", decide_page, change, "generation_decide"),
            *super().get_urls(),
        ]

    def save_model(
        self, request: HttpRequest, obj: Feature, form: FeatureForm, change: bool
    ) -> None:
        """The status goes through the service, which asks the gate and locks the criteria."""
        wanted = obj.status
        obj.status = form.initial.get("status", Feature.Status.IDEA)
        super().save_model(request, obj, form, change)
        if wanted != obj.status:
            try:
                feature_set_status(
                    feature=obj,
                    status=wanted,
                    actor=actor_of(request),
                    override_reason=form.cleaned_data["override_reason"],
                )
            except DomainError as error:
                messages.error(request, str(error))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Claims come and go through the service, which keeps what the feature rests on."""
        if formset.model is not Justification:
            super().save_formset(request, form, formset, change)
            return
        saved = formset.save(commit=False)
        for gone in formset.deleted_objects:
            justification_remove(justification=gone, actor=actor_of(request))
        for row in saved:
            row.save()
            justification_added(justification=row, actor=actor_of(request))
        formset.save_m2m()

    @action(description=_("Start the work, as far as the gate lets it through"))
    def start_building(self, request: HttpRequest, queryset: QuerySet[Feature]) -> None:
        for feature in queryset:
            try:
                feature_set_status(
                    feature=feature, status=Feature.Status.BUILDING, actor=actor_of(request)
                )
            except DomainError as error:
                messages.error(request, f"{feature.title} — {error}")
            else:
                messages.success(request, _("Work has started: %(f)s") % {"f": feature.title})

    @display(description=_("feature"), ordering="title_zh")
    def title_shown(self, feature: Feature) -> str:
        return feature.title

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def status_badge(self, feature: Feature) -> tuple[str, str]:
        return feature.status, feature.get_status_display()

    @display(description=_("justifications"), ordering="reason_total")
    def reasons(self, feature: Feature) -> int:
        return feature.reason_total  # type: ignore[attr-defined]  # annotated above

    @display(description=_("pipeline runs"), ordering="run_total")
    def run_count(self, feature: Feature) -> int:
        return feature.run_total  # type: ignore[attr-defined]  # annotated above

    @display(description=_("dossier"))
    def dossier_link(self, feature: Feature) -> SafeString | str:
        if feature.pk is None:
            return "—"
        url = reverse("admin:generation_dossier", args=[feature.key])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Open the dossier"))


@admin.register(Justification)
class JustificationAdmin(ModelAdmin):
    list_display = ["claim_shown", "feature", "pain", "payment"]
    list_select_related = ["feature", "pain", "payment"]
    autocomplete_fields = ["feature", "pain", "payment"]
    search_fields = ["claim_zh", "claim_en"]

    def save_model(self, request: HttpRequest, obj: Justification, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        justification_added(justification=obj, actor=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Justification) -> None:
        justification_remove(justification=obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Justification]) -> None:
        for row in queryset:
            justification_remove(justification=row, actor=actor_of(request))

    @display(description=_("claim"))
    def claim_shown(self, justification: Justification) -> str:
        return justification.claim


@admin.register(FeatureUse)
class FeatureUseAdmin(ReadOnlyAdmin):
    list_display = ["at", "feature", "creator", "run", "tokens", "cost", "accepted"]
    list_select_related = ["feature", "creator", "run__novel"]

    def get_urls(self) -> list[URLPattern]:
        return [*money.urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeatureUse]:
        return super().get_queryset(request).defer("run__novel__text")

    @display(description=_("cost"))
    def cost(self, use: FeatureUse) -> str:
        return shown(use.cost_minor, use.currency)


@admin.register(Relief)
class ReliefAdmin(ReadOnlyAdmin):
    list_display = ["at", "feature", "pain", "creator", "before", "after"]
    list_select_related = ["feature", "pain", "creator"]


@admin.register(GatePolicy)
class GatePolicyAdmin(ModelAdmin):
    """One row: the team's bars."""

    fieldsets = [
        (
            _("One of its pain points, in one tier"),
            {"fields": [("n_head", "n_mid", "n_entry"), ("low", "rank")]},
        ),
        (_("And besides"), {"fields": [("payers", "criteria"), "against_read"]}),
    ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        GatePolicy.objects.get_or_create(pk=1)
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(GatePass)
class GatePassAdmin(ReadOnlyAdmin):
    list_display = ["at", "feature", "kind", "by", "reason"]
    list_select_related = ["feature", "by"]

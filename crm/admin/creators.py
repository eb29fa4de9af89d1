from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from crm.admin.money import PayingFilter
from crm.admin.segments import SegmentFilter
from crm.admin.yuan import InYuan
from crm.http import actor_of
from crm.models import (
    AiTool,
    Creator,
    Interview,
    PayerBalance,
    PayerName,
    Payment,
    StepEffort,
    Tier,
    TierChange,
    ToolUse,
    WorkflowStep,
)
from crm.money import shown
from crm.services.tiers import creator_set_tier
from crm.timeline import kinds, timeline
from engines.admin import guarded

TIER_COLOURS = {Tier.HEAD: "danger", Tier.MID: "warning", Tier.ENTRY: "info"}


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True
    tab = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RelatedOnce:
    """Rows that name their creator in each line; selects whose choices are read once a page."""

    related: ClassVar[list[str]] = ["creator"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # an inline's
        return rows.select_related(*self.related)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and db_field.name in self.related:
            field.choices = list(field.choices)
        return field


class InterviewInline(RelatedOnce, ReadOnlyInline):
    related: ClassVar[list[str]] = ["creator", "study"]
    model = Interview
    fields = ["at", "study", "tier_then", "paying_then", "status"]
    ordering = ["-at"]


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = ["occurred_at", "kind", "amount", "subject", "provider"]
    readonly_fields = ["amount"]
    ordering = ["-occurred_at"]
    newest = 20

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        """The newest of the creator whose page it is; the list of payments has all of them."""
        rows = super().get_queryset(request)
        match = request.resolver_match
        creator = match.kwargs.get("object_id") if match else None
        if creator is None or not str(creator).isdecimal():
            return rows.none()
        newest = Payment.objects.filter(creator_id=int(creator)).order_by("-occurred_at", "-pk")
        return rows.filter(pk__in=list(newest.values_list("pk", flat=True)[: self.newest]))

    @display(description=_("amount"))
    def amount(self, payment: Payment) -> str:
        return shown(payment.signed_minor, payment.currency)


class TierChangeInline(RelatedOnce, ReadOnlyInline):
    model = TierChange
    fields = ["tier", "at", "reason", "rule", "by"]


class ToolUseInline(InYuan, RelatedOnce, TabularInline):
    related: ClassVar[list[str]] = ["creator", "tool"]
    model = ToolUse
    extra = 0
    tab = True
    fields = ["tool", "level", "satisfaction", "spend_minor", "first_heard"]


class StepEffortInline(InYuan, RelatedOnce, TabularInline):
    related: ClassVar[list[str]] = ["creator", "step"]
    model = StepEffort
    extra = 0
    tab = True
    fields = ["step", "minutes", "money_minor", "ai", "quality"]


class PayerNameInline(TabularInline):
    model = PayerName
    extra = 0
    tab = True


@admin.register(Creator)
class CreatorAdmin(InYuan, ModelAdmin):
    list_display = [
        "name", "tier_badge", "platform", "followers_shown", "interview_count", "paid",
        "status", "owner", "sample_badge",
    ]  # fmt: skip
    list_filter = [
        ("tier", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        PayingFilter,
        SegmentFilter,
    ]
    list_filter_submit = True
    actions_list = ["import_list", "look_for_duplicates"]
    actions_detail = ["open_timeline", "open_duplicates"]
    list_select_related = ["owner"]
    search_fields = ["name", "handle", "city"]
    search_help_text = _("Pen name, handle or city")
    autocomplete_fields = ["owner", "user"]
    inlines = [
        InterviewInline, PaymentInline, ToolUseInline, StepEffortInline, PayerNameInline,
        TierChangeInline,
    ]  # fmt: skip
    show_full_result_count = False
    list_per_page = 50
    fieldsets = [
        (None, {"fields": [("name", "tier"), ("platform", "handle"), ("status", "owner")]}),
        (
            _("About"),
            {
                "fields": [
                    ("followers", "income_minor"),
                    ("language", "time_zone"),
                    ("city", "joined_on"),
                    "note",
                ]
            },
        ),
        (_("Contact and login"), {"fields": ["contact", "user"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Creator]:
        interviews = (
            Interview.objects.filter(creator=OuterRef("pk"))
            .order_by()
            .values("creator")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return (
            super()
            .get_queryset(request)
            .annotate(interview_total=Coalesce(Subquery(interviews), 0))
            .prefetch_related(
                Prefetch("balances", PayerBalance.objects.order_by("-charged"), to_attr="sums")
            )
        )

    def save_model(self, request: HttpRequest, obj: Creator, form: Any, change: bool) -> None:
        """A tier changed by hand goes through the service, so that its history is kept."""
        tier = obj.tier
        if change and "tier" in form.changed_data:
            obj.tier = form.initial["tier"]
        super().save_model(request, obj, form, change)
        if not change or "tier" in form.changed_data:
            actor = actor_of(request)
            creator_set_tier(creator=obj, tier=tier, actor=actor)

    def get_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.timeline_view, "crm.view_creator")
        return [
            path("<int:pk>/timeline/", page, name="crm_creator_timeline"),
            *super().get_urls(),
        ]

    @action(description=_("Import a list"), url_path="import-list", icon="upload_file")
    def import_list(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_roster_upload")

    @action(description=_("Look for duplicates"), url_path="to-duplicates", icon="group_work")
    def look_for_duplicates(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_duplicates")

    @action(description=_("Timeline"), url_path="to-timeline", icon="timeline")
    def open_timeline(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_creator_timeline", object_id)

    @action(description=_("Duplicates"), url_path="to-duplicates-of", icon="group_work")
    def open_duplicates(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(f"{reverse('admin:crm_duplicates')}?creator={object_id}")

    def timeline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything that is known of a creator, newest first, by kind where one is asked for."""
        creator = get_object_or_404(Creator, pk=pk)
        names = kinds()
        kind = request.GET.get("kind", "")
        after = request.GET.get("after", "")
        page = timeline(pk, kind=kind if kind in names else "", after=after, reader=request.user.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Timeline of %(name)s") % {"name": creator.name},
            "creator": creator,
            "kinds": names.items(),
            "kind": kind,
            "after": after,
            "following": page.following,
            "entries": [
                {
                    "at": entry.at,
                    "label": names[entry.kind],
                    "title": entry.title,
                    "detail": entry.detail,
                    "href": entry.href,
                }
                for entry in page.entries
            ],
        }
        return render(request, "admin/crm/timeline.html", context)

    @display(description=_("tier"), ordering="tier", label=TIER_COLOURS)
    def tier_badge(self, creator: Creator) -> tuple[str, str]:
        return creator.tier, creator.get_tier_display()

    @display(description=_("followers"), ordering="followers")
    def followers_shown(self, creator: Creator) -> str:
        if creator.followers is None:
            return "—"
        if creator.followers >= 10_000 and (get_language() or "").startswith("zh"):
            return str(_("%(n)s ten thousand")) % {"n": f"{creator.followers / 10_000:,.1f}"}
        return f"{creator.followers:,}"

    @display(description=_("interviews"), ordering="interview_total")
    def interview_count(self, creator: Creator) -> int:
        return creator.interview_total  # type: ignore[attr-defined]  # annotated above

    @display(description=_("paid in all"))
    def paid(self, creator: Creator) -> str:
        sums: list[PayerBalance] = creator.sums  # type: ignore[attr-defined]  # prefetched above
        return " · ".join(shown(row.net, row.currency) for row in sums) or "—"

    @display(description=_("sample"), label=True)
    def sample_badge(self, creator: Creator) -> str | None:
        return str(_("sample")) if creator.is_sample else None


@admin.register(WorkflowStep)
class WorkflowStepAdmin(ModelAdmin):
    list_display = ["key", "title_zh", "title_en", "position"]
    search_fields = ["key", "title_zh", "title_en"]


@admin.register(AiTool)
class AiToolAdmin(ModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]

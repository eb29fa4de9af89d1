from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from crm.admin.links import dossier_links
from crm.models import User
from engines.admin import guarded
from insights.admin import search_page, workspace, workspace_cards, workspace_text
from insights.models import Evidence
from insights.search import quoted
from insights.selectors import blind_interviews
from insights.services.readings import EDITED, evidence_edit


@admin.register(Evidence)
class EvidenceAdmin(ModelAdmin):
    """Quotes are made in the workspace; here they are found, and their reading is refined."""

    list_display = ["quote", "pain", "stance_badge", "tier", "severity", "creator", "coder"]
    list_filter = [
        ("pain", RelatedDropdownFilter),
        ("tier", ChoicesDropdownFilter),
        ("stance", ChoicesDropdownFilter),
    ]
    list_filter_submit = True
    list_per_page = 50
    list_select_related = ["pain", "creator", "coder", "highlight"]
    search_fields = ["highlight__text"]
    readonly_fields = [
        "quote",
        "pain",
        "coder",
        "creator",
        "tier",
        "highlight",
        "justifies",
        "checked",
    ]
    fields = [
        "quote", ("pain", "stance"), ("severity", "frequency"), "workaround", "spend_minor",
        ("creator", "tier"), "coder", "checked", "justifies",
    ]  # fmt: skip
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        reader = request.user.pk or 0
        return super().get_queryset(request).quotable().seen_by(reader, blind_interviews(reader))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Evidence], search_term: str
    ) -> tuple[QuerySet[Evidence], bool]:
        words = search_term.strip()
        return (queryset.filter(highlight__in=quoted(words)) if words else queryset), False

    @display(description=_("words of the creator"))
    def checked(self, evidence: Evidence) -> str:
        """What the speaker said of the quote and its reading, the last first."""
        return (
            "\n".join(
                " · ".join(
                    part
                    for part in (
                        f"{timezone.localtime(row.at):%Y-%m-%d}",
                        row.get_verdict_display(),
                        row.correction,
                    )
                    if part
                )
                for row in evidence.checks.order_by("-pk")
            )
            or "—"
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        found = guarded(site, self.search_page, "crm.view_interview")
        page = guarded(site, self.workspace_page, "crm.view_interview")
        tag = guarded(site, workspace.tag, "insights.add_evidence")
        asked = guarded(site, workspace.asked, "insights.add_evidence")
        untag = guarded(site, workspace.untag, "insights.add_evidence")
        edit = guarded(site, workspace.edit, "insights.add_evidence")
        more = [
            ("correct", workspace_text.correct, "insights_correct"),
            ("speakers", workspace_text.speakers, "insights_speakers"),
            ("place", workspace_text.place, "insights_place"),
            ("card", workspace_cards.card, "insights_card"),
            ("guide", workspace_cards.guide, "insights_guide"),
            ("likely", workspace_cards.likely, "insights_likely"),
        ]
        pulse = guarded(site, workspace_text.pulse, "crm.view_interview")
        return [
            path("workspace/<int:pk>/pulse/", pulse, name="insights_pulse"),
            *(
                path(
                    f"workspace/<int:pk>/{word}/",
                    guarded(site, view, "insights.add_evidence"),
                    name=name,
                )
                for word, view, name in more
            ),
            path("search/", found, name="insights_search"),
            path("workspace/<int:pk>/", page, name="insights_workspace"),
            path("workspace/<int:pk>/tag/", tag, name="insights_tag"),
            path("workspace/<int:pk>/asked/", asked, name="insights_asked"),
            path("untag/<int:pk>/", untag, name="insights_untag"),
            path("reading/<int:pk>/", edit, name="insights_evidence_edit"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Evidence, form: Any, change: bool) -> None:
        """By the service, so that the audit trail has what the reading was."""
        if isinstance(request.user, User):
            values = {name: getattr(obj, name) for name in EDITED}
            evidence_edit(evidence_id=obj.pk, actor=request.user, **values)

    @display(description=_("quote"))
    def quote(self, evidence: Evidence) -> SafeString:
        url = reverse("admin:insights_workspace", args=[evidence.interview_id])
        return format_html(
            '<a class="pj-link" href="{}#h{}">{}</a>', url, evidence.highlight_id,
            evidence.highlight.text[:120],
        )  # fmt: skip

    @display(
        description=_("stance"),
        ordering="stance",
        label={Evidence.Stance.FOR: "success", Evidence.Stance.AGAINST: "warning"},
    )
    def stance_badge(self, evidence: Evidence) -> tuple[str, str]:
        return evidence.stance, evidence.get_stance_display()

    @display(description=_("features that rest on it"))
    def justifies(self, evidence: Evidence) -> SafeString | str:
        return dossier_links(evidence.pain.justifies.select_related("feature"))

    def workspace_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        return workspace.page(request, pk, self.admin_site)

    def search_page(self, request: HttpRequest) -> HttpResponse:
        return search_page.page(request, self.admin_site, self.model)

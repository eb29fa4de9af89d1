from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from engines.admin import ReadOnlyAdmin, guarded
from generation.features.votes import vote_lines
from generation.models import FeatureVote


@admin.register(FeatureVote)
class FeatureVoteAdmin(ReadOnlyAdmin):
    """Points of creators on features; the page of sums is what the team reads."""

    list_display = ["feature", "creator", "tier", "points", "at"]
    list_select_related = ["feature", "creator"]
    list_filter = ["feature"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "sums/", guarded(self.admin_site, self.sums, "generation.view_featurevote"),
            name="generation_votes",
        )  # fmt: skip
        return [page, *super().get_urls()]

    def sums(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Votes of creators"),
            "lines": vote_lines(),
            "budget": FeatureVote.BUDGET,
        }
        return TemplateResponse(request, "admin/generation/votes.html", context)

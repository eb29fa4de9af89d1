"""Insight over HTTP, for the team: pain points with prevalence, their quotes, search."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import ApiView, MayView, TeamRows
from insights.search import passages_of, search
from insights.selectors import blind_interviews, pains_overview, quotes_of, raised_and_asked
from insights.serializers import (
    FoundSerializer,
    PainPointSerializer,
    QuoteSerializer,
    SearchQuery,
)


class PainFilter(filters.FilterSet):
    step = filters.CharFilter(field_name="step__key", help_text="the workflow step's key")


class TeamPains(TeamRows):
    """Open pain points, most raised first, each with n and interval by tier."""

    serializer_class = PainPointSerializer
    filterset_class = PainFilter
    permission = "insights.view_painpoint"

    def rows(self) -> QuerySet[Any]:
        return pains_overview()

    @extend_schema(responses=PainPointSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        context = {"facts": raised_and_asked(row.pk for row in page)}
        return self.get_paginated_response(
            PainPointSerializer(page, many=True, context=context).data
        )

    def retrieve(self, request: Request, pk: int) -> Response:
        row = self.get_object()
        return Response(
            PainPointSerializer(row, context={"facts": raised_and_asked([row.pk])}).data
        )

    @extend_schema(responses=QuoteSerializer(many=True), filters=False)
    @action(detail=True)
    def quotes(self, request: Request, pk: int) -> Response:
        """Every coding of it, for and against, in the words that were said."""
        reader = request.user.pk or 0
        quotes = quotes_of(self.get_object()).seen_by(reader, blind_interviews(reader))
        page = self.paginate_queryset(quotes)
        return self.get_paginated_response(QuoteSerializer(page, many=True).data)


class TeamSearch(ApiView):
    permission_classes = [IsAuthenticated, MayView]
    permission = "crm.view_interview"

    @extend_schema(parameters=[SearchQuery], responses=FoundSerializer)
    def get(self, request: Request) -> Response:
        """Utterances that contain the words, letter by letter, letter case aside.

        Up to 500 hits: passages with evidence first, then the newest interview; more than that are
        listed newest first. `around` adds the turns before and after, and the pain points.
        """
        wanted = SearchQuery(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        withheld = blind_interviews(request.user.pk)
        found = search(
            wanted.validated_data["q"],
            filters=wanted.filters(),
            limit=wanted.validated_data["limit"],
            offset=wanted.validated_data["offset"],
            newest=wanted.validated_data["order"] == "newest",
            variants=wanted.validated_data["variants"],
            withheld=withheld,
        )
        context = {}
        if wanted.validated_data["around"]:
            context["passages"] = {row.hit.id: row for row in passages_of(found.hits, withheld)}
        return Response(FoundSerializer(found, context=context).data)

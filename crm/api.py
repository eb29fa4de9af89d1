"""The HTTP API's doors, and its reads of creators, interviews and payments.

A creator reaches only rows that a selector gives for `request.creator`; the team's routes do not
exist (404) for anybody without the permission to view those rows in the admin.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.authtoken.models import Token
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotAuthenticated, ParseError
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from crm import audit
from crm.selectors import (
    creator_of,
    creators_for_team,
    interviews_for_team,
    interviews_visible_to,
    payments_visible_to,
    transcript_current,
)
from crm.serializers import (
    CreatorSerializer,
    InterviewSerializer,
    OwnInterviewSerializer,
    OwnPaymentSerializer,
    TokenSerializer,
    UtteranceSerializer,
)

if TYPE_CHECKING:
    from crm.models import User


def login_of(request: Request) -> User:
    """The login behind a request that `IsAuthenticated` has let in."""
    user = request.user
    if not user.is_authenticated:
        raise NotAuthenticated
    return user


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request is too large."
    default_code = "too_large"


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


class BoundedJSONParser(BaseParser):
    """JSON is read as a whole, so its declared length is judged before a byte is read.

    Not a `JSONParser`: for those DRF reads the body itself, up to another limit.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > self.limit():
            raise TooLarge(f"Send at most {self.limit()} bytes of JSON.")
        try:
            return json.loads(stream.read(int(length)).decode("utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"This is not JSON: {error}") from error

    def limit(self) -> int:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0


class CourtesyThrottle(UserRateThrottle):
    """So that one client's loop does not slow the others down."""

    scope = "api"
    rate = "1200/min"


class UploadThrottle(UserRateThrottle):
    """For requests that make work: uploads, runs, tokens."""

    scope = "api_work"
    rate = "60/min"


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 200


class IsCreator(BasePermission):
    """Puts the creator on the request; for everybody else the route does not exist."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        creator = creator_of(request.user)
        if creator is None:
            raise Http404
        request.creator = creator  # type: ignore[attr-defined]
        return True


class MayView(BasePermission):
    """The team, as far as the admin lets them see the rows (`view.permission`)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user, wanted = request.user, getattr(view, "permission", "")
        if not (user.is_staff and wanted and user.has_perm(wanted)):
            raise Http404
        return True


class ApiView(APIView):
    """What every route shares: JSON in, courtesy, and nobody unknown."""

    parser_classes = [BoundedJSONParser]
    throttle_classes = [CourtesyThrottle]
    permission_classes = [IsAuthenticated]


class Rows(ApiView, viewsets.GenericViewSet[Any]):
    """Rows from one selector; subclasses say which in `rows`."""

    pagination_class = Pages
    filter_backends = [filters.DjangoFilterBackend]
    lookup_value_converter = "int"

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):  # the schema is written without a visitor
            return self.serializer_class.Meta.model._default_manager.none()  # type: ignore[union-attr]
        return self.rows()


class CreatorRows(Rows):
    """Rows of the creator who asks."""

    permission_classes = [IsAuthenticated, IsCreator]


class TeamRows(Rows):
    """Rows for the team; `permission` is what the admin asks for to view them."""

    permission_classes = [IsAuthenticated, MayView]
    permission = ""


class TranscriptAction:
    """`transcript/` under an interview: its newest version, turn by turn."""

    @extend_schema(responses=UtteranceSerializer(many=True), filters=False)
    @action(detail=True, url_path="transcript")
    def transcript(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What was said, in order; empty where nothing was transcribed."""
        view: Any = self
        current = transcript_current(view.get_object())
        rows = current.utterances.order_by("index") if current else ()
        page = view.paginate_queryset(rows)
        return view.get_paginated_response(UtteranceSerializer(page, many=True).data)


class OwnInterviews(
    TranscriptAction, mixins.ListModelMixin, mixins.RetrieveModelMixin, CreatorRows
):
    serializer_class = OwnInterviewSerializer

    def rows(self) -> QuerySet[Any]:
        return interviews_visible_to(self.request.creator)  # type: ignore[attr-defined]


class PaymentFilter(filters.FilterSet):
    kind = filters.CharFilter(help_text="charge, refund or dispute")
    currency = filters.CharFilter(help_text="ISO 4217")
    since = filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt")


class OwnPayments(mixins.ListModelMixin, mixins.RetrieveModelMixin, CreatorRows):
    serializer_class = OwnPaymentSerializer
    filterset_class = PaymentFilter

    def rows(self) -> QuerySet[Any]:
        return payments_visible_to(self.request.creator)  # type: ignore[attr-defined]


class CreatorFilter(filters.FilterSet):
    tier = filters.CharFilter(help_text="head, mid or entry")
    status = filters.CharFilter(help_text="lead, active, paused or left")
    platform = filters.CharFilter()


class TeamCreators(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamRows):
    serializer_class = CreatorSerializer
    filterset_class = CreatorFilter
    permission = "crm.view_creator"

    def rows(self) -> QuerySet[Any]:
        return creators_for_team()


class InterviewFilter(filters.FilterSet):
    creator = filters.NumberFilter(field_name="creator_id")
    study = filters.CharFilter(field_name="study__key", help_text="the study's key")
    tier = filters.CharFilter(field_name="tier_then", help_text="head, mid or entry, at that time")


class TeamInterviews(TranscriptAction, mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamRows):
    serializer_class = InterviewSerializer
    filterset_class = InterviewFilter
    permission = "crm.view_interview"

    def rows(self) -> QuerySet[Any]:
        return interviews_for_team()


class OwnToken(ApiView):
    """The key by which programs act for this login; asked for with the session of a browser."""

    throttle_classes = [UploadThrottle]

    @extend_schema(request=None, responses={201: TokenSerializer})
    @transaction.atomic
    def post(self, request: Request) -> Response:
        """Make a new key; an older one stops to work."""
        user = login_of(request)
        Token.objects.filter(user=user).delete()
        token = Token.objects.create(user=user)
        audit.record("token.made", user, actor=user)
        return Response(TokenSerializer({"token": token.key}).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @transaction.atomic
    def delete(self, request: Request) -> Response:
        """Take the key back."""
        user = login_of(request)
        taken, _each = Token.objects.filter(user=user).delete()
        if taken:
            audit.record("token.revoked", user, actor=user)
        return Response(status=status.HTTP_204_NO_CONTENT)

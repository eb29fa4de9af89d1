"""The HTTP API's doors, and its reads of creators, interviews and payments.

A creator reaches only rows that a selector gives for `request.creator`; the team's routes do not
exist (404) for anybody without the permission to view those rows in the admin.
"""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.authtoken.models import Token
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, UserRateThrottle
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


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request is too large."
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """JSON is read as a whole, so its declared length is judged before a byte is."""

    most_bytes = 1024 * 1024

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        length = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > self.most_bytes:
            raise TooLarge(f"Send at most {self.most_bytes} bytes of JSON.")
        return super().parse(stream, media_type, parser_context)


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
    throttle_classes: ClassVar[list[type[BaseThrottle]]] = [CourtesyThrottle]
    permission_classes = [IsAuthenticated]


class Rows[Row: Model](ApiView, viewsets.GenericViewSet[Row]):
    """Rows from one selector; subclasses say which in `rows`."""

    pagination_class = Pages
    filter_backends = [filters.DjangoFilterBackend]
    lookup_value_converter = "int"

    def rows(self) -> QuerySet[Row]:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Row]:
        if getattr(self, "swagger_fake_view", False):  # the schema is written without a visitor
            model: type[Row] = self.serializer_class.Meta.model  # type: ignore[union-attr]
            return model._default_manager.none()
        return self.rows()

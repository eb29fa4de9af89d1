"""The pipeline over HTTP: a creator's novels, runs and films; features and dossiers for the team."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from crm.api import (
    BoundedJSONParser,
    CreatorRows,
    TeamRows,
    TooLarge,
    UploadThrottle,
    login_of,
)
from crm.exceptions import DomainError
from generation.exports import board_path
from generation.features.documents import to_document
from generation.features.dossier import WHOLE, dossier
from generation.features.reading import for_reader
from generation.selectors import (
    chapters_of,
    features_for_team,
    films_visible_to,
    novels_visible_to,
    runs_visible_to,
    storyboard_run_of,
)
from generation.serializers import (
    ChapterSerializer,
    FeatureSerializer,
    FilmSerializer,
    NovelSerializer,
    NovelUploadSerializer,
    RunSerializer,
    RunStartSerializer,
)
from generation.services.novels import novel_upload
from generation.services.runs import run_cancel, run_resume, run_start
from generation.streaming import file_response
from generation.tasks import run_execute_start

DOCUMENT = {"type": "object", "additionalProperties": True}


class NovelJSONParser(BoundedJSONParser):
    """A whole novel as JSON; an escaped character takes six bytes at most where UTF-8 takes three."""

    def limit(self) -> int:
        return 2 * settings.NOVEL_MAX_BYTES


class Novels(mixins.ListModelMixin, mixins.RetrieveModelMixin, CreatorRows):
    serializer_class = NovelSerializer
    parser_classes = [NovelJSONParser, MultiPartParser]

    def rows(self) -> QuerySet[Any]:
        novels = novels_visible_to(self.request.creator)  # type: ignore[attr-defined]
        return novels.order_by("-created_at", "-pk")  # counting its chapters drops the order

    def get_throttles(self) -> list[BaseThrottle]:
        return [UploadThrottle()] if self.action == "create" else super().get_throttles()

    @extend_schema(
        request={"multipart/form-data": NovelUploadSerializer,
                 "application/json": NovelUploadSerializer},
        responses={201: NovelSerializer, 200: NovelSerializer},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Upload a novel. The same text again answers 200 with the novel of the first time."""
        sent = NovelUploadSerializer(data=request.data)
        if "pingju.oversize" in request.META:
            most = settings.NOVEL_MAX_BYTES // 1024**2
            raise TooLarge(_("Send files of at most %(most)s MB.") % {"most": most})
        sent.is_valid(raise_exception=True)
        data, name = sent.content()
        if len(data) > settings.NOVEL_MAX_BYTES:
            raise TooLarge()
        creator = request.creator  # type: ignore[attr-defined]
        novel, made = novel_upload(
            creator=creator,
            data=data,
            name=name,
            title=sent.validated_data.get("title", ""),
            actor=login_of(request),
        )
        row = self.rows().get(pk=novel.pk)
        code = status.HTTP_201_CREATED if made else status.HTTP_200_OK
        return Response(NovelSerializer(row).data, status=code)

    @extend_schema(responses=ChapterSerializer(many=True), filters=False)
    @action(detail=True)
    def chapters(self, request: Request, pk: int) -> Response:
        page = self.paginate_queryset(chapters_of(self.get_object()))
        return self.get_paginated_response(ChapterSerializer(page, many=True).data)

    @extend_schema(responses={(200, "application/json"): DOCUMENT})
    @action(detail=True)
    def storyboard(self, request: Request, pk: int) -> HttpResponseBase:
        """The storyboard of the newest run that is done (storyboard.schema.json); 404 before."""
        run = storyboard_run_of(self.get_object())
        if run is None:
            raise Http404
        return file_response(
            request._request, board_path(run), content_type="application/json", max_age=0
        )


class RunFilter(filters.FilterSet):
    # A number and not a choice among novels: a stranger's id answers like one that is not there.
    novel = filters.NumberFilter(field_name="novel_id")
    state = filters.CharFilter(help_text="queued, running, done, failed, cancelled or dead")


class Runs(mixins.ListModelMixin, mixins.RetrieveModelMixin, CreatorRows):
    serializer_class = RunSerializer
    filterset_class = RunFilter

    def rows(self) -> QuerySet[Any]:
        return runs_visible_to(self.request.creator)  # type: ignore[attr-defined]

    def get_throttles(self) -> list[BaseThrottle]:
        return [UploadThrottle()] if self.action == "create" else super().get_throttles()

    @extend_schema(request=RunStartSerializer, responses={201: RunSerializer, 200: RunSerializer})
    def create(self, request: Request) -> Response:
        """Start a run of a novel. The same `token` again answers 200 with the run of that time."""
        sent = RunStartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = dict(sent.validated_data)
        creator = request.creator  # type: ignore[attr-defined]
        novel = get_object_or_404(novels_visible_to(creator), pk=wanted.pop("novel"))
        run, made = run_start(novel=novel, actor=login_of(request), **wanted)
        if made:
            run_execute_start(run.pk)
        code = status.HTTP_201_CREATED if made else status.HTTP_200_OK
        return Response(RunSerializer(self.rows().get(pk=run.pk)).data, status=code)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Ask the run to stop; 422 where it has ended."""
        run = self.get_object()
        if not run_cancel(run=run, actor=login_of(request)):
            raise DomainError(_("This run had already ended."), "ended")
        return Response(RunSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        """Let a stopped run go on from what it has; 422 where it is at work or done."""
        run = self.get_object()
        if not run_resume(run=run, actor=login_of(request)):
            raise DomainError(
                _("This run is at work or done; there is nothing to resume."), "not_stopped"
            )
        run_execute_start(run.pk)
        return Response(RunSerializer(self.get_object()).data)


class FilmFilter(filters.FilterSet):
    novel = filters.NumberFilter(field_name="run__novel_id")


class Films(mixins.ListModelMixin, mixins.RetrieveModelMixin, CreatorRows):
    serializer_class = FilmSerializer
    filterset_class = FilmFilter

    def rows(self) -> QuerySet[Any]:
        films = films_visible_to(self.request.creator)  # type: ignore[attr-defined]
        return films.order_by("-created_at", "-pk")

    @extend_schema(responses={(200, "video/mp4"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: int) -> HttpResponseBase:
        """The film as MP4; answers ranges."""
        film = self.get_object()
        return file_response(request._request, Path(film.file.path), content_type="video/mp4")


class FeatureFilter(filters.FilterSet):
    status = filters.CharFilter()
    step = filters.CharFilter(help_text="the pipeline step")


class TeamFeatures(mixins.ListModelMixin, mixins.RetrieveModelMixin, TeamRows):
    serializer_class = FeatureSerializer
    filterset_class = FeatureFilter
    permission = "generation.view_feature"
    lookup_field = "key"
    lookup_value_converter = "slug"

    def rows(self) -> QuerySet[Any]:
        return features_for_team()

    @extend_schema(responses={(200, "application/json"): DOCUMENT})
    @action(detail=True)
    def dossier(self, request: Request, key: str) -> Response:
        """Why the feature exists: quotes, shares, payers, cost (dossier.schema.json)."""
        found = for_reader(dossier(self.get_object(), most=WHOLE), request.user.pk)
        return Response(to_document(found))

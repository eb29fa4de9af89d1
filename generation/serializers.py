"""Novels, runs, films and features as the HTTP API writes and reads them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from generation.models import Chapter, Feature, Film, Novel, Run
from generation.services.runs import DEFAULT_DENSITY

PRINTABLE = r"^[\x21-\x7e]{1,64}$"


class RepairSerializer(serializers.Serializer[Any]):
    offset = serializers.IntegerField(help_text="code point in the text")
    byte = serializers.IntegerField(help_text="byte in the file")
    reason = serializers.CharField()


class NovelSerializer(serializers.ModelSerializer[Novel]):
    """`length` counts code points of the decoded text."""

    chapter_count = serializers.IntegerField(read_only=True)
    repairs = RepairSerializer(many=True, read_only=True)

    class Meta:
        model = Novel
        fields = [
            "id", "title", "language", "encoding", "length", "sha256", "chapter_count", "repairs",
            "source_name", "created_at",
        ]  # fmt: skip


class NovelUploadSerializer(serializers.Serializer[Any]):
    """A file (multipart) or the text itself (JSON), one of the two."""

    file = serializers.FileField(required=False, allow_empty_file=True)
    text = serializers.CharField(required=False, trim_whitespace=False)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    name = serializers.CharField(
        required=False, max_length=255, help_text="file name, where `text` is sent"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("text" in attrs):
            raise serializers.ValidationError(_("Send `file` or `text`, one of the two."))
        return attrs

    def content(self) -> tuple[bytes, str]:
        """The bytes to read and the name they came under."""
        sent = self.validated_data
        if "file" in sent:
            return sent["file"].read(), sent["file"].name
        return sent["text"].encode(), sent.get("name") or sent.get("title") or "text.txt"


class ChapterSerializer(serializers.ModelSerializer[Chapter]):
    """`start` and `end` count code points of the novel, half-open."""

    class Meta:
        model = Chapter
        fields = ["index", "title", "start", "end"]


class RunSerializer(serializers.ModelSerializer[Run]):
    percent = serializers.IntegerField(read_only=True, help_text="of the stage at work")
    chapters = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    usage = serializers.DictField(read_only=True)
    film = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = [
            "id", "novel", "state", "stage", "done", "total", "percent", "chapters", "density",
            "portrait", "text_engine", "frame_engine", "wants_film", "cancel_requested", "usage",
            "film", "error_code", "error", "queued_at", "started_at", "ended_at",
        ]  # fmt: skip

    def get_film(self, run: Run) -> int | None:
        """The film's id once it is made."""
        return run.film.pk if hasattr(run, "film") else None


class RunStartSerializer(serializers.Serializer[Any]):
    """`token`: any text of the caller's; the same token for a novel again gives the same run."""

    novel = serializers.IntegerField(min_value=1)
    token = serializers.RegexField(PRINTABLE, max_length=64)
    chapters = serializers.ListField(
        child=serializers.IntegerField(min_value=0),
        required=False,
        default=list,
        max_length=10_000,
        help_text="indices; empty means the whole novel",
    )
    density = serializers.FloatField(
        min_value=1,
        max_value=60,
        required=False,
        default=DEFAULT_DENSITY,
        help_text="shots per 1,000 characters",
    )
    film_seconds = serializers.IntegerField(
        min_value=5,
        max_value=36_000,
        required=False,
        allow_null=True,
        default=None,
        help_text="the film's length at most; null reads the whole text",
    )
    text_engine = serializers.CharField(
        max_length=40, required=False, default="offline", help_text="offline, or one configured"
    )
    cap_micro = serializers.IntegerField(
        min_value=1,
        max_value=10**12,
        required=False,
        help_text="the most that the text engine may cost, in millionths of its currency",
    )
    portrait = serializers.BooleanField(required=False, default=True)
    with_frames = serializers.BooleanField(required=False, default=True)
    with_film = serializers.BooleanField(required=False, default=True)


class FilmSerializer(serializers.ModelSerializer[Film]):
    novel = serializers.IntegerField(source="run.novel_id", read_only=True)
    title = serializers.CharField(source="run.novel.title", read_only=True)
    file = serializers.SerializerMethodField()

    class Meta:
        model = Film
        fields = ["id", "run", "novel", "title", "duration_ms", "sha256", "file", "created_at"]

    def get_file(self, film: Film) -> str:
        """The path to fetch the MP4 from."""
        return reverse("api:film-file", args=[film.pk])


class FeatureSerializer(serializers.ModelSerializer[Feature]):
    title = serializers.CharField(read_only=True, help_text="in the reader's language")
    hypothesis = serializers.CharField(read_only=True, help_text="in the reader's language")
    reason_count = serializers.IntegerField(read_only=True)
    run_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Feature
        fields = [
            "id", "key", "title", "title_zh", "title_en", "step", "status", "hypothesis",
            "reason_count", "run_count",
        ]  # fmt: skip

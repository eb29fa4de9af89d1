"""Pain points with their prevalence, and what a search found, as the HTTP API writes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.models import Tier, WorkflowStep
from insights.models import Evidence, PainPoint
from insights.selectors import RaisedAsked, prevalence_by_tier


class EstimateSerializer(serializers.Serializer[Any]):
    """A number with its n, interval and method; null where there is nothing to compute it from."""

    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    method = serializers.CharField()


class TierPrevalenceSerializer(serializers.Serializer[Any]):
    """Of the creators of a tier who were asked, how many raised it."""

    tier = serializers.CharField(help_text="head, mid, entry or all")
    raised = serializers.SerializerMethodField()
    asked = serializers.SerializerMethodField()
    prevalence = EstimateSerializer(source="estimate")

    def get_raised(self, row: Any) -> int:
        return len(row.raised)

    def get_asked(self, row: Any) -> int:
        return len(row.asked)


class PainPointSerializer(serializers.ModelSerializer[PainPoint]):
    """`facts` in the context: pain point → creators who raised it and who were asked, by tier."""

    title = serializers.CharField(read_only=True, help_text="in the reader's language")
    step: serializers.SlugRelatedField[WorkflowStep] = serializers.SlugRelatedField(
        slug_field="key", read_only=True
    )
    quotes = serializers.IntegerField(read_only=True)
    tiers = serializers.SerializerMethodField()

    class Meta:
        model = PainPoint
        fields = ["id", "title", "title_zh", "title_en", "step", "status", "quotes", "tiers"]

    @extend_schema_field(TierPrevalenceSerializer(many=True))
    def get_tiers(self, row: PainPoint) -> list[dict[str, Any]]:
        facts: dict[int, RaisedAsked] = self.context["facts"]
        lines = prevalence_by_tier(facts[row.pk])
        return list(TierPrevalenceSerializer(lines, many=True).data)


class QuoteSerializer(serializers.ModelSerializer[Evidence]):
    """A coding: `text` is [start, end) of the interview's transcript, in code points."""

    start = serializers.IntegerField(source="highlight.start", read_only=True)
    end = serializers.IntegerField(source="highlight.end", read_only=True)
    text = serializers.CharField(source="highlight.text", read_only=True)
    interview = serializers.IntegerField(source="highlight.transcript.interview_id", read_only=True)

    class Meta:
        model = Evidence
        fields = [
            "id", "interview", "creator", "tier", "stance", "severity", "start", "end", "text",
        ]  # fmt: skip


class SearchQuery(serializers.Serializer[Any]):
    """What can be asked of a search."""

    q = serializers.CharField(
        max_length=200, help_text="Words exactly as they were said; one character is enough."
    )
    tier = serializers.ChoiceField(choices=Tier.choices, required=False)
    study = serializers.CharField(required=False, default="", help_text="the study's key")
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=20)
    offset = serializers.IntegerField(min_value=0, max_value=10_000, required=False, default=0)


class HitSerializer(serializers.Serializer[Any]):
    interview = serializers.IntegerField()
    utterance = serializers.IntegerField(help_text="its index in the transcript")
    speaker = serializers.CharField()
    text = serializers.CharField()
    start_ms = serializers.IntegerField(allow_null=True)
    tier = serializers.CharField(help_text="the creator's tier at the time of the interview")
    creator = serializers.CharField()
    creator_id = serializers.IntegerField()


class FoundSerializer(serializers.Serializer[Any]):
    query = serializers.CharField()
    count = serializers.IntegerField(help_text="exact unless `capped`")
    capped = serializers.BooleanField()
    hits = HitSerializer(many=True)

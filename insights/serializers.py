"""Pain points with their prevalence, and what a search found, as the HTTP API writes them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.models import Quoting, Tier, WorkflowStep
from insights.models import Evidence, PainPoint
from insights.search import Filters, Hit, start_of
from insights.selectors import RaisedAsked, prevalence_by_tier


class EstimateSerializer(serializers.Serializer[Any]):
    """A share with its n, interval and method; null below n = 5, where a percentage says nothing."""

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
    prevalence = EstimateSerializer(source="estimate.published")

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
    interview = serializers.IntegerField(source="interview_id", read_only=True)
    quoting = serializers.ChoiceField(
        choices=Quoting.choices, read_only=True, help_text="what its speaker agreed to"
    )

    class Meta:
        model = Evidence
        fields = [
            "id", "interview", "creator", "tier", "stance", "severity", "start", "end", "text",
            "quoting",
        ]  # fmt: skip


class SearchQuery(serializers.Serializer[Any]):
    """What can be asked of a search."""

    q = serializers.CharField(
        max_length=200, help_text="Words exactly as they were said; one character is enough."
    )
    tier = serializers.ChoiceField(choices=Tier.choices, required=False)
    study = serializers.CharField(required=False, default="", help_text="the study's key")
    pain = serializers.IntegerField(
        required=False, default=None, allow_null=True, help_text="passages that are evidence for it"
    )
    speaker = serializers.CharField(required=False, default="", help_text="a part of the name")
    since = serializers.DateField(
        required=False, default=None, help_text="interviews from that day"
    )
    until = serializers.DateField(
        required=False, default=None, help_text="up to that day, included"
    )
    coded = serializers.BooleanField(
        required=False, default=False, help_text="only passages with evidence"
    )
    variants = serializers.BooleanField(
        required=False,
        default=False,
        help_text="also simplified, traditional, half-width and full-width spellings",
    )
    order = serializers.ChoiceField(
        choices=[("rank", _("Evidence first")), ("newest", _("Newest first"))],
        required=False,
        default="rank",
    )
    around = serializers.BooleanField(
        required=False, default=False, help_text="with the turns before and after"
    )
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=20)
    offset = serializers.IntegerField(min_value=0, max_value=10_000, required=False, default=0)

    def filters(self) -> Filters:
        """What narrows it; days are days of the house's time zone."""
        asked = self.validated_data
        return Filters(
            tier=asked.get("tier", ""),
            study=asked["study"],
            pain=asked["pain"],
            speaker=asked["speaker"],
            since=start_of(asked["since"]),
            until=start_of(asked["until"], days=1),
            coded=asked["coded"],
        )


class TurnSerializer(serializers.Serializer[Any]):
    speaker = serializers.CharField()
    text = serializers.CharField()


class CodingSerializer(serializers.Serializer[Any]):
    pain = serializers.IntegerField(source="pain.pk")
    title = serializers.CharField(source="pain.title")
    against = serializers.BooleanField()


class PassageSerializer(serializers.Serializer[Any]):
    """What stands around a hit."""

    before = TurnSerializer(allow_null=True)
    after = TurnSerializer(allow_null=True)
    codings = CodingSerializer(many=True)


class HitSerializer(serializers.Serializer[Any]):
    interview = serializers.IntegerField()
    utterance = serializers.IntegerField(help_text="its index in the transcript")
    speaker = serializers.CharField()
    text = serializers.CharField()
    start_ms = serializers.IntegerField(allow_null=True)
    tier = serializers.CharField(help_text="the creator's tier at the time of the interview")
    creator = serializers.CharField()
    creator_id = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="time of the interview")
    around = serializers.SerializerMethodField(help_text="null unless asked for")

    @extend_schema_field(PassageSerializer(allow_null=True))
    def get_around(self, row: Hit) -> dict[str, Any] | None:
        passage = self.context.get("passages", {}).get(row.id)
        return None if passage is None else dict(PassageSerializer(passage).data)


class FoundSerializer(serializers.Serializer[Any]):
    query = serializers.CharField()
    count = serializers.IntegerField(help_text="exact unless `capped`")
    capped = serializers.BooleanField()
    ranked = serializers.BooleanField(help_text="evidence first; else newest first")
    hits = HitSerializer(many=True)

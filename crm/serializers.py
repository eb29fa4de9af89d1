"""Creators, interviews and payments as the HTTP API writes them.

What a creator reads of their own rows has classes of its own with fewer fields: the team's notes,
tiers and contacts are not theirs to leave out by an `if`.
"""

from typing import Any

from rest_framework import serializers

from crm.models import Creator, Interview, Payment, Study, Utterance
from crm.money import decimal_text


class CreatorSerializer(serializers.ModelSerializer[Creator]):
    """For the team; the encrypted contact stays in the admin."""

    interview_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Creator
        fields = [
            "id", "name", "handle", "platform", "tier", "status", "language", "city", "followers",
            "joined_on", "interview_count",
        ]  # fmt: skip


class InterviewSerializer(serializers.ModelSerializer[Interview]):
    """For the team."""

    creator_name = serializers.CharField(source="creator.name", read_only=True)
    study: serializers.SlugRelatedField[Study] = serializers.SlugRelatedField(
        slug_field="key", read_only=True
    )

    class Meta:
        model = Interview
        fields = [
            "id", "creator", "creator_name", "study", "at", "tier_then", "paying_then", "status",
            "language", "minutes",
        ]  # fmt: skip


class OwnInterviewSerializer(serializers.ModelSerializer[Interview]):
    """What a creator reads of an interview with them."""

    study = serializers.SerializerMethodField()

    class Meta:
        model = Interview
        fields = ["id", "study", "at", "status", "language", "minutes"]

    def get_study(self, row: Interview) -> str:
        """The study's title in the reader's language; empty where it belongs to none."""
        return str(row.study) if row.study else ""


class UtteranceSerializer(serializers.ModelSerializer[Utterance]):
    """A turn of speech; `start` and `end` count code points of the whole transcript, half-open."""

    class Meta:
        model = Utterance
        fields = ["index", "speaker", "start_ms", "end_ms", "start", "end", "text"]


class OwnPaymentSerializer(serializers.ModelSerializer[Payment]):
    """A creator's own payment; `amount` is a decimal string, refunds and disputes negative."""

    amount = serializers.SerializerMethodField()

    class Meta:
        model = Payment
        fields = ["id", "provider", "kind", "amount", "currency", "occurred_at", "subject"]

    def get_amount(self, row: Payment) -> str:
        return decimal_text(row.signed_minor, row.currency)


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(
        read_only=True, help_text="Send it as `Authorization: Token …`; shown this once."
    )

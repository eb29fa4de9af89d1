"""Creators, interviews with their transcripts, payments."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from crm.models import (
    Creator,
    Interview,
    Payment,
    PaymentImport,
    Study,
    Tier,
    TranscriptVersion,
    User,
    Utterance,
)

MOMENT = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"login{n}")
    email = factory.LazyAttribute(lambda row: f"{row.username}@example.org")
    password = factory.django.Password("right horse")


class CreatorFactory(DjangoModelFactory[Creator]):
    class Meta:
        model = Creator

    name = factory.Sequence(lambda n: f"墨白{n}号")
    tier = Tier.MID


class StudyFactory(DjangoModelFactory[Study]):
    class Meta:
        model = Study

    key = factory.Sequence(lambda n: f"study-{n}")
    title_zh = factory.Sequence(lambda n: f"创作流程研究{n}")


class InterviewFactory(DjangoModelFactory[Interview]):
    class Meta:
        model = Interview

    creator = factory.SubFactory(CreatorFactory)
    at = MOMENT
    tier_then = factory.SelfAttribute("creator.tier")


class TranscriptFactory(DjangoModelFactory[TranscriptVersion]):
    """Without utterances; `transcript_of` makes both so that they agree."""

    class Meta:
        model = TranscriptVersion

    interview = factory.SubFactory(InterviewFactory)
    text = "分镜要画三天。"
    sha256 = factory.LazyAttribute(lambda row: hashlib.sha256(row.text.encode()).hexdigest())
    format = "labelled"


def transcript_of(
    lines: Sequence[tuple[str, str]], *, version: int = 1, **interview: Any
) -> TranscriptVersion:
    """A transcript with an utterance a line of (speaker, text); keywords go to the interview."""
    row = interview.pop("interview", None) or InterviewFactory(**interview)
    transcript = TranscriptFactory(
        interview=row, version=version, text="\n".join(text for _speaker, text in lines)
    )
    start = 0
    utterances = []
    for index, (speaker, text) in enumerate(lines):
        utterances.append(
            Utterance(
                transcript=transcript,
                index=index,
                speaker=speaker,
                start=start,
                end=start + len(text),
                text=text,
            )
        )
        start += len(text) + 1
    Utterance.objects.bulk_create(utterances)
    return transcript


class PaymentImportFactory(DjangoModelFactory[PaymentImport]):
    class Meta:
        model = PaymentImport

    name = "账单.csv"
    sha256 = "0" * 64
    format = "alipay"


class PaymentFactory(DjangoModelFactory[Payment]):
    class Meta:
        model = Payment

    provider = "alipay"
    event_id = factory.Sequence(lambda n: f"event-{n}")
    object_id = factory.Sequence(lambda n: f"order-{n}")
    kind = Payment.Kind.CHARGE
    minor = 5900
    currency = "CNY"
    occurred_at = MOMENT

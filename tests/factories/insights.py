"""Pain points and the evidence for them."""

import factory
from factory.django import DjangoModelFactory

from crm.models import TranscriptVersion, User
from insights.models import Evidence, PainPoint
from insights.services.highlights import passage_tag
from tests.factories.crm import UserFactory, transcript_of


class PainPointFactory(DjangoModelFactory[PainPoint]):
    class Meta:
        model = PainPoint

    title_zh = factory.Sequence(lambda n: f"分镜太慢{n}")


def tag(
    pain: PainPoint,
    *,
    transcript: TranscriptVersion | None = None,
    quote: str = "分镜要画三天",
    coder: User | None = None,
    stance: str = Evidence.Stance.FOR,
) -> Evidence:
    """Tag the first place where `quote` was said; without a transcript one is made."""
    source = transcript or transcript_of([("受访者", quote)])
    start = source.text.index(quote)
    return passage_tag(
        transcript=source,
        start=start,
        end=start + len(quote),
        pain=pain,
        coder=coder or UserFactory(is_staff=True),
        stance=stance,
    )

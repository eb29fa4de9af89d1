"""The founding story as rows: the best name in the trade, loved, paid steadily, not the first pain."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crm.models import AiTool, Creator, Tier, ToolUse
from generation.models import AlarmPolicy, Feature, FeatureUse, Justification, Relief
from generation.services.features import feature_set_status
from insights.models import Asked, Need, PainPoint
from tests.factories.crm import (
    CreatorFactory,
    InterviewFactory,
    PaymentFactory,
    UserFactory,
    transcript_of,
)
from tests.factories.generation import FeatureFactory, RunFactory
from tests.factories.insights import PainPointFactory, tag

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FIRST = "两三个人同框就串脸"


@dataclass
class Story:
    """`first`: the pain that all raise and nothing covers; `served`: the one we built for."""

    first: PainPoint
    served: PainPoint
    built: Feature
    people: list[Creator] = field(default_factory=list)


def founding_story(n: int = 12) -> Story:
    """`n` mid creators; half of them pay 59 yuan every month since spring."""
    first = PainPointFactory(title_zh="多角色同框串脸", title_en="Characters swap faces")
    served = PainPointFactory(title_zh="角色换镜就变脸", title_en="Faces drift")
    built = FeatureFactory(key="fixed", status=Feature.Status.LIVE)
    Justification.objects.create(feature=built, claim_zh="变脸", pain=served)
    tool = AiTool.objects.create(name="凭据")
    AlarmPolicy.objects.create(pk=1, own_tool=tool)
    story = Story(first, served, built)
    for number in range(n):
        creator = CreatorFactory(tier=Tier.MID, joined_on=datetime(2025, 9, 1).date())  # noqa: DTZ001
        story.people.append(creator)
        interview = InterviewFactory(creator=creator, tier_then=Tier.MID)
        words = transcript_of([("受访者", f"{FIRST}，第{number}次了。")], interview=interview)
        tag(first, transcript=words, quote=FIRST)
        Asked.objects.create(interview=interview, pain=served)
        _rate(creator, first, importance=5, satisfaction=1)
        _rate(creator, served, importance=4, satisfaction=5)
        ToolUse.objects.create(creator=creator, tool=tool, level="regular", satisfaction=5)
        if number % 2:
            _pays_since_spring(creator)
    return story


def _rate(creator: Creator, pain: PainPoint, *, importance: int, satisfaction: int) -> None:
    Need.objects.create(
        creator=creator, pain=pain, tier=Tier.MID, importance=importance,
        satisfaction=satisfaction, expensive_minor=12_000,
    )  # fmt: skip


def _pays_since_spring(creator: Creator) -> None:
    for month in range(3, 11):
        PaymentFactory(creator=creator, occurred_at=datetime(2026, month, 12, 4, tzinfo=UTC))


def cover_the_first_pain(story: Story, *, live: bool = True, answers: int | None = None) -> Feature:
    """Build for the first pain; the creators keep its results and say that most of it is gone."""
    feature: Feature = FeatureFactory(
        key="same_frame", status=Feature.Status.LIVE if live else Feature.Status.IDEA
    )
    if not live:
        feature_set_status(
            feature=feature,
            status=Feature.Status.BUILDING,
            actor=UserFactory(is_staff=True),
            override_reason="先做出来",
        )
    Justification.objects.create(feature=feature, claim_zh="同框", pain=story.first)
    for number, creator in enumerate(story.people):
        run = RunFactory(novel__creator=creator)
        FeatureUse.objects.create(
            run=run, feature=feature, creator=creator, accepted=True, at=NOW - timedelta(days=3)
        )
        if answers is None or number < answers:
            Relief.objects.create(
                creator=creator, feature=feature, pain=story.first, before=9, after=1
            )
    return feature

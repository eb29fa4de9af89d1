"""The three questions of a first visit: where one publishes, which tools, what each step takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import AiTool, Creator, StepEffort, ToolUse, User, WorkflowStep
from crm.services.tools import step_effort_record, tool_use_record

MOST_MINUTES = 60 * 24 * 30
MOST_FOLLOWERS = 2_000_000_000


@dataclass(frozen=True)
class Reach:
    """Where a creator publishes; what they leave open stays as it is. Income in fen a month."""

    platform: str = ""
    followers: int | None = None
    income_minor: int | None = None


@transaction.atomic
def onboarding_save(
    *,
    creator: Creator,
    reach: Reach,
    tools: Mapping[int, str],
    steps: Mapping[int, tuple[int, str]],
    actor: User | None = None,
) -> int:
    """Keep what was answered; returns how many answers. `steps`: step → minutes a piece, AI's share.

    Raises `DomainError` for a number that cannot be; then nothing is kept.
    """
    if reach.followers is not None and not 0 <= reach.followers <= MOST_FOLLOWERS:
        raise DomainError(_("The number of followers cannot be."), "followers")
    fields = {
        name: value
        for name, value in (
            ("platform", reach.platform.strip()[:60]),
            ("followers", reach.followers),
            ("income_minor", reach.income_minor),
        )
        if value not in ("", None)
    }
    if fields:
        Creator.objects.filter(pk=creator.pk).update(**fields)
        creator.refresh_from_db()
    now, answers = timezone.now(), len(fields)
    for tool in AiTool.objects.filter(pk__in=list(tools)):
        level = tools[tool.pk]
        tool_use_record(creator=creator, tool=tool, level=level, at=now, actor=actor)
        answers += 1
    for step in WorkflowStep.objects.filter(pk__in=list(steps)):
        minutes, share = steps[step.pk]
        if not 0 <= minutes <= MOST_MINUTES:
            raise DomainError(
                _("%(step)s: between 0 and %(most)s minutes a piece.")
                % {"step": step.title, "most": MOST_MINUTES},
                "minutes",
            )
        step_effort_record(
            creator=creator, step=step, minutes=minutes, ai=share, at=now, actor=actor
        )
        answers += 1
    audit.record("creator.onboarded", creator, actor=actor, data={"answers": answers})
    return answers


def levels() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in ToolUse.Level.choices]


def shares() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in StepEffort.AiShare.choices]


def tools_asked() -> list[AiTool]:
    return list(AiTool.objects.order_by("name")[:12])


def steps_asked() -> list[WorkflowStep]:
    return list(WorkflowStep.objects.order_by("position", "key"))

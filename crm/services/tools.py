"""What a creator says of AI tools and of the steps of their work: a row a moment, history kept.

A later word is a row of its own; a word about the same moment (a card of one interview saved again)
corrects the row, and the audit trail keeps what stood there.
"""

from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import AiTool, Creator, Interview, StepEffort, ToolUse, User, WorkflowStep

Said = TypeVar("Said", ToolUse, StepEffort)
USED = (ToolUse.Level.TRIED, ToolUse.Level.REGULAR, ToolUse.Level.PAYING)


@transaction.atomic
def tool_use_record(
    *,
    creator: Creator,
    tool: AiTool | str,
    level: str,
    satisfaction: int | None = None,
    spend_minor: int = 0,
    first_heard: date | None = None,
    interview: Interview | None = None,
    at: datetime | None = None,
    actor: User | None = None,
) -> ToolUse:
    """Record how well a creator knows a tool; `tool` may be a name, new ones are added.

    `spend_minor` is fen a month; `at` is the interview's time where one is named, else now. Raises
    `DomainError` where the word contradicts itself or a number cannot be.
    """
    moment = _moment(creator, interview, at)
    if level not in ToolUse.Level.values:
        raise DomainError(_("Choose how well the tool is known."), "no_level")
    if level not in USED and (satisfaction is not None or spend_minor):
        raise DomainError(
            _("Who has not tried a tool can neither rate it nor pay for it."), "not_used"
        )
    if level != ToolUse.Level.PAYING and spend_minor:
        raise DomainError(
            _("Money is spent on it: then the level is “%(level)s”.")
            % {"level": ToolUse.Level.PAYING.label},
            "not_paying",
        )
    if first_heard and first_heard > timezone.localdate(moment):
        raise DomainError(_("First heard of lies after the day it was said."), "heard_later")
    said = {
        "level": level,
        "satisfaction": satisfaction,
        "spend_minor": spend_minor,
        "first_heard": first_heard,
        "interview": interview,
    }
    found = tool if isinstance(tool, AiTool) else tool_named(tool)
    use = ToolUse.objects.filter(creator=creator, tool=found, at=moment).first()
    use = use or ToolUse(creator=creator, tool=found, at=moment)
    return _keep(use, said, "tool_use.recorded", actor)


@transaction.atomic
def step_effort_record(
    *,
    creator: Creator,
    step: WorkflowStep,
    minutes: int,
    ai: str,
    money_minor: int = 0,
    quality: int | None = None,
    interview: Interview | None = None,
    at: datetime | None = None,
    actor: User | None = None,
) -> StepEffort:
    """Record what a step takes a creator a piece: `minutes`, `money_minor` in fen, how much AI does.

    `quality` is what they accept, 1 to 5. Raises `DomainError`.
    """
    moment = _moment(creator, interview, at)
    if ai not in StepEffort.AiShare.values:
        raise DomainError(_("Choose how much of the step AI does."), "no_share")
    said = {
        "minutes": minutes,
        "money_minor": money_minor,
        "ai": ai,
        "quality": quality,
        "interview": interview,
    }
    effort = StepEffort.objects.filter(creator=creator, step=step, at=moment).first()
    effort = effort or StepEffort(creator=creator, step=step, at=moment)
    return _keep(effort, said, "step_effort.recorded", actor)


def tool_named(name: str) -> AiTool:
    """The tool of this name, however it is capitalised; one that nobody named before is added."""
    plain = " ".join(name.split())
    if not plain or len(plain) > 80:
        raise DomainError(_("Name the tool, in at most 80 characters."), "no_tool")
    found = AiTool.objects.filter(name__iexact=plain).order_by("pk").first()
    return found or AiTool.objects.get_or_create(name=plain)[0]


def _moment(creator: Creator, interview: Interview | None, at: datetime | None) -> datetime:
    """When it was said; the creator is locked, so that two who save a card make one row."""
    if interview is not None and interview.creator_id != creator.pk:
        raise DomainError(_("This interview was with somebody else."), "wrong_interview")
    now = timezone.now()
    if at is not None and at > now:
        raise DomainError(_("Nothing can be recorded of a day to come."), "future")
    Creator.objects.select_for_update(of=("self",)).get(pk=creator.pk)
    return at or (min(interview.at, now) if interview else now)


def _keep(row: Said, said: dict[str, Any], action: str, actor: User | None) -> Said:
    fresh = row._state.adding
    before = {} if fresh else {name: _plain(getattr(row, name)) for name in said}
    after = {name: _plain(value) for name, value in said.items()}
    if before == after:
        return row
    for name, value in said.items():
        setattr(row, name, value)
    row.by = actor
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), "invalid") from error
    row.save()
    data = {"creator": row.creator_id} | ({"after": after} if fresh else _both(before, after))
    audit.record(action, row, actor=actor, data=data)
    return row


def _both(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    changed = [name for name in after if before[name] != after[name]]
    return {
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Interview) else value

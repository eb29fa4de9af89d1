"""Saved questions about creators: which conditions there are, and who meets them today.

A condition of another room (who raised a pain) is registered in `CONDITIONS` when its app starts;
crm itself knows only its own tables. Several values of a condition are alternatives, several
conditions all hold.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.exceptions import DomainError
from crm.models import (
    AiTool,
    Creator,
    Interview,
    PayingSpell,
    Segment,
    Study,
    Tier,
    ToolUse,
    User,
)
from crm.tallies import GRACE_DAYS

Choice = tuple[str, str]


@dataclass(frozen=True)
class Condition:
    """`choices`: what can be chosen now, as (value, label); `meets`: those values → a filter."""

    title: Any
    choices: Callable[[], Sequence[Choice]]
    meets: Callable[[Sequence[str]], Q]


def _platforms() -> list[Choice]:
    names = (
        Creator.objects.exclude(platform="").order_by("platform").values_list("platform", flat=True)
    )
    return [(name, name) for name in names.distinct()]


def _tools() -> list[Choice]:
    return [(str(tool.pk), tool.name) for tool in AiTool.objects.all()]


def _uses(levels: Sequence[str]) -> Callable[[Sequence[str]], Q]:
    def meets(values: Sequence[str]) -> Q:
        """Whose last word on one of the tools is one of these levels."""
        last = ToolUse.objects.filter(tool__in=_keys(values)).order_by(
            "creator_id", "tool_id", "-at", "-pk"
        )
        ids = last.distinct("creator_id", "tool_id").values_list("creator_id", "level")
        return Q(pk__in=[creator for creator, level in ids if level in levels])

    return meets


def _paying(values: Sequence[str]) -> Q:
    ever = PayingSpell.objects.filter(creator=OuterRef("pk"))
    last = timezone.now() - timedelta(days=GRACE_DAYS)
    paying, paid = Q(Exists(ever.filter(until__gte=last))), Q(Exists(ever))
    known = {"now": paying, "before": paid & ~paying, "never": ~paid}
    found = Q(pk__in=[])
    for value in values:
        found |= known.get(value, Q(pk__in=[]))
    return found


def _studies() -> list[Choice]:
    return [(str(study.pk), study.title) for study in Study.objects.all()]


def _in_study(values: Sequence[str]) -> Q:
    held = Interview.objects.filter(creator=OuterRef("pk"), study__in=_keys(values))
    return Q(Exists(held.exclude(status=Interview.Status.PLANNED)))


def _keys(values: Sequence[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


def _labels(choices: Any) -> Callable[[], Sequence[Choice]]:
    return lambda: [(str(value), str(label)) for value, label in choices]


CONDITIONS: dict[str, Condition] = {
    "tier": Condition(
        gettext_lazy("tier"), _labels(Tier.choices), lambda values: Q(tier__in=values)
    ),
    "platform": Condition(
        gettext_lazy("platform"), _platforms, lambda values: Q(platform__in=values)
    ),
    "status": Condition(
        gettext_lazy("status"), _labels(Creator.Status.choices), lambda values: Q(status__in=values)
    ),
    "tool": Condition(gettext_lazy("uses the tool"), _tools, _uses(("regular", "paying"))),
    "tool_known": Condition(
        gettext_lazy("knows the tool and does not use it"), _tools, _uses(("aware", "tried"))
    ),
    "paying": Condition(
        gettext_lazy("pays us"),
        _labels(
            (
                ("now", gettext_lazy("pays now")),
                ("before", gettext_lazy("no longer")),
                ("never", gettext_lazy("Has never paid")),
            )
        ),
        _paying,
    ),
    "study": Condition(gettext_lazy("interviewed for the study"), _studies, _in_study),
}


def conditions_of(posted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What of a form are conditions. Raises `DomainError` for a value that cannot be chosen."""
    found: dict[str, list[str]] = {}
    for key, condition in CONDITIONS.items():
        values = [value for value in posted.get(key, ()) if value]
        known = {value for value, _label in condition.choices()} if values else set()
        if set(values) - known:
            raise DomainError(
                _("One of the choices for “%(title)s” is no longer there. Choose again.")
                % {"title": condition.title},
                "no_choice",
            )
        if values:
            found[key] = values
    return found


def matching(conditions: Mapping[str, Sequence[str]]) -> Q:
    """A filter on creators; a condition whose room is gone is met by nobody, never by everybody."""
    found = Q()
    for key, values in conditions.items():
        found &= CONDITIONS[key].meets(values) if key in CONDITIONS else Q(pk__in=[])
    return found


def people_in(segment: Segment) -> QuerySet[Creator]:
    """The creators who meet a segment today."""
    return Creator.objects.filter(matching(segment.conditions))


def segments_for(user: User) -> QuerySet[Segment]:
    """The team's segments and the user's own."""
    return Segment.objects.filter(Q(shared=True) | Q(by=user)).select_related("by")


def spelled(conditions: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Each condition with its values in words."""
    told = []
    for key, values in conditions.items():
        condition = CONDITIONS.get(key)
        if condition is None:
            continue
        labels = dict(condition.choices())
        told.append((str(condition.title), _(" or ").join(labels.get(v, "?") for v in values)))
    return told

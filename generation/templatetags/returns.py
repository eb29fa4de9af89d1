"""Amounts that are computed, not booked, and how many answers wait for a creator."""

from django import template
from django.http import HttpRequest
from django.utils.formats import number_format

from crm.money import shown
from generation.features.alarm.page import AlarmState, alarm_state
from generation.features.said_and_done import unseen_answers
from generation.models import Feature

register = template.Library()


@register.filter
def fen(minor: float | None) -> str:
    """Computed fen rounded to whole yuan from 1,000 yuan on: ¥33.37, ¥12,346; unknown is a dash."""
    if minor is None:
        return "—"
    if abs(minor) >= 100_000:
        return shown(round(minor / 100) * 100, "CNY").removesuffix(".00")
    return shown(round(minor), "CNY")


@register.filter
def months(value: float | None) -> str:
    """Months with one decimal; never is a dash."""
    return "—" if value is None else str(number_format(value, 1))


@register.simple_tag(takes_context=True)
def waiting_answers(context: template.Context) -> int:
    """How many answers the creator of this request has not seen yet."""
    request: HttpRequest | None = context.get("request")
    creator = getattr(request, "creator", None)
    return unseen_answers(creator) if creator is not None else 0


@register.simple_tag
def alarm_naming(feature: Feature) -> AlarmState | None:
    """The alarm, if it fires for a pain that this feature rests on."""
    found = alarm_state()
    if not found.fires or found.pain is None:
        return None
    return found if feature.justifications.filter(pain=found.pain).exists() else None

"""Everything that is known of a creator, in the order in which it happened.

Each kind of entry comes from a provider; rooms above crm register theirs in `PROVIDERS` when their
app starts, so that crm knows nothing of them. Pages are cut by key (time, kind, row), not by
number: a page far down costs what the first costs, and new entries shift nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import (
    Appointment,
    Consent,
    IncentiveStep,
    Interview,
    Payment,
    StepEffort,
    TierChange,
    ToolUse,
)
from crm.money import shown

PAGE = 40


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `detail` is a line about it, `href` where it can be read."""

    at: datetime
    kind: str
    pk: int
    title: str
    detail: str = ""
    href: str = ""

    @property
    def key(self) -> str:
        """As the address of the next page names it."""
        return f"{self.at.isoformat()}~{self.kind}~{self.pk}"


@dataclass(frozen=True)
class Cursor:
    """The last entry of the page before."""

    at: datetime
    kind: str
    pk: int

    def beyond(self, kind: str, at: str = "at") -> Q:
        """Rows of a kind that come after this entry; `at` is the field of their time."""
        if kind == self.kind:
            return Q(**{f"{at}__lt": self.at}) | Q(**{at: self.at, "pk__lt": self.pk})
        return Q(**{f"{at}__lte" if kind > self.kind else f"{at}__lt": self.at})


@dataclass(frozen=True)
class Asked:
    """What a provider is asked for: a creator's newest `limit` entries beyond the cursor, as far
    as the `reader` (a user's key) may see them."""

    creator: int
    kind: str
    cursor: Cursor | None
    limit: int
    reader: int | None = None

    def newest(self, rows: Any, at: str = "at") -> list[Any]:
        """The asked part of a queryset of this creator's rows."""
        if self.cursor is not None:
            rows = rows.filter(self.cursor.beyond(self.kind, at))
        return list(rows.order_by(f"-{at}", "-pk")[: self.limit])


@dataclass(frozen=True)
class Provider:
    """A kind of entry: its name on the page and who reads it, in a fixed number of queries."""

    title: Any
    read: Callable[[Asked], list[Entry]]


@dataclass(frozen=True)
class TimelinePage:
    """Newest first; `following` names the next page, empty at the end."""

    entries: tuple[Entry, ...]
    following: str


def timeline(
    creator: int, *, kind: str = "", after: str = "", limit: int = PAGE, reader: int | None = None
) -> TimelinePage:
    """A page of a creator's timeline, of one kind or of all."""
    cursor = cursor_of(after)
    found: list[Entry] = []
    for name, provider in PROVIDERS.items():
        if not kind or kind == name:
            found += provider.read(Asked(creator, name, cursor, limit + 1, reader))
    found.sort(key=lambda entry: (-entry.at.timestamp(), entry.kind, -entry.pk))
    page = tuple(found[:limit])
    return TimelinePage(page, page[-1].key if len(found) > limit else "")


def cursor_of(text: str) -> Cursor | None:
    """From a page's address; what is none begins at the newest."""
    at, _mark, rest = text.partition("~")
    kind, _mark, pk = rest.partition("~")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not pk.isdecimal() or len(pk) > 18:
        return None
    return Cursor(moment, kind, int(pk))


def _interviews(asked: Asked) -> list[Entry]:
    rows = Interview.objects.filter(creator=asked.creator).select_related("study")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            row.study.title if row.study else _("Interview"),
            f"{row.get_status_display()} · {row.get_tier_then_display()}",
            reverse("admin:insights_workspace", args=[row.pk]),
        )
        for row in asked.newest(rows)
    ]


def _payments(asked: Asked) -> list[Entry]:
    rows = Payment.objects.filter(creator=asked.creator).in_force()
    return [
        Entry(
            row.occurred_at,
            asked.kind,
            row.pk,
            f"{row.get_kind_display()} {shown(row.signed_minor, row.currency)}",
            row.subject,
            reverse("admin:crm_payment_change", args=[row.pk]),
        )
        for row in asked.newest(rows, "occurred_at")
    ]


def _tiers(asked: Asked) -> list[Entry]:
    rows = TierChange.objects.filter(creator=asked.creator).select_related("rule", "by")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            row.get_tier_display(),
            " · ".join(str(part) for part in (row.reason, row.by) if part),
        )
        for row in asked.newest(rows)
    ]


def _consents(asked: Asked) -> list[Entry]:
    rows = Consent.objects.filter(creator=asked.creator).select_related("interview__creator")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            row.get_purpose_display(),
            " · ".join(
                (
                    _("given") if row.given else _("withdrawn"),
                    str(row.interview) if row.interview else _("everything"),
                    str(row.get_channel_display()),
                )
            ),
        )
        for row in asked.newest(rows)
    ]


def _tools(asked: Asked) -> list[Entry]:
    rows = ToolUse.objects.filter(creator=asked.creator).select_related("tool")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            f"{row.tool} · {row.get_level_display()}",
            " · ".join(
                part
                for part in (
                    _("satisfaction %(n)s of 5") % {"n": row.satisfaction}
                    if row.satisfaction
                    else "",
                    _("%(sum)s a month") % {"sum": shown(row.spend_minor, "CNY")}
                    if row.spend_minor
                    else "",
                )
                if part
            ),
        )
        for row in asked.newest(rows)
    ]


def _steps(asked: Asked) -> list[Entry]:
    rows = StepEffort.objects.filter(creator=asked.creator).select_related("step")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            f"{row.step} · {row.get_ai_display()}",
            _("%(minutes)s min, %(sum)s a piece")
            % {"minutes": row.minutes, "sum": shown(row.money_minor, "CNY")},
        )
        for row in asked.newest(rows)
    ]


def _appointments(asked: Asked) -> list[Entry]:
    rows = Appointment.objects.filter(creator=asked.creator).select_related("slot", "study")
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            f"{row.study.title} · {row.get_state_display()}",
            date_format(timezone.localtime(row.slot.starts_at), "Y-m-d H:i"),
            reverse("admin:crm_study_people", args=[row.study_id]),
        )
        for row in asked.newest(rows)
    ]


def _incentives(asked: Asked) -> list[Entry]:
    rows = IncentiveStep.objects.filter(incentive__creator=asked.creator)
    return [
        Entry(
            row.at,
            asked.kind,
            row.pk,
            f"{shown(row.incentive.minor, row.incentive.currency)} · {row.get_state_display()}",
            row.incentive.study.title,
        )
        for row in asked.newest(rows.select_related("incentive__study"))
    ]


PROVIDERS: dict[str, Provider] = {
    "interview": Provider(gettext_lazy("Interviews"), _interviews),
    "payment": Provider(gettext_lazy("Payments"), _payments),
    "tier": Provider(gettext_lazy("Tiers"), _tiers),
    "consent": Provider(gettext_lazy("Consents"), _consents),
    "appointment": Provider(gettext_lazy("Appointments"), _appointments),
    "incentive": Provider(gettext_lazy("Incentives"), _incentives),
    "tool": Provider(gettext_lazy("AI tools"), _tools),
    "step": Provider(gettext_lazy("Workflow steps"), _steps),
}
"""Kind → where its entries come from."""


def kinds() -> Mapping[str, str]:
    return {key: str(provider.title) for key, provider in PROVIDERS.items()}

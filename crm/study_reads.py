"""What creators and the team see of studies under way: invitations, times, appointments, incentives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from crm.models import (
    Appointment,
    Creator,
    Incentive,
    IncentiveStep,
    Interview,
    Slot,
    Study,
    StudyInvitation,
    Tier,
)
from crm.zones import local_time

TAKEN = ("booked", "held", "missed")


def invitations_visible_to(creator: Creator) -> QuerySet[StudyInvitation]:
    """A creator's invitations whose link works, newest first."""
    return StudyInvitation.objects.visible_to(creator).live().select_related("study", "creator")


def appointments_visible_to(creator: Creator) -> QuerySet[Appointment]:
    rows = Appointment.objects.visible_to(creator)
    return rows.select_related("study", "slot__researcher", "creator", "invitation")


def incentives_visible_to(creator: Creator) -> QuerySet[Incentive]:
    return with_states(Incentive.objects.filter(creator=creator)).select_related("study")


def with_states(rows: QuerySet[Incentive]) -> QuerySet[Incentive]:
    """`states`: the incentive's states in their order."""
    return rows.prefetch_related(
        Prefetch("steps", IncentiveStep.objects.select_related("by").order_by("pk"), "states")
    )


def appointment_for(invitation: StudyInvitation) -> Appointment | None:
    """What the creator has agreed on for the study, if anything."""
    rows = appointments_visible_to(invitation.creator)
    return rows.filter(study=invitation.study, state="booked").first()


def slots_free(study: Study) -> QuerySet[Slot]:
    """Times ahead that nobody has taken."""
    offered = Slot.objects.filter(study=study, withdrawn_at=None, starts_at__gt=timezone.now())
    return offered.exclude(appointments__state__in=TAKEN)


def slots_open(study: Study) -> QuerySet[Slot]:
    """Times that can still be taken: none of a study that is called off."""
    return slots_free(study).filter(study__called_off_at=None).order_by("starts_at", "pk")


@dataclass(frozen=True)
class SlotTime:
    """A slot as clocks in the reader's zone show it."""

    pk: int
    begins: datetime
    minutes: int


@dataclass(frozen=True)
class SlotDay:
    day: date
    slots: tuple[SlotTime, ...]


def by_day(slots: Sequence[Slot], zone: tzinfo) -> list[SlotDay]:
    """Slots grouped by the day that it is where the reader is."""
    times = [SlotTime(s.pk, local_time(s.starts_at, zone), s.minutes) for s in slots]
    return [
        SlotDay(day, tuple(group)) for day, group in groupby(times, lambda item: item.begins.date())
    ]


@dataclass(frozen=True)
class TierProgress:
    """How far a tier is: who was asked, who agreed on a time, who was talked with, who is coded.

    Each is a set of creators' keys, in the tier of that day.
    """

    tier: str
    label: str
    target: int
    invited: frozenset[int]
    booked: frozenset[int]
    done: frozenset[int]
    coded: frozenset[int]

    @property
    def open(self) -> int:
        """How many are still wanted, appointments not counted."""
        return max(0, self.target - len(self.done))


def progress_of(study: Study) -> list[TierProgress]:
    """By tier, in three queries."""
    invited = _by_tier(study.invitations.values_list("tier", "creator_id"))
    booked = _by_tier(study.appointments.filter(state="booked").values_list("tier", "creator_id"))
    held = study.interviews.exclude(status=Interview.Status.PLANNED)
    rows = list(held.values_list("tier_then", "creator_id", "status"))
    done = _by_tier((tier, creator) for tier, creator, _status in rows)
    coded = _by_tier((t, creator) for t, creator, status in rows if status == "coded")
    targets = {"head": study.target_head, "mid": study.target_mid, "entry": study.target_entry}
    return [
        TierProgress(
            tier=tier.value,
            label=str(tier.label),
            target=targets[tier.value],
            invited=invited[tier.value],
            booked=booked[tier.value],
            done=done[tier.value],
            coded=coded[tier.value],
        )
        for tier in Tier
    ]


def _by_tier(pairs: object) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {tier.value: set() for tier in Tier}
    for tier, creator in pairs:  # type: ignore[attr-defined]  # pairs of a tier and a key
        found[tier].add(creator)
    return {tier: frozenset(ids) for tier, ids in found.items()}


def candidates(study: Study) -> QuerySet[Creator]:
    """Creators who can still be asked: not interviewed, not booked and without a working invitation."""
    asked = StudyInvitation.objects.live().filter(study=study, declined_at=None)
    held = study.interviews.exclude(status=Interview.Status.PLANNED)
    booked = study.appointments.filter(state="booked")
    return (
        Creator.objects.exclude(status=Creator.Status.LEFT)
        .exclude(
            Q(pk__in=asked.values("creator_id"))
            | Q(pk__in=held.values("creator_id"))
            | Q(pk__in=booked.values("creator_id"))
        )
        .order_by("name", "pk")
    )

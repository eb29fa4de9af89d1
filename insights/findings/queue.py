"""The second coder's queue: what is to be read, and what has to be settled afterwards."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from crm.models import TranscriptVersion, User, Utterance
from insights.models import (
    Adjudication,
    CodingRound,
    CodingUnit,
    Evidence,
    PainPoint,
    UnitCode,
)

AROUND = 2
"""Turns of speech shown before and after a passage."""


def rounds() -> QuerySet[Any]:
    """Rounds (`CodingRound`), newest first, with `size` passages of which `done` are read."""
    return CodingRound.objects.select_related("first_coder", "second_coder").annotate(
        size=Count("units", distinct=True),
        done=Count("units", distinct=True, filter=Q(units__readings__role="second")),
    )


def coders() -> QuerySet[User]:
    """The team: who may code."""
    return User.objects.filter(is_staff=True, is_active=True).order_by("first_name", "username")


def first_coders() -> QuerySet[User]:
    return coders().filter(pk__in=Evidence.objects.values("coder"))


@dataclass(frozen=True)
class Turn:
    """A turn of speech around a passage: what of it lies before, in, and after the passage."""

    speaker: str
    before: str
    inside: str
    after: str


@dataclass(frozen=True)
class ToRead:
    """A passage for the second coder, without anything of the first coder's reading.

    `codes` are the coder's own so far: pain point → stance.
    """

    unit: CodingUnit
    turns: tuple[Turn, ...]
    codes: dict[int, str]
    read: bool


def next_unit(of: CodingRound) -> CodingUnit | None:
    """The first passage that the second coder has not read."""
    return of.units.exclude(readings__role="second").order_by("position").first()


def to_read(unit: CodingUnit) -> ToRead:
    """In two queries; the first coder's codes are not read at all."""
    codes = UnitCode.objects.filter(reading__unit=unit, reading__role="second")
    return ToRead(
        unit=unit,
        turns=turns_around([unit])[unit.pk],
        codes=dict(codes.values_list("pain_id", "stance")),
        read=unit.readings.filter(role="second").exists(),
    )


def turns_around(units: list[CodingUnit]) -> dict[int, tuple[Turn, ...]]:
    """Each passage with the turns of speech around it, in one query."""
    by_transcript: dict[int, list[Utterance]] = defaultdict(list)
    for row in Utterance.objects.filter(
        transcript__in={unit.transcript_id for unit in units},
        transcript__interview__usable=True,
    ).order_by("transcript", "index"):
        by_transcript[row.transcript_id].append(row)
    found: dict[int, tuple[Turn, ...]] = {}
    for unit in units:
        said = by_transcript[unit.transcript_id]
        inside = [
            place for place, row in enumerate(said) if row.start < unit.end and unit.start < row.end
        ]
        if not inside:
            found[unit.pk] = ()
            continue
        shown = said[max(0, inside[0] - AROUND) : inside[-1] + AROUND + 1]
        found[unit.pk] = tuple(_turn(row, unit) for row in shown)
    return found


def _turn(row: Utterance, unit: CodingUnit) -> Turn:
    start = min(max(unit.start - row.start, 0), len(row.text))
    end = min(max(unit.end - row.start, 0), len(row.text))
    if end <= start:
        return Turn(row.speaker, row.text, "", "")
    return Turn(row.speaker, row.text[:start], row.text[start:end], row.text[end:])


def is_blind(transcript: TranscriptVersion, user: User) -> bool:
    """Whether the user still has to read a passage of this transcript blind."""
    return (
        CodingUnit.objects.filter(transcript=transcript, round__second_coder=user)
        .exclude(readings__role="second")
        .exists()
    )


def finished_units(withheld: Collection[int] = ()) -> QuerySet[CodingUnit]:
    """Passages of rounds that are read to their end; not of the `withheld` interviews.

    A round that is still read is left out whole: whoever reads it would learn from each number how
    the first coder read, and may mend their own reading until the end.
    """
    unread = CodingUnit.objects.exclude(readings__role="second").values("round")
    return (
        CodingUnit.objects.filter(transcript__interview__usable=True)
        .exclude(round__in=unread)
        .exclude(transcript__interview__in=withheld)
    )


@dataclass(frozen=True)
class ReadTwice:
    """A passage as both coders read it: pain point, first and second reading ("for", "against" or
    "none"), of what either saw in it or of the one that was asked for."""

    unit: CodingUnit
    turns: tuple[Turn, ...]
    readings: tuple[tuple[PainPoint, str, str], ...]


def read_twice(units: list[CodingUnit], pain_id: int | None = None) -> list[ReadTwice]:
    """Both readings of finished passages, in three queries."""
    read: dict[int, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for unit, role, pain, stance in UnitCode.objects.filter(reading__unit__in=units).values_list(
        "reading__unit_id", "reading__role", "pain_id", "stance"
    ):
        read[unit][pain][role] = stance
    pains = PainPoint.objects.in_bulk(
        {pain for of in read.values() for pain in of} | {pain_id or 0}
    )
    turns = turns_around(units)
    asked = [pain_id] if pain_id is not None and pain_id in pains else []
    return [
        ReadTwice(
            unit,
            turns[unit.pk],
            tuple(
                (
                    pains[pain],
                    read[unit.pk][pain].get("first", "none"),
                    read[unit.pk][pain].get("second", "none"),
                )
                for pain in (asked or sorted(read[unit.pk]))
            ),
        )
        for unit in units
    ]


@dataclass(frozen=True)
class Dispute:
    """Two readings that differ: "for", "against" or "none"; `log` is newest first."""

    unit: CodingUnit
    pain: PainPoint
    first: str
    second: str
    log: tuple[Adjudication, ...]
    turns: tuple[Turn, ...] = ()


def disputes(of: CodingRound) -> list[Dispute]:
    """Every disagreement of a round, those not settled first."""
    read: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for unit, pain, role, stance in UnitCode.objects.filter(reading__unit__round=of).values_list(
        "reading__unit_id", "pain_id", "reading__role", "stance"
    ):
        read[unit, pain][role] = stance
    log: dict[tuple[int, int], list[Adjudication]] = defaultdict(list)
    for row in Adjudication.objects.filter(unit__round=of).select_related("by"):
        log[row.unit_id, row.pain_id].append(row)
    units = {unit.pk: unit for unit in of.units.all()}
    pains = {pain.pk: pain for pain in PainPoint.objects.filter(pk__in={p for _u, p in read})}
    found = [
        Dispute(
            units[unit], pains[pain], codes.get("first", "none"), codes.get("second", "none"),
            tuple(log[unit, pain]),
        )
        for (unit, pain), codes in read.items()
        if codes.get("first") != codes.get("second")
    ]  # fmt: skip
    return sorted(found, key=lambda item: (bool(item.log), item.unit.position, item.pain.pk))

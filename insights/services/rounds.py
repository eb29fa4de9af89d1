"""Blind second coding: passages drawn, read without the first coder's codes, then settled in words."""

import random
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User, Utterance
from crm.services.interviews import INTERVIEWERS
from insights.models import (
    Adjudication,
    CodingRound,
    CodingUnit,
    Evidence,
    Highlight,
    UnitCode,
    UnitReading,
)
from insights.services.highlights import evidence_remove, passage_tag

LARGEST = 500
EMPTY_SHARE = 0.25
"""Share of passages in which the first coder saw nothing: without them nobody could agree on none."""
SHORTEST = 8  # characters of an utterance that can be a passage without codes

Passage = tuple[int, int, int]


@transaction.atomic
def round_open(
    *,
    title: str,
    first_coder: User,
    second_coder: User,
    pains: Collection[int],
    size: int,
    seed: int,
    actor: User,
    sample: bool = False,
) -> CodingRound:
    """Draw `size` passages of the first coder's for the second, some of them without codes.

    Passages that the second coder has tagged are left out: that reading was not blind. The first
    coder's reading is copied as it stands now. The same seed draws the same passages.
    """
    title = " ".join(title.split())
    if not title or len(title) > 120:
        raise DomainError(_("Name the round, in at most 120 characters."), "bad_title")
    if first_coder.pk == second_coder.pk:
        raise DomainError(_("The second coder must be somebody else."), "same_coder")
    if not 1 <= size <= LARGEST:
        raise DomainError(_("Draw between 1 and %(n)s passages.") % {"n": LARGEST}, "bad_size")
    said = Evidence.objects.filter(coder=first_coder, pain__in=pains, pain__status="open").usable()
    coded = list(
        Highlight.objects.filter(evidence__in=said)
        .exclude(evidence__coder=second_coder)
        .order_by("pk")
        .distinct()
        .values_list("transcript_id", "start", "end")
    )
    if not coded:
        raise DomainError(
            _("There is no passage that the first coder tagged and the second has not seen."),
            "nothing_to_read",
        )
    draw = random.Random(seed)  # noqa: S311  a sample, not a secret
    wanted = min(len(coded), max(1, round(size * (1 - EMPTY_SHARE))))
    chosen = draw.sample(coded, wanted)
    empty = _without_codes({transcript for transcript, _start, _end in coded})
    chosen += draw.sample(empty, min(len(empty), size - wanted))
    draw.shuffle(chosen)
    made = CodingRound.objects.create(
        title=title, first_coder=first_coder, second_coder=second_coder, seed=seed,
        created_by=actor, is_sample=sample,
    )  # fmt: skip
    made.pains.set(pains)
    _copy_first(made, chosen, list(said.select_related("highlight")))
    data = {"passages": len(chosen), "seed": seed, "second_coder": second_coder.pk}
    audit.record("round.opened", made, actor=actor, data=data)
    return made


def _without_codes(transcripts: Collection[int]) -> list[Passage]:
    """Utterances of creators in coded transcripts that no highlight touches."""
    marked: dict[int, list[tuple[int, int]]] = {}
    for key, start, end in Highlight.objects.filter(transcript__in=transcripts).values_list(
        "transcript_id", "start", "end"
    ):
        marked.setdefault(key, []).append((start, end))
    rows = Utterance.objects.filter(transcript__in=transcripts).order_by("pk")
    return [
        (key, start, end)
        for key, start, end, speaker in rows.values_list("transcript_id", "start", "end", "speaker")
        if end - start >= SHORTEST
        and speaker.casefold() not in INTERVIEWERS
        and not any(start < until and since < end for since, until in marked.get(key, ()))
    ]


def _copy_first(made: CodingRound, chosen: Sequence[Passage], said: list[Evidence]) -> None:
    codes: dict[Passage, list[Evidence]] = {}
    for item in said:
        where = item.highlight
        codes.setdefault((where.transcript_id, where.start, where.end), []).append(item)
    units = CodingUnit.objects.bulk_create(
        [
            CodingUnit(round=made, position=number, transcript_id=key, start=start, end=end)
            for number, (key, start, end) in enumerate(chosen, 1)
        ]
    )
    readings = UnitReading.objects.bulk_create(
        [UnitReading(unit=unit, role=UnitReading.Role.FIRST) for unit in units]
    )
    UnitCode.objects.bulk_create(
        [
            UnitCode(reading=reading, pain_id=item.pain_id, stance=item.stance)
            for reading, passage in zip(readings, chosen, strict=True)
            for item in codes.get(passage, ())
        ]
    )


@transaction.atomic
def unit_read(*, unit_id: int, coder: User, codes: Mapping[int, str]) -> UnitReading:
    """The second coder's reading: pain point → stance; no codes say "none of them".

    It can be mended until the round is read to its end; then both readings are compared.
    """
    unit = (
        CodingUnit.objects.select_related("round").select_for_update(of=("self",)).get(pk=unit_id)
    )
    if unit.round.second_coder_id != coder.pk:
        raise DomainError(_("This round is for another coder."), "not_yours")
    if round_finished(unit.round):
        raise DomainError(
            _("The round is read to its end; nothing in it changes any more."), "over"
        )
    offered = set(unit.round.pains.values_list("pk", flat=True))
    if not set(codes) <= offered or not set(codes.values()) <= set(Evidence.Stance.values):
        raise DomainError(_("Choose among the pain points of this round."), "not_offered")
    UnitReading.objects.filter(unit=unit, role=UnitReading.Role.SECOND).delete()
    reading = UnitReading.objects.create(unit=unit, role=UnitReading.Role.SECOND)
    UnitCode.objects.bulk_create(
        [UnitCode(reading=reading, pain_id=pain, stance=stance) for pain, stance in codes.items()]
    )
    audit.record(
        "unit.read", unit, actor=coder, data={"codes": {str(k): v for k, v in codes.items()}}
    )
    return reading


def round_finished(of: CodingRound) -> bool:
    """Whether the second coder has read every passage of it."""
    return not of.units.exclude(readings__role=UnitReading.Role.SECOND).exists()


@transaction.atomic
def unit_adjudicate(
    *, unit_id: int, pain_id: int, decision: str, why: str, actor: User
) -> Adjudication:
    """Settle one disagreement, and make the evidence say so; log and evidence change together.

    What the second coder alone saw becomes evidence by that coder; what is not in the passage is
    taken out of the first coder's. Both readings stay as they were, and so does agreement.
    """
    unit = (
        CodingUnit.objects.select_related("round__first_coder", "round__second_coder", "transcript")
        .select_for_update(of=("self",))
        .get(pk=unit_id)
    )
    why = " ".join(why.split())
    if decision not in Adjudication.Decision.values or not why or len(why) > 400:
        raise DomainError(_("Say what it is, and why in at most 400 characters."), "no_reason")
    if not round_finished(unit.round):
        raise DomainError(
            _("The second coder has not read the round to its end yet."), "still_blind"
        )
    codes = UnitCode.objects.filter(reading__unit=unit, pain=pain_id)
    read = dict(codes.values_list("reading__role", "stance"))
    if read.get("first") == read.get("second"):
        raise DomainError(
            _("Both coders read it the same way; there is nothing to settle."), "agreed"
        )
    row = Adjudication.objects.create(
        unit=unit, pain_id=pain_id, decision=decision, why=why, by=actor
    )
    audit.record(
        "unit.adjudicated", unit, actor=actor,
        data={"pain": pain_id, "decision": decision, "why": why, "read": read},
    )  # fmt: skip
    _apply(row, actor)
    return row


def _apply(row: Adjudication, actor: User) -> None:
    unit = row.unit
    said = Evidence.objects.filter(
        highlight__transcript=unit.transcript_id,
        highlight__start=unit.start,
        highlight__end=unit.end,
        pain=row.pain_id,
        coder__in=[unit.round.first_coder_id, unit.round.second_coder_id],
    )
    if row.decision == Adjudication.Decision.NONE:
        for evidence in said.select_related("highlight"):
            evidence_remove(evidence=evidence, actor=actor)
        return
    for evidence in said.exclude(stance=row.decision):
        before, evidence.stance = evidence.stance, row.decision
        evidence.save(update_fields=["stance"])
        data = {"before": {"stance": before}, "after": {"stance": row.decision}}
        audit.record("evidence.edited", evidence, actor=actor, data=data)
    if not said.exists():
        passage_tag(
            transcript=unit.transcript,
            start=unit.start,
            end=unit.end,
            pain=row.pain,
            coder=unit.round.second_coder,
            stance=row.decision,
        )

"""Second coding and counter-evidence of the sample workspace: invented readings, by the services."""

from crm.models import User
from insights.findings.queue import disputes, next_unit
from insights.models import Evidence, PainPoint, UnitCode
from insights.services.readings import counter_read
from insights.services.rounds import round_open, unit_adjudicate, unit_read

SIZE, SEED = 60, 11
CONCLUSIONS = (
    ("holds", "自己画的人不把这一步交给工具，说的是习惯，不是没有这个麻烦。"),
    ("narrows", "只在单人镜头里成立，多人同框时同一位也抱怨过。"),
    ("holds", "按频率看是偶尔遇到，和高频的那些不矛盾。"),
)


def load_coding(pains: dict[str, PainPoint], staff: dict[str, User]) -> None:
    """A round that 李渡 read blind, two differences settled, and every counter-quote read."""
    _read_counter_evidence(staff["pm"])
    made = round_open(
        title="第一轮盲读",
        first_coder=staff["wang"],
        second_coder=staff["li"],
        pains=[pain.pk for pain in pains.values()],
        size=SIZE,
        seed=SEED,
        actor=staff["pm"],
        sample=True,
    )
    while unit := next_unit(made):
        codes = UnitCode.objects.filter(reading__unit=unit, reading__role="first")
        seen = dict(codes.values_list("pain_id", "stance"))
        if unit.position % 8 == 0:  # what a tired coder misses
            seen.clear()
        if unit.position % 13 == 0:  # what only this coder sees
            seen[pains["prompt_trial"].pk] = "for"
        unit_read(unit_id=unit.pk, coder=staff["li"], codes=seen)
    for dispute, (decision, why) in zip(
        disputes(made),
        (("for", "原话里点名说到了，漏标。"), ("none", "说的是别的环节，不算这个痛点。")),
        strict=False,
    ):
        unit_adjudicate(
            unit_id=dispute.unit.pk,
            pain_id=dispute.pain.pk,
            decision=decision,
            why=why,
            actor=staff["pm"],
        )


def _read_counter_evidence(reader: User) -> None:
    against = Evidence.objects.filter(stance=Evidence.Stance.AGAINST).order_by("pk")
    for number, (conclusion, note) in enumerate(CONCLUSIONS):
        keys = [row.pk for row in against if row.pk % len(CONCLUSIONS) == number]
        if keys:
            counter_read(evidence_ids=keys, reader=reader, conclusion=conclusion, note=note)

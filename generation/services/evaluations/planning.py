"""An evaluation is planned before it runs: what it would find, what it would cost, its hard cap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from engines.chat.protocol import Usage
from engines.chat.registry import chat_engine, settings_of
from engines.errors import EngineError
from engines.services.paid import list_of
from engines.services.resolution import budget_for
from generation.library import template_of
from generation.models import Arm, CaseSet, Evaluation, PromptTemplate, TemplateVersion, Trial
from generation.prompts.power import CORRELATION, SPREAD, Power, power_of
from generation.services.evaluations.drawing import (
    SKETCH,
    PictureQuote,
    is_picture_engine,
    picture_quote,
)
from generation.services.texts import is_text_engine, most_a_run_may_cost, text_quote

MOST_TRIALS = 20_000
DENSITY = 10.0
JUDGE_IN, JUDGE_OUT = 900, 40
A_PICTURE = 550
"""Tokens of a picture of 432 × 768 px, as it is sent to a judge that sees."""


@dataclass(frozen=True)
class Wanted:
    """What is to be compared: versions with engines, the first being the baseline."""

    case_set: CaseSet
    arms: tuple[tuple[TemplateVersion, str], ...]
    repetitions: int = 1
    judge: str = ""
    judge_pairs: int = 0


@dataclass(frozen=True)
class Quote:
    """What a plan takes. Cost in micro-units of one currency; `most_micro` a careful cap."""

    trials: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost_micro: int
    most_micro: int
    currency: str
    price_lists: dict[str, str]


@dataclass(frozen=True)
class Plan:
    quote: Quote
    power: Power

    def to_dict(self) -> dict[str, Any]:
        return {"quote": asdict(self.quote), "power": asdict(self.power)}


def plan_of(wanted: Wanted) -> Plan:
    """Raises `DomainError` where arms do not fit the cases, an engine is unknown, or has no price."""
    _judge_arms(wanted)
    cases = list(wanted.case_set.cases.filter(withdrawn_at__isnull=True))
    stories = Counter(case.story for case in cases)
    parts = [_quote_arm(wanted, version, engine, cases) for version, engine in wanted.arms]
    if wanted.judge and wanted.judge_pairs:
        parts.append(_quote_judge(wanted))
    currencies = {part["currency"] for part in parts if part["cost"]} or {"CNY"}
    if len(currencies) > 1:
        raise DomainError(
            _("Engines priced in %(a)s cannot share a cap; compare those of one currency.")
            % {"a": " / ".join(sorted(currencies))},
            "currencies",
        )
    trials = len(cases) * len(wanted.arms) * wanted.repetitions
    if trials > MOST_TRIALS:
        raise DomainError(
            _("That would be %(n)s trials; at most %(most)s at once.")
            % {"n": trials, "most": MOST_TRIALS},
            "too_many",
        )
    cost = sum(part["cost"] for part in parts)
    quote = Quote(
        trials=trials,
        calls=sum(part["calls"] for part in parts),
        input_tokens=sum(part["input"] for part in parts),
        output_tokens=sum(part["output"] for part in parts),
        cost_micro=cost,
        most_micro=cost * 2 + sum(part["one"] for part in parts),
        currency=currencies.pop(),
        price_lists={part["engine"]: part["list"] for part in parts if part["list"]},
    )
    shots = max(1, round(len(cases) / max(1, len(stories))))
    spread, correlation = _measured()
    return Plan(quote, power_of(len(stories), shots, wanted.repetitions, spread, correlation))


def _measured() -> tuple[float, float]:
    """Spread and correlation of the newest evaluation that told them, else what is assumed."""
    for row in Evaluation.objects.filter(results__variance__isnull=False).order_by("-results_at")[
        :1
    ]:
        variance = row.results.get("variance") or {}
        if variance.get("spread"):
            return round(variance["spread"], 3), round(variance["correlation"], 3)
    return SPREAD, CORRELATION


def _judge_arms(wanted: Wanted) -> None:
    if len(wanted.arms) < 2 or len(set(wanted.arms)) < len(wanted.arms):
        raise DomainError(_("Choose at least two different templates."), "arms")
    if not 1 <= wanted.repetitions <= 20:
        raise DomainError(_("Choose 1 to 20 repetitions."), "repetitions")
    makes = PromptTemplate.Makes.PICTURE if wanted.case_set.kind == "shot" else (
        PromptTemplate.Makes.STORYBOARD
    )  # fmt: skip
    for version, engine in wanted.arms:
        if version.template.makes != makes:
            raise DomainError(
                _("%(name)s does not fit these cases.") % {"name": version.name}, "kind"
            )
        known = is_picture_engine(engine) if makes == "picture" else (
            is_text_engine(engine) and engine != "offline"
        )  # fmt: skip
        if not known:
            raise DomainError(
                _("There is no engine %(engine)s for this.") % {"engine": engine}, "unknown_engine"
            )
    if wanted.judge and (wanted.judge == "offline" or not is_text_engine(wanted.judge)):
        raise DomainError(
            _("There is no engine %(engine)s for this.") % {"engine": wanted.judge},
            "unknown_engine",
        )


def _quote_arm(
    wanted: Wanted, version: TemplateVersion, engine: str, cases: Sequence[Any]
) -> dict[str, Any]:
    times = wanted.repetitions
    if wanted.case_set.kind == "shot":
        told: PictureQuote = picture_quote(template_of(version), engine)
        calls = len(cases) * times
        return {
            "engine": engine, "calls": calls, "input": told.input_tokens * calls, "output": 0,
            "cost": told.cost_micro * calls, "one": told.most_micro, "currency": told.currency,
            "list": told.price_list,
        }  # fmt: skip
    lengths = [len(case.content.get("text", "")) for case in cases]
    english = version.template.language == "en"
    quote = text_quote(engine, lengths, density=DENSITY, english=english)
    if quote is None:
        raise DomainError(
            _("There is no engine %(engine)s for this.") % {"engine": engine}, "unknown_engine"
        )
    return {
        "engine": engine, "calls": quote.calls * times, "input": quote.input_tokens * times,
        "output": quote.output_tokens * times, "cost": quote.cost_micro * times,
        "one": quote.most_micro - 2 * quote.cost_micro, "currency": quote.currency,
        "list": _list_label(engine),
    }  # fmt: skip


def _list_label(engine: str) -> str:
    prices = list_of(chat_engine(engine))
    return f"{prices.label} {prices.day:%Y-%m-%d}"


def _quote_judge(wanted: Wanted) -> dict[str, Any]:
    try:
        prices = list_of(chat_engine(wanted.judge))
    except EngineError as error:
        raise DomainError(str(error), error.code) from error
    told = settings_of(wanted.judge)
    calls = wanted.judge_pairs * 2
    looks = told.sees and wanted.case_set.kind == "shot"
    entering = calls * (JUDGE_IN + 2 * A_PICTURE if looks else JUDGE_IN)
    one = prices.cost(Usage(16_000 if looks else 8_000, min(200, told.max_output)))
    return {
        "engine": wanted.judge, "calls": calls, "input": entering,
        "output": calls * JUDGE_OUT, "one": one, "currency": prices.currency,
        "cost": prices.cost(Usage(entering, calls * JUDGE_OUT)),
        "list": f"{prices.label} {prices.day:%Y-%m-%d}",
    }  # fmt: skip


def budget_key(evaluation: Evaluation) -> str:
    return f"evaluation:{evaluation.pk}"


@transaction.atomic
def evaluation_add(
    *,
    wanted: Wanted,
    title: str,
    token: str,
    actor: User | None,
    cap_micro: int | None = None,
    seed: int = 1,
    size: tuple[int, int] = (540, 960),
    threshold: float = 0.8,
    votes_wanted: int = 0,
    in_portal: bool = False,
    sample: bool = False,
) -> Evaluation:
    """Write the wish for an evaluation with all its trials. The same form (`token`) again is the same.

    Its budget caps what it may cost, by default at what the quote allows for.
    """
    known = Evaluation.objects.filter(token=token).first()
    if known is not None:
        return known
    if not title.strip():
        raise DomainError(_("Give it a title."), "title")
    plan = plan_of(wanted)
    cap = plan.quote.most_micro if cap_micro is None else cap_micro
    if not 0 <= cap <= most_a_run_may_cost() * 10:
        raise DomainError(_("The cap is out of range."), "bad_cap")
    row = Evaluation.objects.create(
        title=title.strip()[:120], case_set=wanted.case_set, repetitions=wanted.repetitions,
        seed=seed, width=size[0], height=size[1], threshold=threshold, judge=wanted.judge,
        judge_pairs=wanted.judge_pairs, cap_micro=cap, currency=plan.quote.currency,
        plan=plan.to_dict(), votes_wanted=votes_wanted, in_portal=in_portal, token=token,
        is_sample=sample, by=actor,
    )  # fmt: skip
    _rows(row, wanted)
    if cap or any(engine != SKETCH for _version, engine in wanted.arms):
        budget_for(key=budget_key(row), cap_micro=cap, currency=plan.quote.currency)
    audit.record(
        "evaluation.asked", row, actor=actor,
        data={"trials": plan.quote.trials, "cap_micro": cap, "cases": str(wanted.case_set)},
    )  # fmt: skip
    return row


def _rows(row: Evaluation, wanted: Wanted) -> None:
    arms = Arm.objects.bulk_create(
        [
            Arm(evaluation=row, version=version, engine=engine, baseline=not place, position=place)
            for place, (version, engine) in enumerate(wanted.arms)
        ]
    )
    cases = list(wanted.case_set.cases.filter(withdrawn_at__isnull=True))
    Trial.objects.bulk_create(
        [
            # The same case and repetition has the same seed in every arm: differences are paired.
            Trial(
                evaluation=row, arm=arm, case=case, repetition=turn,
                seed=row.seed + 1_000 * case.index + turn,
            )
            for case in cases
            for turn in range(wanted.repetitions)
            for arm in arms
        ],
        batch_size=2_000,
    )  # fmt: skip

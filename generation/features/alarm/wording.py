"""The alarm said aloud: one sentence in the reader's language, and every number with its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Payment
from crm.money import shown
from generation.features.alarm.market import Judgement, NeedOf
from generation.features.alarm.reading import CURRENCY, Reading, month_end
from generation.features.alarm.rising import MATTERS
from generation.features.quoting import QuoteRow, quotable
from insights.models import Evidence, PainPoint
from insights.selectors import tier_label
from insights.statistics import Estimate

ROWS, QUOTES = 200, 3
"""At most this many ids are listed with a number, and quotes with a share."""


@dataclass(frozen=True)
class Said:
    """A judgement with the words and the numbers that pages, messages and the command show."""

    judgement: Judgement
    pain: PainPoint | None
    chinese: str
    english: str
    numbers: tuple[dict[str, Any], ...]


def say(judgement: Judgement, reading: Reading) -> Said:
    pain = PainPoint.objects.filter(pk=judgement.pain).first() if judgement.pain else None
    texts = []
    for language in ("zh-hans", "en"):
        with override(language):
            texts.append(sentence(judgement, reading, pain))
    return Said(judgement, pain, texts[0], texts[1], tuple(numbers(judgement, reading)))


def leading(judgement: Judgement) -> NeedOf | None:
    """The factors of the pain that leads, in its tier."""
    for need in judgement.needs:
        if (need.pain, need.tier) == (judgement.pain, judgement.tier):
            return need
    return None


def sentence(judgement: Judgement, reading: Reading, pain: PainPoint | None) -> str:
    """One sentence in the active language."""
    if judgement.state == "not_enough_data":
        missing = _("; ").join(gap_text(gap.code, gap.have, gap.need) for gap in judgement.gaps)
        return _("Not enough data to judge: %(missing)s.") % {"missing": missing or _("nothing")}
    need = leading(judgement)
    if pain is None or need is None or judgement.tier is None:
        return _("Not enough data to judge: %(missing)s.") % {"missing": _("nothing")}
    words = {
        "pain": pain.title,
        "tier": tier_label(judgement.tier),
        "first": _percent(judgement.probability),
        "raised": len(need.prevalence.rows) or _successes(need.prevalence),
        "asked": need.prevalence.n,
        "coverage": _percent(judgement.coverage.value if judgement.coverage else None),
        "verdicts": _verdicts(judgement),
        "paying": _paying_text(judgement, reading),
        "matters": round(MATTERS * 100),
    }
    return _SENTENCES(judgement.reason) % words


def _SENTENCES(reason: str) -> str:
    texts = {
        "first_pain_uncovered": _(
            "Weighed by need, the first pain of the %(tier)s tier is “%(pain)s” (first with probability %(first)s; "
            "%(raised)s of %(asked)s asked raised it), and what we released covers %(coverage)s of "
            "it, while what we built is loved (%(verdicts)s) and paying stays flat (%(paying)s)."
        ),
        "no_first_pain": _(
            "No pain is surely first: “%(pain)s” (%(tier)s) leads in %(first)s of the resamples."
        ),
        "covered": _(
            "The first pain of the %(tier)s tier, “%(pain)s”, is not shown to be uncovered: "
            "%(coverage)s of it is gone after release."
        ),
        "not_loved": _(
            "“%(pain)s” (%(tier)s) is first and uncovered, but what we built is not shown to be "
            "loved (%(verdicts)s): that comes first."
        ),
        "paying_rises": _(
            "“%(pain)s” (%(tier)s) is first and uncovered, but the paying rate rises (%(paying)s)."
        ),
        "paying_may_rise": _(
            "“%(pain)s” (%(tier)s) is first and uncovered, but with so few creators known it cannot "
            "be excluded that the paying rate rises by %(matters)s points or more (%(paying)s)."
        ),
    }
    return texts[reason]


def gap_text(code: str, have: int, need: int) -> str:
    """What is missing and how much of it, in the active language."""
    texts = {
        "pains_compared": _("%(have)s of %(need)s pain points that somebody was asked about"),
        "wallets": _("no tier in which anybody has paid or named a price"),
        "asked": _("%(have)s of %(need)s creators asked about the pain that leads"),
        "ratings": _("%(have)s of %(need)s ratings of its importance and satisfaction"),
        "verdicts": _("%(have)s of %(need)s creators who rated our tool or judged a result"),
        "months": _("%(have)s of %(need)s full months of payments"),
        "known": _("%(have)s of %(need)s creators known"),
        "nothing_asked": _("nobody was asked about any pain point"),
    }
    return texts[code] % {"have": have, "need": need}


def reason_text(code: str) -> str:
    """A reason or gap as a short label."""
    texts = {
        "first_pain_uncovered": _("The first pain is uncovered"),
        "no_first_pain": _("No pain is surely first"),
        "covered": _("The first pain is covered"),
        "not_loved": _("What we built is not shown to be loved"),
        "paying_rises": _("Paying rises"),
        "paying_may_rise": _("Paying may rise"),
    }
    return texts.get(code, _("Not enough data"))


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.1f}".removesuffix(".0") + "%"


def _successes(estimate: Estimate) -> int:
    return round((estimate.value or 0.0) * estimate.n)


def _verdicts(judgement: Judgement) -> str:
    parts = []
    if judgement.rating.n:
        parts.append(
            _("%(good)s of %(n)s users rate it 4 or 5")
            % {"good": _successes(judgement.rating), "n": judgement.rating.n}
        )
    if judgement.kept.n:
        parts.append(
            _("%(good)s of %(n)s keep most results")
            % {"good": _successes(judgement.kept), "n": judgement.kept.n}
        )
    return _(", ").join(parts)


def _paying_text(judgement: Judgement, reading: Reading) -> str:
    if not judgement.rates or not reading.months:
        return "—"
    (first, of_first), (last, of_last) = judgement.rates[0], judgement.rates[-1]
    return _("%(begin)s: %(first)s of %(of_first)s, %(end)s: %(last)s of %(of_last)s") % {
        "begin": f"{reading.months[0]:%Y-%m}",
        "first": first,
        "of_first": of_first,
        "end": f"{reading.months[-1]:%Y-%m}",
        "last": last,
        "of_last": of_last,
    }


# -- numbers with their rows ----------------------------------------------------------------------


def _number(name: str, estimate: Estimate, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "value": estimate.value, "n": estimate.n, "low": estimate.low,
        "high": estimate.high, "unit": unit, "method": estimate.method, **more,
    }  # fmt: skip


def _rows(model: str, ids: Sequence[int]) -> dict[str, Any]:
    return {"model": model, "count": len(ids), "ids": list(ids[:ROWS])}


def numbers(judgement: Judgement, reading: Reading) -> list[dict[str, Any]]:
    """Every factor of the judgement: value, n, interval, and the rows that it was counted from."""
    found: list[dict[str, Any]] = []
    need = leading(judgement)
    if need is not None:
        found += _need_numbers(need, reading)
        found.append(
            {
                "name": "first",
                "value": judgement.probability,
                "n": need.prevalence.n,
                "low": None,
                "high": None,
                "unit": "share",
                "method": "Bayesian bootstrap of creators",
                "rows": None,
            }
        )
    if judgement.coverage is not None:
        reliefs = judgement.coverage.rows
        found.append(
            _number(
                "coverage", judgement.coverage, "share", rows=_rows("generation.Relief", reliefs)
            )
        )
    found.append(
        _number("rating", judgement.rating, "share", rows=_rows("crm.ToolUse", reading.tool_uses))
    )
    found.append(
        _number("kept", judgement.kept, "share", rows=_rows("crm.Creator", reading.kept_by))
    )
    found.append(
        _number(
            "rise",
            judgement.rise,
            "share",
            rows=_rows("crm.Payment", _payments(reading)),
            months=[
                {"month": f"{month:%Y-%m}", "paying": paying, "known": known}
                for month, (paying, known) in zip(reading.months, judgement.rates, strict=True)
            ],
        )
    )
    return found


def _need_numbers(need: NeedOf, reading: Reading) -> list[dict[str, Any]]:
    said = Evidence.objects.usable().filter(
        pain_id=need.pain, tier=need.tier, stance=Evidence.Stance.FOR
    )
    evidence = list(said.order_by("pk").values_list("pk", flat=True)[:ROWS])
    rated = reading.needs.get((need.pain, need.tier), ())
    tier = next(item for item in reading.market.tiers if item.tier == need.tier)
    earners = [
        c for c, known in zip(tier.creators, tier.wallet == tier.wallet, strict=True) if known
    ]
    value = Estimate(need.value, need.prevalence.n, None, None, "product of the four", ())
    quotes = [_quote(row) for row in quotable(need.pain, tier=need.tier, limit=QUOTES)]
    return [
        _number(
            "prevalence", need.prevalence, "share", rows={**_rows("insights.Evidence", evidence), "count": said.count()},
            quotes=quotes,
        ),
        _number("importance", need.important, "share", rows=_rows("insights.Need", rated)),
        _number("satisfaction", need.satisfied, "share", rows=_rows("insights.Need", rated)),
        _number("wallet", need.wallet, f"{CURRENCY} minor", rows=_rows("crm.Creator", earners)),
        _number("need", value, f"{CURRENCY} minor", rows=None),
    ]  # fmt: skip


def _quote(row: QuoteRow) -> dict[str, Any]:
    return {
        "evidence": row.evidence, "interview": row.interview, "start": row.start, "end": row.end,
        "text": row.text,
    }  # fmt: skip


def _payments(reading: Reading) -> list[int]:
    """The newest payments of the window's payers: facts behind the paying rate."""
    if not reading.months:
        return []
    rows = Payment.objects.filter(
        creator_id__in=reading.payers,
        kind=Payment.Kind.CHARGE,
        occurred_at__lt=month_end(reading.months[-1]),
    ).order_by("-occurred_at", "-pk")
    return list(rows.values_list("pk", flat=True)[: 2 * ROWS])


def money_text(minor: float | None) -> str:
    """Fen as a page shows them; unknown is a dash."""
    return "—" if minor is None else shown(round(minor), CURRENCY)

"""A dossier as JSON (`dossier.schema.json`): what machines, the command and the page's link get.

The API and the command speak to the team and say of each quote what its consent allows; the page's
files are made to be sent on, so they get the dossier `for_outside`.
"""

from typing import Any

from crm.money import decimal_text
from generation.features.dossier import Dossier
from generation.features.pains import PainPart
from generation.features.quotes import Quote
from generation.features.relief import ReliefPart
from generation.features.usage import Usage

QUOTE_FIELDS = (
    "evidence", "interview", "start", "end", "text", "tier", "severity", "paying_then", "consent",
    "sha256", "who",
)  # fmt: skip


def to_document(item: Dossier) -> dict[str, Any]:
    """The dossier as `dossier.schema.json`, with more beside it where the contract leaves room."""
    return {
        "feature": {
            "key": item.feature.key,
            "title": item.feature.title,
            "status": item.feature.status,
            "step": item.feature.step,
            "hypothesis": item.feature.hypothesis,
        },
        "as_of": item.as_of.isoformat(),
        "claims": [
            {"text": row.claim, "pain": row.pain_id, "payment": row.payment_id}
            for row in item.justifications
        ],
        "pain_points": [_pain(part) for part in item.pain_parts],
        "payments": _payments(item),
        "usage": _usage(item.usage),
        "relief": _relief(item.relief)
        | {"tiers": {row.tier: _relief(row.part) for row in item.reliefs}},
        "criteria": [
            {
                "text": part.criterion.text,
                "locked_at": part.criterion.locked_at and part.criterion.locked_at.isoformat(),
                "due": part.criterion.due and part.criterion.due.isoformat(),
                "state": part.state,
                "decides": part.criterion.decides,
                "value": part.value,
                "n": part.n,
            }
            for part in item.criteria
        ],
        "verdicts": [
            {
                "decision": verdict.decision,
                "at": verdict.at.isoformat(),
                "by": (verdict.by.first_name or verdict.by.username) if verdict.by else "",
                "why": verdict.why,
                "numbers": verdict.numbers,
                "confidence": None if verdict.confidence is None else float(verdict.confidence),
            }
            for verdict in item.verdicts
        ],
        "changes": [
            {
                "evidence": change.item,
                "kind": change.kind,
                "who": change.who,
                "at": change.happened_at and change.happened_at.isoformat(),
            }
            for change in item.changes
        ],
        "signals": [{"code": signal.code, "text": str(signal.text)} for signal in item.signals],
    }


def _money(currency: str, minor: int) -> dict[str, str]:
    return {"amount": decimal_text(minor, currency), "currency": currency}


def _pain(part: PainPart) -> dict[str, Any]:
    return {
        "id": part.pain.pk,
        "title": part.pain.title,
        "tiers": [
            {
                "tier": line.prevalence.tier,
                "prevalence": line.prevalence.estimate.as_dict(),
                "opportunity": line.opportunity.as_dict(),
                "rank": line.rank.rank if line.rank else None,
                "first_probability": line.rank.first_probability if line.rank else None,
            }
            for line in part.tiers
        ],
        "quotes": [_quote(quote) for quote in part.quotes],
        "quotes_total": part.quotes_total,
        "quotes_withheld": sum(group.withheld for group in part.groups),
        "against": [_quote(quote) for quote in part.against],
        "against_total": part.against_total,
        "against_unread": part.unread,
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {name: getattr(quote, name) for name in QUOTE_FIELDS}


def _payments(item: Dossier) -> dict[str, Any]:
    money = item.paying
    return {
        "revenue": [_money(row.currency, row.minor) for row in money.revenue],
        "payers": len(money.payers),
        "paying_rate_raised": money.raised.as_dict(),
        "paying_rate_not_raised": money.not_raised.as_dict(),
        "difference": money.difference.as_dict(),
        "retention": money.retention.as_dict(),
        "largest_payer_share": money.largest_payer_share,
    }


def _usage(used: Usage) -> dict[str, Any]:
    return {
        "runs": used.runs,
        "creators": used.creators,
        "tokens": used.tokens,
        "cost": [_money(currency, minor) for currency, minor in used.cost],
        "cost_per_paying_creator": [_money(*row) for row in used.cost_per_payer],
        "accepted_rate": used.accepted.as_dict(),
        "redo_rate": used.redone.as_dict(),
    }


def _relief(part: ReliefPart) -> dict[str, Any]:
    return {
        "before": part.before.as_dict(),
        "after": part.after.as_dict(),
        "difference": part.difference.as_dict(),
    }

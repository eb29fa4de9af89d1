"""What a feature rests on, row by row, and how that differs from an earlier moment."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from crm.models import AuditEntry, Consent
from generation.models import Grounds, GroundsChange, Justification
from insights.models import Evidence, QuoteLimit
from insights.selectors import current

Items = dict[str, str]
"""Key ("e12" a coding, "p3" a payment) → twelve hex digits of its facts, a dot, its consent."""

# The order in which consent narrows: by name, anonymously, never asked, withdrawn, words removed.
CONSENTS = {"named": "n", "anonymous": "o", "none": "p", "withdrawn": "w"}
UNUSABLE = "x"
NOT_MEANT = "!"  # behind the facts: the speaker says that it was not meant so

_CODINGS = """
SELECT e.pain_id, e.id,
       left(md5(concat_ws('|', e.stance, e.severity, h.start, h."end", v.sha256, md5(h.text))), 12),
       CASE WHEN NOT i.usable THEN ''
            WHEN e.held >= 3 OR i.quoting = 'withdrawn' THEN 'withdrawn'
            WHEN e.held = 2 THEN 'none'
            WHEN e.held = 1 AND i.quoting = 'named' THEN 'anonymous'
            ELSE i.quoting END,
       (SELECT m.verdict FROM insights_membercheck m WHERE m.evidence_id = e.id
         ORDER BY m.id DESC LIMIT 1) = 'not_meant'
  FROM insights_evidence e
  JOIN insights_highlight h ON h.id = e.highlight_id
  JOIN crm_transcriptversion v ON v.id = h.transcript_id
  JOIN crm_interview i ON i.id = v.interview_id
 WHERE e.pain_id = ANY(%s)
"""
_PAYMENTS = """
SELECT p.id,
       left(md5(concat_ws('|', p.kind, p.minor, p.currency, p.creator_id, p.occurred_at,
            (SELECT sum(r.minor) FROM crm_payment r
              WHERE r.provider = p.provider AND r.refund_of = p.object_id))), 12)
  FROM crm_payment p WHERE p.id = ANY(%s)
"""


@dataclass(frozen=True)
class Difference:
    """One piece of evidence that is no longer what it was; `digest` is what it is now."""

    item: str
    kind: str
    digest: str


def items_of(features: Collection[int]) -> dict[int, Items]:
    """Feature → everything its justifications rest on now; four queries."""
    rests = list(
        Justification.objects.filter(feature_id__in=features).values_list(
            "feature_id", "pain_id", "payment_id"
        )
    )
    now = current({pain for _feature, pain, _payment in rests if pain is not None})
    with connection.cursor() as cursor:
        codings: dict[int, Items] = {}
        cursor.execute(_CODINGS, [sorted(set(now.values()))])
        for pain, evidence, facts, consent, disputed in cursor.fetchall():
            code = CONSENTS.get(consent, UNUSABLE)
            mark = NOT_MEANT if disputed else ""
            codings.setdefault(pain, {})[f"e{evidence}"] = f"{facts}{mark}.{code}"
        cursor.execute(_PAYMENTS, [sorted({pay for _f, _p, pay in rests if pay is not None})])
        payments = {pk: f"{facts}." for pk, facts in cursor.fetchall()}
    found: dict[int, Items] = {feature: {} for feature in features}
    for feature, pain, payment in rests:
        if pain is not None:
            found[feature] |= codings.get(now[pain], {})
        elif payment in payments:
            found[feature][f"p{payment}"] = payments[payment]
    return found


def sha256_of(items: Items) -> str:
    text = "\n".join(f"{key} {items[key]}" for key in sorted(items))
    return hashlib.sha256(text.encode()).hexdigest()


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[Difference]:
    """What was cited then and is gone, edited or withdrawn now. What is new is no difference."""
    found = []
    for item, before in then.items():
        after = now.get(item)
        if after == before:
            continue
        if after is None:
            found.append(Difference(item, GroundsChange.Kind.REMOVED, ""))
            continue
        facts_then, _dot, consent_then = before.partition(".")
        facts_now, _dot, consent_now = after.partition(".")
        if consent_now > consent_then:
            # The same withdrawal before and after its words are blackened.
            found.append(Difference(item, GroundsChange.Kind.WITHDRAWN, f".{consent_now}"))
        elif facts_now == facts_then + NOT_MEANT:
            found.append(Difference(item, GroundsChange.Kind.NOT_MEANT, after))
        elif facts_now != facts_then:
            found.append(Difference(item, GroundsChange.Kind.EDITED, after))
    return found


def latest_grounds(features: Collection[int]) -> dict[int, Grounds]:
    """Feature → its newest grounds."""
    rows = Grounds.objects.filter(feature_id__in=features).order_by("feature_id", "-pk")
    return {row.feature_id: row for row in rows.distinct("feature_id")}


@dataclass(frozen=True)
class Story:
    """Who did it and when, as far as the records tell."""

    who: str
    at: datetime | None


NOBODY = Story("", None)


def stories(found: Iterable[Difference], since: datetime) -> dict[str, Story]:
    """Item → who changed it since then: from the audit trail, and from the consents."""
    ids = {item.item: item.item[1:] for item in found}
    told = dict.fromkeys(ids, NOBODY)
    audited = AuditEntry.objects.filter(
        object_type__in=("insights.evidence", "crm.payment"),
        object_id__in=set(ids.values()), at__gte=since,
    ).select_related("actor").order_by("pk")  # fmt: skip
    for entry in audited:
        key = ("e" if entry.object_type == "insights.evidence" else "p") + entry.object_id
        if key in told:
            told[key] = Story(_name(entry.actor), entry.at)
    withdrawn = [item.item for item in found if item.kind == GroundsChange.Kind.WITHDRAWN]
    evidence = dict(
        Evidence.objects.filter(pk__in=[int(item[1:]) for item in withdrawn]).values_list(
            "pk", "creator_id"
        )
    )
    said: dict[int, Consent] = {}
    rows = Consent.objects.filter(creator_id__in=set(evidence.values()), given=False)
    for row in rows.select_related("by", "creator").order_by("at", "pk"):
        said[row.creator_id] = row
    limits = _limits(withdrawn)
    for item in withdrawn:
        consent = said.get(evidence.get(int(item[1:]), 0))
        if item in limits:
            told[item] = limits[item]
        elif consent is not None:
            own = consent.channel == Consent.Channel.PORTAL or consent.by is None
            told[item] = Story(consent.creator.name if own else _name(consent.by), consent.at)
    return told


def _limits(items: Collection[str]) -> dict[str, Story]:
    """Items whose passage its speaker set a limit on: the nearer reason than any consent."""
    held = dict(
        Evidence.objects.filter(pk__in=[int(item[1:]) for item in items], held__gt=0).values_list(
            "pk", "interview_id"
        )
    )
    newest = {
        row.interview_id: Story(row.creator.name, row.at)
        for row in QuoteLimit.objects.filter(interview__in=set(held.values()))
        .select_related("creator")
        .order_by("pk")
    }
    return {f"e{pk}": newest[interview] for pk, interview in held.items() if interview in newest}


def _name(user: object) -> str:
    return str(getattr(user, "first_name", "") or getattr(user, "username", ""))

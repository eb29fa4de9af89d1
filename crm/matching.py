"""Who may have paid: payers whom nobody knows, and the creators they resemble."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from crm.models import PayerMatch, Payment
from crm.payer_search import MASK, candidates, known_words, plain

SUGGESTIONS = 3
LEAST = 0.34


@dataclass(frozen=True)
class Suggestion:
    creator: int
    name: str
    tier: str
    score: float
    why: str


@dataclass(frozen=True)
class Unmatched:
    """Payments of one payer, as the bills name them, that are nobody's yet.

    `payment` stands for the group in forms; `minor` is charges less refunds, in minor units.
    """

    payment: int
    payer: str
    account: str
    payments: int
    currency: str
    minor: int
    last_at: datetime
    suggestions: tuple[Suggestion, ...] = ()


def unmatched_payments() -> QuerySet[Payment]:
    """In force and nobody's; refunds that name their charge follow it and wait for nobody."""
    return Payment.objects.unmatched().filter(Q(kind=Payment.Kind.CHARGE) | Q(refund_of=""))


def unmatched_payers(offset: int = 0, limit: int = 25) -> list[Unmatched]:
    """Payers with most payments first, each with the creators that it resembles."""
    charge = Q(kind=Payment.Kind.CHARGE)
    rows = list(
        unmatched_payments()
        .order_by()
        .values("payer", "payer_account", "currency")
        .annotate(
            first=Min("pk"),
            n=Count("pk"),
            plus=Sum("minor", filter=charge),
            minus=Sum("minor", filter=~charge),
            last=Max("occurred_at"),
        )
        .order_by("-n", "payer", "payer_account", "currency")[offset : offset + limit]
    )
    likely = suggestions([(row["payer"], row["payer_account"]) for row in rows])
    return [
        Unmatched(
            payment=row["first"],
            payer=row["payer"],
            account=row["payer_account"],
            payments=row["n"],
            currency=row["currency"],
            minor=(row["plus"] or 0) - (row["minus"] or 0),
            last_at=row["last"],
            suggestions=likely[row["payer"], row["payer_account"]],
        )
        for row in rows
    ]


def unmatched_count() -> tuple[int, int]:
    """How many payers (by currency) and how many payments wait."""
    groups = unmatched_payments().order_by().values("payer", "payer_account", "currency")
    found = groups.annotate(n=Count("pk")).aggregate(payers=Count("n"), payments=Sum("n"))
    return found["payers"], found["payments"] or 0


def matches_recent(limit: int = 8) -> QuerySet[PayerMatch]:
    """The last acts of matching that can be taken back."""
    acts = PayerMatch.objects.filter(undone_at__isnull=True, creator__isnull=False)
    return acts.select_related("creator", "by")[:limit]


def suggestions(
    payers: Sequence[tuple[str, str]],
) -> dict[tuple[str, str], tuple[Suggestion, ...]]:
    """(name, account) → the creators it resembles, most alike first.

    By pen name, handle, known payer names, and the login's e-mail against a masked account
    (`bei***@example.com`). Four queries, whatever the number of payers and creators.
    """
    near = candidates(payers)
    people = known_words(set().union(*near))
    found: dict[tuple[str, str], tuple[Suggestion, ...]] = {}
    for payer, creators in zip(payers, near, strict=True):
        scored = (_score(payer, pk, *people[pk]) for pk in creators if pk in people)
        best = sorted(
            (item for item in scored if item.score >= LEAST), key=lambda s: (-s.score, s.creator)
        )
        found[payer] = tuple(best[:SUGGESTIONS])
    return found


def _score(
    payer: tuple[str, str], pk: int, pen: str, tier: str, words: tuple[str, ...], email: str
) -> Suggestion:
    name, account = payer
    if account and email and _masked_equal(account, email):
        return Suggestion(pk, pen, tier, 1.0, "account")
    score = max((_alike(name, word) for word in words), default=0.0)
    return Suggestion(pk, pen, tier, score, "name")


def _alike(name: str, word: str) -> float:
    """1 for the same name; a masked one (`*北`) is at best likely, because it hides the rest."""
    said = plain(name)
    if not said or not word:
        return 0.0
    if "*" in name:
        ends = name.lower().strip()
        fits = word.endswith(said) if ends.startswith("*") else word.startswith(said)
        return 0.6 if fits else 0.0
    if said == word:
        return 1.0
    if len(said) > 1 and (said in word or word in said):
        return 0.6 + 0.3 * min(len(said), len(word)) / max(len(said), len(word))
    return SequenceMatcher(None, said, word).ratio()


def _masked_equal(masked: str, whole: str) -> bool:
    """Whether `bei***@example.com` may be `beibei@example.com`; at least 3 characters must show."""
    shown = MASK.split(masked.strip().lower())
    if sum(map(len, shown)) < 3 or "@" not in masked:
        return False
    return re.fullmatch(".*".join(map(re.escape, shown)), whole) is not None


def rule_of(payment: Payment) -> tuple[str, bool] | None:
    """What to remember of a payer, and whether it is an account: names that hide letters fit many,
    so then the account, where there is one that hides less."""
    if payment.payer and "*" not in payment.payer:
        return payment.payer, False
    if payment.payer_account:
        return payment.payer_account, True
    return (payment.payer, False) if payment.payer else None

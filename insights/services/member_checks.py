"""Member checking: the creator says whether a quote and its reading are right."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, User
from insights.models import Evidence, MemberCheck

LONGEST = 1000


@transaction.atomic
def quote_check(
    *,
    creator: Creator,
    evidence: Evidence,
    verdict: str,
    correction: str = "",
    actor: User | None = None,
) -> list[MemberCheck]:
    """Say "right" or "not what I meant" of a quote; it goes for every coding of the passage for the
    pain point. "Not what I meant" counts as changed evidence, told to the owners of features.

    Raises `DomainError` without a correction where it was not meant, and for somebody else's words.
    """
    if evidence.creator_id != creator.pk:
        raise DomainError(_("These are somebody else's words."), "not_yours")
    if verdict not in MemberCheck.Verdict.values:
        raise DomainError(_("Choose whether it is right."), "no_verdict")
    plain = correction.strip()
    if verdict == MemberCheck.Verdict.NOT_MEANT and not plain:
        raise DomainError(_("Say what you meant instead."), "no_correction")
    if len(plain) > LONGEST:
        raise DomainError(_("At most %(n)s characters.") % {"n": LONGEST}, "too_long")
    rows = list(
        Evidence.objects.select_for_update(of=("self",)).filter(
            highlight=evidence.highlight_id, pain=evidence.pain_id, stance=evidence.stance,
            creator=creator,
        )
    )  # fmt: skip
    made = MemberCheck.objects.bulk_create(
        [
            MemberCheck(
                evidence=row,
                creator=creator,
                verdict=verdict,
                correction=plain if verdict == MemberCheck.Verdict.NOT_MEANT else "",
            )
            for row in rows
        ]
    )
    for row in rows:
        audit.record("evidence.member_checked", row, actor=actor, data={"verdict": verdict})
    return made

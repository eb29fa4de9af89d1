"""What a shared link is about, in words: a link keeps keys, its reader wants names."""

from collections.abc import Mapping, Sequence

from crm.models import Segment, Study
from insights.findings.corpus import TIERS
from insights.models import CodingRound, PainPoint
from insights.selectors import tier_label


def shares_about(params: Sequence[Mapping[str, str]]) -> list[str]:
    """Of each link's filters the pain point, study, segment, round, tier and days; four queries."""
    pains = {
        str(row.pk): row.title for row in PainPoint.objects.filter(pk__in=_keys(params, "pain"))
    }
    parts = {
        str(row.pk): str(row) for row in Segment.objects.filter(pk__in=_keys(params, "segment"))
    }
    rounds = {
        str(row.pk): str(row) for row in CodingRound.objects.filter(pk__in=_keys(params, "round"))
    }
    studies = {
        row.key: str(row)
        for row in Study.objects.filter(key__in=[of["study"] for of in params if of.get("study")])
    }

    def words(of: Mapping[str, str]) -> str:
        found = [
            names.get(of[name], of[name])
            for name, names in (
                ("pain", pains), ("study", studies), ("segment", parts), ("round", rounds),
            )
            if of.get(name)
        ]  # fmt: skip
        if of.get("tier") in TIERS:
            found.append(tier_label(of["tier"]))
        if of.get("since") or of.get("until"):
            found.append(f"{of.get('since') or '…'} – {of.get('until') or '…'}")
        return " · ".join(found)

    return [words(of) for of in params]


def _keys(params: Sequence[Mapping[str, str]], name: str) -> set[int]:
    return {int(of[name]) for of in params if of.get(name, "").isdecimal() and len(of[name]) < 19}

"""What the sample workspace judged: the gate and an override, verdicts with confidence, a withdrawal."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from crm.models import Consent, User
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.redactions import redaction_execute
from generation.models import Feature, GatePolicy, Grounds, Verdict
from generation.services.features import feature_set_status
from generation.services.grounds import grounds_take
from insights.models import Evidence

DATA = Path(__file__).resolve().parent / "data" / "judgements.toml"


def load_judgements(staff: dict[str, User]) -> None:
    """After features, evidence and payments are there."""
    with DATA.open("rb") as file:
        rows = tomllib.load(file)
    features = {feature.key: feature for feature in Feature.objects.filter(is_sample=True)}
    GatePolicy.objects.get_or_create(pk=1)
    for feature in features.values():
        grounds_take(feature=feature, reason=Grounds.Reason.JUSTIFIED, actor=staff["pm"])
    for row in rows["override"]:
        feature_set_status(
            feature=features[row["feature"]],
            status=Feature.Status.BUILDING,
            actor=staff[row["by"]],
            override_reason=row["reason"],
        )
    for row in rows["verdict"]:
        _verdict(row, features[row["feature"]], staff[row["by"]])
    _withdrawal(features[rows["withdrawal"]["feature"]])


def _verdict(row: dict[str, Any], feature: Feature, by: User) -> None:
    at: datetime = row["at"]
    Verdict.objects.create(
        feature=feature,
        decision=row["decision"],
        confidence=str(row["confidence"]),
        why=row["why"],
        by=by,
        at=at,
    )


def _withdrawal(feature: Feature) -> None:
    """One creator no longer wants to be quoted: the dossier says that its evidence changed."""
    evidence = (
        Evidence.objects.filter(pain__justifies__feature=feature, creator__user=None)
        .select_related("highlight__transcript__interview__creator")
        .order_by("-pk")
        .first()
    )
    if evidence is None:
        return
    interview = evidence.highlight.transcript.interview
    redaction = consent_withdraw(
        creator=interview.creator,
        interview=interview,
        purposes=WITHDRAWALS["quotes"],
        channel=Consent.Channel.PORTAL,
    )
    redaction_execute(redaction.pk)

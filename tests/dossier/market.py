"""A small market in every table that a dossier reads: random, but the same for the same seed."""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from crm.models import Tier, User
from crm.services.consents import WITHDRAWALS, consent_give, consent_withdraw
from generation.models import Criterion, Feature, FeatureUse, Justification, Relief
from insights.models import Asked, Need, PainPoint
from tests.factories.crm import CreatorFactory, PaymentFactory, UserFactory, transcript_of
from tests.factories.generation import FeatureFactory, NovelFactory, RunFactory
from tests.factories.insights import PainPointFactory, tag

LINES = ("分镜要画三天", "换个镜头脸就变了", "配音太机械")


@dataclass
class Market:
    feature: Feature
    pains: list[PainPoint]
    coder: User


def market(people: int = 14, seed: int = 20261125) -> Market:
    """Creators of all tiers who were asked, some raised, some pay, used it, withdrew consent."""
    dice = random.Random(seed)
    coder = UserFactory(is_staff=True, email="owner@example.org")
    pains = [PainPointFactory(title_zh=f"痛点{seed}-{number}") for number in range(len(LINES))]
    feature = FeatureFactory(key="fixed", hypothesis_zh="固定了就不返工", owner=coder)
    Justification.objects.create(feature=feature, claim_zh="脸会变", pain=pains[1])
    Justification.objects.create(feature=feature, claim_zh="太慢", pain=pains[0])
    for number in range(people):
        creator = CreatorFactory(tier=dice.choice(list(Tier)))
        transcript = transcript_of([("墨", line) for line in LINES], creator=creator)
        for pain, line in zip(pains, LINES, strict=True):
            roll = dice.random()
            if roll < 0.6:
                stance = "against" if roll < 0.15 else "for"
                tag(pain, transcript=transcript, quote=line, coder=coder, stance=stance)
            elif roll < 0.85:
                Asked.objects.create(interview=transcript.interview, pain=pain)
            if dice.random() < 0.5:
                Need.objects.create(
                    creator=creator, pain=pain, tier=creator.tier,
                    importance=dice.randint(1, 5), satisfaction=dice.randint(1, 5),
                )  # fmt: skip
        _lives_on(dice, number, feature, pains[0], creator)
    Criterion.objects.create(
        feature=feature, text_zh="至少五位付费", metric="payers", threshold="1", minimum_n=1,
        due=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    return Market(feature, pains, coder)


def _lives_on(
    dice: random.Random, number: int, feature: Feature, pain: PainPoint, creator: object
) -> None:
    """What one creator pays, makes and says after the interview; one in eight takes words back."""
    now = timezone.now()
    if dice.random() < 0.6:
        for month in range(dice.randint(1, 5)):
            PaymentFactory(
                creator=creator, minor=dice.choice([2900, 5900]),
                currency="USD" if number == 3 else "CNY",
                occurred_at=now - timedelta(days=20 + 30 * month),
            )  # fmt: skip
    if dice.random() < 0.5:
        run = RunFactory(novel=NovelFactory(creator=creator), state="done")
        FeatureUse.objects.create(
            run=run, feature=feature, creator=creator, at=now, tokens=dice.randint(0, 900),
            cost_minor=dice.randint(0, 99), accepted=dice.choice([True, False, None]),
        )  # fmt: skip
        before = dice.randint(4, 10)
        Relief.objects.create(
            creator=creator, feature=feature, pain=pain, before=before,
            after=dice.randint(0, before),
        )  # fmt: skip
    if number % 8 == 1:
        consent_withdraw(creator=creator, purposes=WITHDRAWALS["record"])
    elif number % 8 == 2:
        consent_withdraw(creator=creator, purposes=WITHDRAWALS["quotes"])
    elif number % 2:
        consent_give(creator=creator, purposes=["quote_named"])

"""Invented data: in proportion, valid under every trigger, the same for a seed, gone when removed."""

import json
from collections import Counter
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Length

from config.fill.filling import AlreadyFilledError, Wish, fill
from config.fill.removal import StillUsedError, remove
from config.sample import loader
from crm.models import (
    AuditEntry,
    Creator,
    Interview,
    PayerBalance,
    Payment,
    Study,
    Tier,
    TranscriptVersion,
    User,
    Utterance,
)
from crm.selectors import revenue
from crm.services.ledger_check import ledger_check
from generation.models import FeatureUse, Justification, Novel, Relief, Run
from insights.models import Asked, Evidence, Highlight, Need, PainPoint
from tests.factories.crm import CreatorFactory, PaymentFactory, transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag

SMALL = Wish(creators=40, utterances=1200, payments=900, seed=5, highlights=300)


def quiet(what: str, done: int, of: int) -> None:
    """Nobody listens."""


def facts() -> dict[str, Any]:
    """What a fill made, without ids and times of writing."""
    return {
        "creators": list(
            Creator.objects.order_by("handle").values_list("name", "tier", "city", "followers")
        ),
        "said": list(
            Utterance.objects.order_by("transcript__interview__at", "transcript", "index")
            .values_list("speaker", "text", "start_ms")
        ),
        "quotes": sorted(
            Evidence.objects.values_list("highlight__text", "pain__title_zh", "stance", "tier")
        ),
        "payments": list(
            Payment.objects.order_by("event_id").values_list("event_id", "minor", "currency", "kind")
        ),
    }  # fmt: skip


def test_it_makes_exactly_what_is_asked_for(db: None) -> None:
    counts = fill(SMALL, quiet)

    assert Creator.objects.filter(is_sample=True).count() == 40
    assert Utterance.objects.count() == 1200
    assert Payment.objects.filter(is_sample=True).count() == 900
    assert Highlight.objects.count() == 300
    assert PainPoint.objects.open().count() == 30
    assert counts["interviews"] == Interview.objects.count() == 48
    assert counts["evidence"] == Evidence.objects.count() >= 300
    assert counts["needs"] == Need.objects.count() > 0


def test_what_it_makes_is_in_proportion(db: None) -> None:
    fill(SMALL, quiet)

    tiers = Counter(Creator.objects.values_list("tier", flat=True))
    assert set(tiers) <= set(Tier.values)
    assert tiers["entry"] > tiers["head"]
    assert 0 < Evidence.objects.filter(stance="against").count() < Evidence.objects.count() / 3
    assert Evidence.objects.values("coder").distinct().count() > 1
    assert Highlight.objects.filter(evidence__coder__isnull=False).distinct().count() == 300
    assert Asked.objects.exists()
    money = {row.currency: row.payments for row in revenue()}
    assert money["CNY"] > sum(money.values()) / 2
    assert len(money) > 1
    assert Payment.objects.filter(kind="refund").exists()
    assert Payment.objects.unmatched().exists()


def test_transcripts_utterances_and_quotes_agree_to_the_code_point(db: None) -> None:
    fill(SMALL, quiet)

    for transcript in TranscriptVersion.objects.prefetch_related("utterances", "highlights"):
        for row in [*transcript.utterances.all(), *transcript.highlights.all()]:
            assert transcript.text[row.start : row.end] == row.text
    assert not Evidence.objects.exclude(
        tier=F("highlight__transcript__interview__tier_then")
    ).exists()
    assert not Utterance.objects.annotate(n=Length("text")).filter(n=0).exists()


def test_refunds_are_never_larger_than_their_charge(db: None) -> None:
    fill(SMALL, quiet)

    charges = dict(Payment.objects.charges().values_list("object_id", "minor"))
    for row in Payment.objects.filter(~Q(kind="charge")):
        assert row.minor <= charges[row.refund_of]


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(db: None) -> None:
    fill(SMALL, quiet)
    first = facts()
    remove()
    fill(SMALL, quiet)
    assert facts() == first
    remove()
    fill(Wish(creators=40, utterances=1200, payments=900, seed=6, highlights=300), quiet)
    assert facts()["said"] != first["said"]


def test_a_seed_is_used_once(db: None) -> None:
    fill(Wish(creators=2, utterances=0, payments=0, seed=5), quiet)

    with pytest.raises(AlreadyFilledError, match="--seed 5"):
        fill(SMALL, quiet)
    assert not Utterance.objects.exists()


def test_removal_takes_all_of_it_and_nothing_else(db: None) -> None:
    kept = tag(PainPointFactory(title_zh="真实的痛点"), quote="分镜要画三天")
    payment = PaymentFactory(creator=CreatorFactory(is_sample=True))
    feature = FeatureFactory()
    Justification.objects.create(feature=feature, claim_zh="有人说过", pain=kept.pain)
    before = {model: model.objects.count() for model in (Creator, Interview, Payment, User)}
    fill(SMALL, quiet)
    assert FeatureUse.objects.exists()
    assert Relief.objects.exists()

    remove()

    assert {model: model.objects.count() for model in before} == before
    assert Payment.objects.get() == payment
    assert Evidence.objects.get() == kept
    assert Asked.objects.get().pain == kept.pain
    for model in (Study, Novel, Run, Need, FeatureUse, Relief):
        assert not model.objects.exists(), model
    assert AuditEntry.objects.filter(action__startswith="workspace.").count() == 2


def test_balances_agree_with_the_ledger_before_and_after(db: None) -> None:
    real = PaymentFactory(creator=CreatorFactory())
    unknown = PaymentFactory(creator=None)
    fill(SMALL, quiet)
    assert ledger_check().ok

    remove()

    assert ledger_check().ok
    assert {row.creator_id for row in PayerBalance.objects.all()} == {real.creator_id, None}
    assert PayerBalance.objects.get(creator=None).charged == unknown.minor


def test_one_fill_is_removed_and_the_other_stays(db: None) -> None:
    fill(SMALL, quiet)
    other = Wish(creators=3, utterances=30, payments=20, seed=50)
    fill(other, quiet)

    remove(5)

    assert Creator.objects.count() == 3
    assert Payment.objects.count() == 20
    assert PainPoint.objects.count() == 30
    remove(50)
    assert not PainPoint.objects.exists()
    assert not User.objects.filter(username__startswith="fill-").exists()


def test_what_people_built_on_invented_data_is_not_torn_out(db: None) -> None:
    fill(SMALL, quiet)
    Justification.objects.create(
        feature=FeatureFactory(), claim_zh="有人付", payment=Payment.objects.charges()[0]
    )

    with pytest.raises(StillUsedError, match="justification"):
        remove()
    assert Payment.objects.count() == 900


def test_existing_pain_points_are_used_instead_of_inventing_more(db: None) -> None:
    PainPointFactory(title_zh="分镜太慢")

    fill(SMALL, quiet)

    assert PainPoint.objects.count() == 1
    assert Utterance.objects.filter(text__contains="分镜太慢").exists()


def test_the_search_index_is_there_again_after_a_large_load(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def indexes() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'crm_utterance'")
            return {row[0] for row in cursor.fetchall()}

    before = indexes()
    monkeypatch.setattr("config.fill.filling.REBUILD_FROM", 100)
    fill(SMALL, quiet)

    assert indexes() == before
    assert any("USING gin" in index for index in before)


def test_the_sample_workspace_can_still_be_loaded_beside_it(db: None) -> None:
    fill(Wish(creators=2, utterances=0, payments=0, seed=5), quiet)

    assert not loader.loaded()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--creators", "-1"], "--creators -1"),
        (["--creators", "0", "--utterances", "5"], "--creators 0"),
        (["--utterances", "5", "--interviews", "6"], "--interviews 6"),
        (["--utterances", "5", "--interviews", "0"], "--interviews 0"),
        (["--utterances", "5", "--highlights", "16"], "--highlights 16"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_by_name(
    db: None, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("fill", *arguments)

    assert stop.value.code == 2
    assert words in capsys.readouterr().err
    assert not Creator.objects.exists()


def test_a_database_of_ones_own_is_filled_only_on_request(
    db: None, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMBEDDED = False
    few = ["--creators", "2", "--utterances", "20", "--payments", "5"]

    with pytest.raises(SystemExit) as stop:
        call_command("fill", *few)
    assert stop.value.code == 2
    assert "--yes" in capsys.readouterr().err
    call_command("fill", *few, "--yes", "--json")

    printed = capsys.readouterr()
    assert json.loads(printed.out)["payments"] == 5
    assert "utterances: 100 %" in printed.err


def test_the_command_says_that_a_seed_was_used(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--creators", "2", "--utterances", "0", "--payments", "0", "--seed", "9"]
    call_command("fill", *few)

    with pytest.raises(SystemExit) as stop:
        call_command("fill", *few)

    assert stop.value.code == 2
    assert "--seed 9" in capsys.readouterr().err
    call_command("fill", "--remove", "--json")
    assert not Creator.objects.exists()


def test_a_transcript_of_the_team_is_left_alone(db: None) -> None:
    transcript = transcript_of([("林小满", "分镜太慢")])
    fill(SMALL, quiet)
    remove()

    assert Utterance.objects.get().transcript == transcript

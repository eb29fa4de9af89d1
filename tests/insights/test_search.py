"""Search finds what LIKE finds, in both scripts, from one character, and nothing else."""

import random

import pytest
from django.db import connection

from crm.models import Tier, TranscriptVersion, Utterance
from insights.search import search
from tests.factories.crm import (
    CreatorFactory,
    InterviewFactory,
    StudyFactory,
    TranscriptFactory,
    transcript_of,
)

LETTERS = "分镜太慢角色一致漫画动态配音𠮷😀abcABC éÉßİ%_\\'\"，。 \t"
QUERIES = 400


def said(texts: list[str]) -> TranscriptVersion:
    return transcript_of([("林小满", text) for text in texts])


def like(query: str) -> set[int]:
    """What plain LIKE finds, letter case aside: position() knows no wildcards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM crm_utterance WHERE position(lower(%s) in lower(text)) > 0", [query]
        )
        return {row[0] for row in cursor.fetchall()}


def test_recall_and_precision_are_those_of_like(db: None) -> None:
    dice = random.Random(20261123)
    texts = ["".join(dice.choices(LETTERS, k=dice.randint(1, 40))) for _ in range(3000)]
    transcript = TranscriptFactory(text="见下")
    Utterance.objects.bulk_create(
        Utterance(transcript=transcript, index=index, start=0, end=0, text=text)
        for index, text in enumerate(texts)
    )
    hits = 0

    for _ in range(QUERIES):
        source = dice.choice(texts)
        start = dice.randrange(len(source))
        query = source[start : start + dice.choice([1, 1, 2, 2, 3, 5, 8])].strip()
        if dice.random() < 0.2:
            query = "".join(dice.choices(LETTERS, k=dice.randint(1, 3))).strip()
        if not query:
            continue
        expected = like(query)
        found = search(query, limit=5000)
        assert {hit.id for hit in found.hits} == expected, repr(query)
        assert found.count == len(expected)
        hits += len(expected)

    assert hits > QUERIES  # else the comparison would compare nothing with nothing


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("慢", {0, 1}),
        ("分镜", {0}),
        ("%", {2}),
        ("_", {2}),
        ("100%", {2}),
        ("\\", {3}),
        ("𠮷", {4}),
        ("😀", {4}),
        ("CLIP studio", {5}),
        ("镜太", {0}),
        ("很慢。", {1}),
        ("没有说过", set()),
        ("'; DROP TABLE crm_utterance; --", set()),
    ],
)
def test_a_query_is_taken_letter_by_letter(db: None, query: str, expected: set[int]) -> None:
    said(
        [
            "分镜太慢",
            "配音也 很慢。",
            "涨了100%_真的",
            "路径是 C:\\画",
            "𠮷野家😀",
            "I use Clip Studio daily",
        ]
    )

    assert {hit.utterance for hit in search(query).hits} == expected


@pytest.mark.parametrize("query", ["", "   ", "　\t"])
def test_nothing_asked_finds_nothing(db: None, query: str) -> None:
    said(["分镜"])

    assert search(query).count == 0


def test_pages_follow_each_other_without_gap_or_repeat(db: None) -> None:
    said([f"分镜第{number}张" for number in range(25)])

    pages = [search("分镜", limit=10, offset=offset) for offset in (0, 10, 20)]

    ids = [hit.id for page in pages for hit in page.hits]
    assert len(set(ids)) == 25
    assert ids == sorted(ids, reverse=True)
    assert {page.count for page in pages} == {25}


def test_only_the_newest_version_of_a_transcript_is_searched(db: None) -> None:
    interview = InterviewFactory()
    transcript_of([("", "分镜太慢")], interview=interview)
    transcript_of([("", "分镜很快")], interview=interview, version=2)

    assert [hit.text for hit in search("分镜").hits] == ["分镜很快"]


def test_tier_then_and_study_narrow_it_down(db: None) -> None:
    for tier, key in ((Tier.HEAD, "a"), (Tier.MID, "b")):
        creator = CreatorFactory(tier=Tier.ENTRY)
        interview = InterviewFactory(creator=creator, tier_then=tier, study=StudyFactory(key=key))
        transcript_of([("", "分镜太慢")], interview=interview)

    assert search("分镜").count == 2
    assert search("分镜", tier="head").count == 1
    assert search("分镜", study="b").hits[0].tier == "mid"
    assert search("分镜", tier="head", study="b").count == 0


def test_two_characters_are_found_through_the_index(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM crm_utterance u "
            "WHERE pingju_bigrams(u.text) @> pingju_bigrams('分镜')"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "crm_utterance_bigrams" in plan

"""Search finds what LIKE finds, in both scripts, from one character, and nothing else."""

import random
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from crm.models import Tier, TranscriptVersion, Utterance
from insights.search import Filters, grams, marked, passages_of, search, start_of
from insights.search.grams import INDEX, Commonness, grams_of
from tests.factories.crm import (
    CreatorFactory,
    InterviewFactory,
    StudyFactory,
    TranscriptFactory,
    transcript_of,
)
from tests.factories.insights import PainPointFactory, tag

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
        found = search(query, limit=5000, count_cap=None)
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

    places = [hit.utterance for page in pages for hit in page.hits]
    assert places == list(range(25))  # one interview, in the order in which it was said
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


@pytest.mark.parametrize("query", ["镜", "分镜", "AI", "用ComfyUI", "分镜太慢"])
def test_every_query_is_found_through_the_index(db: None, query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM crm_utterance u WHERE pingju_grams(u.text) @> %s::bigint[]",
            [grams_of(query)],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert INDEX in plan


@pytest.mark.parametrize("text", ["分镜", "aB分c", "Studio 2", "𠮷😀", "100%_", "a b", "ÉİßЯ"])
def test_the_grams_of_a_query_are_among_those_of_the_text(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pingju_grams(%s)", [f"前{text}后"])
        known = set(cursor.fetchone()[0])

    assert set(grams_of(text)) <= known


def test_passages_with_evidence_come_first_then_the_newest_interview(db: None) -> None:
    for day in (1, 2, 3):
        transcript = transcript_of(
            [("", f"第{day}次说分镜太慢"), ("", "别的")], at=datetime(2026, 5, day, tzinfo=UTC)
        )
        if day == 1:
            tag(PainPointFactory(), transcript=transcript, quote="分镜太慢")

    found = search("分镜")

    assert found.ranked
    assert [hit.text[1] for hit in found.hits] == ["1", "3", "2"]
    assert [hit.text[1] for hit in search("分镜", newest=True).hits] == ["3", "2", "1"]


def test_a_word_that_everybody_says_is_listed_newest_first(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insights.search.finding.RANK_CAP", 3)
    for day in (1, 2):
        transcript = transcript_of(
            [("", f"分镜{number}") for number in range(4)], at=datetime(2026, 5, day, tzinfo=UTC)
        )
        if day == 1:
            tag(PainPointFactory(), transcript=transcript, quote="分镜0")

    found = search("分镜", limit=5)

    assert not found.ranked
    assert [(hit.at.day, hit.utterance) for hit in found.hits] == [
        (2, 0), (2, 1), (2, 2), (2, 3), (1, 0),
    ]  # fmt: skip


def test_the_way_down_the_newest_interviews_finds_the_same_as_the_index(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(7)
    for day in range(1, 25):
        lines = [("", "".join(dice.choices("分镜太慢", k=6))) for _ in range(20)]
        transcript_of(
            lines, at=datetime(2026, 5, day, tzinfo=UTC), tier_then=dice.choice(Tier.values)
        )
    common = Commonness(dict.fromkeys(grams_of("分镜太慢"), 0.5), 1e6, float("inf"), 1e5)
    asked: list[dict[str, Any]] = [
        {"limit": 20}, {"limit": 20, "offset": 20}, {"limit": 10, "tier": "mid"},
        {"limit": 5, "filters": Filters(since=datetime(2026, 5, 9, tzinfo=UTC))},
    ]  # fmt: skip
    monkeypatch.setattr("insights.search.finding.AHEAD", 500)
    by_index = [search("分镜", newest=True, **one) for one in asked]
    monkeypatch.setattr("insights.search.finding.commonness", lambda: common)

    downwards = [search("分镜", **one) for one in asked]

    assert [page.hits for page in downwards] == [page.hits for page in by_index]
    assert [page.count for page in downwards] == [page.count for page in by_index]
    assert not any(page.ranked for page in downwards)


@pytest.mark.parametrize("share", [0.0, 0.004, 0.02, 0.5])
@pytest.mark.parametrize("rank_cap", [3, 500])
def test_a_word_of_old_interviews_is_found_whichever_way_is_begun_with(
    db: None, monkeypatch: pytest.MonkeyPatch, share: float, rank_cap: int
) -> None:
    """What is known of how common words are may be wrong: it chooses a way, never the hits."""
    for day in range(1, 25):
        word = "分镜" if day < 4 else "配音"
        transcript_of([("", f"{word}{n}") for n in range(5)], at=datetime(2026, 5, day, tzinfo=UTC))
    believed = Commonness(dict.fromkeys(grams_of("分镜"), share), 1e6, float("inf"), 5e5)
    monkeypatch.setattr("insights.search.finding.commonness", lambda: believed)
    monkeypatch.setattr("insights.search.finding.RANK_CAP", rank_cap)
    expected = [(day, n) for day in (3, 2, 1) for n in range(5)]

    for limit, offset in ((4, 0), (4, 4), (20, 0), (20, 10)):
        found = search("分镜", limit=limit, offset=offset, newest=True, count_cap=rank_cap)

        places = [(hit.at.day, hit.utterance) for hit in found.hits]
        assert places == expected[offset : offset + limit]
        assert (found.count, found.capped) == (min(15, rank_cap), rank_cap < 15)
        assert search("分镜", limit=limit, count_cap=None).count == 15
        assert len(search("分镜", limit=limit, counted=False).hits) == min(limit, 15)


@pytest.mark.parametrize("query", ["k", "K", "ok", "i", "it", "\N{KELVIN SIGN}", "é", "Éa"])
def test_letter_case_beyond_ascii_is_that_of_the_database(db: None, query: str) -> None:
    said(
        [
            "OK it is",
            "o\N{KELVIN SIGN}",
            "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}t",
            "ÉA",
            "éa",
            "无",
        ]
    )

    assert {hit.id for hit in search(query).hits} == like(query)
    assert search(query).hits


def test_what_the_server_knows_of_common_grams_is_read(db: None) -> None:
    said(["分镜太慢"] * 30 + ["配音"] * 10)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_utterance")

    known = grams._read(0.0)

    assert known.share(grams_of("分镜")) == pytest.approx(0.75)
    assert known.share(grams_of("分镜配")) == 0
    assert known.utterances == 40


def test_the_count_is_capped_unless_all_are_asked_for(db: None) -> None:
    said(["分镜"] * 12)

    capped = search("分镜", limit=5, count_cap=10)
    exact = search("分镜", limit=5, count_cap=None)

    assert (capped.count, capped.capped) == (10, True)
    assert (exact.count, exact.capped) == (12, False)
    assert search("分镜", limit=5, offset=50, count_cap=10).count == 10


def test_a_common_word_is_counted_a_little_further_than_the_page(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 9):
        transcript_of([("", f"分镜{n}") for n in range(40)], at=datetime(2026, 5, day, tzinfo=UTC))
    common = Commonness(dict.fromkeys(grams_of("分镜"), 0.5), 1e6, float("inf"), 1e5)
    monkeypatch.setattr("insights.search.finding.commonness", lambda: common)

    pages = [search("分镜", limit=20, offset=offset) for offset in (0, 80, 300)]

    assert [(page.count, page.capped) for page in pages] == [(100, True), (180, True), (320, False)]
    assert search("分镜", limit=20, count_cap=None).count == 320


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5])
def test_the_short_ways_give_the_same_hits_as_the_long_one(
    db: None, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """Versions, consent withdrawn, tiers, studies, speakers, days and evidence all count."""
    dice = random.Random(11)
    pain, studies = PainPointFactory(), [StudyFactory(key="a"), StudyFactory(key="b")]
    for day in range(1, 17):
        at = datetime(2026, 5, day, tzinfo=UTC)
        interview = InterviewFactory(
            at=at, tier_then=dice.choice(Tier.values), study=dice.choice(studies)
        )
        for version in range(1, dice.choice([2, 2, 3])):
            lines = [
                (dice.choice(["林", "问"]), "".join(dice.choices("分镜 aAI", k=7)) + "。")
                for _ in range(8)
            ]
            transcript = transcript_of(lines, interview=interview, version=version)
        if day % 5 == 0:
            tag(pain, transcript=transcript, quote=transcript.utterances.all()[3].text)
        if day % 7 == 0:
            type(interview).objects.filter(pk=interview.pk).update(usable=False)
    asked: list[dict[str, Any]] = [
        {}, {"limit": 3}, {"newest": True, "limit": 5}, {"tier": "mid"}, {"study": "b"},
        {"study": "none"}, {"filters": Filters(speaker="林", since=datetime(2026, 5, 4, tzinfo=UTC))},
        {"filters": Filters(until=datetime(2026, 5, 9, tzinfo=UTC)), "counted": False},
        {"withheld": list(type(interview).objects.values_list("pk", flat=True)[:6])},
    ]  # fmt: skip
    queries = ["分", "镜", "分镜", "a", "AI", "I", "aa", " a", "没有"]
    known = {gram: share for query in queries for gram in grams_of(query)}
    believed = Commonness(known, 1e6, float("inf"), 1e5)
    monkeypatch.setattr("insights.search.finding.commonness", lambda: believed)
    monkeypatch.setattr("insights.search.finding.AHEAD", 500)
    if share:  # what is thought common is listed newest first, however many there are
        asked = [one | {"newest": True} for one in asked]
    short = [search(query, **one) for query in queries for one in asked]
    for way in ("_of_few", "_of_many"):
        monkeypatch.setattr(f"insights.search.finding._Asked.{way}", lambda *_some: None)

    long = [search(query, **one) for query in queries for one in asked]

    assert [(page.hits, page.count) for page in short] == [(page.hits, page.count) for page in long]
    assert sum(page.count for page in short) > 1000


def test_pain_speaker_time_and_evidence_narrow_it_down(db: None) -> None:
    pain = PainPointFactory()
    old = transcript_of([("林小满", "分镜太慢")], at=datetime(2026, 1, 5, 20, tzinfo=UTC))
    transcript_of([("周南", "分镜很快")], at=datetime(2026, 2, 5, tzinfo=UTC))
    tag(pain, transcript=old, quote="分镜")

    def texts(**filters: Any) -> list[str]:
        return [hit.text for hit in search("分镜", filters=Filters(**filters)).hits]

    assert texts(pain=pain.pk) == texts(coded=True) == texts(speaker="小满") == ["分镜太慢"]
    assert texts(pain=pain.pk + 1) == texts(speaker="%") == []
    assert texts(since=start_of(date(2026, 2, 1))) == ["分镜很快"]
    # 20:00 UTC is the next morning in the house's time zone
    assert texts(until=start_of(date(2026, 1, 5), days=1)) == []
    assert texts(until=start_of(date(2026, 1, 6), days=1)) == ["分镜太慢"]


def test_other_spellings_are_other_letters_unless_they_are_asked_for(db: None) -> None:
    said(["画分镜", "畫分鏡", "ＡＩ工具", "AI工具"])

    assert {hit.utterance for hit in search("分镜").hits} == {0}
    assert {hit.utterance for hit in search("分镜", variants=True).hits} == {0, 1}
    assert {hit.utterance for hit in search("畫", variants=True).hits} == {0, 1}
    assert {hit.utterance for hit in search("ai").hits} == {3}
    assert {hit.utterance for hit in search("ai", variants=True).hits} == {2, 3}
    assert {hit.utterance for hit in search("Ａｉ", variants=True).hits} == {2, 3}


def test_a_hit_comes_with_its_neighbours_and_what_it_is_evidence_for(db: None) -> None:
    pain = PainPointFactory()
    transcript = transcript_of([("问", "怎么做的？"), ("林", "分镜太慢"), ("问", "还有呢？")])
    tag(pain, transcript=transcript, quote="镜太", stance="against")

    (passage,) = passages_of(search("分镜").hits)

    assert passage.before is not None
    assert passage.after is not None
    assert (passage.before.text, passage.after.text) == ("怎么做的？", "还有呢？")
    assert [(coding.pain, coding.against) for coding in passage.codings] == [(pain, True)]
    (edge,) = passages_of(search("怎么做").hits)
    assert edge.before is None
    assert edge.codings == ()


def test_the_context_of_a_page_takes_three_queries(
    db: None, django_assert_num_queries: Any
) -> None:
    transcript = said([f"分镜{number}" for number in range(30)])
    tag(PainPointFactory(), transcript=transcript, quote="分镜3")
    hits = search("分镜", limit=30).hits

    with django_assert_num_queries(3):
        assert len(passages_of(hits)) == 30


@pytest.mark.parametrize(
    ("text", "wanted", "pieces"),
    [
        ("分镜太慢", "镜", [("分", False), ("镜", True), ("太慢", False)]),
        ("AI ai", "ai", [("AI", True), (" ", False), ("ai", True)]),
        ("a.c abc", "a.c", [("a.c", True), (" abc", False)]),
        ("<b>%", "%", [("<b>", False), ("%", True)]),
    ],
)
def test_the_words_are_marked_letter_by_letter(
    text: str, wanted: str, pieces: list[tuple[str, bool]]
) -> None:
    assert marked(text, [wanted]) == pieces


def test_a_long_turn_is_cut_around_the_words() -> None:
    pieces = marked("前" * 50 + "分镜" + "后" * 50, ["分镜"], around=3)

    assert pieces == [
        ("…", False), ("前前前", False), ("分镜", True), ("后后后", False), ("…", False),
    ]  # fmt: skip

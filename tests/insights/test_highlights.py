"""A passage becomes evidence: exactly what was said, whatever characters it is made of."""

import pytest
from django.db import DatabaseError, connection, transaction

from crm.exceptions import DomainError
from crm.models import AuditEntry, Tier, TranscriptVersion
from insights.models import Asked, Evidence, Highlight, PainPoint
from insights.services.highlights import (
    evidence_remove,
    interview_set_asked,
    pain_create,
    passage_tag,
    utf16_to_code_points,
)
from tests.conftest import Person
from tests.factories.crm import InterviewFactory, TranscriptFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

SAID = "😀𠮷野家那张重画了五次，e\u0301clair 👩‍👩‍👧‍👦 也是。"


@pytest.fixture
def transcript(db: None) -> TranscriptVersion:
    return transcript_of([("研究员", "什么最难？"), ("林小满", SAID)])


@pytest.mark.parametrize(
    "quote", ["😀", "𠮷野家", "野家那张", "五次，e\u0301clair", "👩‍👩‍👧‍👦", SAID]
)
def test_the_offsets_of_a_quote_count_code_points(
    transcript: TranscriptVersion, bob: Person, quote: str
) -> None:
    evidence = tag(PainPointFactory(), transcript=transcript, quote=quote, coder=bob.user)

    kept = evidence.highlight
    assert kept.text == quote == transcript.text[kept.start : kept.end]
    assert kept.end - kept.start == len(quote)


def test_a_browsers_utf16_offsets_become_code_points() -> None:
    text = "a😀𠮷b"

    assert utf16_to_code_points(text, 1, 5) == (1, 3)
    assert utf16_to_code_points(text, 0, 6) == (0, 4)


@pytest.mark.parametrize(("start", "end"), [(2, 5), (1, 4), (-1, 3), (5, 1), (0, 99)])
def test_an_offset_inside_a_pair_or_outside_of_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(DomainError):
        utf16_to_code_points("a😀𠮷b", start, end)


def test_utf16_offsets_agree_with_what_a_browser_would_cut() -> None:
    text = SAID
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            before = len(text[:start].encode("utf-16-le")) // 2
            until = len(text[:end].encode("utf-16-le")) // 2
            assert utf16_to_code_points(text, before, until) == (start, end)


def test_white_space_at_both_ends_is_left_out(bob: Person) -> None:
    transcript = transcript_of([("", "　分镜 \t太慢　")])

    evidence = passage_tag(
        transcript=transcript,
        start=0,
        end=len(transcript.text),
        pain=PainPointFactory(),
        coder=bob.user,
    )

    assert (evidence.highlight.text, evidence.highlight.start) == ("分镜 \t太慢", 1)


@pytest.mark.parametrize(
    ("start", "end", "quote", "code"),
    [
        (0, 999, None, "bad_range"),
        (3, 3, None, "bad_range"),
        (5, 3, None, "bad_range"),
        (0, 2, "别的", "stale_selection"),
    ],
)
def test_a_selection_that_is_not_in_the_transcript_is_refused(
    transcript: TranscriptVersion,
    bob: Person,
    start: int,
    end: int,
    quote: str | None,
    code: str,
) -> None:
    with pytest.raises(DomainError) as caught:
        passage_tag(
            transcript=transcript,
            start=start,
            end=end,
            quote=quote,
            pain=PainPointFactory(),
            coder=bob.user,
        )

    assert caught.value.code == code
    assert not Highlight.objects.exists()


def test_a_closed_pain_point_takes_no_new_evidence(
    transcript: TranscriptVersion, bob: Person
) -> None:
    with pytest.raises(DomainError) as caught:
        tag(PainPointFactory(status="retired"), transcript=transcript, quote="😀", coder=bob.user)

    assert caught.value.code == "pain_closed"


def test_two_coders_of_one_passage_are_two_readings_of_one_highlight(
    transcript: TranscriptVersion, bob: Person, staff: Person
) -> None:
    pain = PainPointFactory()

    for coder in (bob.user, staff.user):
        tag(pain, transcript=transcript, quote="五次", coder=coder)

    assert (Highlight.objects.count(), Evidence.objects.count()) == (1, 2)


def test_the_evidence_keeps_creator_and_tier_of_the_interview(bob: Person) -> None:
    interview = InterviewFactory(tier_then=Tier.HEAD)
    interview.creator.tier = Tier.ENTRY
    interview.creator.save()
    transcript = transcript_of([("", "分镜太慢")], interview=interview)

    evidence = tag(PainPointFactory(), transcript=transcript, quote="太慢", coder=bob.user)

    assert (evidence.tier, evidence.creator) == (Tier.HEAD, interview.creator)
    assert AuditEntry.objects.filter(action="evidence.added").count() == 1


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(0, 2, "编的"), (0, 3, "什么"), (1, 3, "什么"), (0, 2, "什么 "), (900, 902, "什么")],
)
def test_the_database_refuses_a_quote_that_was_not_said(
    transcript: TranscriptVersion, start: int, end: int, text: str
) -> None:
    with pytest.raises(DatabaseError, match="differs from its transcript"), transaction.atomic():
        Highlight.objects.create(transcript=transcript, start=start, end=end, text=text)


def test_the_database_refuses_to_change_a_quote_into_another(
    transcript: TranscriptVersion, bob: Person
) -> None:
    kept = tag(PainPointFactory(), transcript=transcript, quote="五次", coder=bob.user).highlight

    with pytest.raises(DatabaseError, match="differs from its transcript"), transaction.atomic():
        Highlight.objects.filter(pk=kept.pk).update(text="六次")


def test_without_the_trigger_a_false_quote_would_go_in(transcript: TranscriptVersion) -> None:
    """The control of the two tests above."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE insights_highlight DISABLE TRIGGER USER")

    assert Highlight.objects.create(transcript=transcript, start=0, end=2, text="编的").pk


def test_taking_the_last_reading_back_takes_the_highlight_with_it(
    transcript: TranscriptVersion, bob: Person, staff: Person
) -> None:
    pain = PainPointFactory()
    first, second = (
        tag(pain, transcript=transcript, quote="五次", coder=coder)
        for coder in (bob.user, staff.user)
    )

    evidence_remove(evidence=first, actor=bob.user)
    assert Highlight.objects.count() == 1
    evidence_remove(evidence=second, actor=staff.user)

    assert not Highlight.objects.exists()
    assert AuditEntry.objects.filter(action="evidence.removed").count() == 2


def test_the_same_open_title_is_the_same_pain_point(bob: Person) -> None:
    first = pain_create(title=" 分镜  太慢 ", actor=bob.user)

    assert pain_create(title="分镜 太慢", actor=bob.user) == first
    assert PainPoint.objects.count() == 1


@pytest.mark.parametrize("title", ["", "  　", "长" * 121])
def test_a_pain_point_without_a_usable_title_is_refused(bob: Person, title: str) -> None:
    with pytest.raises(DomainError):
        pain_create(title=title, actor=bob.user)


def test_what_has_evidence_counts_as_asked_even_if_it_is_not_ticked(
    transcript: TranscriptVersion, bob: Person
) -> None:
    raised, asked, neither = PainPointFactory(), PainPointFactory(), PainPointFactory()
    tag(raised, transcript=transcript, quote="五次", coder=bob.user)
    Asked.objects.create(interview=transcript.interview, pain=neither)

    interview_set_asked(interview=transcript.interview, pains=[asked.pk], actor=bob.user)

    found = set(Asked.objects.values_list("pain_id", flat=True))
    assert found == {raised.pk, asked.pk}


def test_a_highlight_belongs_to_its_version_and_not_to_the_next(bob: Person) -> None:
    first = transcript_of([("", "分镜太慢")])
    second = TranscriptFactory(interview=first.interview, version=2, text="画分镜太慢")

    evidence = tag(PainPointFactory(), transcript=first, quote="分镜", coder=bob.user)

    assert evidence.highlight.transcript == first != second
    assert evidence.highlight.start == 0

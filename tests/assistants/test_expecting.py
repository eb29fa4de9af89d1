"""What a suggestion is worth reading is told by what people said of others like it."""

from django.utils import timezone

from insights.admin.suggested import listed
from insights.assistants.expecting import Ruling, likely
from insights.findings.expected import expected
from insights.models import Suggestion
from tests.conftest import Person
from tests.factories.crm import transcript_of
from tests.factories.insights import PainPointFactory


def test_a_pain_point_with_decisions_of_its_own_is_judged_by_them() -> None:
    of_others = [Ruling(0.5, 2, True)] * 40
    few = [Ruling(0.5, 1, False)] * 9

    assert likely(0.5, 1, [*of_others, *few]) == (30, 30)
    assert likely(0.5, 1, [*of_others, *few, Ruling(0.9, 1, True)]) == (1, 10)


def test_the_nearest_scores_count() -> None:
    rulings = [Ruling(n / 100, None, n >= 50) for n in range(100)]

    assert likely(0.95, None, rulings) == (30, 30)
    assert likely(0.05, None, rulings) == (0, 30)
    assert likely(0.5, None, []) == (0, 0)


def test_what_people_took_comes_first_and_says_of_how_many(staff: Person) -> None:
    loved, hated = PainPointFactory(), PainPointFactory()
    transcript = transcript_of([("墨", "分镜要画三天，配音太平，改图改到半夜")])
    decided = transcript_of([("乙", "分镜" * 40)])
    Suggestion.objects.bulk_create(
        Suggestion(
            transcript=decided, start=n, end=n + 2, text=decided.text[n : n + 2], pain=pain,
            stance="for", way="words", score=0.5, state=state, decided_by=staff.user,
            decided_at=timezone.now(),
        )
        for n in range(12)
        for pain, state in ((loved, "accepted"), (hated, "rejected"))
    )  # fmt: skip
    for start, pain, way in ((0, hated, "words"), (4, loved, "words"), (8, loved, "unknown")):
        Suggestion.objects.create(
            transcript=transcript, start=start, end=start + 3, pain=pain, stance="for", way=way,
            text=transcript.text[start : start + 3], score=0.4,
        )  # fmt: skip

    rows = expected(Suggestion.objects.filter(transcript=transcript))

    assert [(row.start, estimate.value, estimate.n) for row, estimate in rows] == [
        (4, 1.0, 12), (0, 0.0, 12), (8, None, 0),
    ]  # fmt: skip
    assert [item["chance"].count("n = 12") for item in listed(transcript)] == [1, 1, 0]

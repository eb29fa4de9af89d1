"""The guide beside an interview: which of its questions were answered, and where."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import GuideAnswer, GuideQuestion, Interview, User


@transaction.atomic
def guide_tick(
    *,
    interview: Interview,
    question: GuideQuestion,
    answered: bool,
    actor: User,
    utterance: int | None = None,
) -> None:
    """Tick a question as answered at a turn, or take the tick back. Twice is once."""
    if question.study_id != interview.study_id:
        raise DomainError(_("This question is of another study's guide."), "wrong_study")
    rows = GuideAnswer.objects.filter(interview=interview, question=question)
    if not answered:
        changed = bool(rows.delete()[0])
    else:
        _row, changed = GuideAnswer.objects.get_or_create(
            interview=interview, question=question,
            defaults={"utterance": utterance, "by": actor},
        )  # fmt: skip
    if changed:
        audit.record(
            "guide.answered" if answered else "guide.unanswered", interview, actor=actor,
            data={"question": question.pk},
        )  # fmt: skip

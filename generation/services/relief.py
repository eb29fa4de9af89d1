"""How much of a pain is gone, in a creator's own word; or that they would rather not say."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, User
from generation.features.asking import Question, relief_question
from generation.models import Relief, ReliefDismissal, Run

WORST = 10


def _asked(creator: Creator, run: Run, feature: int, pain: int) -> Question:
    """The question that is open now; a form sent twice or made up is refused."""
    question = relief_question(creator, run)
    if question is None or (question.feature, question.pain) != (feature, pain):
        raise DomainError(_("This has been answered already."), "not_asked")
    return question


@transaction.atomic
def relief_say(
    *,
    creator: Creator,
    run: Run,
    feature: int,
    pain: int,
    before: int,
    after: int,
    actor: User | None = None,
) -> Relief:
    """Keep how much it hurt before and hurts now, 0 to 10."""
    if not (0 <= before <= WORST and 0 <= after <= WORST):
        raise DomainError(_("Choose a number from 0 to 10 for both."), "bad_scale")
    _asked(creator, run, feature, pain)
    row = Relief.objects.create(
        creator=creator, feature_id=feature, pain_id=pain, before=before, after=after
    )
    audit.record("relief.said", row, actor=actor, data={"before": before, "after": after})
    return row


@transaction.atomic
def relief_dismiss(
    *, creator: Creator, run: Run, feature: int, pain: int, actor: User | None = None
) -> ReliefDismissal:
    """Not now is never: the same question does not come back."""
    _asked(creator, run, feature, pain)
    row = ReliefDismissal.objects.create(creator=creator, feature_id=feature, pain_id=pain)
    audit.record("relief.dismissed", row, actor=actor)
    return row

"""What creators get for taking part: promised, sent, received; money in minor units, states added."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Creator, CreatorNotice, Incentive, IncentiveStep, Study, User
from crm.money import shown
from crm.services.creator_notices import creator_tell

State = IncentiveStep.State
# State → the states that it may follow.
_AFTER = {
    State.SENT: (State.PROMISED,),
    State.RECEIVED: (State.SENT,),
    State.CANCELLED: (State.PROMISED,),
}
MOST = 10_000_000  # minor units; beyond it somebody has typed too many zeros


@transaction.atomic
def incentive_promise(
    *,
    study: Study,
    creator: Creator,
    minor: int,
    currency: str = "CNY",
    form: str = "",
    actor: User | None = None,
) -> Incentive:
    """Promise an amount to a creator for a study. Raises `DomainError`."""
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise DomainError(_("Write the currency as CNY or USD."), "bad_currency")
    if not 0 < minor <= MOST:
        raise DomainError(
            _("The amount is more than nothing and at most %(most)s.")
            % {"most": shown(MOST, currency.upper())},
            "bad_amount",
        )
    made = Incentive.objects.create(
        study=study, creator=creator, minor=minor, currency=currency.upper(),
        form=" ".join(form.split())[:80], by=actor,
    )  # fmt: skip
    IncentiveStep.objects.create(incentive=made, state=State.PROMISED, by=actor)
    data = {"study": study.key, "minor": minor, "currency": currency.upper()}
    audit.record("incentive.promised", made, actor=actor, data=data)
    return made


@transaction.atomic
def incentive_step(
    *, incentive: Incentive, state: str, note: str = "", actor: User | None = None
) -> IncentiveStep:
    """Add the next state. Said again it is the one that is there; raises `DomainError` out of order."""
    locked = Incentive.objects.select_for_update(of=("self",)).get(pk=incentive.pk)
    known = locked.steps.filter(state=state).first()
    if known is not None:
        return known
    last = locked.steps.order_by("-pk").values_list("state", flat=True).first()
    if state not in _AFTER or last not in _AFTER[State(state)]:
        raise DomainError(
            _("After “%(last)s” it cannot become “%(next)s”.")
            % {
                "last": State(last).label if last else "—",
                "next": dict(State.choices).get(state, state),
            },
            "out_of_order",
        )
    step = IncentiveStep.objects.create(
        incentive=locked, state=state, note=" ".join(note.split())[:240], by=actor
    )
    audit.record(f"incentive.{state}", locked, actor=actor)
    if state == State.SENT:
        creator_tell(
            creator=locked.creator,
            kind=CreatorNotice.Kind.INCENTIVE,
            key=f"incentive:{locked.pk}",
            path=reverse("portal:appointments"),
            facts={
                "minor": locked.minor,
                "currency": locked.currency,
                "study": [locked.study.title_zh, locked.study.title_en],
            },
        )
    return step

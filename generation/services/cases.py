"""Cases and their forecasts: what a project bets on, kept with who changed what."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from generation.models import Forecast, ProjectCase


@transaction.atomic
def case_save(*, case: ProjectCase, actor: User | None, changed: list[str]) -> ProjectCase:
    """Keep the case; the bet itself (what must become possible, by when) is fixed by the database."""
    made = case.pk is None
    case.save()
    values = {name: str(getattr(case, name)) for name in changed}
    action = "case.made" if made else "case.changed"
    audit.record(action, case, actor=actor, data=values)
    return case


@transaction.atomic
def forecast_add(
    *, case: ProjectCase, percent: int, why: str, actor: User, at: datetime | None = None
) -> Forecast:
    """Say how sure one is. Raises `DomainError` once the case is decided: hindsight is no forecast."""
    if case.came_true is not None:
        raise DomainError(_("This case is decided; a forecast is made before."), code="decided")
    if not 1 <= percent <= 99:
        raise DomainError(_("Give 1 to 99 percent: nothing ahead is certain."), code="percent")
    if not why.strip():
        raise DomainError(_("Say why."), code="why")
    forecast = Forecast.objects.create(
        case=case, percent=percent, why=why.strip(), by=actor, at=at or timezone.now()
    )
    audit.record("case.forecast", case, actor=actor, data={"percent": percent})
    return forecast

"""The breaker: an engine that fails again and again is let rest, by all processes together."""

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from engines.errors import Billed, EngineError
from engines.models import EngineHealth

FAILURES_BEFORE_REST = 5
REST = timedelta(seconds=60)
PROBE = timedelta(seconds=30)


class Resting(EngineError):
    """The engine failed too often a moment ago; nothing was sent."""

    def __init__(self, engine: str) -> None:
        super().__init__(
            _("%(engine)s failed several times in a row and is let rest for a minute.")
            % {"engine": engine},
            code="resting",
            permanent=False,
            billed=Billed.SURELY_NOT,
            retry_after=REST.total_seconds(),
        )


def _in(span: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(Now() + span, output_field=DateTimeField())


def ask_leave(engine: str) -> None:
    """Raises `Resting`. After the rest one process is let through to see; the others wait on."""
    row = EngineHealth.objects.filter(engine=engine, rests_until__isnull=False)
    if not row.exists():
        return
    if not row.filter(rests_until__lte=Now()).update(rests_until=_in(PROBE)):
        raise Resting(engine)


def went_well(engine: str) -> None:
    EngineHealth.objects.filter(engine=engine, failures__gt=0).update(
        failures=0, rests_until=None, last_error="", changed_at=Now()
    )


def went_wrong(engine: str, code: str) -> None:
    """Count a failure that is the engine's, not the request's."""
    EngineHealth.objects.get_or_create(engine=engine)
    row = EngineHealth.objects.filter(engine=engine)
    row.update(failures=F("failures") + 1, last_error=code[:60], changed_at=Now())
    row.filter(failures__gte=FAILURES_BEFORE_REST).update(rests_until=_in(REST))

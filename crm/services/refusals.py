"""Refused notices: counted by hour, limited by sender, told to the team when they pile up.

The limit comes after the signature, so it can hold back nothing genuine: a notice that verifies is
never looked up here. What it saves is what a refusal costs us, the row and the line of the log.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from redis.exceptions import RedisError

from crm.models import RefusedNotice, User
from crm.reasons import reason_text
from crm.services.team_notices import team_tell

logger = logging.getLogger(__name__)

A_MINUTE = 30
"""Refusals of one sender in a minute that are answered with their reason and counted one by one."""
IN_STEPS = 100
"""Beyond that they are counted in steps of so many."""
PILE = 20
"""So many not genuine in an hour are a pile; of genuine ones that were refused one is enough."""
GENUINE = 422
QUIET = timedelta(hours=6)
"""How long nobody is told again about the same provider."""
HOUR = timedelta(hours=1)

_COUNT = """
    INSERT INTO crm_refusednotice (provider, code, status, hour, count, last_at)
    VALUES (%s, %s, %s, date_trunc('hour', %s::timestamptz), %s, %s)
    ON CONFLICT (provider, code, status, hour) DO UPDATE
    SET count = crm_refusednotice.count + EXCLUDED.count, last_at = EXCLUDED.last_at
"""


def refusal_count(*, provider: str, code: str, status: int, sender: str) -> bool:
    """Note a refusal; False where its sender has had too many this minute (answer 429)."""
    seen = _seen(provider, sender)
    weight = 1 if seen <= A_MINUTE else IN_STEPS if seen % IN_STEPS == 0 else 0
    if weight:
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [provider, code[:60], status, now, weight, now])
        logger.warning("%s notice refused: %s", provider, code)
    return seen <= A_MINUTE


def _seen(provider: str, sender: str) -> int:
    """How many this sender has been refused this minute; without a cache nobody is limited, nor
    who calls from inside the house."""
    if not sender:
        return 1
    key = f"pj:refused:{provider}:{sender}:{int(timezone.now().timestamp()) // 60}"
    try:
        cache.add(key, 0, 120)
        return int(cache.incr(key))
    except (OSError, RedisError, ValueError):
        return 1


def refusals_check(*, now: datetime | None = None) -> int:
    """Where refusals pile up and nobody was told lately, owe the team word; how many were written."""
    moment = now or timezone.now()
    rows = (
        RefusedNotice.objects.filter(last_at__gt=moment - HOUR)
        .values("provider", "code", "status")
        .annotate(n=Sum("count"))
        .order_by("provider", "code")
    )
    piles: dict[str, dict[str, int]] = {}
    urgent: set[str] = set()
    for row in rows:
        counts = piles.setdefault(row["provider"], {})
        counts[row["code"]] = counts.get(row["code"], 0) + row["n"]
        if row["status"] == GENUINE:
            urgent.add(row["provider"])
    return sum(
        _tell(provider, counts, moment)
        for provider, counts in piles.items()
        if provider in urgent or sum(counts.values()) >= PILE
    )


@transaction.atomic
def _tell(provider: str, counts: dict[str, int], now: datetime) -> int:
    topic = f"refused:{provider}"
    with connection.cursor() as cursor:  # two checks at once tell once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [topic])
    people = User.objects.with_perm(
        "crm.view_providerevent", backend="django.contrib.auth.backends.ModelBackend"
    )
    with override(settings.LANGUAGE_CODE):
        subject = _("Refused payment notices: %(provider)s") % {"provider": provider}
        lead = _(
            "Notices of payments that were refused in the last hour. Nothing was booked. A wrong key "
            "or clock refuses genuine ones too: compare the settings with the provider's."
        )
        lines = [
            f"{reason_text({'code': code, 'reason': code})} {count}"
            for code, count in counts.items()
        ]
    link = settings.SITE_URL + reverse("admin:crm_refusednotice_changelist")
    return team_tell(
        topic=topic,
        people=people.filter(is_staff=True),
        subject=subject,
        body="\n\n".join([lead, "\n".join(lines), link]),
        since=now - QUIET,
    )


def refused_today(*, now: datetime | None = None) -> int:
    """Refusals of the last 24 hours."""
    since = (now or timezone.now()) - timedelta(hours=24)
    found = RefusedNotice.objects.filter(last_at__gt=since).aggregate(n=Sum("count"))
    return found["n"] or 0

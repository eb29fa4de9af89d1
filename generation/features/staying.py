"""Whether creators who used a feature early go on paying longer than those who did not.

Who stays longer has more time to use anything, so comparing users with others from the first charge
on would credit every feature with time itself. Here the groups are fixed at a landmark: who had used
the feature within `LANDMARK_DAYS` of the first charge. Only those still followed then are compared,
from that day on (Anderson, Cain & Gelber 1983, Journal of Clinical Oncology 1:710–719).
"""

from dataclasses import dataclass

from django.db import connection

from crm.tallies import GRACE_DAYS, SEEN
from generation.models import Feature
from insights.statistics import LogRank, Survival, kaplan_meier_counts, log_rank

LANDMARK_DAYS = 30

_TABLES = """
    WITH {seen}, followed AS (
        SELECT s.creator_id, s.started_at, LEAST(s.until, seen.until) AS ended_at,
            s.until <= seen.until AS ended
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
        WHERE s.number = 1 AND s.currency = %(currency)s
            AND LEAST(s.until, seen.until) >= s.started_at + make_interval(days => %(landmark)s)
    ), users AS (
        SELECT DISTINCT u.feature_id, u.creator_id
        FROM generation_featureuse u JOIN followed f ON f.creator_id = u.creator_id
            AND u.at < f.started_at + make_interval(days => %(landmark)s)
    ), lasted AS (
        SELECT creator_id, ended, EXTRACT(EPOCH FROM ended_at - started_at)::bigint / 86400
            - %(landmark)s AS days
        FROM followed
    )
    SELECT users.feature_id, lasted.days, lasted.ended, COUNT(*)
        FROM users JOIN lasted ON lasted.creator_id = users.creator_id GROUP BY 1, 2, 3
    UNION ALL
    SELECT NULL, days, ended, COUNT(*) FROM lasted GROUP BY 2, 3
"""

Table = dict[float, tuple[int, int]]


@dataclass(frozen=True)
class FeatureStaying:
    """Curves of those who had used the feature by the landmark and of those who had not."""

    feature: Feature
    used: Survival
    others: Survival
    difference: LogRank


def staying_by_feature(currency: str) -> list[FeatureStaying]:
    """Every feature that somebody who pays has used, the most used first. Two queries."""
    everyone, by_feature = _tables(currency)
    features = Feature.objects.in_bulk(by_feature)
    found = []
    for key, used in by_feature.items():
        others = _without(everyone, used)
        found.append(
            FeatureStaying(
                features[key],
                kaplan_meier_counts(used),
                kaplan_meier_counts(others),
                log_rank(used, others),
            )
        )
    return sorted(found, key=lambda row: (-row.used.n, row.feature.key))


def _tables(currency: str) -> tuple[Table, dict[int, Table]]:
    values: dict[str, str | int] = {
        "currency": currency,
        "grace": GRACE_DAYS,
        "landmark": LANDMARK_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TABLES.format(seen=SEEN), values)
        rows = cursor.fetchall()
    everyone: Table = {}
    by_feature: dict[int, Table] = {}
    for feature, days, ended, count in rows:
        table = everyone if feature is None else by_feature.setdefault(feature, {})
        left, running = table.get(days, (0, 0))
        table[days] = (left + count * ended, running + count * (not ended))
    return everyone, by_feature


def _without(everyone: Table, used: Table) -> Table:
    return {
        days: (left - used.get(days, (0, 0))[0], running - used.get(days, (0, 0))[1])
        for days, (left, running) in everyone.items()
    }

from django.db import models
from django.utils.translation import gettext_lazy as _

SHARDS = 16


class CallDay(models.Model):
    """What was asked on one day, kept by the database itself from the paid calls.

    Triggers add each statement's difference, one row a group, in the order of the key, so that
    writers of different days never wait for each other for long; `shard` (by connection) keeps
    workers on one day apart. A page sums a few thousand rows where there are ten million calls.
    """

    day = models.DateField(_("day"))
    engine = models.CharField(_("engine"), max_length=60)
    model = models.CharField(_("model"), max_length=120, blank=True)
    purpose = models.CharField(_("purpose"), max_length=60)
    currency = models.CharField(_("currency"), max_length=3)
    shard = models.PositiveSmallIntegerField()
    calls = models.BigIntegerField(_("calls"), default=0)
    failed = models.BigIntegerField(_("failed"), default=0)
    input_tokens = models.BigIntegerField(_("tokens in"), default=0)
    output_tokens = models.BigIntegerField(_("tokens out"), default=0)
    cached_tokens = models.BigIntegerField(_("of these cached"), default=0)
    cost_micro = models.BigIntegerField(_("cost"), default=0)

    class Meta:
        verbose_name = _("calls of a day")
        verbose_name_plural = _("calls by day")
        ordering = ["day", "engine"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "engine", "model", "purpose", "currency", "shard"],
                name="call_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.engine}"


_COLUMNS = ("calls", "failed", "input_tokens", "output_tokens", "cached_tokens", "cost_micro")


def _rows(table: str, sign: int) -> str:
    """What a set of paid calls counts as; only settled ones have tokens and money."""
    settled = f"(CASE WHEN state = 'settled' THEN {sign} ELSE 0 END)"
    amounts = ", ".join(f"{settled} * {name}" for name in _COLUMNS[2:])
    return f"""
        SELECT (coalesce(ended_at, reserved_at) AT TIME ZONE 'Asia/Shanghai')::date AS day,
               engine, model, purpose, currency, {settled} AS calls,
               (CASE WHEN state = 'failed' THEN {sign} ELSE 0 END) AS failed, {amounts}
          FROM {table}
    """  # noqa: S608  names of ours


def tally_sql(*parts: str) -> str:
    """Adds the parts to the days that they fall on."""
    sums = ", ".join(f"sum({name})" for name in _COLUMNS)
    union = " UNION ALL ".join(parts)
    adds = ", ".join(f"{name} = engines_callday.{name} + EXCLUDED.{name}" for name in _COLUMNS)
    some = " OR ".join(f"sum({name}) <> 0" for name in _COLUMNS)
    names = ", ".join(_COLUMNS)
    return f"""
        INSERT INTO engines_callday (day, engine, model, purpose, currency, shard, {names})
        SELECT day, engine, model, purpose, currency, pg_backend_pid() % {SHARDS}, {sums}
          FROM ({union}) AS rows (day, engine, model, purpose, currency, {names})
         GROUP BY day, engine, model, purpose, currency
        HAVING {some}
         ORDER BY day, engine, model, purpose, currency
        ON CONFLICT (day, engine, model, purpose, currency, shard) DO UPDATE SET {adds};
    """  # noqa: S608  names of ours


ADDED = tally_sql(_rows("new_rows", 1)) + "RETURN NULL;"
CHANGED = tally_sql(_rows("new_rows", 1), _rows("old_rows", -1)) + "RETURN NULL;"
REMOVED = tally_sql(_rows("old_rows", -1)) + "RETURN NULL;"
FILL = tally_sql(_rows("engines_paidcall", 1))

"""What each creator has paid, a row a currency, kept by the database itself.

The triggers sit on the ledger (`Payment.Meta.triggers`), a statement each with transition tables:
a bill of 100,000 rows moves every balance once. They run in the transaction of the payments and
whatever writes them: the ORM, bulk_create, COPY, psql.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator

# Money by kind; a correction carries a negative amount and takes its charge out of the count.
_SUMS = """
    coalesce(sum(sign * minor) FILTER (WHERE kind = 'charge'), 0),
    coalesce(sum(sign * minor) FILTER (WHERE kind = 'refund'), 0),
    coalesce(sum(sign * minor) FILTER (WHERE kind = 'dispute'), 0),
    coalesce(sum(sign * sign(minor)) FILTER (WHERE kind = 'charge'), 0),
    sum(sign),
    min(occurred_at),
    max(occurred_at)
"""
# Keys in one order, so that two bookings at once take their rows in the same order.
_ADD = """
    INSERT INTO crm_payerbalance AS kept
        (creator_id, currency, charged, refunded, disputed, count, entries, first_at, last_at)
    SELECT creator_id, currency, {sums}
    FROM ({rows}) AS moved
    GROUP BY creator_id, currency
    ORDER BY creator_id, currency
    ON CONFLICT (creator_id, currency) DO UPDATE SET
        charged = kept.charged + EXCLUDED.charged,
        refunded = kept.refunded + EXCLUDED.refunded,
        disputed = kept.disputed + EXCLUDED.disputed,
        count = kept.count + EXCLUDED.count,
        entries = kept.entries + EXCLUDED.entries,
        first_at = least(kept.first_at, EXCLUDED.first_at),
        last_at = greatest(kept.last_at, EXCLUDED.last_at);
"""
_BOOKED = _ADD.format(
    sums=_SUMS,
    rows="SELECT creator_id, currency, kind, minor, occurred_at, 1 AS sign FROM new_rows",
)
_MOVED = """
    SELECT {side}.creator_id, {side}.currency, {side}.kind, {side}.minor, {side}.occurred_at,
           {sign} AS sign
    FROM old_rows AS was JOIN new_rows AS now ON now.id = was.id
    WHERE was.creator_id IS DISTINCT FROM now.creator_id
"""
# Whoever lost a payment may have lost his first or his last; two statements, because an index
# answers `=` and IS NULL but not IS NOT DISTINCT FROM.
_BOUNDS = """
    UPDATE crm_payerbalance AS kept SET
        first_at = (SELECT occurred_at FROM crm_payment
                    WHERE creator_id {same} AND currency = kept.currency
                    ORDER BY occurred_at LIMIT 1),
        last_at = (SELECT occurred_at FROM crm_payment
                   WHERE creator_id {same} AND currency = kept.currency
                   ORDER BY occurred_at DESC LIMIT 1)
    FROM (SELECT DISTINCT was.creator_id, was.currency
          FROM old_rows AS was JOIN new_rows AS now ON now.id = was.id
          WHERE was.creator_id IS DISTINCT FROM now.creator_id) AS lost
    WHERE kept.creator_id {match} AND lost.creator_id {lost} AND kept.currency = lost.currency;
"""
_EMPTIED = """
    DELETE FROM crm_payerbalance AS kept USING old_rows AS was
    WHERE kept.entries = 0 AND kept.currency = was.currency
      AND kept.creator_id IS NOT DISTINCT FROM was.creator_id;
"""
_REMATCHED = "".join(
    (
        _ADD.format(
            sums=_SUMS,
            rows=" UNION ALL ".join(
                (_MOVED.format(side="now", sign=1), _MOVED.format(side="was", sign=-1))
            ),
        ),
        _EMPTIED,
        _BOUNDS.format(same="= kept.creator_id", match="= lost.creator_id", lost="IS NOT NULL"),
        _BOUNDS.format(same="IS NULL", match="IS NULL", lost="IS NULL"),
    )
)

BALANCE_TRIGGERS = [
    pgtrigger.Trigger(
        name="balance_booked",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=f"{_BOOKED} RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="balance_rematched",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
        func=f"{_REMATCHED} RETURN NULL;",
    ),
]


class PayerBalance(models.Model):
    """Sums of the ledger for one creator and currency; without a creator: whom nobody knows yet.

    Minor units. `count` is the number of charges in force, `entries` all rows of the ledger that
    the sums are made of, corrections included; `first_at` and `last_at` are theirs.
    """

    creator = models.ForeignKey(
        Creator,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="balances",
        verbose_name=_("creator"),
    )
    currency = models.CharField(_("currency"), max_length=3)
    charged = models.BigIntegerField(_("charged"))
    refunded = models.BigIntegerField(_("refunded"))
    disputed = models.BigIntegerField(_("disputed"))
    count = models.BigIntegerField(_("charges"))
    entries = models.BigIntegerField(_("entries"))
    first_at = models.DateTimeField(_("first payment"))
    last_at = models.DateTimeField(_("last payment"))

    class Meta:
        verbose_name = _("payer's balance")
        verbose_name_plural = _("payers' balances")
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "currency"], name="balance_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.currency}"

    @property
    def net(self) -> int:
        return self.charged - self.refunded - self.disputed

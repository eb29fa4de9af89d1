import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """How often the rows of a kind were changed: what cached numbers are compared with.

    A trigger adds to the transaction's own row (`xid`), so that writers never wait for each other;
    the sum of `weight` over a scope, as a reader sees it, grows with every commit that touches the
    scope and never returns to an earlier value. The sweeper folds old rows into the one with xid 0.
    """

    scope = models.CharField(_("kind of rows"), max_length=20)
    xid = models.BigIntegerField(_("transaction"))
    weight = models.BigIntegerField(_("changes"), default=1)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [models.UniqueConstraint(fields=["scope", "xid"], name="change_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.xid}"


def noted(scope: str) -> pgtrigger.Trigger:
    """A trigger for a model whose rows cached numbers rest on: one cheap row a statement."""
    return pgtrigger.Trigger(
        name="change_noted",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=f"""
            INSERT INTO crm_change (scope, xid, weight)
            VALUES ('{scope}', pg_current_xact_id()::text::bigint, 1)
            ON CONFLICT (scope, xid) DO UPDATE SET weight = crm_change.weight + 1;
            RETURN NULL;
        """,  # noqa: S608  the scope is a word of ours
    )

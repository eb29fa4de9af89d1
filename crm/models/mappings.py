from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BillMapping(models.Model):
    """How the columns of one kind of table become fields of the ledger.

    `signature` is a digest of the header's column names, so that the next file of the kind finds
    its mapping by itself; `columns` is column → field of `crm.bills.FIELDS`.
    """

    name = models.CharField(_("name"), max_length=80)
    signature = models.CharField(max_length=64, unique=True, editable=False)
    columns = models.JSONField(_("columns"), default=dict)
    currency = models.CharField(_("currency where no column says it"), max_length=3, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("saved column mapping")
        verbose_name_plural = _("saved column mappings")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

"""Fen of the database as the yuan that people read and type."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from crm.bills.money import AmountError, minor_units
from crm.money import decimal_text

MOST = 10**13  # fen
LABELS = {
    "income_minor": _("monthly income (yuan)"),
    "income_from_minor": _("monthly income from (yuan)"),
    "income_below_minor": _("monthly income below (yuan)"),
    "spend_minor": _("spends a month (yuan)"),
    "money_minor": _("money a piece (yuan)"),
}


class YuanField(forms.Field):
    """An amount in yuan that is kept in fen (8500 and 1,200.50 are such); `nothing` is kept where
    none is typed."""

    widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"})

    def __init__(self, *, nothing: int | None = None, **more: Any) -> None:
        super().__init__(required=False, **more)
        self.nothing = nothing

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return decimal_text(value, "CNY").removesuffix(".00")

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return self.nothing
        try:
            fen = minor_units(text, "CNY")
        except AmountError:
            fen = -1
        if not 0 <= fen <= MOST:
            raise ValidationError(
                _("“%(text)s” is no amount in yuan."), "no_amount", {"text": text[:20]}
            )
        return fen


class InYuan:
    """For admins and inlines whose models keep yuan in fen."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name not in LABELS:
            return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        nothing = None if db_field.null else 0
        return YuanField(label=capfirst(LABELS[db_field.name]), nothing=nothing, initial=nothing)

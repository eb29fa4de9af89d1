"""What people type about evidence, made into what services take."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from insights.models import Evidence


class ReadingForm(forms.Form):
    """How a coder reads a passage; money is typed in yuan and kept in fen."""

    stance = forms.ChoiceField(choices=Evidence.Stance.choices, label=_("Stance"))
    severity = forms.TypedChoiceField(
        choices=[("", "—"), *((str(n), str(n)) for n in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Severity"),
    )
    frequency = forms.ChoiceField(
        choices=[("", "—"), *Evidence.Frequency.choices], required=False, label=_("How often")
    )
    workaround = forms.CharField(max_length=240, required=False, label=_("Workaround"))
    spend = forms.DecimalField(
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        required=False,
        label=_("Spends a month (yuan)"),
    )

    @property
    def reading(self) -> dict[str, Any]:
        """The fields of `Evidence`, once the form is valid."""
        data = dict(self.cleaned_data)
        spend = data.pop("spend")
        return data | {"spend_minor": None if spend is None else int(spend * 100)}

    @property
    def problems(self) -> str:
        """All errors in one line, each with the name of its field."""
        return " ".join(
            f"{self.fields[name].label if name in self.fields else ''} {' '.join(words)}".strip()
            for name, errors in self.errors.items()
            for words in [[str(error) for error in errors]]
        )

"""What the team fills in to make a set of cases: novels with consent, their chapters, a pasted text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from generation.models import CaseSet, Novel
from generation.services.evaluations.cases import MOST_FROM_ONE, Source

FRESH = ""


class CaseSetForm(forms.Form):
    """Boxes of novels and chapters are drawn by the template; `chapter` holds novel:index."""

    title = forms.CharField(
        label=pgettext_lazy("of cases", "Title"), max_length=120, required=False
    )
    version_of = forms.ModelChoiceField(
        label=gettext_lazy("Version of"),
        queryset=CaseSet.objects.none(),
        required=False,
        empty_label=gettext_lazy("a new set"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Of"), choices=CaseSet.Kind.choices)
    most = forms.IntegerField(
        label=gettext_lazy("At most from each"), min_value=1, max_value=MOST_FROM_ONE, initial=5
    )
    text = forms.CharField(
        label=gettext_lazy("A text of the house"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    ours = forms.BooleanField(
        label=gettext_lazy("This text is ours, or we may use it and show it to raters."),
        required=False,
    )
    note = forms.CharField(label=pgettext_lazy("of cases", "Note"), max_length=300, required=False)

    def __init__(self, *args: Any, novels: Sequence[Novel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.novels = {str(novel.pk): novel for novel in novels}
        newest = CaseSet.objects.order_by("key", "-number").distinct("key")
        self.fields["version_of"].queryset = CaseSet.objects.filter(  # type: ignore[attr-defined]
            pk__in=newest.values("pk"), is_sample=False
        ).order_by("-at")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("text", "").strip() and not data.get("ours"):
            self.add_error("ours", _("Confirm that the pasted text may be used."))
        return data

    def sources(self) -> list[Source]:
        """What was chosen, in the order of the page."""
        chapters: dict[str, list[int]] = defaultdict(list)
        for told in self.picked("chapter"):
            novel, _colon, index = told.partition(":")
            if index.isdecimal() and len(index) < 7:
                chapters[novel].append(int(index))
        wanted = [key for key in self.novels if key in {*self.picked("novel"), *chapters}]
        found = [Source(self.novels[key], tuple(chapters[key])) for key in wanted]
        text = self.cleaned_data.get("text", "")
        return [*found, Source(text=text)] if text.strip() else found

    def picked(self, name: str) -> list[str]:
        """Values of boxes with this name, as sent."""
        return list(self.data.getlist(name)) if self.is_bound else []  # type: ignore[attr-defined]

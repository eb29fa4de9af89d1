"""The search page: exact words with filters, each hit between the turns before and after it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Study, Tier
from insights.models import PainPoint
from insights.search import (
    COUNT_CAP,
    Filters,
    Found,
    marked,
    passages_of,
    search,
    start_of,
)
from insights.selectors import blind_interviews

PAGE = 25
AROUND = 220  # characters of a long turn that are shown on either side of the words
NEIGHBOUR = 90  # characters of the turn before or after


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=200, label=_("Words as they were said"))
    tier = forms.ChoiceField(
        required=False, choices=[("", _("All tiers")), *Tier.choices], label=_("Tier")
    )
    study = forms.ModelChoiceField(
        Study.objects.all(), required=False, to_field_name="key", label=_("Study")
    )
    pain = forms.ModelChoiceField(
        PainPoint.objects.open(), required=False, label=_("Evidence for the pain point")
    )
    speaker = forms.CharField(required=False, max_length=80, label=_("Speaker"))
    since = forms.DateField(required=False, label=_("Interviews from"))
    until = forms.DateField(required=False, label=pgettext_lazy("date", "to"))
    coded = forms.BooleanField(required=False)
    variants = forms.BooleanField(required=False)
    newest = forms.BooleanField(required=False)

    def filters(self) -> Filters:
        asked = self.cleaned_data
        return Filters(
            tier=asked.get("tier") or "",
            study=asked["study"].key if asked.get("study") else "",
            pain=asked["pain"].pk if asked.get("pain") else None,
            speaker=asked.get("speaker") or "",
            since=start_of(asked.get("since")),
            until=start_of(asked.get("until"), days=1),
            coded=bool(asked.get("coded")),
        )


def page(request: HttpRequest, site: AdminSite, model: type[Model]) -> HttpResponse:
    """Everything that was said, by exact words, with filters and pages."""
    form = SearchForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    number = request.GET.get("page", "1")
    at = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    filters = form.filters()
    withheld = blind_interviews(request.user.pk)
    found = search(
        "" if form.errors else asked.get("q") or "",
        filters=filters,
        newest=bool(asked.get("newest")),
        variants=bool(asked.get("variants")),
        limit=PAGE,
        withheld=withheld,
        offset=(min(at, 1 + COUNT_CAP // PAGE) - 1) * PAGE,
    )
    link = request.GET.copy()
    link.pop("page", None)
    context = {
        **site.each_context(request),
        "title": _("Search what was said"),
        "opts": model._meta,
        "found": found,
        "form": form,
        "narrowed": filters != Filters() or bool(asked.get("variants") or asked.get("newest")),
        "tiers": Tier.choices,
        "studies": Study.objects.all(),
        "pains": PainPoint.objects.open(),
        "hits": shown(found, withheld),
        "page": Paginator(range(found.count), PAGE).get_page(at),
        "link": link.urlencode(),
    }
    return render(request, "admin/insights/search.html", context)


def shown(found: Found, withheld: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Each hit as the page shows it: pieces that are marked or not, neighbours cut short."""
    return [
        {
            "hit": row.hit,
            "tier": Tier(row.hit.tier).label,
            "pieces": marked(row.hit.text, found.spellings, around=AROUND),
            "before": row.before and (row.before.speaker, row.before.text[-NEIGHBOUR:]),
            "before_cut": row.before is not None and len(row.before.text) > NEIGHBOUR,
            "after": row.after and (row.after.speaker, row.after.text[:NEIGHBOUR]),
            "after_cut": row.after is not None and len(row.after.text) > NEIGHBOUR,
            "codings": row.codings,
        }
        for row in passages_of(found.hits, withheld)
    ]

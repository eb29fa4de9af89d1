"""The queue of payers whom nobody knows, and taking a match back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldBooleanSwitchWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.matching import matches_recent, unmatched_count, unmatched_payers
from crm.models import Creator, PayerMatch, Payment
from crm.money import shown
from crm.services.matching import match_undo, payers_match, payment_match
from engines.admin import guarded

PAGE = 25


class MatchForm(forms.Form):
    creator = forms.ModelChoiceField(
        Creator.objects.all(),
        label=_("creator"),
        widget=AutocompleteSelect(Payment._meta.get_field("creator"), admin.site),
    )
    remember = forms.BooleanField(
        label=_("Remember this payer for the next bills"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
    )


class QueuePages(ModelAdmin):
    """The pages of matching, for the payments' admin."""

    def queue_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return guarded(self.admin_site, view, "crm.change_payment")

        return [
            path("queue/", page(self.queue_view), name="crm_payment_queue"),
            path("match/<int:pk>/undo/", page(self.undo_view), name="crm_payment_match_undo"),
            path("<int:pk>/payer/", page(self.match_view), name="crm_payment_payer"),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return self._match(request)
        payers, payments = unmatched_count()
        page = Paginator(range(payers), PAGE).get_page(request.GET.get("page"))
        offset = (page.number - 1) * PAGE
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Who paid?"),
            "payers": [
                {"payer": row, "sum": shown(row.minor, row.currency)}
                for row in unmatched_payers(offset, PAGE)
            ],
            "payers_count": payers,
            "payments_count": payments,
            "page": page,
            "recent": matches_recent(),
        }
        return render(request, "admin/crm/payer_queue.html", context)

    def _match(self, request: HttpRequest) -> HttpResponse:
        chosen = {
            int(name.removeprefix("pick-")): int(str(value))
            for name, value in request.POST.items()
            if name.startswith("pick-") and name[5:].isdecimal() and str(value).isdecimal()
        }
        try:
            count = payers_match(
                chosen=chosen, actor=actor_of(request), remember="remember" in request.POST
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            self._tell(request, count)
        return redirect(request.get_full_path())

    def match_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = get_object_or_404(Payment, pk=pk)
        form = MatchForm(request.POST or None, initial={"creator": payment.creator_id})
        if request.method == "POST" and form.is_valid():
            try:
                count = payment_match(
                    payment=payment,
                    creator=form.cleaned_data["creator"],
                    actor=actor_of(request),
                    remember=form.cleaned_data["remember"],
                )
            except DomainError as error:
                form.add_error("creator", str(error))
            else:
                self._tell(request, count)
                return redirect("admin:crm_payment_queue")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who paid “%(payer)s”?") % {"payer": payment.payer or payment.payer_account},
            "form": form,
            "opts": self.model._meta,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/upload_form.html", context, status=status)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return redirect("admin:crm_payment_queue")
        match = get_object_or_404(PayerMatch, pk=pk)
        try:
            count = match_undo(match=match, actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            text = ngettext(
                "%(n)s payment is nobody's again.", "%(n)s payments are nobody's again.", count
            )
            messages.success(request, text % {"n": count})
        return redirect("admin:crm_payment_queue")

    def _tell(self, request: HttpRequest, count: int) -> None:
        messages.success(request, _("Payments matched: %(n)s") % {"n": count})

"""Rules of the tiers, and what they propose: a person accepts or refuses each."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from crm.admin.creators import TIER_COLOURS
from crm.admin.yuan import InYuan
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Creator, TierChange, TierRefusal, TierRule
from crm.money import shown
from crm.services.tiers import (
    tier_change_undo,
    tier_proposal_accept,
    tier_proposal_refuse,
    tier_refusal_undo,
)
from crm.templatetags.amounts import grouped
from crm.tier_rules import decisions, proposals, proposed, rules_in_force
from engines.admin import guarded

PAGE = 50
LATEST = 20  # decisions that are shown with their way back


@admin.register(TierRule)
class TierRuleAdmin(InYuan, ModelAdmin):
    list_display = ["position", "name", "tier_badge", "says", "valid_from", "valid_until"]
    list_display_links = ["name"]
    search_fields = ["name"]
    actions_list = ["look_at_proposals"]
    fieldsets = [
        (None, {"fields": [("name", "tier"), "position"]}),
        (
            _("Who"),
            {
                "fields": [
                    "platform",
                    ("followers_from", "followers_below"),
                    ("income_from_minor", "income_below_minor"),
                ]
            },
        ),
        (_("When"), {"fields": [("valid_from", "valid_until")]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.proposals_view, "crm.change_creator")
        return [path("proposals/", page, name="crm_tier_proposals"), *super().get_urls()]

    @action(description=_("What the rules propose"), url_path="to-proposals", icon="rule")
    def look_at_proposals(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_tier_proposals")

    @display(description=_("tier"), ordering="tier", label=TIER_COLOURS)
    def tier_badge(self, rule: TierRule) -> tuple[str, str]:
        return rule.tier, rule.get_tier_display()

    @display(description=_("who"))
    def says(self, rule: TierRule) -> str:
        return rule_words(rule)

    def proposals_view(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            if key := request.POST.get("undo", ""):
                self._undo(request, key)
            else:
                self._decide(request)
            return redirect(request.get_full_path())
        page = Paginator(proposed(), PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Tiers that the rules propose"),
            "page": page,
            "rows": [
                {
                    "creator": item.creator,
                    "income": shown(item.creator.income_minor, "CNY")
                    if item.creator.income_minor is not None
                    else "—",
                    "rule": item.rule,
                    "says": rule_words(item.rule),
                }
                for item in proposals(list(page))
            ],
            "rules": rules_in_force(),
            "decisions": decisions(LATEST),
        }
        return render(request, "admin/crm/tier_proposals.html", context)

    def _undo(self, request: HttpRequest, key: str) -> None:
        kind, pk = key[:1], key[1:]
        if kind not in ("c", "r") or not pk.isdecimal():
            return
        try:
            if kind == "c":
                change = get_object_or_404(TierChange, pk=int(pk), rule__isnull=False)
                tier_change_undo(change=change, actor=actor_of(request))
            else:
                refusal = get_object_or_404(TierRefusal, pk=int(pk))
                tier_refusal_undo(refusal=refusal, actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The decision is taken back; both stay in the history."))

    def _decide(self, request: HttpRequest) -> None:
        """One by its button, or all that are ticked."""
        one = request.POST.get("accept") or request.POST.get("refuse") or ""
        chosen = [one] if one else request.POST.getlist("pick")
        decide: Any = tier_proposal_refuse if "refuse" in request.POST else tier_proposal_accept
        done = 0
        for pair in chosen[:PAGE]:
            creator, _colon, rule = pair.partition(":")
            if not (creator.isdecimal() and rule.isdecimal()):
                continue
            try:
                decide(
                    creator=get_object_or_404(Creator, pk=int(creator)),
                    rule=get_object_or_404(TierRule, pk=int(rule)),
                    actor=actor_of(request),
                )
            except DomainError as error:
                messages.error(request, str(error))
            else:
                done += 1
        if done:
            text = ngettext("%(n)s tier decided.", "%(n)s tiers decided.", done)
            messages.success(request, text % {"n": done})


def rule_words(rule: TierRule) -> str:
    """Whom a rule is about, in a line."""
    parts = [rule.platform] if rule.platform else []
    for label, least, below, said in (
        (_("followers"), rule.followers_from, rule.followers_below, grouped),
        (
            _("income a month"),
            rule.income_from_minor,
            rule.income_below_minor,
            lambda n: shown(n, "CNY"),
        ),
    ):
        if least is not None and below is not None:
            parts.append(f"{said(least)} ≤ {label} < {said(below)}")
        elif least is not None:
            parts.append(f"{label} ≥ {said(least)}")
        elif below is not None:
            parts.append(f"{label} < {said(below)}")
    return " · ".join(map(str, parts)) or str(_("everybody"))

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from crm.ledger import LABELS, order_paid
from crm.models import NoticeDelivery, PaymentOrder, ProviderEvent, RefusedNotice, TeamNotice
from crm.money import shown
from crm.reasons import reason_text
from engines.admin import ReadOnlyAdmin


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    """Signed notices as they came, and what became of each."""

    list_display = ["received_at", "provider", "kind", "outcome", "why", "event_id"]
    list_filter = [("outcome", ChoicesDropdownFilter), "provider"]
    list_filter_submit = True
    search_fields = ["event_id"]
    show_full_result_count = False
    fields = [
        ("provider", "kind"),
        ("outcome", "why"),
        "event_id",
        "received_at",
        "headers",
        "text",
    ]
    readonly_fields = ["why", "text"]

    @display(description=_("reason"))
    def why(self, row: ProviderEvent) -> str:
        return reason_text({"code": row.reason, "reason": row.reason}) if row.reason else "—"

    @display(description=_("body"))
    def text(self, row: ProviderEvent) -> str:
        return bytes(row.body).decode("utf-8", "replace")


@admin.register(RefusedNotice)
class RefusedNoticeAdmin(ReadOnlyAdmin):
    """What was refused, by hour and reason: forged, late, or of somebody else's account."""

    list_display = ["hour", "provider", "why", "status", "count", "last_at"]
    list_filter = ["provider", "status"]
    show_full_result_count = False

    @display(description=_("reason"), ordering="code")
    def why(self, row: RefusedNotice) -> str:
        return reason_text({"code": row.code, "reason": row.code})


@admin.register(TeamNotice)
class TeamNoticeAdmin(ReadOnlyAdmin):
    """What members of the team were told by e-mail, and whether it arrived."""

    list_display = ["at", "subject", "address", "state", "error_code"]
    list_filter = [("state", ChoicesDropdownFilter)]
    fields = ["subject", "body", ("address", "at"), ("state", "tries"), "error"]


@admin.register(NoticeDelivery)
class NoticeDeliveryAdmin(ReadOnlyAdmin):
    """What creators were told by e-mail and webhook, and whether it arrived."""

    list_display = ["queued_at", "creator", "kind", "channel", "state", "error_code"]
    list_select_related = ["notice__creator"]
    list_filter = [("state", ChoicesDropdownFilter), "channel"]
    list_filter_submit = True
    search_fields = ["notice__creator__name"]
    show_full_result_count = False
    fields = [
        ("creator", "kind"),
        ("channel", "state", "tries"),
        ("queued_at", "ended_at"),
        "error",
    ]
    readonly_fields = ["creator", "kind"]

    @display(description=_("creator"), ordering="notice__creator__name")
    def creator(self, row: NoticeDelivery) -> str:
        return row.notice.creator.name

    @display(description=_("kind"), ordering="notice__kind")
    def kind(self, row: NoticeDelivery) -> str:
        return row.notice.get_kind_display()


@admin.register(PaymentOrder)
class PaymentOrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "creator", "amount", "subject", "provider", "opened_at"]
    list_select_related = ["creator"]
    search_fields = ["number", "creator__name"]
    show_full_result_count = False
    fields = [("number", "provider"), ("creator", "amount"), "subject", ("opened_at", "state")]
    readonly_fields = ["amount", "state"]

    @display(description=_("amount"), ordering="minor")
    def amount(self, order: PaymentOrder) -> str:
        return shown(order.minor, order.currency)

    @display(description=_("state"))
    def state(self, order: PaymentOrder) -> Any:
        found = order_paid(order)
        return LABELS[found.state] if found else _("Not paid")

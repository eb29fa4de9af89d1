from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from crm.http import actor_of
from crm.models import Consent, Redaction
from crm.portal_pages import receipt_of
from crm.services.consents import WITHDRAWALS, consent_give, consent_withdraw
from crm.services.redactions import redaction_again
from crm.tasks import redaction_execute_start
from engines.admin import ReadOnlyAdmin


@admin.register(Consent)
class ConsentAdmin(ModelAdmin):
    """Rows are only added: a withdrawal is a new row with `given` off."""

    list_display = ["creator", "purpose", "given", "channel", "at", "by"]
    list_select_related = ["creator", "by"]
    autocomplete_fields = ["creator", "interview"]
    exclude = ["by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("creator")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Consent, form: Any, change: bool) -> None:
        """Given or withdrawn, through the service: a withdrawal also starts its redaction."""
        wish: dict[str, Any] = {
            "creator": obj.creator,
            "interview": obj.interview,
            "channel": obj.channel,
            "actor": actor_of(request),
        }
        if obj.given:
            consent_give(purposes=[obj.purpose], at=obj.at, **wish)
        else:
            takes = WITHDRAWALS["record"] if obj.purpose == obj.Purpose.RECORD else (obj.purpose,)
            redaction = consent_withdraw(purposes=takes, at=obj.at, **wish)
            redaction_execute_start(redaction.pk)
        rows = Consent.objects.filter(creator=obj.creator, purpose=obj.purpose, given=obj.given)
        obj.pk = rows.order_by("-pk").values_list("pk", flat=True).first()


@admin.register(Redaction)
class RedactionAdmin(ReadOnlyAdmin):
    """Withdrawals and their receipts; one that was given up can be started again."""

    list_display = ["queued_at", "creator", "withdrawn", "state_badge", "reached", "ended_at"]
    list_select_related = ["creator"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_filter_submit = True
    actions = ["again"]
    show_full_result_count = False
    fields = [
        ("creator", "interview"), "withdrawn", ("state", "tries", "error"), "reached",
        ("queued_at", "ended_at"), "by",
    ]  # fmt: skip
    readonly_fields = ["withdrawn", "reached"]

    @display(description=_("withdrawn"))
    def withdrawn(self, redaction: Redaction) -> str:
        return " · ".join(receipt_of(redaction).withdrawn)

    @display(description=_("receipt"))
    def reached(self, redaction: Redaction) -> str:
        reached = receipt_of(redaction).reached
        return " · ".join(f"{label}: {rows}" for label, rows in reached) or "—"

    @display(
        description=_("state"),
        ordering="state",
        label={Redaction.State.DONE: "success", Redaction.State.DEAD: "danger"},
    )
    def state_badge(self, redaction: Redaction) -> tuple[str, str]:
        return redaction.state, redaction.get_state_display()

    @action(description=_("Start again what was given up"))
    def again(self, request: HttpRequest, queryset: QuerySet[Redaction]) -> None:
        started = [row for row in queryset if redaction_again(redaction=row)]
        for row in started:
            redaction_execute_start(row.pk)
        messages.success(request, _("Started again: %(n)s") % {"n": len(started)})

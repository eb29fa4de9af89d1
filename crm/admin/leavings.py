from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.models import Leaving
from engines.admin import ReadOnlyAdmin


@admin.register(Leaving)
class LeavingAdmin(ReadOnlyAdmin):
    """Accounts on their way out, and what their deletion removed."""

    list_display = ["queued_at", "creator", "state_badge", "removed", "ended_at"]
    list_select_related = ["creator"]
    fields = ["creator", "state", "removed", "error", "queued_at", "ended_at"]
    readonly_fields = ["removed"]
    show_full_result_count = False

    @display(
        description=_("state"),
        label={"done": "success", "queued": "warning", "running": "info", "dead": "danger"},
    )
    def state_badge(self, leaving: Leaving) -> tuple[str, str]:
        return leaving.state, leaving.get_state_display()

    @display(description=_("removed"))
    def removed(self, leaving: Leaving) -> str:
        rows = leaving.receipt.get("removed", {})
        return " · ".join(f"{name}: {count}" for name, count in rows.items()) or "–"

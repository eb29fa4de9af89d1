from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import LoginInvitation
from crm.services.joining import (
    LONGEST_DAYS,
    invitation_make,
    invitation_revoke,
    invitation_token,
)


class InvitationForm(forms.ModelForm):
    days = forms.IntegerField(
        label=_("days that the link works"),
        initial=14,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)],
        widget=UnfoldAdminIntegerFieldWidget,
    )

    class Meta:
        model = LoginInvitation
        fields = ["creator", "note"]

    def clean_creator(self) -> Any:
        creator = self.cleaned_data["creator"]
        if creator is not None and creator.user_id is not None:
            raise forms.ValidationError(
                _("%(name)s has a login already."), params={"name": creator.name}
            )
        return creator


@admin.register(LoginInvitation)
class LoginInvitationAdmin(ModelAdmin):
    """Made once, then only revoked; the link can be shown again as long as it works."""

    form = InvitationForm
    list_display = ["__str__", "creator", "state", "expires_at", "made_by", "made_at"]
    list_select_related = ["creator", "made_by"]
    autocomplete_fields = ["creator"]
    actions = ["revoke"]
    fieldsets = [(None, {"fields": ["creator", "note", "days"]})]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        shown = ["creator", "note", "link", "state", "expires_at", "made_by", "made_at", "used_at"]
        return [(None, {"fields": shown})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return ["creator", "note", "link", "state", "expires_at", "made_by", "made_at", "used_at"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service, whose row the page then shows."""
        actor = actor_of(request)
        assert actor is not None  # noqa: S101  the admin's door is closed to others
        data = form.cleaned_data
        try:
            made = invitation_make(
                creator=data["creator"], note=data["note"], days=data["days"], actor=actor
            )
        except DomainError as error:
            messages.error(request, str(error))
            return
        obj.pk, obj.expires_at = made.pk, made.expires_at
        messages.success(request, _("Send this link: %(link)s") % {"link": _address(made)})

    @display(description=_("link"))
    def link(self, invitation: LoginInvitation) -> str:
        return _address(invitation) if invitation.is_open else "–"

    @display(
        description=_("state"),
        label={"open": "success", "used": "info", "revoked": "danger", "expired": "warning"},
    )
    def state(self, invitation: LoginInvitation) -> tuple[str, Any]:
        if invitation.used_at:
            return "used", _("used")
        if invitation.revoked_at:
            return "revoked", _("revoked")
        return ("open", _("works")) if invitation.is_open else ("expired", _("expired"))

    @action(description=_("Revoke the chosen links"), permissions=["add"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[LoginInvitation]) -> None:
        actor = actor_of(request)
        assert actor is not None  # noqa: S101
        ended = sum(invitation_revoke(invitation=row, actor=actor) for row in queryset)
        messages.success(request, _("%(n)s links no longer work.") % {"n": ended})


def _address(invitation: LoginInvitation) -> str:
    return str(settings.SITE_URL) + reverse("join", args=[invitation_token(invitation)])

"""The portal's door for allauth: who may sign up, and what a new login becomes."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.encryption import cipher
from crm.models import User
from crm.services.joining import creator_join, invitation_of, is_open

FERNET = "gAAAA"  # what begins with it is encrypted: the version and the first bytes of a time
INVITED = "pingju.invitation"  # in the session: the token of the link that was followed


class PortalAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return is_open() or invitation_of(request.session.get(INVITED, "")) is not None


class PortalFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted, as contacts do: a stolen copy of the database opens no door."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode("utf-8")).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(FERNET):
            return encrypted_text  # set up before they were encrypted: it opens its door as ever
        return cipher().decrypt(encrypted_text.encode("ascii")).decode("utf-8")


class JoinForm(forms.Form):
    """What allauth's sign-up asks besides e-mail and password."""

    name = forms.CharField(
        label=_("Pen name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the login is saved, in the transaction of `crm.views.signup`."""
        data: dict[str, Any] = self.cleaned_data
        creator_join(user=user, name=data["name"], token=request.session.pop(INVITED, ""))

"""Sign-in through another service: the same door as everybody's."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from crm.accounts import INVITED
from crm.services.joining import invitation_of, is_open


class PortalSocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return is_open() or invitation_of(request.session.get(INVITED, "")) is not None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never by itself: the form asks for the pen name, and makes the creator."""
        return False

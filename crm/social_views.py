"""Signing up through another service; read only where SOCIAL_LOGINS names one."""

from allauth.socialaccount.views import SignupView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from crm.views import whole_signup


@never_cache
@login_not_required
def social_signup(request: HttpRequest) -> HttpResponseBase:
    return whole_signup(request, SignupView.as_view())

from collections.abc import Iterator
from typing import Any

from django import template
from django.apps import apps

from crm.services.joining import is_open

register = template.Library()


@register.simple_tag
def signup_is_open() -> bool:
    """Whether anybody may sign up, so that a page may offer it."""
    return is_open()


@register.simple_tag(takes_context=True)
def other_doors(context: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and address of each service that people may sign in through (setting SOCIAL_LOGINS)."""
    return list(_doors(context["request"]))


def _doors(request: Any) -> Iterator[tuple[str, str]]:
    if not apps.is_installed("allauth.socialaccount"):
        return
    from allauth.socialaccount.adapter import get_adapter

    for provider in get_adapter().list_providers(request):
        yield provider.name, provider.get_login_url(request, process="login")

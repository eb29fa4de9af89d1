from django import template
from django.conf import settings
from django.urls import reverse

from crm.services.joining import is_open

register = template.Library()


@register.simple_tag
def signup_is_open() -> bool:
    """Whether anybody may sign up, so that a page may offer it."""
    return is_open()


@register.simple_tag
def other_doors() -> list[tuple[str, str]]:
    """Name and address of each service that people may sign in through (setting SOCIAL_LOGINS)."""
    if not settings.SOCIAL_LOGINS:
        return []
    from allauth.socialaccount.providers import registry

    return [
        (str(registry.get_class(key).name), f"{reverse(f'{key}_login')}?process=login")
        for key in settings.SOCIAL_LOGINS
    ]

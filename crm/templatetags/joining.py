from ipaddress import ip_address
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest

from crm.browser_names import browser_name
from crm.services.joining import is_open

register = template.Library()
register.filter("browser", browser_name)


@register.simple_tag
def signup_is_open() -> bool:
    """Whether anybody may sign up, so that a page may offer it."""
    return is_open()


@register.simple_tag(takes_context=True)
def other_doors(context: template.Context, process: str = "login") -> list[tuple[str, str]]:
    """Name and address of each service that people may sign in through (setting SOCIAL_LOGINS)."""
    request: HttpRequest | None = context.get("request")
    if request is None or not settings.SOCIAL_LOGINS:
        return []
    from allauth.socialaccount.adapter import get_adapter

    return [
        (str(provider.name), str(provider.get_login_url(request, process=process)))
        for provider in get_adapter(request).list_providers(request)
    ]


@register.simple_tag(takes_context=True)
def passkeys_work(context: template.Context) -> bool:
    """Whether a browser ties passkeys to the address of this page: to a name it does, to numbers not."""
    return not _is_number(context["request"])


@register.simple_tag(takes_context=True)
def passkey_address(context: template.Context) -> str:
    """The same page where passkeys work, for who reads it on this very machine; else empty."""
    request: HttpRequest = context["request"]
    here = urlsplit(request.build_absolute_uri())
    if not _is_number(request) or not ip_address(here.hostname or "").is_loopback:
        return ""
    return here._replace(netloc=f"localhost:{here.port}" if here.port else "localhost").geturl()


def _is_number(request: HttpRequest) -> bool:
    try:
        ip_address(urlsplit(request.build_absolute_uri()).hostname or "")
    except ValueError:
        return False
    return True
